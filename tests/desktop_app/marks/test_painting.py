"""Brush and eraser by hand and by keys: what a stroke says, what ends it, and what stays the view's."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from desktop_app.marks.brush import Brush, Tool
from desktop_app.marks.sheet import Box

LEFT, RIGHT, MIDDLE = Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton, Qt.MouseButton.MiddleButton
NONE, SHIFT, ALT, CTRL = (
    Qt.KeyboardModifier.NoModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.AltModifier,
    Qt.KeyboardModifier.ControlModifier,
)


@pytest.fixture
def hand(view, painting, owner):
    """Presses, moves and releases at places of the photo."""

    def do(kind: QEvent.Type, place: tuple[float, float], button=LEFT, modifiers=NONE) -> None:
        at = view.photo_to_widget(QPointF(*place))
        moving = kind == QEvent.Type.MouseMove
        held = Qt.MouseButton.NoButton if kind == QEvent.Type.MouseButtonRelease else button
        event = QMouseEvent(
            kind, at, painting.mapToGlobal(at), Qt.MouseButton.NoButton if moving else button, held, modifiers
        )
        QApplication.sendEvent(painting, event)

    def drag(*places: tuple[float, float], button=LEFT, modifiers=NONE, let_go: bool = True) -> None:
        do(QEvent.Type.MouseButtonPress, places[0], button, modifiers)
        for place in places[1:]:
            do(QEvent.Type.MouseMove, place, button, modifiers)
        if let_go:
            do(QEvent.Type.MouseButtonRelease, places[-1], button, modifiers)

    do.drag = drag
    return do


def said(owner, x: float, y: float) -> str:
    row, column = int(y * owner.sheet.height), int(x * owner.sheet.width)
    damaged, sound = owner.sheet.read(Box(row, column, row + 1, column + 1))[0, 0]
    return "damaged" if damaged > 127 else "sound" if sound > 127 else ""


def test_a_drag_marks_damage_in_one_stroke(hand, owner):
    hand.drag((0.1, 0.3), (0.2, 0.3), (0.4, 0.3))
    assert [said(owner, x, 0.3) for x in (0.1, 0.3, 0.4)] == ["damaged"] * 3
    assert said(owner, 0.3, 0.4) == ""
    assert len(owner.sheets) == 2
    owner.undo()
    assert said(owner, 0.3, 0.3) == ""


def test_a_click_leaves_a_dot(hand, owner):
    hand.drag((0.25, 0.3))
    assert said(owner, 0.25, 0.3) == "damaged"


def test_a_stroke_that_says_nothing_new_is_no_change(hand, owner, mask, view):
    hand.drag((0.1, 0.3), (0.4, 0.3))
    hand.drag((0.2, 0.3), (0.3, 0.3))
    assert len(owner.sheets) == 2
    mask.answered(owner.sheet)
    mask.switch(False)
    assert not mask.isVisible(), "nothing is awaited"


@pytest.mark.parametrize(("button", "modifiers"), [(RIGHT, NONE), (LEFT, ALT)])
@pytest.mark.parametrize("tool", list(Tool))
def test_the_other_button_and_alt_are_the_other_tool(hand, owner, painting, tool, button, modifiers):
    painting.show_tool(tool)
    hand.drag((0.1, 0.3), (0.4, 0.3), button=button, modifiers=modifiers)
    assert said(owner, 0.3, 0.3) == ("sound" if tool is Tool.BRUSH else "damaged")


def test_strokes_are_where_the_hand_is_at_every_zoom(hand, owner, view):
    view.zoom_to(800, view.photo_to_widget(QPointF(0.3, 0.6)))
    hand.drag((0.3, 0.6), (0.31, 0.6))
    assert said(owner, 0.305, 0.6) == "damaged"
    damaged = owner.sheet.marks().damaged
    rows, _ = np.nonzero(damaged > 127)
    assert (rows.max() - rows.min() + 1) == pytest.approx(20, abs=1), "the brush is measured in the photo"


def test_with_shift_a_drag_is_a_straight_line(hand, owner):
    hand.drag((0.1, 0.2), (0.2, 0.6), (0.4, 0.2), modifiers=SHIFT)
    assert said(owner, 0.25, 0.2) == "damaged" and said(owner, 0.2, 0.6) == ""


def test_with_shift_a_click_draws_on_from_the_last_stroke(hand, owner):
    hand.drag((0.1, 0.2), modifiers=SHIFT)
    assert said(owner, 0.1, 0.2) == "damaged", "the first has nothing to draw on from"
    hand.drag((0.1, 0.7), modifiers=SHIFT)
    hand.drag((0.4, 0.7), modifiers=SHIFT)
    assert said(owner, 0.1, 0.45) == "damaged" and said(owner, 0.25, 0.7) == "damaged"
    assert said(owner, 0.25, 0.45) == ""
    assert len(owner.sheets) == 4


def test_escape_gives_up_the_stroke_and_then_the_tool(hand, owner, painting, qtbot):
    hand.drag((0.1, 0.3), (0.4, 0.3), let_go=False)
    assert painting.is_painting
    QTest.keyClick(painting, Qt.Key.Key_Escape)
    assert not painting.is_painting and len(owner.sheets) == 1
    hand(QEvent.Type.MouseButtonRelease, (0.4, 0.3))
    assert len(owner.sheets) == 1
    with qtbot.waitSignal(painting.tool_left):
        QTest.keyClick(painting, Qt.Key.Key_Escape)


@pytest.mark.parametrize("by_key", [True, False])
def test_a_stroke_keeps_the_tool_it_was_begun_with(hand, owner, painting, by_key):
    """Also where another tool is taken into the hand before its end; from then on that one is told and shown."""
    assert painting.accessibleName() == "Damage brush"
    if by_key:
        QTest.keyClick(painting, Qt.Key.Key_Return)
    else:
        hand.drag((0.25, 0.5), (0.25, 0.51), let_go=False)
    painting.show_tool(Tool.ERASER)
    assert painting.is_painting and painting.accessibleName() == "Damage brush"
    if by_key:
        QTest.keyClick(painting, Qt.Key.Key_Return)
    else:
        hand(QEvent.Type.MouseButtonRelease, (0.25, 0.51))
    assert said(owner, *((0.6, 0.4) if by_key else (0.25, 0.5))) == "damaged"
    assert painting.accessibleName() == "Damage eraser" and painting.accessibleDescription().startswith("Eraser")


def test_another_photo_gives_the_stroke_up(hand, owner, painting):
    hand.drag((0.1, 0.3), (0.4, 0.3), let_go=False)
    painting.show_sheet(None)
    assert not painting.is_painting and len(owner.sheets) == 1


def test_the_wheel_changes_the_brush_with_ctrl_and_shift_and_is_the_views_without(painting, owner):
    place = QPointF(250, 300)

    def turn(modifiers) -> bool:
        """Whether the wheel was used; one that was not goes on to the view by Qt's own hand."""
        event = QWheelEvent(
            place,
            painting.mapToGlobal(place),
            QPoint(),
            QPoint(0, 120),
            Qt.MouseButton.NoButton,
            modifiers,
            Qt.ScrollPhase.NoScrollPhase,
            False,
        )
        QApplication.sendEvent(painting, event)
        return event.isAccepted()

    start = Brush(20 / 600, 0.0)
    assert turn(CTRL) and owner.brushes == [start.larger()]
    assert turn(SHIFT) and owner.brushes[1] == start.softer()
    assert not turn(NONE) and len(owner.brushes) == 2


