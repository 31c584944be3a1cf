"""One hint on the photo: a ring filled with its colour, a button to everybody who cannot see it."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget

from desktop_app.hints.names import word_for
from desktop_app.theme.tokens import DARK
from engine.hints import Hint

SIZE_PX = 32
_RADIUS_PX = 7.0
ARROWS = {
    int(Qt.Key.Key_Left): (-1, 0),
    int(Qt.Key.Key_Right): (1, 0),
    int(Qt.Key.Key_Up): (0, -1),
    int(Qt.Key.Key_Down): (0, 1),
}
_FAR = 10


class HintMark(QAbstractButton):
    """Says what hand and keys want of it; where it is and what it shows is told by the overlay."""

    selected = Signal(int)
    """Payload of all: its index."""
    dragged = Signal(int, QPointF)
    """To this place of the overlay."""
    stepped = Signal(int, int, int)
    """By so many pixels of the photo, to the right and down."""
    put_down = Signal(int)
    opened = Signal(int)
    removed = Signal(int)
    left_alone = Signal(int)
    """Escape was pressed."""

    def __init__(self, index: int, parent: QWidget) -> None:
        super().__init__(parent)
        self.index = index
        self._colour = QColor("#808080")
        self._is_selected = False
        self._is_seen = True
        self._pressed_at: QPointF | None = None
        self._is_dragged = False
        self.setFixedSize(self.sizeHint())
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def sizeHint(self) -> QSize:
        return QSize(SIZE_PX, SIZE_PX)

    def show_hint(self, hint: Hint, count: int) -> None:
        """Its colour and its words; count: how many hints there are."""
        self._colour = QColor(hint.colour)
        word = word_for(hint.colour)
        self.setAccessibleName(
            f"Colour hint {self.index + 1} of {count}, {word}, at {hint.x * 100:.0f} % across, {hint.y * 100:.0f} % down"
        )
        self.setToolTip(f"{word.capitalize()}: drag to move, click for another colour, right-click or Delete to remove")
        self.update()

    def show_state(self, *, is_selected: bool, is_seen: bool) -> None:
        """is_seen: False while the original alone is looked at; the mark keeps its focus."""
        if (is_selected, is_seen) != (self._is_selected, self._is_seen):
            self._is_selected, self._is_seen = is_selected, is_seen
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self._is_seen:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        middle = QPointF(SIZE_PX / 2, SIZE_PX / 2)
        lively = self._is_selected or self.underMouse() or self.hasFocus()
        radius = _RADIUS_PX + (1.5 if lively else 0)
        painter.setPen(QPen(QColor(0, 0, 0, 130), 4))
        painter.setBrush(self._colour)
        painter.drawEllipse(middle, radius, radius)
        painter.setPen(QPen(QColor(255, 255, 255), 2))
        painter.drawEllipse(middle, radius, radius)
        if self._is_selected or self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            # The accent of the dark theme between two white lines: seen on every photo, whatever the window's theme is.
            for colour, width in (
                (QColor(0, 0, 0, 130), 7.0),
                (QColor(255, 255, 255), 5.5),
                (DARK.color("accent_mark"), 3.0),
            ):
                painter.setPen(QPen(colour, width))
                painter.drawEllipse(middle, radius + 3.0, radius + 3.0)

    # ------------------------------------------------------------------------------------------------------------- hand

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.RightButton:
            self.removed.emit(self.index)
        elif event.button() == Qt.MouseButton.LeftButton:
            self._pressed_at = event.position()
            self._is_dragged = False
            self.selected.emit(self.index)
        else:
            event.ignore()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._pressed_at is None:
            return
        way = event.position() - self._pressed_at
        if self._is_dragged or way.manhattanLength() >= QApplication.startDragDistance() / 2:
            self._is_dragged = True
            self.dragged.emit(
                self.index, self.mapToParent(event.position() - self._pressed_at) + QPointF(SIZE_PX, SIZE_PX) / 2
            )

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._pressed_at is None or event.button() != Qt.MouseButton.LeftButton:
            return
        self._pressed_at = None
        if self._is_dragged:
            self.put_down.emit(self.index)
        else:
            self.opened.emit(self.index)

    # ------------------------------------------------------------------------------------------------------------- keys

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.selected.emit(self.index)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        arrow = ARROWS.get(event.key())
        if arrow is not None and not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            far = _FAR if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1
            self.stepped.emit(self.index, arrow[0] * far, arrow[1] * far)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.opened.emit(self.index)
        elif event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.removed.emit(self.index)
        elif event.key() == Qt.Key.Key_Escape:
            self.left_alone.emit(self.index)
        else:
            event.ignore()  # zoom and pan are the view's

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        if event.key() in ARROWS and not event.isAutoRepeat():
            self.put_down.emit(self.index)
        else:
            event.ignore()
