"""What hand and keys do in the compare view: zoom, pan, move the divider, look at the original."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QPointF, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent, QNativeGestureEvent, QPointingDevice, QWheelEvent

if TYPE_CHECKING:
    from desktop_app.compare.view import CompareView

_NOTCH = 120
_ZOOM_A_NOTCH = 1.2
_ZOOM_A_SCROLLED_PX = 1.005
_NEAR_DIVIDER_PX = 12
_PAN_STEP_PX = 64
_DIVIDER_STEP = 0.01
_ORIGINAL_KEY = Qt.Key.Key_Backslash
_HAND_KEY = Qt.Key.Key_Space


class Navigation(QObject):
    """Turns one view's events into its movements.

    Mouse: wheel zooms about the pointer, dragging pans, a press near the line takes it, a double click changes between the
    whole photo and 100 %. Touchpad: two fingers pan, pinching (or Ctrl with two fingers) zooms.
    Keys: arrows pan; + - 0 1 zoom; comma and full stop, or Ctrl with arrows, move the divider (ten times as far with Shift);
    backslash or space held shows the original alone, and with space every drag pans.
    """

    def __init__(self, view: CompareView) -> None:
        super().__init__(view)
        self._view = view
        self._drag_from: QPointF | None = None
        self._holds_divider = False
        self._holds_hand = False
        self._handlers: dict[QEvent.Type, Callable[..., bool]] = {
            QEvent.Type.MouseButtonPress: self._press,
            QEvent.Type.MouseMove: self._move,
            QEvent.Type.MouseButtonRelease: self._release,
            QEvent.Type.MouseButtonDblClick: self._double_click,
            QEvent.Type.Wheel: self._wheel,
            QEvent.Type.NativeGesture: self._gesture,
            QEvent.Type.KeyPress: self._key_press,
            QEvent.Type.KeyRelease: self._key_release,
            QEvent.Type.FocusOut: self._let_go,
            QEvent.Type.WindowDeactivate: self._let_go,
        }

    @property
    def holds_hand(self) -> bool:
        """The hand's key is held, so that every drag pans."""
        return self._holds_hand

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        handler = self._handlers.get(event.type())
        if handler is None:
            return False
        used = handler(event)
        if used:
            event.accept()
        return used

    # ------------------------------------------------------------------------------------------------------------ mouse

    def _press(self, event: QMouseEvent) -> bool:
        view, place = self._view, event.position()
        if event.button() not in (Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton) or not view.has_picture:
            return False
        if event.button() == Qt.MouseButton.LeftButton and self._is_near_divider(place) and not self._holds_hand:
            self._holds_divider = True
            view.grab_divider(place.x())
        else:
            self._drag_from = place
        self._show_cursor(place)
        return True

    def _move(self, event: QMouseEvent) -> bool:
        view, place = self._view, event.position()
        if self._holds_divider:
            view.drag_divider(place.x())
        elif self._drag_from is not None:
            way = place - self._drag_from
            self._drag_from = place
            view.move_to(view.viewport.panned(way.x(), way.y()))
        self._show_cursor(place)
        return True

    def _release(self, event: QMouseEvent) -> bool:
        if not self._holds_divider and self._drag_from is None:
            return False
        self._holds_divider = False
        self._drag_from = None
        self._show_cursor(event.position())
        return True

    def _double_click(self, event: QMouseEvent) -> bool:
        view = self._view
        if event.button() != Qt.MouseButton.LeftButton or not view.has_picture:
            return False
        if self._is_near_divider(event.position()):
            return self._press(event)
        self._toggle_zoom(event.position())
        return True

    def _is_near_divider(self, place: QPointF) -> bool:
        view = self._view
        _, top, _, bottom = view.viewport.visible
        return view.has_divider and abs(place.x() - view.divider_px) <= _NEAR_DIVIDER_PX and top <= place.y() <= bottom

    def _toggle_zoom(self, place: QPointF) -> None:
        if self._view.viewport.is_fit:
            self._view.zoom_to(100.0, place)
        else:
            self._view.zoom_to_fit()

    def _show_cursor(self, place: QPointF) -> None:
        viewport = self._view.viewport
        can_pan = viewport.shown_width > viewport.view_width or viewport.shown_height > viewport.view_height
        if self._holds_divider or (self._drag_from is None and not self._holds_hand and self._is_near_divider(place)):
            cursor = Qt.CursorShape.SplitHCursor
        elif self._drag_from is not None and can_pan:
            cursor = Qt.CursorShape.ClosedHandCursor
        elif can_pan or self._holds_hand:
            cursor = Qt.CursorShape.OpenHandCursor
        else:
            cursor = Qt.CursorShape.ArrowCursor
        if self._view.cursor().shape() != cursor:
            self._view.setCursor(cursor)

    # ------------------------------------------------------------------------------------------------- wheel and touchpad

    def _wheel(self, event: QWheelEvent) -> bool:
        view, pixels = self._view, event.pixelDelta()
        with_ctrl = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        device = event.device()
        is_touchpad = event.phase() != Qt.ScrollPhase.NoScrollPhase or (
            isinstance(device, QPointingDevice) and device.type() == QPointingDevice.DeviceType.TouchPad
        )
        if is_touchpad and not with_ctrl:
            way = pixels if not pixels.isNull() else event.angleDelta()
            view.move_to(view.viewport.panned(way.x(), way.y()))
            return True
        if is_touchpad and not pixels.isNull():
            factor = _ZOOM_A_SCROLLED_PX ** pixels.y()
        else:
            factor = _ZOOM_A_NOTCH ** (event.angleDelta().y() / _NOTCH)
        view.zoom_to(view.zoom_percent * factor, event.position())
        return True

    def _gesture(self, event: QNativeGestureEvent) -> bool:
        if event.gestureType() == Qt.NativeGestureType.ZoomNativeGesture:
            self._view.zoom_to(self._view.zoom_percent * max(0.1, 1 + event.value()), event.position())
            return True
        if event.gestureType() == Qt.NativeGestureType.SmartZoomNativeGesture:
            self._toggle_zoom(event.position())
            return True
        return False

    # ------------------------------------------------------------------------------------------------------------- keys

    def _key_press(self, event: QKeyEvent) -> bool:
        view, key = self._view, event.key()
        if not view.has_picture or event.modifiers() & (
            Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.MetaModifier
        ):
            return False
        if key in (_ORIGINAL_KEY, _HAND_KEY):
            self._holds_hand = self._holds_hand or key == _HAND_KEY
            view.show_original_alone(True)
        elif self._moves_divider(event) or self._pans(event):
            return True
        elif event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            return False
        elif key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal):
            view.zoom_in()
        elif key == Qt.Key.Key_Minus:
            view.zoom_out()
        elif key == Qt.Key.Key_0:
            view.zoom_to_fit()
        elif key == Qt.Key.Key_1:
            view.zoom_to(100.0)
        else:
            return False
        return True

    def _moves_divider(self, event: QKeyEvent) -> bool:
        with_ctrl = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        key = event.key()
        if key in (Qt.Key.Key_Comma, Qt.Key.Key_Less) or (with_ctrl and key == Qt.Key.Key_Left):
            step = -_DIVIDER_STEP
        elif key in (Qt.Key.Key_Period, Qt.Key.Key_Greater) or (with_ctrl and key == Qt.Key.Key_Right):
            step = _DIVIDER_STEP
        else:
            return False
        far = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        self._view.set_divider(self._view.divider + step * (10 if far else 1))
        return True

    def _pans(self, event: QKeyEvent) -> bool:
        ways = {
            int(Qt.Key.Key_Left): (1, 0),
            int(Qt.Key.Key_Right): (-1, 0),
            int(Qt.Key.Key_Up): (0, 1),
            int(Qt.Key.Key_Down): (0, -1),
        }
        way = ways.get(event.key())
        if way is None or event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            return False
        self._view.move_to(self._view.viewport.panned(way[0] * _PAN_STEP_PX, way[1] * _PAN_STEP_PX))
        return True

    def _key_release(self, event: QKeyEvent) -> bool:
        if event.isAutoRepeat() or event.key() not in (_ORIGINAL_KEY, _HAND_KEY):
            return False
        self._let_go(event)
        return True

    def _let_go(self, event: QEvent) -> bool:
        """Of the held keys; also when the keyboard goes elsewhere and the release will not be heard."""
        self._holds_hand = False
        self._view.show_original_alone(False)
        return False
