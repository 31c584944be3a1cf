"""The curve that a hand bends: points dragged, added, let fall; by keys too."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QFontMetricsF, QHideEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from desktop_app.curve.painting import CurveLook, paint
from desktop_app.curve.plot import SAMPLES, Plot
from desktop_app.curve.points import Points, added, drawn, handles_on, moved, read, removed, room_beside
from desktop_app.theme.fonts import small
from desktop_app.theme.tokens import UNIT, theme_of
from engine.tone_curve import Point, text_of

TOOL_TIP = """Makes the photo's dark, middle and light parts lighter (drag the curve up) or darker (down).
Drag a point out to remove it; double-click beside the curve for the automatic one.
Tab goes from point to point, the arrow keys move one (Shift: far), Enter adds one, Del removes it."""
_FIELD_PX = 20 * UNIT
_STEP = 1.0
_FAR_STEP = 5.0
_STILL_PX = 2.0
"""A hand that only presses moves so much at most."""
_ARROWS = {
    int(Qt.Key.Key_Left): (-1, 0),
    int(Qt.Key.Key_Right): (1, 0),
    int(Qt.Key.Key_Up): (0, 1),
    int(Qt.Key.Key_Down): (0, -1),
}
_REMOVING = (Qt.Key.Key_Delete, Qt.Key.Key_Backspace)
_ADDING = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_FROM_ELSEWHERE = (Qt.FocusReason.ActiveWindowFocusReason, Qt.FocusReason.PopupFocusReason)
"""Focus comes and goes for these while the hand stays where it is."""


@dataclass
class _Drag:
    """points: when it began; index: of the point that is dragged; own: to go back to; away: of the point from the pointer."""

    points: Points
    index: int
    own: Points
    pressed_at: QPointF
    away: QPointF
    has_begun: bool = False


class CurveEditor(QWidget):
    """Shows the curve it is given, tells the one that the hand made; both written as the setting `tone.curve`."""

    curve_chosen = Signal(str)
    """While it is bent. Payload: its points, "" for the automatic curve."""
    settled = Signal()
    """The hand has let go."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._automatic: NDArray[np.floating] | None = None
        self._own: Points = ()
        self._chosen: int | None = None
        self._pointed_at: int | None = None
        self._drag: _Drag | None = None
        self._is_unsettled = False
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMouseTracking(True)
        self.setAccessibleName("Curve")
        self.setToolTip(TOOL_TIP)
        self.show_curve("", None)

    def show_curve(self, text: str, automatic: NDArray[np.floating] | None) -> None:
        """text: the setting. automatic: L* after for evenly spread L* before; None while unknown: nothing can be bent."""
        own, count = read(text), len(self.points)
        if own == self._own and _is_same(automatic, self._automatic):
            return
        self._drag = None  # it belongs to what was shown before
        self._own, self._automatic = own, automatic
        self.setEnabled(automatic is not None)
        self._choose(self._chosen if len(self.points) == count else None)

    @property
    def points(self) -> Points:
        """What can be taken hold of: the user's own points, or some on the automatic curve; () while nothing can be bent."""
        if self._automatic is None:
            return ()
        return self._own or handles_on(self._automatic)

    @property
    def chosen(self) -> int | None:
        """The index of the point that keys move."""
        return self._chosen

    @property
    def plot(self) -> Plot:
        """Where the curve lies in this widget."""
        return Plot.within(self.width(), self.height(), self._words_px)

    def go_automatic(self) -> None:
        """Give up the user's own curve."""
        if self._own:
            self._settle()
            self._tell((), None)
            self._settle()

    # ---------------------------------------------------------------------------------------------------------- showing

    def sizeHint(self) -> QSize:
        return QSize(_FIELD_PX, _FIELD_PX + self._words_px)

    def minimumSizeHint(self) -> QSize:
        return QSize(_FIELD_PX // 2, _FIELD_PX + self._words_px)

    @property
    def _words_px(self) -> int:
        return round(QFontMetricsF(small(self.font())).height()) + UNIT // 2

    @property
    def _line(self) -> NDArray[np.floating]:
        if self._own:
            return drawn(self._own, SAMPLES)
        if self._automatic is None:
            return SAMPLES
        return np.interp(SAMPLES, np.linspace(0, 100, len(self._automatic)), self._automatic)

    def paintEvent(self, event: QPaintEvent) -> None:
        points = self.points
        chosen = points[self._chosen] if self._chosen is not None else None
        look = CurveLook(
            line=self._line,
            points=points,
            is_own=bool(self._own),
            is_enabled=self.isEnabled(),
            has_focus=self.hasFocus(),
            chosen=self._chosen,
            pointed_at=self._pointed_at,
            readout=f"{chosen[0]:g} → {chosen[1]:g}" if chosen is not None else "",
        )
        paint(QPainter(self), theme_of(self), self.plot, small(self.font()), look)

    def _show(self) -> None:
        points = self.points
        if self._chosen is not None:
            before, after = points[self._chosen]
            words = f"Point {self._chosen + 1} of {len(points)}: lightness {before:g} becomes {after:g}"
        elif self._automatic is None:
            words = "Not known yet"
        else:
            words = f"Your own, {len(points)} points" if self._own else "Automatic"
        self.setAccessibleDescription(words)
        self.update()

    # ---------------------------------------------------------------------------------------------------------- telling

    def _tell(self, points: Points, chosen: int | None) -> None:
        """Bend the curve; what is no change is not told."""
        is_change = points not in (self._own, self.points)
        self._chosen = chosen
        if is_change:
            self._own = points
            self._is_unsettled = True
        self._show()
        if is_change:
            self.curve_chosen.emit(text_of(points))

    def _settle(self) -> None:
        if self._is_unsettled:
            self._is_unsettled = False
            self.settled.emit()

    def _choose(self, index: int | None) -> None:
        self._chosen = index
        self._show()

    def _add(self, at: Point) -> bool:
        grown = added(self.points, at)
        if grown is None:
            return False
        self._tell(*grown)
        return True

    def _remove(self, index: int) -> None:
        points = removed(self.points, index)
        if len(points) < len(self.points):
            self._tell(points, index - 1)

    # ---------------------------------------------------------------------------------------------------------- pointer

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton:
            event.ignore()
            return
        place, own = event.position(), self._own
        index = self.plot.handle_at(self.points, place)
        if index is not None:
            self._choose(index)
        else:
            spot = self.plot.on_curve(self._line, place)
            if spot is None or not self._add(spot):
                self._choose(None)
                return
            index = self._chosen
        assert index is not None
        points = self.points
        self._drag = _Drag(points, index, own, place, self.plot.place(points[index]) - place)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        place, drag = event.position(), self._drag
        if drag is None:
            self._point(place)
            return
        way = place - drag.pressed_at
        drag.has_begun = drag.has_begun or max(abs(way.x()), abs(way.y())) > _STILL_PX
        if not drag.has_begun:
            return
        without = removed(drag.points, drag.index)
        if len(without) < len(drag.points) and self.plot.is_out(place):
            self._tell(without, None)
        else:
            to = self.plot.point(place + drag.away)
            self._tell(moved(drag.points, drag.index, to), drag.index)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._drag = None
            self._settle()
            self._point(event.position())
        else:
            event.ignore()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        place = event.position()
        is_empty = self.plot.handle_at(self.points, place) is None and self.plot.on_curve(self._line, place) is None
        if is_empty and event.button() == Qt.MouseButton.LeftButton:
            self.go_automatic()
        else:
            self.mousePressEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        self._pointed_at = None
        self.update()

    def _point(self, place: QPointF) -> None:
        """Show what a press would take hold of."""
        self._pointed_at = self.plot.handle_at(self.points, place)
        if self._pointed_at is not None:
            self.setCursor(Qt.CursorShape.SizeAllCursor)
        elif self.isEnabled() and self.plot.on_curve(self._line, place) is not None:
            self.setCursor(Qt.CursorShape.CrossCursor)
        else:
            self.unsetCursor()
        self.update()

    # ------------------------------------------------------------------------------------------------------------- keys

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, index = event.key(), self._chosen
        if key == Qt.Key.Key_Escape:
            self._escape()
        elif index is None or self._drag is not None:
            super().keyPressEvent(event)
        elif key in _ARROWS and not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            step = _FAR_STEP if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else _STEP
            before, after = self.points[index]
            across, up = _ARROWS[key]
            self._tell(moved(self.points, index, (before + step * across, after + step * up)), index)
        elif key in _ADDING:
            before = room_beside(self.points, index)
            self._add((before, float(np.interp(before, SAMPLES, self._line))))
            self._settle()
        elif key in _REMOVING:
            self._remove(index)
            self._settle()
        else:
            super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        if event.key() in _ARROWS and not event.isAutoRepeat():
            self._settle()
        else:
            super().keyReleaseEvent(event)

    def _escape(self) -> None:
        """Give back what a drag has changed, else go on to the next control."""
        if self._drag is not None:
            own, self._drag = self._drag.own, None
            self._tell(own, None)
            self._settle()
        else:
            super().focusNextPrevChild(True)

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Tab and Shift+Tab go through the points before they leave."""
        index = -1 if self._chosen is None else self._chosen
        index += 1 if forward else -1
        if 0 <= index < len(self.points):
            self._choose(index)
            return True
        return super().focusNextPrevChild(forward)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if self.points and self._chosen is None and event.reason() != Qt.FocusReason.MouseFocusReason:
            self._choose(len(self.points) - 1 if event.reason() == Qt.FocusReason.BacktabFocusReason else 0)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._drag = None
        self._settle()
        if event.reason() not in _FROM_ELSEWHERE:
            self._choose(None)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._drag = None
        self._settle()


def _is_same(one: NDArray[np.floating] | None, other: NDArray[np.floating] | None) -> bool:
    return one is other if one is None or other is None else np.array_equal(one, other)
