"""The words "Before" and "After" in the photo's corners: small, quiet, and gone where the divider leaves no room."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from desktop_app.theme.fonts import small
from desktop_app.theme.tokens import UNIT

if TYPE_CHECKING:
    from desktop_app.compare.view import CompareView

_FADE_PX = 3 * UNIT
"""Over this many pixels of missing room a label goes from seen to gone."""
_BEHIND = QColor(20, 18, 16, 150)
_WORDS = QColor(255, 255, 255, 225)


class Labels(QWidget):
    """As large as the view, and takes no clicks; what marks the photo lies under it, or it would dim the words."""

    def __init__(self, view: CompareView) -> None:
        super().__init__(view)
        self._view = view
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self._view.has_divider:
            return
        painter, x = QPainter(self), self._view.divider_px
        left, top, right, _ = self._view.viewport.visible
        font = small(self.font())
        paint_label(painter, "Before", font, QPointF(left, top), x - left, at_right=False)
        paint_label(painter, "After", font, QPointF(right, top), right - x, at_right=True)


def paint_label(painter: QPainter, text: str, font: QFont, corner: QPointF, room_px: float, *, at_right: bool) -> None:
    """`text` inside the photo's upper `corner`. room_px: from there to the divider, along the photo's upper edge."""
    size = label_size(font, text)
    strength = opacity(room_px - size.width() - 2 * UNIT)
    if strength <= 0:
        return
    left = corner.x() - UNIT - size.width() if at_right else corner.x() + UNIT
    box = QRectF(left, corner.y() + UNIT, size.width(), size.height())
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setOpacity(strength)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(_BEHIND)
    painter.drawRoundedRect(box, UNIT / 2, UNIT / 2)
    painter.setFont(font)
    painter.setPen(_WORDS)
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)
    painter.restore()


def label_size(font: QFont, text: str) -> QRectF:
    """The label's box with its padding, at (0, 0)."""
    metrics = QFontMetricsF(font)
    return QRectF(0, 0, round(metrics.horizontalAdvance(text)) + 2 * UNIT, round(metrics.height()) + UNIT / 2)


def opacity(spare_px: float) -> float:
    """0..1 for the room that is left beside a label."""
    return min(max((spare_px + _FADE_PX) / _FADE_PX, 0.0), 1.0) if spare_px < 0 else 1.0
