"""A photo with the mask and the brush over it, an owner who gives the marks back as the window does, and who reads mask files."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, Slot
from PySide6.QtGui import QImage

from desktop_app.compare import CompareView
from desktop_app.engine_process.background import Background
from desktop_app.marks.brush import Brush, Tool
from desktop_app.marks.overlay import MaskOverlay
from desktop_app.marks.painting import Painting
from desktop_app.marks.reading import MaskReader
from desktop_app.marks.sheet import MarkSheet
from desktop_app.queue import PhotoQueue
from tests.desktop_app.marks.reading_engine import ReadingEngine

WIDTH, HEIGHT = 600, 400
GREY = 0xFF808080


class Owner(QObject):
    """Keeps the marks; notes what it heard."""

    def __init__(self, mask: MaskOverlay, painting: Painting) -> None:
        super().__init__()
        self.sheets: list[MarkSheet] = [MarkSheet.empty_for(WIDTH, HEIGHT)]
        self.brushes: list[Brush] = []
        self._mask, self._painting = mask, painting
        painting.stroke_ended.connect(self.take)
        painting.brush_changed.connect(self.brushes.append)
        self._show()

    @property
    def sheet(self) -> MarkSheet:
        return self.sheets[-1]

    @Slot(object)
    def take(self, sheet: MarkSheet) -> None:
        self.sheets.append(sheet)
        self._show()

    def undo(self) -> None:
        self.sheets.pop()
        self._show()

    def _show(self) -> None:
        self._painting.show_sheet(self.sheet)
        self._mask.show_sheet(self.sheet)


@pytest.fixture
def view(qtbot) -> Iterator[CompareView]:
    """900 × 600 with a photo of 600 × 400 before and after."""
    shown = CompareView()
    qtbot.addWidget(shown)
    shown.resize(900, 600)
    for put in (shown.set_before, shown.set_after):
        image = QImage(WIDTH, HEIGHT, QImage.Format.Format_RGB32)
        image.fill(GREY)
        put(image)
    yield shown
    shown.close_pictures()


@pytest.fixture
def mask(view: CompareView) -> MaskOverlay:
    return MaskOverlay(view)


@pytest.fixture
def painting(qtbot, view: CompareView, mask: MaskOverlay) -> Painting:
    """With the brush in the hand, in a window that has the keyboard."""
    made = Painting(view, mask)
    made.show_brush(Brush(20 / WIDTH, 0.0))
    made.show_tool(Tool.BRUSH)
    view.show()
    qtbot.waitExposed(view)
    view.activateWindow()
    qtbot.waitUntil(view.isActiveWindow)
    return made


@pytest.fixture
def owner(mask: MaskOverlay, painting: Painting) -> Owner:
    mask.switch(True)
    return Owner(mask, painting)


@pytest.fixture
def background(qtbot) -> Iterator[Background]:
    made = Background()
    yield made
    made.close()


@pytest.fixture
def queue(qtbot) -> PhotoQueue:
    return PhotoQueue()


@pytest.fixture
def engine(qtbot, tmp_path: Path) -> ReadingEngine:
    (tmp_path / "shared").mkdir()
    return ReadingEngine(tmp_path / "shared")


@pytest.fixture
def reader(engine: ReadingEngine, background: Background) -> MaskReader:
    return MaskReader(engine, background)  # type: ignore[arg-type]
