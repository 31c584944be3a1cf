"""The colour popover by itself: plane, swatches, code, and how it ends."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QWidget

from desktop_app.hints import ColourPicker
from desktop_app.hints.gamut import lab_of
from desktop_app.hints.names import COMMON
from desktop_app.hints.swatch import Swatch

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def picker(qtbot) -> ColourPicker:
    """Open, for a place of medium lightness that is grey so far."""
    shown = ColourPicker()
    qtbot.addWidget(shown)
    shown.open_at(QPoint(300, 300), "#808080", 55.0, ("#123456", "#a04020"))
    qtbot.waitExposed(shown)
    return shown


def test_dragging_on_the_plane_says_every_colour(picker, qtbot):
    """Up and to the right is orange; nothing has ended yet."""
    heard: list[str] = []
    picker.colour_changed.connect(heard.append)
    plane = picker.findChild(QWidget, "colour-plane")
    middle = plane.rect().center()
    QTest.mousePress(plane, LEFT, Qt.KeyboardModifier.NoModifier, middle)
    for step in (10, 20, 30):
        QTest.mouseMove(plane, middle + QPoint(step, -step * 2))
    QTest.mouseRelease(plane, LEFT)
    assert len(heard) == 4
    assert picker.colour == heard[-1]
    _, a, b = lab_of(heard[-1])
    assert a > 10 and b > 10
    assert picker.isVisible()


def test_a_drag_beyond_what_can_be_shown_stays_on_its_edge(picker):
    plane = picker.findChild(QWidget, "colour-plane")
    QTest.mousePress(plane, LEFT, Qt.KeyboardModifier.NoModifier, plane.rect().center())
    QTest.mouseMove(plane, plane.rect().topLeft())
    lightness, _, _ = lab_of(picker.colour)
    assert lightness == pytest.approx(55, abs=1.5)


def test_arrows_move_the_marker(picker):
    plane = picker.findChild(QWidget, "colour-plane")
    QTest.keyClick(plane, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    _, a, b = lab_of(picker.colour)
    assert (a, b) == pytest.approx((10, 0), abs=1.5)
    assert "a*" in plane.accessibleDescription()


def test_a_common_colour_is_taken_as_it_is(picker, qtbot):
    """Its own a* and b*, not what the plane's lightness leaves of them."""
    swatches = {swatch.accessibleName(): swatch for swatch in picker.findChildren(Swatch)}
    assert set(swatches) >= {name for name, _ in COMMON}
    with qtbot.waitSignal(picker.colour_changed) as heard:
        QTest.mouseClick(swatches["Navy"], LEFT)
    assert heard.args == [dict(COMMON)["Navy"]]


def test_swatches_answer_to_the_space_key(picker, qtbot):
    swatch = next(s for s in picker.findChildren(Swatch) if s.accessibleName() == "Brick")
    swatch.setFocus()
    with qtbot.waitSignal(picker.colour_changed):
        QTest.keyClick(swatch, Qt.Key.Key_Space)
    assert picker.colour == dict(COMMON)["Brick"]


def test_recent_colours_are_offered_with_names(picker):
    recent = [s for s in picker.findChildren(Swatch) if s.accessibleName().startswith("Recent: ") and s.isVisible()]
    assert [swatch.colour for swatch in recent] == ["#123456", "#a04020"]


@pytest.mark.parametrize(("typed", "colour"), [("A04020", "#a04020"), ("#00ff7f", "#00ff7f")])
def test_a_code_can_be_typed(picker, typed, colour):
    field = picker.findChild(QLineEdit)
    field.selectAll()
    QTest.keyClicks(field, typed)
    assert picker.colour == colour


def test_half_a_code_changes_nothing(picker, qtbot):
    field = picker.findChild(QLineEdit)
    field.selectAll()
    with qtbot.assertNotEmitted(picker.colour_changed):
        QTest.keyClicks(field, "a040zz")
    assert field.text() == "a040"
    assert picker.colour == "#808080"


def test_enter_in_the_code_keeps_the_colour(picker, qtbot):
    field = picker.findChild(QLineEdit)
    field.selectAll()
    QTest.keyClicks(field, "a04020")
    with qtbot.waitSignal(picker.colour_chosen) as heard:
        QTest.keyClick(field, Qt.Key.Key_Return)
    assert heard.args == ["#a04020"]
    assert not picker.isVisible()


def test_closing_keeps_what_was_chosen(picker, qtbot):
    """A click elsewhere closes it."""
    picker.findChild(QWidget, "colour-plane").moved.emit(20.0, 20.0)
    with qtbot.waitSignal(picker.colour_chosen) as heard:
        picker.close()
    _, a, b = lab_of(heard.args[0])
    assert (a, b) == pytest.approx((20, 20), abs=1.5)


def test_closing_without_a_choice_is_no_choice(picker, qtbot):
    with qtbot.assertNotEmitted(picker.colour_chosen), qtbot.waitSignal(picker.cancelled):
        picker.close()


def test_it_says_one_end_only(picker):
    ends: list[object] = []
    picker.colour_chosen.connect(ends.append)
    picker.accept()
    picker.reject()
    picker.close()
    assert ends == ["#808080"]


@pytest.mark.parametrize("place", [QPoint(0, 0), QPoint(5000, 5000), QPoint(-50, 300)])
def test_it_opens_within_the_screen(picker, place):
    picker.open_at(place, "#808080", 55.0)
    assert picker.screen().availableGeometry().contains(picker.frameGeometry())


def test_everything_in_it_can_be_reached_and_has_a_name(picker):
    parts = [
        part
        for part in picker.findChildren(QWidget)
        if part.focusPolicy() & Qt.FocusPolicy.TabFocus and part.isVisible()
    ]
    assert len(parts) >= 20
    assert [part for part in parts if not (part.accessibleName() or getattr(part, "text", str)())] == []
