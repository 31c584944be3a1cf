"""A generator over a large photo tile by tile: what is kept of its answers is blended row by row into whole numbers.

`Generator.run_tiled` holds photo and answer as floats, 24 bytes a pixel and for an enlargement by four 200; here it is one row of
tiles, and whoever asks says what of an answer is worth keeping.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

import numpy as np
from numpy.typing import NDArray

from engine.errors import OutOfMemory
from engine.generator import STAGES, Generator
from engine.packed_change import Depth, Packed, empty, packed
from engine.photo import Photo
from engine.progress import Progress, part
from engine.srgb_view import SrgbView
from engine.tiles import Tile, Tiling, cut

if TYPE_CHECKING:
    from engine.steps.step import Tools

Plane = NDArray[np.float32]
Found = TypeVar("Found")

MEMORY_GB = 1.0
"""What a run of the generator may take; the arrays of photo and answer not counted."""


@dataclass(frozen=True, eq=False)
class Answer:
    """What a generator made of one tile. image: float32 (h, w, 3), the photo there in sRGB 0..1. restored: (S·h, S·w, 3)."""

    tile: Tile
    image: Plane
    restored: Plane


def in_tiles(photo: Photo, generator: Generator, tools: Tools, find: Callable[[Tiling], Found]) -> Found:
    """What `find` makes of the photo's tiles; where memory runs out, of smaller ones from the start, and the user reads a note.

    Raises:
        OutOfMemory: the smallest tiles do not fit either. What `find` raises.
    """
    side = generator.tile_for(MEMORY_GB)
    while True:
        overlap = min(generator.card.overlap, side // 4)
        try:
            return find(cut(photo.height, photo.width, side, overlap, generator.card.multiple))
        except OutOfMemory:
            smaller = generator.legal_tile(side // 2)
            if smaller >= side:
                raise
            side = smaller
            note = f"There was less memory than expected: working in smaller pieces of {side} pixels."
            tools.report(Progress(STAGES[generator.card.kind], 0.0, note=note))


def answers(
    photo: Photo, generator: Generator, tools: Tools, tiling: Tiling, style: Plane | None = None
) -> Iterator[Answer]:
    """The generator's answer for every tile, row by row. Raises as `Generator.run`."""
    seen = SrgbView(photo)
    for number, tile in enumerate(tiling):
        rows, columns = slice(tile.top, tile.top + tile.height), slice(tile.left, tile.left + tile.width)
        image = seen[rows, columns]
        inside = part(tools.report, number / len(tiling), (number + 1) / len(tiling))
        restored = generator.run(image, style=style, report=inside, cancel=tools.cancel)
        yield Answer(tile, image, restored.image)


class RowBlend:
    """Puts the tiles' changes together to one packed change; floats are held for one row of tiles only.

    Tiles must come in the order of their tiling, each with values (scale·h, scale·w, channels).
    """

    def __init__(self, tiling: Tiling, channels: int, depth: Depth, scale: int = 1) -> None:
        width = tiling.columns.size * scale
        self._tiling, self._scale, self._depth = tiling, scale, depth
        self._whole = empty((tiling.rows.size * scale, width, channels), depth)
        self._open = np.zeros((min(tiling.rows.length, tiling.rows.size) * scale, width, channels), np.float32)
        self._top = 0  # of the open rows, in rows of the whole

    def add(self, tile: Tile, values: Plane) -> None:
        """Lay a tile's values over those of its neighbours."""
        top, left = tile.top * self._scale, tile.left * self._scale
        if top > self._top:
            self._close_rows_before(top)
        height, width = values.shape[:2]
        self._open[:height, left : left + width] += values * self._tiling.weight(tile, self._scale)[..., None]

    def whole(self) -> Packed:
        """The change (scale·H, scale·W, channels), when all tiles are there."""
        self._close_rows_before(len(self._whole))
        return self._whole

    def _close_rows_before(self, top: int) -> None:
        """Rows that no later tile reaches are packed; those below move up."""
        count = top - self._top
        self._whole[self._top : top] = packed(self._open[:count], self._depth)
        below = len(self._open) - count
        self._open[:below] = self._open[count:].copy()
        self._open[below:] = 0
        self._top = top
