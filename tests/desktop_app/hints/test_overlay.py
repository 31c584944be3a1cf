"""Hints on the photo, by hand and by keys alone, with real events."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QHBoxLayout, QPushButton, QWidget

from desktop_app.hints import HintOverlay
from desktop_app.hints.gamut import lab_of
from desktop_app.hints.mark import HintMark
from engine.hints import Hint
from tests.desktop_app.hints.conftest import HEIGHT, WIDTH

LEFT, RIGHT = Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton
NONE, SHIFT = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier
BROWN, RED, NAVY = Hint(0.2, 0.3, "#8a5a38"), Hint(0.7, 0.6, "#cc2222"), Hint(0.4, 0.8, "#27375f")


def marks(overlay) -> list[HintMark]:
    return sorted((mark for mark in overlay.findChildren(HintMark) if not mark.isHidden()), key=lambda mark: mark.index)


def at(view, x: float, y: float) -> QPoint:
    return view.photo_to_widget(QPointF(x, y)).toPoint()


def focus(qtbot, widget: QWidget) -> None:
    widget.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.waitUntil(widget.hasFocus)


def meaning(colour: str) -> tuple[float, float]:
    """a* and b*: all that a hint says."""
    return lab_of(colour)[1:]


def test_hints_lie_where_they_belong_also_when_zoomed(overlay, owner, view):
    owner.give(BROWN, RED)
    for _ in range(2):
        for mark, hint in zip(marks(overlay), (BROWN, RED), strict=True):
            way = mark.geometry().center() - at(view, hint.x, hint.y)
            assert way.manhattanLength() <= 2
        view.zoom_to(300, QPointF(450, 300))


def test_a_mark_is_filled_with_its_colour(overlay, owner, view):
    owner.give(RED)
    mark = marks(overlay)[0]
    place = mark.geometry().center()
    assert view.grab().toImage().pixelColor(place).name() == RED.colour


def test_each_hint_says_in_words_what_it_is(overlay, owner):
    owner.give(RED, BROWN)
    assert marks(overlay)[1].accessibleName() == "Colour hint 2 of 2, brown, at 20 % across, 30 % down"


def test_a_click_opens_the_picker_and_the_first_colour_adds_the_hint(overlay, owner, view):
    QTest.mouseClick(overlay, LEFT, NONE, at(view, 0.25, 0.5))
    picker = overlay.picker
    assert picker.isVisible()
    assert owner.hints == ()
    assert len(marks(overlay)) == 1  # the place is shown already
    assert meaning(picker.colour) == pytest.approx(meaning("#8a5a38"), abs=1.5)  # what the photo has there now
    picker.findChild(QWidget, "colour-code").setText("")
    QTest.keyClicks(picker.findChild(QWidget, "colour-code"), "a04020")
    assert [hint.colour for hint in owner.hints] == ["#a04020"]
    assert (owner.hints[0].x, owner.hints[0].y) == pytest.approx((0.25, 0.5), abs=0.002)
    QTest.keyClick(picker, Qt.Key.Key_Return)
    assert not picker.isVisible()
    assert owner.heard == ["added", "settled"]
    assert overlay.recent_colours == ("#a04020",)


def test_escape_takes_a_new_hint_back(overlay, owner, view):
    QTest.mouseClick(overlay, LEFT, NONE, at(view, 0.25, 0.5))
    QTest.keyClick(overlay.picker, Qt.Key.Key_Escape)
    assert owner.heard == [] and marks(overlay) == []
    QTest.mouseClick(overlay, LEFT, NONE, at(view, 0.25, 0.5))
    overlay.picker.findChild(QWidget, "colour-plane").moved.emit(20.0, 30.0)
    assert len(owner.hints) == 1
    QTest.keyClick(overlay.picker, Qt.Key.Key_Escape)
    assert owner.hints == ()
    assert marks(overlay) == []


def test_enter_without_a_change_sets_the_colour_that_is_there(overlay, owner, view):
    QTest.mouseClick(overlay, LEFT, NONE, at(view, 0.25, 0.5))
    QTest.keyClick(overlay.picker, Qt.Key.Key_Return)
    assert len(owner.hints) == 1
    assert meaning(owner.hints[0].colour) == pytest.approx(meaning("#8a5a38"), abs=1.5)


def test_escape_gives_an_old_hint_its_colour_back(overlay, owner):
    owner.give(RED)
    overlay.open_picker(0)
    overlay.picker.findChild(QWidget, "colour-plane").moved.emit(0.0, 40.0)
    assert owner.hints[0].colour != RED.colour
    QTest.keyClick(overlay.picker, Qt.Key.Key_Escape)
    assert owner.hints == (RED,)


def test_without_the_tool_a_click_moves_the_photo_and_sets_nothing(overlay, owner, view):
    overlay.hint_tool_enabled = False
    view.zoom_to(400)
    before = view.viewport
    start = QPoint(200, 200)
    QTest.mousePress(view.window().windowHandle(), LEFT, NONE, overlay.mapTo(view.window(), start))
    QTest.mouseMove(view.window().windowHandle(), overlay.mapTo(view.window(), start + QPoint(30, 20)))
    QTest.mouseRelease(view.window().windowHandle(), LEFT, NONE, overlay.mapTo(view.window(), start + QPoint(30, 20)))
    assert view.viewport.left == before.left + 30
    assert not overlay.picker.isVisible()


def test_with_the_tool_a_drag_moves_the_photo(overlay, owner, view):
    view.zoom_to(400)
    before = view.viewport
    QTest.mousePress(overlay, LEFT, NONE, QPoint(200, 200))
    QTest.mouseMove(overlay, QPoint(240, 230))
    QTest.mouseRelease(overlay, LEFT, NONE, QPoint(240, 230))
    assert view.viewport.left == before.left + 40
    assert not overlay.picker.isVisible()


def test_the_divider_stays_within_reach_of_the_pointer(overlay, view):
    """The overlay lies over the photo but under the handle."""
    place = view.divider_handle.geometry().center()
    assert view.childAt(place) is view.divider_handle


def test_a_click_beside_the_photo_sets_nothing(overlay, owner):
    QTest.mouseClick(overlay, LEFT, NONE, QPoint(4, 300))
    assert not overlay.picker.isVisible()


def test_a_hint_can_be_dragged(overlay, owner):
    """It follows all the while, and the end is said once."""
    owner.give(RED)
    mark = marks(overlay)[0]
    start = mark.rect().center()
    QTest.mousePress(mark, LEFT, NONE, start)
    for _ in range(2):
        QTest.mouseMove(mark, start + QPoint(30, 15))  # the mark moves along under the pointer
    QTest.mouseRelease(mark, LEFT, NONE, start)
    scale = overlay.width() - 48  # the photo is as wide as the view less its margins
    assert owner.hints[0].x - RED.x == pytest.approx(60 / scale, abs=0.005)
    assert owner.heard == ["changed", "changed", "settled"]
    assert overlay.selected == 0
    assert not overlay.picker.isVisible()


def test_a_hint_cannot_be_dragged_off_the_photo(overlay, owner):
    owner.give(RED)
    mark = marks(overlay)[0]
    start = mark.rect().center()
    QTest.mousePress(mark, LEFT, NONE, start)
    QTest.mouseMove(mark, start + QPoint(3000, -3000))
    QTest.mouseRelease(mark, LEFT, NONE, start)
    assert (owner.hints[0].x, owner.hints[0].y) == (1.0, 0.0)


def test_a_click_on_a_hint_opens_its_colour_and_the_right_button_removes_it(overlay, owner):
    owner.give(RED, BROWN)
    QTest.mouseClick(marks(overlay)[0], LEFT)
    assert overlay.picker.isVisible() and overlay.picker.colour == RED.colour
    QTest.keyClick(overlay.picker, Qt.Key.Key_Escape)
    QTest.mouseClick(marks(overlay)[0], RIGHT)
    assert owner.hints == (BROWN,)


def test_tab_goes_from_the_photo_through_the_hints(overlay, owner, view, qtbot):
    """Photo, divider, cross, hint, hint."""
    owner.give(RED, BROWN)
    focus(qtbot, view)
    met = []
    for _ in range(4):
        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
        met.append(QApplication.focusWidget())
    assert met == [view.divider_handle, overlay, *marks(overlay)]
    assert overlay.selected == 1


@pytest.mark.parametrize(
    ("key", "modifiers", "right", "down"),
    [
        (Qt.Key.Key_Right, NONE, 1, 0),
        (Qt.Key.Key_Left, SHIFT, -10, 0),
        (Qt.Key.Key_Up, NONE, 0, -1),
        (Qt.Key.Key_Down, SHIFT, 0, 10),
    ],
)
def test_arrows_move_a_hint_by_pixels_of_the_photo(overlay, owner, qtbot, key, modifiers, right, down):
    owner.give(RED)
    mark = marks(overlay)[0]
    focus(qtbot, mark)
    QTest.keyClick(mark, key, modifiers)
    assert owner.hints[0].x == pytest.approx(RED.x + right / WIDTH)
    assert owner.hints[0].y == pytest.approx(RED.y + down / HEIGHT)
    assert owner.heard == ["changed", "settled"]


def test_delete_removes_and_the_keyboard_stays_among_the_hints(overlay, owner, qtbot):
    owner.give(RED, BROWN, NAVY)
    focus(qtbot, marks(overlay)[2])
    QTest.keyClick(marks(overlay)[2], Qt.Key.Key_Delete)
    assert owner.hints == (RED, BROWN)
    assert QApplication.focusWidget() is marks(overlay)[1]
    for _ in range(2):
        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Delete)
    assert owner.hints == ()
    assert QApplication.focusWidget() is overlay


def test_enter_opens_the_picker_and_gives_the_keyboard_back(overlay, owner, qtbot):
    owner.give(RED)
    focus(qtbot, marks(overlay)[0])
    QTest.keyClick(marks(overlay)[0], Qt.Key.Key_Return)
    assert overlay.picker.isVisible()
    QTest.keyClick(overlay.picker, Qt.Key.Key_Escape)
    qtbot.waitUntil(marks(overlay)[0].hasFocus)


def test_escape_leaves_the_hint(overlay, owner, qtbot):
    owner.give(RED)
    focus(qtbot, marks(overlay)[0])
    with qtbot.waitSignal(overlay.hint_selected) as heard:
        QTest.keyClick(marks(overlay)[0], Qt.Key.Key_Escape)
    assert heard.args == [-1]
    assert overlay.hasFocus()


def test_a_hint_can_be_set_with_the_keyboard_alone(overlay, owner, view, qtbot):
    """The cross goes where the arrows send it, Enter sets the hint there, the picker is worked by keys."""
    focus(qtbot, overlay)
    for _ in range(3):
        QTest.keyClick(overlay, Qt.Key.Key_Right, SHIFT)
    QTest.keyClick(overlay, Qt.Key.Key_Down)
    assert "%" in overlay.accessibleDescription()
    QTest.keyClick(overlay, Qt.Key.Key_Return)
    plane = overlay.picker.findChild(QWidget, "colour-plane")
    assert overlay.picker.isVisible() and plane.hasFocus()
    QTest.keyClick(plane, Qt.Key.Key_Up, SHIFT)
    QTest.keyClick(plane, Qt.Key.Key_Return)
    assert len(owner.hints) == 1
    scale = view.viewport.shown_width
    assert owner.hints[0].x == pytest.approx(0.6 + 3 * 64 / scale)
    assert owner.heard == ["added", "settled"]


def test_the_cross_is_seen_only_while_the_keyboard_is_there(overlay, view, qtbot):
    focus(qtbot, overlay)
    there = view.grab().toImage()
    focus(qtbot, view.divider_handle)
    place = at(view, 0.6, 0.4)
    arm = [(place.x() + 10, place.y() + across) for across in (-1, 0)]
    assert all(there.pixelColor(*dot).name() == "#ffffff" for dot in arm)
    assert view.grab().toImage().pixelColor(*arm[0]).name() == "#8a5a38"


def test_a_colour_can_be_taken_from_the_photo(overlay, owner, view):
    owner.give(RED)
    overlay.open_picker(0)
    QTest.mouseClick(overlay.picker.findChild(QWidget, "eyedropper"), LEFT)
    assert not overlay.picker.isVisible()
    QTest.mouseClick(overlay, LEFT, NONE, at(view, 0.1, 0.1))
    assert [hint.colour for hint in owner.hints] == ["#8a5a38"]
    assert owner.heard[-1] == "settled"
    assert not overlay.picker.isVisible()


def test_taking_a_colour_can_be_given_up(overlay, owner, view):
    owner.give(RED)
    overlay.open_picker(0)
    QTest.mouseClick(overlay.picker.findChild(QWidget, "eyedropper"), LEFT)
    QTest.keyClick(overlay, Qt.Key.Key_Escape)
    assert owner.hints == (RED,)


def test_the_picker_can_remove_its_hint(overlay, owner):
    owner.give(RED, BROWN)
    overlay.open_picker(0)
    QTest.mouseClick(overlay.picker.findChild(QWidget, "remove"), LEFT)
    assert owner.hints == (BROWN,)


def test_another_photo_ends_what_was_begun(overlay, owner):
    owner.give(RED, BROWN)
    overlay.open_picker(1)
    owner.give()
    assert not overlay.picker.isVisible()
    assert owner.heard == []
    assert overlay.selected == -1


def test_hints_are_not_in_the_way_of_the_original(overlay, owner, view, qtbot):
    """While it is looked at, nothing is painted over it; the keyboard stays where it is."""
    owner.give(RED)
    mark = marks(overlay)[0]
    focus(qtbot, mark)
    QTest.keyPress(mark, Qt.Key.Key_Backslash)
    place = mark.geometry().center()
    assert view.grab().toImage().pixelColor(place).name() == "#808080"
    QTest.keyRelease(mark, Qt.Key.Key_Backslash)
    assert view.grab().toImage().pixelColor(place).name() == RED.colour
    assert mark.hasFocus()


def test_a_hint_out_of_sight_is_brought_in_when_reached_by_tab(overlay, owner, view, qtbot):
    owner.give(Hint(0.95, 0.95, "#cc2222"))
    view.zoom_to(800, QPointF(30, 30))
    focus(qtbot, marks(overlay)[0])
    assert view.rect().contains(marks(overlay)[0].geometry().center())


def test_the_windows_own_tab_order_does_not_tear_the_photo_apart(qtbot, view):
    """A window orders strip, photo and panel before it is shown; divider and hints stay with the photo."""
    window = QWidget()
    qtbot.addWidget(window)
    row = QHBoxLayout(window)
    strip, panel = QPushButton("strip"), QPushButton("panel")
    for part in (strip, view, panel):
        row.addWidget(part)
    over = HintOverlay(view)
    over.hint_tool_enabled = True
    QWidget.setTabOrder(strip, view)
    QWidget.setTabOrder(view, panel)
    over.set_hints((RED,))
    window.show()
    qtbot.waitExposed(window)
    window.activateWindow()
    focus(qtbot, strip)
    met = []
    for _ in range(5):
        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
        met.append(QApplication.focusWidget())
    assert met == [view, view.divider_handle, over, *marks(over), panel]
    view.setParent(None)
