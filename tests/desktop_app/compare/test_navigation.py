"""Hand and keys in the compare view, with real events."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QNativeGestureEvent, QPointingDevice, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from desktop_app.compare import CompareView

LEFT = Qt.MouseButton.LeftButton
NONE, CTRL, SHIFT = (
    Qt.KeyboardModifier.NoModifier,
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.ShiftModifier,
)


def wheel(view: CompareView, at: QPointF, notches: float = 0, pixels: QPoint | None = None, modifiers=NONE) -> None:
    """A mouse's wheel by notches, or two fingers on a touchpad by pixels."""
    phase = Qt.ScrollPhase.ScrollUpdate if pixels else Qt.ScrollPhase.NoScrollPhase
    angle = QPoint(0, round(notches * 120)) if not pixels else pixels * 2
    event = QWheelEvent(
        at, view.mapToGlobal(at), pixels or QPoint(), angle, Qt.MouseButton.NoButton, modifiers, phase, False
    )
    QApplication.sendEvent(view, event)


def pinch(view: CompareView, at: QPointF, kind: Qt.NativeGestureType, value: float) -> None:
    device = QPointingDevice.primaryPointingDevice()
    event = QNativeGestureEvent(kind, device, 2, at, at, view.mapToGlobal(at), value, QPointF())
    QApplication.sendEvent(view, event)


def drag(widget, start: QPoint, end: QPoint, button=LEFT) -> None:
    QTest.mousePress(widget, button, NONE, start)
    QTest.mouseMove(widget, (start + end) / 2)
    QTest.mouseMove(widget, end)
    QTest.mouseRelease(widget, button, NONE, end)


def test_the_wheel_zooms_about_the_pointer(view):
    """What is under it stays; a notch back is a notch back."""
    at = QPointF(300, 250)
    wheel(view, at, 3)
    place, zoom = view.widget_to_photo(at), view.zoom_percent
    wheel(view, at, 1)
    after = view.widget_to_photo(at)
    assert view.zoom_percent == pytest.approx(zoom * 1.2)
    assert (after.x(), after.y()) == pytest.approx((place.x(), place.y()), abs=1 / 600)
    wheel(view, at, -1)
    assert view.zoom_percent == pytest.approx(zoom)


def test_small_turns_of_a_smooth_wheel_add_up(view):
    start = view.zoom_percent
    for _ in range(8):
        wheel(view, QPointF(300, 250), 0.25)
    assert view.zoom_percent == pytest.approx(start * 1.2**2)


def test_two_fingers_pan_and_with_ctrl_zoom(view):
    view.zoom_to(400)
    before, zoom = view.viewport, view.zoom_percent
    wheel(view, QPointF(300, 250), pixels=QPoint(20, -30))
    assert view.zoom_percent == zoom
    assert (view.viewport.left, view.viewport.top) == pytest.approx((before.left + 20, before.top - 30))
    wheel(view, QPointF(300, 250), pixels=QPoint(0, 40), modifiers=CTRL)
    assert view.zoom_percent > zoom


def test_pinching_zooms_and_a_double_tap_fits(view):
    start = view.zoom_percent
    pinch(view, QPointF(300, 250), Qt.NativeGestureType.ZoomNativeGesture, 0.5)
    assert view.zoom_percent == pytest.approx(start * 1.5)
    pinch(view, QPointF(300, 250), Qt.NativeGestureType.SmartZoomNativeGesture, 0)
    assert view.viewport.is_fit


def test_dragging_pans(view):
    view.zoom_to(400)
    before = view.viewport
    drag(view, QPoint(200, 200), QPoint(260, 230))
    assert (view.viewport.left, view.viewport.top) == (before.left + 60, before.top + 30)
    assert view.divider == 0.5


def test_the_line_can_be_taken_anywhere_near_it(view):
    x = round(view.divider_px)
    drag(view, QPoint(x + 8, 120), QPoint(x + 8 + 90, 120))
    left, _, right, _ = view.viewport.visible
    assert view.divider == pytest.approx(0.5 + 90 / (right - left), abs=0.002)


def test_the_handle_can_be_dragged_and_centred(view):
    handle = view.divider_handle
    middle = handle.rect().center()
    drag(handle, middle, middle + QPoint(-60, 0))
    assert view.divider < 0.45
    QTest.mouseDClick(handle, LEFT, NONE, middle)
    assert view.divider == 0.5


