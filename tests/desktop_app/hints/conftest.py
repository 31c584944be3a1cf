"""A photo with an overlay whose listener gives the hints back, as the window does."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QObject, Slot
from PySide6.QtGui import QImage

from desktop_app.compare import CompareView
from desktop_app.hints import HintOverlay
from engine.hints import Hint

WIDTH, HEIGHT = 600, 400
GREY, BROWN = 0xFF808080, 0xFF8A5A38


class Owner(QObject):
    """Keeps the hints; notes what it heard."""

    def __init__(self, overlay: HintOverlay) -> None:
        super().__init__()
        self.hints: tuple[Hint, ...] = ()
        self.heard: list[str] = []
        self._overlay = overlay
        overlay.hint_added.connect(self.add)
        overlay.hint_changed.connect(self.change)
        overlay.hint_removed.connect(self.remove)
        overlay.hint_settled.connect(self.settle)

    def give(self, *hints: Hint) -> None:
        self.hints = hints
        self._overlay.set_hints(hints)

    @Slot(object)
    def add(self, hint: Hint) -> None:
        self.heard.append("added")
        self.give(*self.hints, hint)

    @Slot(int, object)
    def change(self, index: int, hint: Hint) -> None:
        self.heard.append("changed")
        self.give(*self.hints[:index], hint, *self.hints[index + 1 :])

    @Slot(int)
    def remove(self, index: int) -> None:
        self.heard.append("removed")
        self.give(*self.hints[:index], *self.hints[index + 1 :])

    @Slot(int)
    def settle(self, index: int) -> None:
        self.heard.append("settled")


@pytest.fixture
def view(qtbot) -> Iterator[CompareView]:
    """A grey original and a brown result."""
    shown = CompareView()
    qtbot.addWidget(shown)
    shown.resize(900, 600)
    for colour, put in ((GREY, shown.set_before), (BROWN, shown.set_after)):
        image = QImage(WIDTH, HEIGHT, QImage.Format.Format_RGB32)
        image.fill(colour)
        put(image)
    yield shown
    shown.close_pictures()


@pytest.fixture
def overlay(qtbot, view: CompareView) -> HintOverlay:
    """With the tool on, in a window that has the keyboard."""
    over = HintOverlay(view)
    over.hint_tool_enabled = True
    view.show()
    qtbot.waitExposed(view)
    view.activateWindow()
    qtbot.waitUntil(view.isActiveWindow)
    return over


@pytest.fixture
def owner(overlay: HintOverlay) -> Owner:
    return Owner(overlay)
