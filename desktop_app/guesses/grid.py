"""Tiles of one shape in as few rows as make them largest, scrolled where they would become too small to judge."""

from __future__ import annotations

import math
from dataclasses import dataclass

from PySide6.QtCore import QRect, Qt, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget

from desktop_app.guesses.tile import CAPTION_PX, EDGE_PX, ColouringTile
from desktop_app.theme.tokens import UNIT

SMALLEST_PX = 200
"""The long side of a picture is never shown smaller."""


@dataclass(frozen=True)
class Arrangement:
    """columns: in each row but the last. width, height: of a picture."""

    columns: int
    width: int
    height: int


def arrangement(count: int, width: int, height: int, shape: float) -> Arrangement:
    """The one with the largest pictures of width/height `shape` in an area; they may need more height than there is."""
    best = Arrangement(1, 0, 0)
    for columns in range(1, count + 1):
        rows = math.ceil(count / columns)
        wide = (width - (columns - 1) * UNIT) / columns - 2 * EDGE_PX
        high = (height - (rows - 1) * UNIT) / rows - EDGE_PX - CAPTION_PX
        wide = max(1.0, min(wide, high * shape))
        if wide > best.width:
            best = Arrangement(columns, int(wide), max(1, int(wide / shape)))
    if max(best.width, best.height) >= SMALLEST_PX:
        return best
    smallest_width = SMALLEST_PX if shape >= 1 else max(1, int(SMALLEST_PX * shape))
    columns = max(1, min(count, (width + UNIT) // (smallest_width + 2 * EDGE_PX + UNIT)))
    wide_px = max(smallest_width, (width - (columns - 1) * UNIT) // columns - 2 * EDGE_PX)
    wide_px = min(wide_px, int(smallest_width * 1.25))
    return Arrangement(columns, wide_px, max(1, int(wide_px / shape)))


class TileGrid(QScrollArea):
    """Puts tiles in order; arrows go to the neighbour in that direction."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tiles: list[ColouringTile] = []
        self._shape = 4 / 3
        self._columns = 1
        self._inner = QWidget()
        self._inner.setObjectName("contents")
        self.setWidget(self._inner)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    @property
    def tiles(self) -> tuple[ColouringTile, ...]:
        return tuple(self._tiles)

    def show_tiles(self, tiles: list[ColouringTile], shape: float) -> None:
        """shape: width/height of every picture."""
        self._tiles, self._shape = tiles, shape
        for tile in tiles:
            tile.setParent(self._inner)
            tile.arrow_pressed.connect(self._go)
            tile.show()
        self._arrange()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        if not self._tiles:
            return
        # Of the whole frame, not of what a scroll bar leaves: else the bar would come and go by itself.
        width, height = self.width() - 2 * UNIT, self.height()
        found = arrangement(len(self._tiles), width, height, self._shape)
        self._columns = found.columns
        tile_width, tile_height = found.width + 2 * EDGE_PX, found.height + EDGE_PX + CAPTION_PX
        rows = math.ceil(len(self._tiles) / found.columns)
        used_width = found.columns * (tile_width + UNIT) - UNIT
        used_height = rows * (tile_height + UNIT) - UNIT
        left, top = max(0, (width - used_width) // 2) + UNIT, max(0, (height - used_height) // 2)
        for place, tile in enumerate(self._tiles):
            row, column = divmod(place, found.columns)
            tile.setGeometry(
                QRect(left + column * (tile_width + UNIT), top + row * (tile_height + UNIT), tile_width, tile_height)
            )
        self._inner.resize(self.width(), max(used_height, min(height, used_height + top)))

    @Slot(int)
    def _go(self, key: int) -> None:
        tile = self.sender()
        if not isinstance(tile, ColouringTile):
            return
        steps = {
            int(Qt.Key.Key_Left): -1,
            int(Qt.Key.Key_Right): 1,
            int(Qt.Key.Key_Up): -self._columns,
            int(Qt.Key.Key_Down): self._columns,
        }
        place = self._tiles.index(tile) + steps[key]
        if 0 <= place < len(self._tiles):
            self._tiles[place].setFocus(Qt.FocusReason.TabFocusReason)
            self.ensureWidgetVisible(self._tiles[place], UNIT, UNIT)
