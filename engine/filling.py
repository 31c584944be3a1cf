"""Masked places mended cell by cell: only cells that hold some are worked on, and only what changed since is worked on again.

The picture is cut into a fixed grid. A generator sees of each cell the smallest window round what is masked in it, with some of
the surroundings; neighbouring cells fade into each other over a few pixels, so that a hole that crosses a border has no seam.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.generator import Generator, Picture
from engine.kept import KeptArrays
from engine.progress import CancelToken, Progress, Report, ignore

Array = NDArray[np.float32]
Mask = NDArray[np.bool_]

CELL_PX = 256
FADE_PX = 16
"""So far a cell reaches beyond its borders; over twice that it and its neighbour fade into each other."""
CONTEXT_PX = 48
STAGE = "Mending damage"


@dataclass(frozen=True, eq=False)
class Filling:
    """A generator at its work on masks; what it gave lately is kept in `kept` and used again where it would see the same."""

    generator: Generator
    kept: KeptArrays
    cancel: CancelToken

    def values(self, picture: Picture, mask: Mask, unknown: Mask, seen: Mask, report: Report = ignore) -> Array:
        """(n, 3) sRGB 0..1 for the n places of `mask` (H, W), row by row.

        picture: (H, W, 3). unknown: what is mended; other places of `mask` keep what `picture` has. seen: what of it may be
        looked through. Raises as Generator.fill.
        """
        height, width = mask.shape
        places = np.flatnonzero(mask).astype(np.uint32)
        total = np.zeros((len(places), 3), np.float32)
        cells = list(_masked_cells(mask))
        for number, (top, left) in enumerate(cells):
            self.cancel.check()
            report(Progress(STAGE, number / len(cells)))
            tall, wide = _reach(top, height), _reach(left, width)
            down, across = np.nonzero(mask[tall, wide])
            rows, columns = down + tall.start, across + wide.start
            window = self._window(int(rows[0]), int(rows[-1]), int(columns.min()), int(columns.max()), height, width)
            filled = self._filled(picture[window], unknown[window], seen[window])
            found = filled[rows - window[0].start, columns - window[1].start]
            found *= (_share(top, height)[down] * _share(left, width)[across])[:, None]
            total[np.searchsorted(places, (rows * width + columns).astype(np.uint32))] += found
        report(Progress(STAGE, 1.0))
        return total

    def _window(self, top: int, bottom: int, left: int, right: int, height: int, width: int) -> tuple[slice, slice]:
        """Rows and columns with their surroundings, beginning at multiples as tiles do."""
        multiple, context = self.generator.card.multiple, max(CONTEXT_PX, self.generator.card.overlap)
        (first_row, last_row), (first_column, last_column) = (
            (max(0, first - context) // multiple * multiple, min(size, -(-(last + 1 + context) // multiple) * multiple))
            for first, last, size in ((top, bottom, height), (left, right, width))
        )
        return slice(first_row, last_row), slice(first_column, last_column)

    def _filled(self, image: Array, mask: Mask, seen: Mask) -> Array:
        if not mask.any():
            return image
        digest = hashlib.blake2b(repr((image.shape, self.generator.provider)).encode(), digest_size=16)
        digest.update(self.generator.card.digest.encode())
        for values in (np.ascontiguousarray(image), np.packbits(mask), np.packbits(mask & seen)):
            digest.update(values.data)
        known = self.kept.get(digest.digest())
        if known is None:
            known = self.generator.fill(image, mask, seen=seen, cancel=self.cancel)[mask]
            self.kept.put(digest.digest(), known)
        filled = image.copy()
        filled[mask] = known
        return filled


def _masked_cells(mask: Mask) -> Iterator[tuple[int, int]]:
    """Top and left of the grid's cells that hold some of `mask` within their reach."""
    height, width = mask.shape
    for top in range(0, height, CELL_PX):
        rows = mask[_reach(top, height)]
        if rows.any():
            yield from ((top, left) for left in range(0, width, CELL_PX) if rows[:, _reach(left, width)].any())


def _reach(begin: int, size: int) -> slice:
    """The rows or columns of a cell that begins there, with its fading borders."""
    return slice(max(0, begin - FADE_PX), min(size, begin + CELL_PX + FADE_PX))


def _share(begin: int, size: int) -> Array:
    """How much a cell counts for each row or column in its reach: with its neighbours it sums to one."""
    reach = _reach(begin, size)
    place = np.arange(reach.start, reach.stop, dtype=np.float32) + np.float32(0.5)
    share = np.ones_like(place)
    if begin > 0:
        share = np.minimum(share, (place - (begin - FADE_PX)) / (2 * FADE_PX))
    if begin + CELL_PX < size:
        share = np.minimum(share, (begin + CELL_PX + FADE_PX - place) / (2 * FADE_PX))
    return share
