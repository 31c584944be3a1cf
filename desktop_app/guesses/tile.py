"""One colouring on the contact sheet: its picture, large enough to judge, and its name below."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRect, QSize, Qt, Signal
from PySide6.QtGui import QEnterEvent, QImage, QKeyEvent, QPainter, QPaintEvent, QPen, QPixmap
from PySide6.QtWidgets import QAbstractButton, QWidget

from desktop_app.guesses.names import colouring_name
from desktop_app.theme.tokens import UNIT, theme_of

EDGE_PX = UNIT
"""Round the picture, for the ring of the focus."""
CAPTION_PX = 4 * UNIT
_ARROWS = (Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down)


class ColouringTile(QAbstractButton):
    """A click or Enter chooses it; arrows go on to its neighbours."""

    arrow_pressed = Signal(int)
    """Payload: the key."""

    def __init__(self, number: int, *, in_use: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.number = number
        self._in_use = in_use
        self._image: QImage | None = None
        self._scaled = QPixmap()
        words = f"{colouring_name(number)}, in use" if in_use else colouring_name(number)
        self.setText(colouring_name(number))
        self.setAccessibleName(words)
        self.setAccessibleDescription("One plausible colouring of the photo; Enter chooses it.")
        tip = "The photo has these colours now." if in_use else "Give the photo these colours; undo takes them back."
        self.setToolTip(tip)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def show_picture(self, image: QImage) -> None:
        self._image = image
        self._scaled = QPixmap()
        self.update()

    @property
    def has_picture(self) -> bool:
        return self._image is not None

    def sizeHint(self) -> QSize:
        return QSize(200 + 2 * EDGE_PX, 150 + 2 * EDGE_PX + CAPTION_PX)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = theme_of(self)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        inner = self.rect().adjusted(2, 2, -2, -2)
        if self.hasFocus() or self.underMouse():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color("raised" if self.underMouse() else "control"))
            painter.drawRoundedRect(inner, UNIT, UNIT)
        room = self.rect().adjusted(EDGE_PX, EDGE_PX, -EDGE_PX, -CAPTION_PX)
        self._paint_picture(painter, room)
        self._paint_caption(painter, QRect(room.left(), room.bottom() + 1, room.width(), CAPTION_PX))
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(theme.color("accent_text"), 3))
            painter.drawRoundedRect(inner, UNIT, UNIT)

    def _paint_picture(self, painter: QPainter, room: QRect) -> None:
        if self._image is None:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme_of(self).color("well"))
            painter.drawRect(room)
            return
        ratio = self.devicePixelRatioF()
        wanted = self._image.size().scaled(room.size() * ratio, Qt.AspectRatioMode.KeepAspectRatio)
        if self._scaled.size() != wanted:
            self._scaled = QPixmap.fromImage(
                self._image.scaled(
                    wanted, Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation
                )
            )
            self._scaled.setDevicePixelRatio(ratio)
        size = self._scaled.deviceIndependentSize().toSize()
        place = QRect(room.topLeft(), size)
        place.moveCenter(room.center())
        painter.drawPixmap(place.topLeft(), self._scaled)

    def _paint_caption(self, painter: QPainter, room: QRect) -> None:
        theme = theme_of(self)
        middle = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignHCenter)
        painter.setPen(theme.color("text"))
        if not self._in_use:
            painter.drawText(room, middle, self.text())
            return
        font = self.font()
        font.setBold(True)
        painter.setFont(font)
        painter.drawText(room, middle, f"{self.text()} · in use")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in _ARROWS:
            self.arrow_pressed.emit(event.key())
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)

    def enterEvent(self, event: QEnterEvent) -> None:
        self.update()
        super().enterEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        self.update()
        super().leaveEvent(event)
