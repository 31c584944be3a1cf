"""What the tints over a photo mean: a patch and a word each, on the photo's own corner."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QImage, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from desktop_app.theme.tokens import UNIT

Sample = Callable[[QSize, float], QImage]
"""A patch of a tint, for a size in logical pixels and a device ratio."""
_PATCH = QSize(24, 16)
_BEHIND = QColor(20, 18, 16, 205)
_LETTERS = QColor(255, 255, 255, 235)
_PHOTO = QColor("#8d8780")
"""What a patch lies on: the middle grey of a photo."""


class Legend(QWidget):
    """Quiet, in the photo's corner, like the words “Before” and “After”; lets every click through."""

    def __init__(self, name: str, description: str, entries: Sequence[tuple[str, Sample]], parent: QWidget) -> None:
        super().__init__(parent)
        self._entries = tuple(entries)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAccessibleName(name)
        self.setAccessibleDescription(description)
        self.hide()

    def _words_font(self) -> QFont:
        font = QFont(self.font())
        font.setPointSizeF(max(1.0, font.pointSizeF() * 0.9))
        return font

    def sizeHint(self) -> QSize:
        metrics = QFontMetricsF(self._words_font())
        words = sum(round(metrics.horizontalAdvance(word)) for word, _ in self._entries)
        gaps = len(self._entries) * (_PATCH.width() + UNIT) + (len(self._entries) - 1) * 2 * UNIT
        return QSize(words + gaps + 2 * UNIT + 2, max(round(metrics.height()), _PATCH.height()) + UNIT)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(_BEHIND)
        painter.drawRoundedRect(QRectF(self.rect()), UNIT / 2, UNIT / 2)
        font = self._words_font()
        painter.setFont(font)
        x, top = float(UNIT), round((self.height() - _PATCH.height()) / 2)
        for word, sample in self._entries:
            patch = QRectF(x, top, _PATCH.width(), _PATCH.height())
            painter.fillRect(patch, _PHOTO)
            painter.drawImage(QPointF(x, top), sample(_PATCH, self.devicePixelRatioF()))
            painter.setPen(QPen(_LETTERS, 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(patch.adjusted(0.5, 0.5, -0.5, -0.5))
            x += _PATCH.width() + UNIT
            width = round(QFontMetricsF(font).horizontalAdvance(word))
            painter.drawText(
                QRectF(x, 0, width + 2, self.height()),
                int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft),
                word,
            )
            x += width + 2 * UNIT
