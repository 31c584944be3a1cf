"""Whatever lies over the comparison: as large as it, under its words, gone while the original is looked at, with its legend."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest

from desktop_app.compare.overlay import ViewOverlay
from desktop_app.compare.view import CompareView
from desktop_app.legend import Legend

LEFT, RIGHT = Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignRight


class Tint(ViewOverlay):
    has_something = True

    @property
    def _has_something(self) -> bool:
        return self.has_something


@pytest.fixture
def view(qtbot):
    shown = CompareView()
    qtbot.addWidget(shown)
    shown.resize(900, 600)
    for put in (shown.set_before, shown.set_after):
        image = QImage(600, 400, QImage.Format.Format_RGB32)
        image.fill(0xFF808080)
        put(image)
    shown.show()
    qtbot.waitExposed(shown)
    yield shown
    shown.close_pictures()


def tint(view: CompareView, corner: Qt.AlignmentFlag = LEFT) -> Tint:
    made = Tint(view, "Tint", Legend("Legend", "Words.", [("word", lambda size, ratio: QImage())], view), corner)
    made.switch(True)
    return made


@pytest.mark.parametrize("corner", [LEFT, RIGHT])
def test_it_follows_the_view_and_its_legend_the_photos_corner(view, corner):
    over = tint(view, corner)
    for width, height in ((900, 600), (500, 700)):
        view.resize(width, height)
        assert over.geometry() == view.rect()
        left, _, right, bottom = view.viewport.visible
        box = over.legend.geometry()
        assert bottom - 20 < box.bottom() < bottom
        assert (box.left() - left if corner == LEFT else right - box.right()) == pytest.approx(8, abs=2)


def test_it_is_seen_where_it_is_on_and_has_something_to_show(view):
    over = tint(view)
    parts = (over, over.legend)
    assert over.is_on and all(part.isVisible() for part in parts)
    view.show_original_alone(True)
    assert not any(part.isVisible() for part in parts)
    view.show_original_alone(False)
    assert all(part.isVisible() for part in parts)
    over.has_something = False
    over.switch(True)
    assert over.is_on and not any(part.isVisible() for part in parts)
    over.has_something = True
    over.switch(False)
    assert not any(part.isVisible() for part in parts)


def test_it_lies_under_the_words_and_lets_every_press_through(view):
    over = tint(view)
    widgets = [child for child in view.children() if child in (over, view.labels)]
    assert widgets == [over, view.labels], "children come from the lowest to the highest"
    view.zoom_to(400)
    before = view.viewport.left
    window, start, way = view.window().windowHandle(), QPoint(700, 450), QPoint(25, 0)
    QTest.mousePress(window, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, start)
    QTest.mouseMove(window, start + way)
    QTest.mouseRelease(window, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, start + way)
    assert view.viewport.left == before + 25
