"""Paints a curve of lightness: quarters, diagonal, the curve, its points, and words for what is chosen."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPen, QPolygonF

from desktop_app.curve.plot import HANDLE_PX, Plot
from desktop_app.curve.points import Points
from desktop_app.theme.tokens import RADIUS, Theme

_LIVELIER_PX = 1.5
"""By so much the radius of a point grows that is chosen or pointed at."""


@dataclass(frozen=True, eq=False)
class CurveLook:
    """line: L* after at plot.SAMPLES. chosen, pointed_at: indices of points. readout: words on the chosen one."""

    line: NDArray[np.floating]
    points: Points
    is_own: bool
    is_enabled: bool
    has_focus: bool
    chosen: int | None
    pointed_at: int | None
    readout: str


def paint(painter: QPainter, theme: Theme, plot: Plot, font: QFont, look: CurveLook) -> None:
    """font: of the words."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(theme.color("line"), 1))
    painter.setBrush(theme.color("field"))
    painter.drawRoundedRect(plot.field.adjusted(0.5, 0.5, -0.5, -0.5), RADIUS, RADIUS)
    _paint_grid(painter, theme, plot)
    colour = theme.color("disabled" if not look.is_enabled else "accent_mark" if look.is_own else "quiet")
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(colour, 2, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin))
    painter.drawPolyline(QPolygonF(plot.line(look.line)))
    if look.is_enabled:
        _paint_handles(painter, theme, plot, colour, look)
    if look.has_focus:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(theme.color("accent_text"), 2))
        painter.drawRoundedRect(plot.field.adjusted(1, 1, -1, -1), RADIUS, RADIUS)
    _paint_words(painter, theme, plot.words, font, look)


def _paint_grid(painter: QPainter, theme: Theme, plot: Plot) -> None:
    painter.setPen(QPen(theme.color("track"), 1))
    painter.drawLine(plot.place((0, 0)), plot.place((100, 100)))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    hairline = QPen(theme.color("line"), 1)
    hairline.setCosmetic(True)  # one pixel of the screen, so that all are equally strong at 150 % too
    painter.setPen(hairline)
    for quarter in range(0, 101, 25):
        for ends in (((quarter, 0), (quarter, 100)), ((0, quarter), (100, quarter))):
            painter.drawLine(*(plot.place(end) for end in ends))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)


def _paint_handles(painter: QPainter, theme: Theme, plot: Plot, colour: QColor, look: CurveLook) -> None:
    painter.setPen(QPen(colour, 2))
    for index, point in enumerate(look.points):
        is_lively = index in (look.chosen, look.pointed_at)
        painter.setBrush(colour if index == look.chosen else theme.color("field"))
        radius = HANDLE_PX - 1 + (_LIVELIER_PX if is_lively else 0)  # the half of the line that lies without
        painter.drawEllipse(plot.place(point), radius, radius)


def _paint_words(painter: QPainter, theme: Theme, words: QRectF, font: QFont, look: CurveLook) -> None:
    align = Qt.AlignmentFlag
    painter.setFont(font)
    painter.setPen(theme.color("quiet" if look.is_enabled else "disabled"))
    painter.drawText(words, align.AlignLeft | align.AlignBottom, "dark")
    painter.drawText(words, align.AlignRight | align.AlignBottom, "light")
    painter.setPen(theme.color("text"))
    painter.drawText(words, align.AlignHCenter | align.AlignBottom, look.readout)
