"""The guess map over the compare view: on the restored side alone, gone with its switch and while the original is looked at."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest

from desktop_app.compare.view import CompareView
from desktop_app.guesses.overlay import GuessOverlay

GREY = 0xFF808080


@pytest.fixture
def view(qtbot):
    shown = CompareView()
    qtbot.addWidget(shown)
    shown.resize(900, 600)
    for put in (shown.set_before, shown.set_after):
        image = QImage(600, 400, QImage.Format.Format_RGB32)
        image.fill(GREY)
        put(image)
    shown.show()
    qtbot.waitExposed(shown)
    yield shown
    shown.close_pictures()


@pytest.fixture
def overlay(view) -> GuessOverlay:
    over = GuessOverlay(view)
    over.show_map(np.full((20, 30), 0.5, np.float16))
    return over


def is_marked(view: CompareView, x: float, y: float = 0.3) -> bool:
    place = view.photo_to_widget(QPointF(x, y)).toPoint()
    colour = view.grab().toImage().pixelColor(place)
    return colour.red() - colour.blue() > 20


def test_only_the_restored_side_is_marked(view, overlay):
    assert not is_marked(view, 0.75)
    overlay.switch(True)
    assert is_marked(view, 0.75) and not is_marked(view, 0.25)
    view.set_divider(0.1)
    assert is_marked(view, 0.25)
    overlay.switch(False)
    assert not is_marked(view, 0.75)


def test_it_goes_with_the_photo_when_zoomed(view, overlay):
    sure_right = np.full((20, 30), 0.5, np.float16)
    sure_right[:, 15:] = 1
    overlay.show_map(sure_right)
    overlay.switch(True)
    view.set_divider(0.0)
    view.zoom_to(400, view.photo_to_widget(QPointF(0.5, 0.3)))
    view.rest_now()
    assert is_marked(view, 0.44) and not is_marked(view, 0.56)


def test_nothing_is_marked_without_a_map_and_the_switch_waits_for_one(view, overlay):
    overlay.switch(True)
    overlay.show_map(None)
    assert not is_marked(view, 0.75) and not overlay.legend.isVisible()
    overlay.show_map(np.zeros((20, 30), np.float16))
    assert is_marked(view, 0.75)


def test_the_original_alone_is_looked_at_without_it(view, overlay):
    overlay.switch(True)
    view.show_original_alone(True)
    assert not is_marked(view, 0.75) and not overlay.legend.isVisible()
    view.show_original_alone(False)
    assert is_marked(view, 0.75)


def test_the_word_after_is_not_dimmed(view, overlay):
    """Its corner looks the same with the map and without it, since the map lies under it."""
    _, top, right, _ = (round(edge) for edge in view.viewport.visible)
    letters = [(x, y) for x in range(right - 45, right - 10) for y in range(top + 10, top + 28)]
    plain = view.grab().toImage()
    overlay.switch(True)
    marked = view.grab().toImage()
    bright = [place for place in letters if plain.pixelColor(*place).value() > 200]
    assert len(bright) > 20 and is_marked(view, 0.75)
    dimmed = [place for place in bright if plain.pixelColor(*place).value() - marked.pixelColor(*place).value() > 20]
    assert dimmed == []


def test_the_legend_stands_in_the_photo_and_says_its_three_words(view, overlay):
    overlay.switch(True)
    left, top, right, bottom = view.viewport.visible
    box = overlay.legend.geometry()
    assert left < box.left() and box.right() < right and top < box.top() and box.bottom() < bottom
    said = overlay.legend.accessibleDescription()
    assert [word for word in ("sure", "likely", "guessed") if word not in said] == []


def test_clicks_and_drags_reach_the_photo(view, overlay):
    overlay.switch(True)
    view.zoom_to(400)
    before = view.viewport.left
    window = view.window().windowHandle()
    start, way = QPoint(700, 450), QPoint(25, 0)
    QTest.mousePress(window, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, start)
    QTest.mouseMove(window, start + way)
    QTest.mouseRelease(window, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, start + way)
    assert view.viewport.left == before + 25
