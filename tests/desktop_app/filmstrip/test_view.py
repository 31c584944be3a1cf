"""The strip shows the queue, tells what is looked at, selected and seen, and paints every state."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtTest import QAbstractItemModelTester, QTest

from desktop_app.document import DocumentState
from desktop_app.filmstrip.view import Filmstrip
from desktop_app.queue import PhotoQueue, State
from engine import recipe as recipes

STATE = DocumentState(recipes.load("colorize"))


@pytest.fixture
def queue(qtbot) -> PhotoQueue:
    return PhotoQueue()


@pytest.fixture
def strip(qtbot, queue) -> Filmstrip:
    made = Filmstrip(queue)
    qtbot.addWidget(made)
    made.resize(248, 400)
    made.show()
    return made


def add(queue: PhotoQueue, count: int) -> None:
    start = len(queue.items)
    queue.add([Path(f"/photos/{start + number}.jpg") for number in range(count)], lambda path: STATE)


def test_the_model_keeps_qts_rules_while_photos_come_and_go(queue, strip):
    tester = QAbstractItemModelTester(strip.model(), QAbstractItemModelTester.FailureReportingMode.Fatal)
    add(queue, 3)
    add(queue, 2)
    queue.remove(queue.items[1])
    queue.remove(queue.items[-1])
    queue.remove(queue.items[0])
    assert strip.model().rowCount() == 2
    tester.deleteLater()


def test_only_photos_on_the_screen_are_asked_for(queue, strip, qtbot):
    """A thousand photos cost the thumbnails of those that one sees."""
    seen = []
    strip.seen.connect(seen.append)
    add(queue, 1000)
    qtbot.waitUntil(lambda: len(seen) > 2)
    assert len(seen) < 12
    assert seen[0] is queue.items[0]
    seen.clear()
    strip.scrollToBottom()
    qtbot.waitUntil(lambda: queue.items[-1] in seen)
    assert len(seen) < 24


def test_the_cursor_says_what_is_looked_at(queue, strip, qtbot):
    add(queue, 3)
    looked, selected = [], []
    strip.looked_at.connect(looked.append)
    strip.selection_changed.connect(selected.append)
    QTest.mouseClick(strip.viewport(), Qt.MouseButton.LeftButton, pos=strip.visualRect(strip.model().index(1)).center())
    assert looked == [queue.items[1]]
    QTest.keyClick(strip, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    assert looked[-1] is queue.items[2]
    assert selected[-1] == [queue.items[1], queue.items[2]]


def test_the_strip_follows_the_queue(queue, strip):
    add(queue, 3)
    queue.set_current(queue.items[2])
    assert strip.currentIndex().row() == 2
    assert strip.selected_items == [queue.items[2]]


def test_every_state_has_its_own_picture(queue, strip, qtbot):
    """Told by shape and words: no two states look alike even without colour."""
    add(queue, 1)
    item = queue.items[0]
    queue.update(item, thumbnail=QImage(72, 56, QImage.Format.Format_RGB32))
    item.thumbnail.fill(QColor("grey"))
    pictures = set()
    for state in State:
        queue.update(item, state=state, progress=0.5, restored_state=item.document.state)
        grey = strip.grab().toImage().convertToFormat(QImage.Format.Format_Grayscale8)
        pictures.add(bytes(grey.constBits()))
    assert len(pictures) == len(State)


def test_screen_readers_hear_name_and_state(queue, strip):
    add(queue, 1)
    index = strip.model().index(0)
    assert index.data(Qt.ItemDataRole.AccessibleTextRole) == "0.jpg, Not restored yet"
