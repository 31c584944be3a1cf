"""The curve under the hand: what presses, drags and keys do to it, and what is told."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit

from desktop_app.curve.points import read
from desktop_app.theme import theme_of
from tests.desktop_app.curve.conftest import DARKER, LEFT

OWN = "0:0 40:20 100:90"
SHIFT = Qt.KeyboardModifier.ShiftModifier
Key = Qt.Key


def near(point, other) -> bool:
    """Two pixels of the plot away at most: the pointer's are whole ones, and the curve is taken where it is nearest to them."""
    return abs(point[0] - other[0]) <= 1.5 and abs(point[1] - other[1]) <= 2


def test_the_automatic_curve_has_five_handles_on_it(bent):
    assert bent.editor.points == ((0, 0), (25, 6.2), (50, 25), (75, 56.2), (100, 100))
    assert bent.editor.accessibleDescription() == "Automatic"


def test_a_dragged_point_is_told_all_the_way_and_settled_once(bent):
    bent.drag((50, 25), (55, 60))
    assert len(bent.told) == 2 and bent.settled == 1
    points = read(bent.curve)
    assert len(points) == 5 and near(points[2], (55, 56.2))
    assert points[2][1] == 56.2, "no higher than the next one"
    assert bent.editor.chosen == 2
    assert bent.editor.accessibleDescription() == f"Point 3 of 5: lightness {points[2][0]:g} becomes 56.2"


def test_a_press_alone_chooses_and_changes_nothing(bent):
    QTest.mouseClick(bent.editor, LEFT, pos=bent.spot((50, 25)) + QPoint(2, 1))
    assert bent.told == [] and bent.settled == 0 and bent.editor.chosen == 2


def test_a_press_on_the_curve_adds_a_point_that_can_be_dragged_on(bent):
    bent.show(OWN)
    bent.drag((70, 54), (70, 70))
    points = read(bent.curve)
    assert len(points) == 4 and near(points[2], (70, 70)) and bent.settled == 1


def test_a_press_beside_the_curve_adds_nothing(bent):
    QTest.mouseClick(bent.editor, LEFT, pos=bent.spot((20, 90)))
    QTest.mouseClick(bent.editor, Qt.MouseButton.RightButton, pos=bent.spot((50, 25)))
    assert bent.told == [] and bent.editor.chosen is None


def test_a_point_dragged_out_is_gone_and_comes_back_with_the_hand(bent):
    bent.show(OWN)
    bent.press((40, 20))
    QTest.mouseMove(bent.editor, QPoint(80, -60))
    assert bent.curve == "0:0 100:90"
    QTest.mouseMove(bent.editor, bent.spot((50, 30)))
    assert len(read(bent.curve)) == 3
    QTest.mouseMove(bent.editor, QPoint(80, -60))
    QTest.mouseRelease(bent.editor, LEFT, pos=QPoint(80, -60))
    assert bent.curve == "0:0 100:90" and bent.settled == 1 and bent.editor.chosen is None


def test_an_end_dragged_out_stays(bent):
    bent.show(OWN)
    bent.drag((100, 90), (100, 90), out=QPointF(500, -300))
    assert bent.curve == "0:0 40:20 100:100"


def test_a_double_click_beside_the_curve_goes_back_and_one_on_a_point_does_not(bent):
    bent.show(OWN)
    QTest.mouseDClick(bent.editor, LEFT, pos=bent.spot((40, 20)))
    assert bent.curve == OWN
    QTest.mouseDClick(bent.editor, LEFT, pos=bent.spot((20, 90)))
    assert bent.told == [""] and bent.settled == 1
    QTest.mouseDClick(bent.editor, LEFT, pos=bent.spot((20, 90)))
    assert bent.told == [""], "it is automatic already"


