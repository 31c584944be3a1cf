"""A picture's way through something slow, tile by tile: blended where tiles overlap, in smaller tiles where memory is short."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.errors import OutOfMemory
from engine.progress import Progress, Report
from engine.tiles import Tile, cut

Array = NDArray[np.float32]
Work = Callable[[Tile, bool], tuple[Array, ...]]
"""(a tile, whether more follow) -> its results, each (S·height, S·width, C). Raises OutOfMemory where that tile is too large."""


@dataclass
class TiledRun:
    """One picture's work; remembers the tile size that memory allows.

    work: see Work. layout: (scale S, channels C) of each result. legal_tile: a side in pixels -> the nearest that may be used.
    is_wanted: False for a tile that needs no work; its results stay 0. multiple: of pixels, where tiles begin.
    stage: what is done, in words for the user.
    """

    work: Work
    layout: tuple[tuple[int, int], ...]
    legal_tile: Callable[[int], int]
    tile_px: int
    overlap_px: int
    multiple: int
    stage: str
    report: Report
    is_wanted: Callable[[Tile], bool] = lambda tile: True
    done: float = 0.0

    def results(self, height: int, width: int) -> tuple[Array, ...]:
        """Of the whole picture of `height` x `width` pixels. Raises what `work` raises."""
        self._say()
        return self._area(Tile(0, 0, height, width), share=1.0)

    def _area(self, area: Tile, share: float) -> tuple[Array, ...]:
        """The results for a part of the picture, in one go if the tile size allows; `share`: its part of the work."""
        if not self.is_wanted(area):
            self._count(share)
            return self._nothing(area)
        if max(area.height, area.width) <= self.tile_px:
            try:
                results = self.work(area, self.done + share < 1 - 1e-6)
            except OutOfMemory as error:
                self._halve(area, error)
            else:
                self._count(share)
                return results
        return self._blended(area, share)

    def _halve(self, area: Tile, error: OutOfMemory) -> None:
        """Make later tiles half as long as `area`; raises `error` again once that is no longer less."""
        smaller = self.legal_tile(max(area.height, area.width) // 2)
        if smaller >= max(area.height, area.width):
            raise error
        self.tile_px = smaller
        self._say(f"There was less memory than expected: working in smaller pieces of {smaller} pixels.")

    def _blended(self, area: Tile, share: float) -> tuple[Array, ...]:
        overlap_px = min(self.overlap_px, self.tile_px // 4)
        tiling = cut(area.height, area.width, self.tile_px, overlap_px, self.multiple)
        sums = self._nothing(area)
        for tile in tiling:
            inside = Tile(area.top + tile.top, area.left + tile.left, tile.height, tile.width)
            results = self._area(inside, share / len(tiling))
            for total, result, (scale, _) in zip(sums, results, self.layout, strict=True):
                rows = slice(tile.top * scale, (tile.top + tile.height) * scale)
                columns = slice(tile.left * scale, (tile.left + tile.width) * scale)
                total[rows, columns] += result * tiling.weight(tile, scale)[..., None]
        return sums

    def _nothing(self, area: Tile) -> tuple[Array, ...]:
        return tuple(
            np.zeros((area.height * scale, area.width * scale, channels), np.float32) for scale, channels in self.layout
        )

    def _count(self, share: float) -> None:
        self.done += share
        self._say()

    def _say(self, note: str = "") -> None:
        self.report(Progress(self.stage, min(1.0, self.done), note=note))
