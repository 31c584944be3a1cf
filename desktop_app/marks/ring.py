"""The ring round the pointer that is as large as the brush: seen on every photo, broken for the eraser."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRect, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from desktop_app.marks.brush import Tool
from desktop_app.marks.tint import DAMAGED_TINT, SOUND_TINT

_DARK = QColor(0, 0, 0, 150)
_LIGHT = QColor(255, 255, 255)
_RIM_PX = 4
_INNER_FROM_PX = 10.0
"""A smaller ring shows no softness: the two lines would be one."""
_MIDDLE_PX = 3.0
_DASHES = [4.0, 3.0]


def paint_ring(painter: QPainter, middle: QPointF, radius: float, softness: float, tool: Tool) -> None:
    """radius: in logical pixels; the thin inner ring is where the brush begins to fade."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(_DARK, 3.5))
    painter.drawEllipse(middle, radius, radius)
    pen = QPen(_LIGHT, 1.5)
    if tool is Tool.ERASER:
        pen.setDashPattern(_DASHES)
    painter.setPen(pen)
    painter.drawEllipse(middle, radius, radius)
    inner = radius * (1 - softness)
    if radius >= _INNER_FROM_PX and 1.0 < inner < radius - 2:
        painter.setPen(QPen(QColor(255, 255, 255, 110), 1.0))
        painter.drawEllipse(middle, inner, inner)
    painter.setPen(QPen(_DARK, 1.0))
    painter.setBrush(DAMAGED_TINT if tool is Tool.BRUSH else SOUND_TINT)
    dot = min(_MIDDLE_PX, max(1.0, radius / 3))
    painter.drawEllipse(middle, dot, dot)


def ring_rect(middle: QPointF, radius: float) -> QRect:
    """All that `paint_ring` may paint on."""
    reach = round(max(radius, _MIDDLE_PX)) + _RIM_PX
    return QRect(round(middle.x()) - reach, round(middle.y()) - reach, 2 * reach + 1, 2 * reach + 1)
