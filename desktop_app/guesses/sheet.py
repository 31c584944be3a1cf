"""The contact sheet: plausible colourings of one photo side by side, to choose from by eye."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QImage
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from desktop_app.guesses.grid import TileGrid
from desktop_app.guesses.tile import ColouringTile
from desktop_app.theme import set_role
from desktop_app.theme.tokens import UNIT

LOOKING = "Looking for other colourings…"
CHOOSE = "Each of these could be true. Choose one with a click, or with the arrow keys and Enter."
_SHARE = 0.88
"""Of the window that it lies over."""


class ContactSheet(QDialog):
    """Shows what it is told; a choice closes it, Escape leaves everything as it was."""

    chosen = Signal(int)
    """Payload: the number of the colouring. Comes once, after the sheet has closed."""

    def __init__(self, over: QWidget) -> None:
        super().__init__(over)
        self.setWindowTitle("Other colourings")
        self.setAccessibleName("Other colourings")
        self.resize(QSize(round(over.width() * _SHARE), round(over.height() * _SHARE)))
        self._title = QLabel("Other colourings", self)
        set_role(self._title, "title")
        self._sentence = QLabel(LOOKING, self, wordWrap=True)
        set_role(self._sentence, "quiet")
        self._grid = TileGrid(self)
        self._waiting = QWidget(self)
        self._progress = QProgressBar(self, textVisible=False)
        self._progress.setRange(0, 1000)
        self._progress.setAccessibleName("Progress of the search")
        self._middle = QStackedWidget(self)
        self._close = QPushButton("Leave as it is", self)
        self._close.setToolTip("Close the sheet; the photo keeps its colours (Esc).")
        self._close.clicked.connect(self.reject)
        self._place()

    def _place(self) -> None:
        waiting = QVBoxLayout(self._waiting)
        waiting.setContentsMargins(0, UNIT, 0, 0)
        waiting.addWidget(self._progress, 0, Qt.AlignmentFlag.AlignLeft)
        waiting.addStretch(1)
        self._progress.setFixedWidth(40 * UNIT)
        self._middle.addWidget(self._waiting)
        self._middle.addWidget(self._grid)
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(self._close)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(2 * UNIT, 2 * UNIT, 2 * UNIT, 2 * UNIT)
        rows.setSpacing(UNIT)
        rows.addWidget(self._title)
        rows.addWidget(self._sentence)
        rows.addWidget(self._middle, 1)
        rows.addLayout(foot)

    @property
    def tiles(self) -> tuple[ColouringTile, ...]:
        """Of the colourings, in their order; empty while they are looked for."""
        return self._grid.tiles

    @property
    def sentence(self) -> str:
        """What the sheet says of itself."""
        return self._sentence.text()

    def show_progress(self, share: float) -> None:
        """0..1 of the search."""
        self._progress.setValue(round(share * 1000))

    def show_colourings(self, numbers: Sequence[int], in_use: int, shape: float) -> None:
        """Tiles without pictures yet. in_use: the number that the photo has now. shape: the photo's width/height."""
        self._sentence.setText(CHOOSE)
        tiles = [ColouringTile(number, in_use=number == in_use) for number in numbers]
        for tile in tiles:
            tile.clicked.connect(self._choose)
        self._middle.setCurrentWidget(self._grid)
        self._grid.show_tiles(tiles, shape)
        first = next((tile for tile in tiles if tile.number == in_use), tiles[0])
        first.setFocus(Qt.FocusReason.TabFocusReason)

    def show_picture(self, number: int, image: QImage) -> None:
        """The photo in the colouring of that number."""
        for tile in self.tiles:
            if tile.number == number:
                tile.show_picture(image)

    def show_nothing(self, sentence: str) -> None:
        """There is nothing to choose from, for this reason."""
        self._sentence.setText(sentence)
        self._middle.hide()
        self.resize(60 * UNIT, self.sizeHint().height())
        self._close.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot()
    def _choose(self) -> None:
        tile = self.sender()
        if isinstance(tile, ColouringTile):
            self.accept()
            self.chosen.emit(tile.number)