def test_a_line_dragged_beyond_the_photo_stops_at_its_edge(view):
    x = round(view.divider_px)
    drag(view, QPoint(x, 120), QPoint(899, 120))
    assert view.divider == 1.0


def test_a_double_click_changes_between_fit_and_100_per_cent(view):
    QTest.mouseDClick(view, LEFT, NONE, QPoint(200, 200))
    assert view.zoom_percent == 100
    QTest.mouseDClick(view, LEFT, NONE, QPoint(200, 200))
    assert view.viewport.is_fit


@pytest.mark.parametrize(
    ("key", "modifiers", "moved"),
    [
        (Qt.Key.Key_Comma, NONE, -0.01),
        (Qt.Key.Key_Period, NONE, 0.01),
        (Qt.Key.Key_Left, CTRL, -0.01),
        (Qt.Key.Key_Right, CTRL, 0.01),
        (Qt.Key.Key_Right, CTRL | SHIFT, 0.1),
    ],
)
def test_keys_move_the_line(view, key, modifiers, moved):
    QTest.keyClick(view, key, modifiers)
    assert view.divider == pytest.approx(0.5 + moved)


def test_keys_zoom(view):
    fit = view.zoom_percent
    QTest.keyClick(view, Qt.Key.Key_Plus)
    assert view.zoom_percent > fit
    QTest.keyClick(view, Qt.Key.Key_Minus)
    assert view.zoom_percent == pytest.approx(fit)
    QTest.keyClick(view, Qt.Key.Key_1)
    assert view.zoom_percent == 100
    QTest.keyClick(view, Qt.Key.Key_0)
    assert view.viewport.is_fit


def test_arrows_pan(view):
    view.zoom_to(800)
    before = view.viewport
    QTest.keyClick(view, Qt.Key.Key_Right)
    QTest.keyClick(view, Qt.Key.Key_Down)
    assert view.viewport.left < before.left and view.viewport.top < before.top


@pytest.mark.parametrize("key", [Qt.Key.Key_Backslash, Qt.Key.Key_Space])
def test_a_held_key_shows_the_original(view, key):
    QTest.keyPress(view, key)
    assert view.is_original_alone
    QTest.keyRelease(view, key)
    assert not view.is_original_alone


def test_the_original_leaves_when_the_keyboard_does(view):
    """The release of the key goes to another window then."""
    QTest.keyPress(view, Qt.Key.Key_Backslash)
    QApplication.sendEvent(view, QEvent(QEvent.Type.WindowDeactivate))
    assert not view.is_original_alone


def test_a_held_key_works_while_the_handle_has_the_keyboard(view, qtbot):
    """The handle must not lose it, or nobody hears the release."""
    handle = view.divider_handle
    handle.setFocus()
    qtbot.waitUntil(handle.hasFocus)
    QTest.keyPress(handle, Qt.Key.Key_Backslash)
    assert view.is_original_alone and handle.hasFocus()
    QTest.keyRelease(handle, Qt.Key.Key_Backslash)
    assert not view.is_original_alone


def test_with_space_held_even_the_line_pans(view):
    view.zoom_to(400)
    before, divider = view.viewport, view.divider
    QTest.keyPress(view, Qt.Key.Key_Space)
    x = round(view.divider_px)
    drag(view, QPoint(x, 120), QPoint(x + 40, 120))
    QTest.keyRelease(view, Qt.Key.Key_Space)
    assert view.viewport.left == before.left + 40
    assert view.divider == divider


def test_the_ring_comes_with_the_tab_key_only(view, qtbot):
    """Who works with the mouse sees the photo alone."""
    edge = (2, 300)
    view.clearFocus()
    view.setFocus(Qt.FocusReason.MouseFocusReason)
    quiet = view.grab().toImage().pixel(*edge)
    view.clearFocus()
    view.setFocus(Qt.FocusReason.TabFocusReason)
    assert view.grab().toImage().pixel(1, 300) != quiet


def test_nothing_happens_without_a_photo(view):
    view.clear()
    viewport = view.viewport
    wheel(view, QPointF(300, 250), 3)
    drag(view, QPoint(100, 100), QPoint(200, 100))
    for key in (Qt.Key.Key_Plus, Qt.Key.Key_1, Qt.Key.Key_Comma, Qt.Key.Key_Backslash):
        QTest.keyClick(view, key)
    assert view.viewport == viewport
    assert view.divider == 0.5
