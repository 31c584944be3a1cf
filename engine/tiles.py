"""Where the tiles of a picture lie, how they are padded and how their results are blended; no generator here."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

_NEARLY_NOTHING = 1e-6


@dataclass(frozen=True)
class Tile:
    """A rectangle in pixels of the input picture."""

    top: int
    left: int
    height: int
    width: int


@dataclass(frozen=True)
class Axis:
    """Tiles along one side of a picture of `size` pixels: each begins at one of `starts` and is `length` long, the last less
    where the picture ends before."""

    starts: tuple[int, ...]
    length: int
    size: int

    def length_of(self, start: int) -> int:
        return min(self.length, self.size - start)


@dataclass(frozen=True)
class Tiling:
    """A picture cut into overlapping tiles; iterating gives them row by row."""

    rows: Axis
    columns: Axis

    def __iter__(self) -> Iterator[Tile]:
        for top in self.rows.starts:
            for left in self.columns.starts:
                yield Tile(top, left, self.rows.length_of(top), self.columns.length_of(left))

    def __len__(self) -> int:
        return len(self.rows.starts) * len(self.columns.starts)

    def weight(self, tile: Tile, scale: int = 1) -> NDArray[np.float32]:
        """(scale·height, scale·width): how much the tile's result counts; over all tiles it sums to one.

        Of what two tiles share, a quarter at either end belongs to one of them alone: what a generator gives next to a tile's
        edge, where it sees nothing beyond, does not count.
        """
        vertical = _weights(self.rows, self.rows.starts.index(tile.top), scale)
        horizontal = _weights(self.columns, self.columns.starts.index(tile.left), scale)
        return vertical[:, None] * horizontal[None, :]


def cut(height_px: int, width_px: int, tile_px: int, overlap_px: int, multiple: int = 1) -> Tiling:
    """Cover a picture with as few overlapping tiles as possible.

    Every pixel lies in at least one tile and no tile reaches outside the picture. Neighbours share `overlap_px` or more. Tiles
    begin at multiples of `multiple`, so that what a generator gives for a place does not depend on where tiles begin, and are
    of one size once the last of a row or column is padded to a multiple. They are no larger than the count needs (1100
    pixels in tiles of 512 become three of 392). A side of the picture that is shorter than `tile_px` is not cut.

    Raises:
        ValueError: a size is not positive, `overlap_px` is negative, or a picture is to be cut into tiles that have no room
        for the overlap and a `multiple`.
    """
    room = tile_px // multiple - -(-overlap_px // multiple) if multiple > 0 else 0
    is_cut = max(height_px, width_px) > tile_px
    if min(height_px, width_px, tile_px, multiple) < 1 or overlap_px < 0 or (is_cut and room < 1):
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


def _axis(size: int, tile_px: int, overlap_px: int, multiple: int) -> Axis:
    if size <= tile_px:
        return Axis((0,), size, size)
    # All in units of `multiple`; the picture's last unit may be a part of one.
    units, tile, overlap = -(-size // multiple), tile_px // multiple, -(-overlap_px // multiple)
    count = -(-(units - overlap) // (tile - overlap))
    length = min(tile, -(-(units + (count - 1) * overlap) // count))
    return Axis(tuple(i * (units - length) // (count - 1) * multiple for i in range(count)), length * multiple, size)


def _weights(axis: Axis, index: int, scale: int) -> NDArray[np.float32]:
    """One tile's weights along one side: a raised cosine up and down, divided by its sum over all tiles there."""
    start = axis.starts[index]
    begin, length = start * scale, axis.length_of(start) * scale
    total = np.zeros(length)
    for other, other_start in enumerate(axis.starts):
        shift = other_start * scale - begin
        rising = _rise_and_fall(axis, other, scale)
        if -len(rising) < shift < length:
            into = slice(max(0, shift), min(length, len(rising) + shift))
            total[into] += rising[max(0, -shift) : max(0, -shift) + into.stop - into.start]
    return (_rise_and_fall(axis, index, scale) / total).astype(np.float32)


def _rise_and_fall(axis: Axis, index: int, scale: int) -> NDArray[np.float64]:
    """Flat where no neighbour reaches; nearly nothing next to an edge, but never zero, so that the sum above can divide."""
    start = axis.starts[index]
    weights = np.ones(axis.length_of(start) * scale)
    if index > 0:
        before = axis.starts[index - 1]
        shared = (before + axis.length_of(before) - start) * scale
        weights[:shared] *= _rise(shared)
    if index + 1 < len(axis.starts):
        shared = (start + axis.length_of(start) - axis.starts[index + 1]) * scale
        weights[len(weights) - shared :] *= _rise(shared)[::-1]
    return weights


def _rise(length: int) -> NDArray[np.float64]:
    """From nearly 0 to 1: a raised cosine over the middle half."""
    place = np.clip((np.arange(length) + 0.5) / max(1, length) * 2 - 0.5, 0, 1)
    rising: NDArray[np.float64] = np.maximum(np.sin(place * (np.pi / 2)) ** 2, _NEARLY_NOTHING)
    return rising
