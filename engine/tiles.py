"""Where the tiles of a picture lie, how they are padded and how their results are blended; no generator here."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Tile:
    """A rectangle in pixels of the input picture."""

    top: int
    left: int
    height: int
    width: int


@dataclass(frozen=True)
class Axis:
    """Tiles along one side of a picture: each begins at one of `starts` and is `length` long."""

    starts: tuple[int, ...]
    length: int


@dataclass(frozen=True)
class Tiling:
    """A picture cut into overlapping tiles of one size; iterating gives them row by row."""

    rows: Axis
    columns: Axis

    def __iter__(self) -> Iterator[Tile]:
        for top in self.rows.starts:
            for left in self.columns.starts:
                yield Tile(top, left, self.rows.length, self.columns.length)

    def __len__(self) -> int:
        return len(self.rows.starts) * len(self.columns.starts)

    def weight(self, tile: Tile, scale: int = 1) -> NDArray[np.float32]:
        """(scale·height, scale·width): how much the tile's result counts; over all tiles it sums to one."""
        vertical = _weights(self.rows, self.rows.starts.index(tile.top), scale)
        horizontal = _weights(self.columns, self.columns.starts.index(tile.left), scale)
        return vertical[:, None] * horizontal[None, :]


def cut(height_px: int, width_px: int, tile_px: int, overlap_px: int, multiple: int = 1) -> Tiling:
    """Cover a picture with as few overlapping tiles of one size as possible.

    Every pixel lies in at least one tile and no tile reaches outside the picture. Neighbours share `overlap_px` or
    more. Tiles are no larger than the count needs (1100 pixels in tiles of 512 become three of 400), their sides a
    multiple of `multiple` where the picture allows. A side of the picture that is shorter than `tile_px` is not cut.

    Raises:
        ValueError: a size is not positive, or `overlap_px` is negative or not smaller than `tile_px`.
    """
    if min(height_px, width_px, tile_px, multiple) < 1 or not 0 <= overlap_px < tile_px:
        raise ValueError(f"cannot cut {height_px} x {width_px} into {tile_px} with {overlap_px} overlapping")
    return Tiling(_axis(height_px, tile_px, overlap_px, multiple), _axis(width_px, tile_px, overlap_px, multiple))


def padded(size_px: int, multiple: int, minimum: int) -> int:
    """The smallest multiple of `multiple` that is at least `size_px` and `minimum`."""
    return -(-max(size_px, minimum) // multiple) * multiple


def reflected(size_px: int, padded_px: int) -> NDArray[np.intp]:
    """(padded_px,) indices into a side of `size_px`: along it, then back and forth without repeating the edge."""
    period = max(1, 2 * (size_px - 1))
    position = np.arange(padded_px) % period
    return np.minimum(position, period - position) if size_px > 1 else position * 0


def _axis(size: int, tile: int, overlap: int, multiple: int) -> Axis:
    if size <= tile:
        return Axis((0,), size)
    count = -(-(size - overlap) // (tile - overlap))
    enough = -(-(size + (count - 1) * overlap) // count)
    length = min(tile, padded(enough, multiple, 1))
    return Axis(tuple(i * (size - length) // (count - 1) for i in range(count)), length)


def _weights(axis: Axis, index: int, scale: int) -> NDArray[np.float32]:
    """One tile's weights along one side: a raised cosine up and down, divided by its sum over all tiles there."""
    begin, length = axis.starts[index] * scale, axis.length * scale
    total = np.zeros(length)
    for other, start in enumerate(axis.starts):
        shift = start * scale - begin
        if abs(shift) < length:
            into = slice(max(0, shift), min(length, length + shift))
            taken = slice(max(0, -shift), min(length, length - shift))
            total[into] += _rise_and_fall(axis, other, scale)[taken]
    return (_rise_and_fall(axis, index, scale) / total).astype(np.float32)


def _rise_and_fall(axis: Axis, index: int, scale: int) -> NDArray[np.float64]:
    """Never zero, so that the sum above can divide; flat where no neighbour reaches."""
    weights = np.ones(axis.length * scale)
    if index > 0:
        shared = (axis.starts[index - 1] + axis.length - axis.starts[index]) * scale
        weights[:shared] *= _raised_cosine(shared)
    if index + 1 < len(axis.starts):
        shared = (axis.starts[index] + axis.length - axis.starts[index + 1]) * scale
        weights[len(weights) - shared :] *= _raised_cosine(shared)[::-1]
    return weights


def _raised_cosine(length: int) -> NDArray[np.float64]:
    return np.sin((np.arange(length) + 0.5) / max(1, length) * (np.pi / 2)) ** 2
