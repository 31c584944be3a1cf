"""The plane of all colours that one lightness can have, with a marker on the chosen one."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from desktop_app.hints.gamut import colour_keeping, extent_at, plane_image, plane_lightness, within
from desktop_app.hints.names import word_for
from desktop_app.theme.tokens import RADIUS, theme_of

_STEP = 2.0
_FAR_STEP = 10.0


class ColourPlane(QWidget):
    """a* to the right, b* upwards. Dragged with the pointer or moved by the arrow keys (Shift: far)."""

    moved = Signal(float, float)
    """Payload: the a* and b* the hand is at."""

    def __init__(self, side_px: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lightness = 60.0
        self._a = self._b = 0.0
        self.setFixedSize(side_px, side_px)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.setToolTip("Drag to the colour; the arrow keys move by small steps, with Shift by large ones")
        self.setAccessibleName("Colour plane")

    def show_colour(self, lightness: float, a: float, b: float) -> None:
        """Put the marker there; lightness: of the photo at the hint."""
        self._lightness, self._a, self._b = plane_lightness(lightness), a, b
        word = word_for(colour_keeping(self._lightness, a, b))
        self.setAccessibleDescription(f"{word}, a* {a:.0f}, b* {b:.0f}")
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        theme, ratio, level = theme_of(self), self.devicePixelRatioF(), round(self._lightness)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color("field"))
        painter.drawRoundedRect(QRectF(self.rect()), RADIUS, RADIUS)
        painter.drawImage(QRectF(self.rect()), plane_image(level, round(self.width() * ratio)))
        self._paint_grey_point(painter)
        self._paint_marker(painter)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(theme.color("accent_text"), 2))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), RADIUS, RADIUS)

    def _paint_grey_point(self, painter: QPainter) -> None:
        middle = self._place(0, 0)
        painter.setPen(QPen(QColor(255, 255, 255, 150), 1))
        for way in (QPointF(4, 0), QPointF(0, 4)):
            painter.drawLine(middle - way, middle + way)

    def _paint_marker(self, painter: QPainter) -> None:
        place = self._place(*within(self._lightness, self._a, self._b))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(0, 0, 0, 170), 4))
        painter.drawEllipse(place, 7, 7)
        painter.setPen(QPen(QColor(255, 255, 255), 2))
        painter.drawEllipse(place, 7, 7)

    def _place(self, a: float, b: float) -> QPointF:
        x, y = extent_at(round(self._lightness)).to_unit(a, b)
        return QPointF(x * self.width(), y * self.height())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._go_to(event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._go_to(event.position())

    def _go_to(self, place: QPointF) -> None:
        extent = extent_at(round(self._lightness))
        self._move(*extent.to_ab(place.x() / self.width(), place.y() / self.height()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = _FAR_STEP if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else _STEP
        ways = {
            int(Qt.Key.Key_Left): (-step, 0.0),
            int(Qt.Key.Key_Right): (step, 0.0),
            int(Qt.Key.Key_Up): (0.0, step),
            int(Qt.Key.Key_Down): (0.0, -step),
        }
        way = ways.get(event.key())
        if way is None:
            super().keyPressEvent(event)
            return
        self._move(self._a + way[0], self._b + way[1])

    def _move(self, a: float, b: float) -> None:
        a, b = within(self._lightness, a, b)
        self.show_colour(self._lightness, a, b)
        self.moved.emit(a, b)