def test_the_middle_button_and_the_held_hand_are_the_views(hand, owner, view, painting):
    view.zoom_to(400)
    before = view.viewport.left
    hand.drag((0.5, 0.4), (0.52, 0.4), button=MIDDLE)
    assert view.viewport.left != before and len(owner.sheets) == 1
    QTest.keyPress(painting, Qt.Key.Key_Space)
    assert view.holds_hand
    hand.drag((0.5, 0.4), (0.52, 0.4))
    assert len(owner.sheets) == 1
    QTest.keyRelease(painting, Qt.Key.Key_Space)


def test_keys_alone_draw_a_line(owner, painting, view):
    painting.setFocus(Qt.FocusReason.TabFocusReason)
    for _ in range(10):
        QTest.keyClick(painting, Qt.Key.Key_Left)
    QTest.keyClick(painting, Qt.Key.Key_Return)
    assert painting.is_painting
    for _ in range(10):
        QTest.keyClick(painting, Qt.Key.Key_Up)
    assert len(owner.sheets) == 1
    QTest.keyClick(painting, Qt.Key.Key_Return)
    assert len(owner.sheets) == 2
    damaged = owner.sheet.marks().damaged
    rows, columns = np.nonzero(damaged > 127)
    assert rows.max() - rows.min() > 60 and columns.max() - columns.min() < 30
    assert "Cross at" in painting.accessibleDescription() and "Brush" in painting.accessibleDescription()


@pytest.fixture
def bare(mask):
    """Nothing but the ring lies on the photo."""
    mask.switch(False)


def dark_rows(view, x: float) -> np.ndarray:
    """Rows of the view's grab that the ring has painted darker, in the column of a place of the photo."""
    image = view.grab().toImage()
    column = round(view.photo_to_widget(QPointF(x, 0.4)).x())
    _, top, _, bottom = view.viewport.visible
    rows = range(round(top) + 40, round(bottom) - 40)
    return np.array([row for row in rows if image.pixelColor(column, row).lightness() < 110])


@pytest.mark.parametrize("percent", [100, 300])
def test_the_ring_is_as_large_as_the_stroke(hand, owner, bare, painting, view, percent):
    painting.show_brush(Brush(60 / 600, 0.0))
    view.zoom_to(percent, view.photo_to_widget(QPointF(0.3, 0.4)))
    view.rest_now()
    hand(QEvent.Type.MouseMove, (0.3, 0.4), Qt.MouseButton.NoButton)
    rows = dark_rows(view, 0.3)
    assert rows.max() - rows.min() == pytest.approx(60 * percent / 100, abs=6)


def test_a_press_far_beside_the_photo_is_the_views(hand, owner):
    hand.drag((-0.15, 0.3), (0.1, 0.3))
    assert len(owner.sheets) == 1


def test_without_a_tool_it_is_not_there(painting, owner):
    painting.show_tool(None)
    assert not painting.isVisible()
