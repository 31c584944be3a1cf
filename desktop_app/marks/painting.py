"""Brush and eraser in the hand: strokes over the photo by pointer or by keys, and the ring round the pointer."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPointF, Qt, Signal, Slot
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import QApplication, QWidget

from desktop_app.compare.view import CompareView
from desktop_app.hints.cross import Cross
from desktop_app.hints.mark import ARROWS
from desktop_app.marks.brush import Brush, Tool
from desktop_app.marks.overlay import MaskOverlay
from desktop_app.marks.ring import paint_ring, ring_rect
from desktop_app.marks.sheet import MarkSheet
from desktop_app.marks.stroke import Point, Stroke

_FAR = 8
_ON_LINE_PX = 4
_NOTCH = 120
_BY_KEY = (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason, Qt.FocusReason.ShortcutFocusReason)
_BUTTONS = (Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton)
_CTRL, _SHIFT, _ALT = (
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.AltModifier,
)


class Painting(QWidget):
    """Lies over the view while a tool is in the hand; strokes are shown by the mask overlay and told when they end.

    Mouse: drag paints, with the right button or Alt the other tool does, with Shift a straight line; a click with Shift draws on
    from where the stroke before ended. Ctrl and wheel: size; Shift and wheel: softness. Everything else is the view's.
    Keys: arrows move a cross, Enter puts the brush down there and takes it up again, Escape gives up the stroke or the tool.
    """

    stroke_ended = Signal(object)
    """Payload: the MarkSheet with the stroke on it."""
    brush_changed = Signal(object)
    """Payload: Brush."""
    tool_left = Signal()
    """Escape was pressed and no stroke was there to give up."""

    def __init__(self, view: CompareView, overlay: MaskOverlay) -> None:
        super().__init__(view)
        self._view = view
        self._overlay = overlay
        self._sheet: MarkSheet | None = None
        self._tool: Tool | None = None
        self._brush = Brush()
        self._stroke: Stroke | None = None
        self._is_straight = False
        self._is_by_key = False
        self._last_end: Point | None = None
        self._pressed_at = QPointF()
        self._pointer: QPointF | None = None
        self._shown_tool = Tool.BRUSH
        self._cross = Cross()
        self.setMouseTracking(True)
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setGeometry(view.rect())
        view.view_changed.connect(self._view_changed)
        view.installEventFilter(self)
        self.stackUnder(view.divider_handle)
        self.hide()

    # ------------------------------------------------------------------------------------------------------------ state

    @property
    def is_painting(self) -> bool:
        """A stroke is not ended yet."""
        return self._stroke is not None

    def show_tool(self, tool: Tool | None) -> None:
        """Take this tool into the hand, or none."""
        if tool is None:
            self.give_up()
            if self.hasFocus():
                self._view.setFocus(Qt.FocusReason.OtherFocusReason)
        self._tool = tool
        if self._stroke is None:  # else the stroke at hand is finished with the tool it was begun with
            self._shown_tool = tool or Tool.BRUSH
        self._last_end = None if tool is None else self._last_end
        self.setVisible(tool is not None)
        self._describe()
        self.update()

    def show_brush(self, brush: Brush) -> None:
        self._update_ring()
        self._brush = brush
        self._update_ring()
        self._describe()

    def show_sheet(self, sheet: MarkSheet | None) -> None:
        """The marks that the next stroke goes over; None without a photo. What was being painted on others is given up."""
        if sheet is not self._sheet:
            self.give_up()
            if (
                sheet is None
                or self._sheet is None
                or (sheet.height, sheet.width) != (self._sheet.height, self._sheet.width)
            ):
                self._last_end = None
            self._sheet = sheet

    @Slot()
    def give_up(self) -> None:
        """Forget the stroke at hand."""
        stroke, self._stroke = self._stroke, None
        if stroke is not None:
            self._overlay.forget_stroke(stroke)

    def _describe(self) -> None:
        size = self._view.photo_size
        self.setAccessibleName(f"Damage {self._shown_tool.word.lower()}")
        words = f"{self._shown_tool.word}, {self._brush.words(max(size.width(), size.height()))}"
        self.setAccessibleDescription(f"{words}. {self._cross.words}")

    # ----------------------------------------------------------------------------------------------------------- strokes

    def _begin(self, tool: Tool, start: Point) -> None:
        if self._sheet is not None:
            self._stroke = Stroke(self._sheet, tool, self._brush, start)
            self._overlay.show_stroke(self._stroke.touched, self._stroke)

    def _go_to(self, point: Point) -> None:
        if self._stroke is not None:
            box = self._stroke.straight_to(point) if self._is_straight else self._stroke.go_to(point)
            self._overlay.show_stroke(box, self._stroke)

    def _end(self) -> None:
        stroke, self._stroke = self._stroke, None
        if stroke is None:
            return
        self._last_end = stroke.end
        self._shown_tool = self._tool or Tool.BRUSH
        self._describe()
        sheet = stroke.finished()
        if sheet is self._sheet:
            self._overlay.forget_stroke(stroke)
            return
        self._sheet = sheet
        self._overlay.keep_stroke(sheet)
        self.stroke_ended.emit(sheet)

    def _draw_on_from(self, start: Point) -> None:
        """Instead of the dot that a click would leave: a line to it from where the stroke before ended."""
        stroke = self._stroke
        if stroke is not None:
            self._overlay.forget_stroke(stroke)
            self._begin(stroke.tool, start)
            self._go_to(stroke.start)

    # ------------------------------------------------------------------------------------------------------------- hand

    def _point(self, place: QPointF) -> Point:
        return Point(*self._view.viewport.to_photo(place.x(), place.y()))

    def _radius_px(self) -> float:
        """Of the ring, in logical pixels of the view."""
        viewport = self._view.viewport
        return self._brush.diameter * max(viewport.shown_width, viewport.shown_height) / 2

    def _is_mine(self, event: QMouseEvent) -> bool:
        """A press that paints; all others are the view's."""
        view, place, reach = self._view, event.position(), self._radius_px()
        left, top, right, bottom = view.viewport.visible
        on_line = view.has_divider and abs(place.x() - view.divider_px) <= _ON_LINE_PX
        return (
            event.button() in _BUTTONS
            and self._sheet is not None
            and view.has_picture
            and not view.holds_hand
            and not on_line
            and left - reach <= place.x() <= right + reach
            and top - reach <= place.y() <= bottom + reach
        )

    def _tool_for(self, event: QMouseEvent, button: Qt.MouseButton) -> Tool:
        tool = self._tool or Tool.BRUSH
        other = button == Qt.MouseButton.RightButton or bool(event.modifiers() & _ALT)
        return tool.other if other else tool

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if self._stroke is not None:
            return  # a second button, while the first paints
        if not self._is_mine(event):
            event.ignore()
            return
        self._cross.is_seen = False
        self._pressed_at = event.position()
        self._is_straight = bool(event.modifiers() & _SHIFT)
        self._is_by_key = False
        self._show_pointer(event, self._tool_for(event, event.button()))
        self._begin(self._shown_tool, self._point(event.position()))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._stroke is not None and not self._is_by_key:
            self._go_to(self._point(event.position()))
            self._show_pointer(event, self._stroke.tool)
            return
        self._show_pointer(event, self._tool_for(event, Qt.MouseButton.NoButton))
        event.ignore()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._stroke is None or self._is_by_key:
            event.ignore()
            return
        if event.buttons() & (Qt.MouseButton.LeftButton | Qt.MouseButton.RightButton):
            return
        way = (event.position() - self._pressed_at).manhattanLength()
        if self._is_straight and self._last_end is not None and way < QApplication.startDragDistance():
            self._draw_on_from(self._last_end)
        self._end()
        self._show_pointer(event, self._tool_for(event, Qt.MouseButton.NoButton))

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.mousePressEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        self._update_ring()
        self._pointer = None

    def _show_pointer(self, event: QMouseEvent, tool: Tool) -> None:
        self._update_ring()
        self._pointer = event.position()
        if tool is not self._shown_tool:
            self._shown_tool = tool
            self._describe()
        self._update_ring()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Two fingers with Ctrl stay the view's zoom, as everywhere; Shift turns some wheels by a right angle."""
        notches = (event.angleDelta().x() + event.angleDelta().y()) / _NOTCH
        is_wheel = event.phase() == Qt.ScrollPhase.NoScrollPhase
        modifiers = event.modifiers() & (_CTRL | _SHIFT)
        if is_wheel and notches and modifiers == _CTRL:
            self.brush_changed.emit(self._brush.larger(notches))
        elif is_wheel and notches and modifiers == _SHIFT:
            self.brush_changed.emit(self._brush.softer(notches))
        else:
            event.ignore()

    # ------------------------------------------------------------------------------------------------------------- keys

    def keyPressEvent(self, event: QKeyEvent) -> None:
        arrow = ARROWS.get(event.key())
        if event.key() == Qt.Key.Key_Escape:
            if self._stroke is not None:
                self.give_up()
            else:
                self.tool_left.emit()
        elif arrow is not None and not event.modifiers() & _CTRL:
            far = _FAR if event.modifiers() & _SHIFT else 1
            self._move_cross(arrow[0] * far, arrow[1] * far)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._view.has_picture:
            self._put_down_or_take_up()
        else:
            event.ignore()

    def _put_down_or_take_up(self) -> None:
        if self._stroke is not None:
            self._end()
            return
        self._is_straight, self._is_by_key, self._cross.is_seen = False, True, True
        self._shown_tool = self._tool or Tool.BRUSH
        self._begin(self._shown_tool, Point(self._cross.place.x(), self._cross.place.y()))
        self.update()

    def _move_cross(self, right: int, down: int) -> None:
        viewport = self._view.viewport
        self._cross.move(right, down, viewport.shown_width, viewport.shown_height)
        self._pointer = None
        self._view.bring_into_sight(self._cross.place)
        if self._is_by_key:
            self._go_to(Point(self._cross.place.x(), self._cross.place.y()))
        self._describe()
        self.update()

    def focusInEvent(self, event: QFocusEvent) -> None:
        self._cross.is_seen = event.reason() in _BY_KEY or self._cross.is_seen
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        if self._is_by_key:
            self._end()
        self.update()

    # --------------------------------------------------------------------------------------------------------- painting

    def _ring_at(self) -> QPointF | None:
        """Round the pointer, or the cross of the keys."""
        if self._pointer is not None and not self._cross.is_seen:
            return self._pointer
        if self.hasFocus() and self._cross.is_seen:
            return self._view.photo_to_widget(self._cross.place)
        return self._pointer

    def _update_ring(self) -> None:
        middle = self._ring_at()
        if middle is not None:
            self.update(ring_rect(middle, self._radius_px()))

    def paintEvent(self, event: QPaintEvent) -> None:
        middle = self._ring_at()
        if middle is None or not self._view.has_picture or self._view.is_original_alone:
            return
        painter = QPainter(self)
        paint_ring(painter, middle, self._radius_px(), self._brush.softness, self._shown_tool)
        if self._cross.is_seen and self.hasFocus():
            self._cross.paint(painter, middle)

    @Slot()
    def _view_changed(self) -> None:
        self._describe()
        self.update()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self.setGeometry(self._view.rect())
        elif event.type() == QEvent.Type.Show:
            QWidget.setTabOrder(self._view.divider_handle, self)
        return False