def test_tab_goes_from_point_to_point_and_on(bent):
    before, after = bent.window.findChildren(QLineEdit)
    bent.show(OWN)
    before.setFocus()
    QTest.keyClick(before, Key.Key_Tab)
    seen = [bent.editor.chosen]
    for _ in range(2):
        bent.key(Key.Key_Tab)
        seen.append(bent.editor.chosen)
    assert seen == [0, 1, 2]
    bent.key(Key.Key_Tab)
    assert after.hasFocus() and bent.editor.chosen is None
    QTest.keyClick(after, Key.Key_Backtab)
    assert bent.editor.chosen == 2
    bent.key(Key.Key_Escape)
    assert after.hasFocus()


def test_arrows_move_the_chosen_point(bent):
    bent.show(OWN)
    bent.press((40, 20))
    QTest.mouseRelease(bent.editor, LEFT, pos=bent.spot((40, 20)))
    for key, modifier, place in (
        (Key.Key_Up, Qt.KeyboardModifier.NoModifier, (40, 21)),
        (Key.Key_Right, SHIFT, (45, 21)),
        (Key.Key_Down, SHIFT, (45, 16)),
        (Key.Key_Left, Qt.KeyboardModifier.NoModifier, (44, 16)),
    ):
        bent.key(key, modifier)
        assert read(bent.curve)[1] == place
    assert bent.settled == 4


@pytest.mark.parametrize("key", [Key.Key_Delete, Key.Key_Backspace])
def test_delete_takes_the_chosen_point_away_but_not_an_end(bent, key):
    bent.show(OWN)
    bent.editor.setFocus(Qt.FocusReason.TabFocusReason)
    bent.key(key)
    assert bent.told == []
    bent.key(Key.Key_Tab)
    bent.key(key)
    assert bent.curve == "0:0 100:90" and bent.settled == 1 and bent.editor.chosen == 0


def test_enter_adds_a_point_on_the_curve_after_the_chosen_one(bent):
    bent.editor.setFocus(Qt.FocusReason.TabFocusReason)
    bent.key(Key.Key_Return)
    points = read(bent.curve)
    assert len(points) == 6 and points[1][0] == 12.5 and bent.editor.chosen == 1 and bent.settled == 1
    assert abs(points[1][1] - 12.5**2 / 100) < 0.1


def test_escape_gives_back_what_a_drag_has_changed(bent):
    bent.press((50, 25))
    QTest.mouseMove(bent.editor, bent.spot((60, 50)))
    assert bent.curve
    bent.key(Key.Key_Escape)
    assert bent.curve == "" and bent.settled == 1
    QTest.mouseMove(bent.editor, bent.spot((20, 50)))
    QTest.mouseRelease(bent.editor, LEFT, pos=bent.spot((20, 50)))
    assert bent.curve == ""


def test_another_curve_shown_ends_a_drag(bent):
    """Undo while the button is down: the hand must not draw the old curve into it."""
    bent.press((50, 25))
    QTest.mouseMove(bent.editor, bent.spot((60, 50)))
    bent.show(OWN)
    QTest.mouseMove(bent.editor, bent.spot((20, 50)))
    assert bent.curve == OWN and bent.editor.points == read(OWN)


@pytest.mark.parametrize("curve", ["", OWN])
def test_while_nothing_is_known_of_the_photo_nothing_can_be_bent(bent, curve):
    bent.show(curve, None)
    assert bent.editor.points == () and not bent.editor.isEnabled()
    bent.drag((40, 20), (50, 50))
    QTest.mouseDClick(bent.editor, LEFT, pos=bent.spot((20, 90)))
    bent.editor.setFocus(Qt.FocusReason.TabFocusReason)
    bent.key(Key.Key_Up)
    assert bent.told == []
    bent.show(curve, DARKER)
    assert bent.editor.isEnabled() and bent.editor.points


def test_the_curve_is_seen_in_the_accent_once_it_is_ones_own(bent):
    def accented() -> int:
        mark = theme_of(bent.editor).color("accent_mark").getRgb()[:3]
        image = bent.editor.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
        pixels = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), -1, 4)[..., 2::-1]
        return int((np.abs(pixels.astype(int) - mark).sum(-1) < 12).sum())

    assert accented() == 0
    bent.show(OWN)
    assert accented() > 100
