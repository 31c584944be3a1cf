"""Where a curve and its points lie in their widget, and what a pointer is at."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF

from desktop_app.curve.points import Points
from engine.tone_curve import Point

HANDLE_PX = 5.0
"""Radius."""
_RIM_PX = HANDLE_PX + 5.0
"""Room for the points at the ends and for the focus ring."""
_HANDLE_REACH_PX = 11.0
_CURVE_REACH_PX = 9.0
_OUT_PX = 20.0
"""So far beyond the plot a point is let fall."""
SAMPLES = np.linspace(0, 100, 201)
"""L* before at which a curve is drawn and taken hold of."""


@dataclass(frozen=True)
class Plot:
    """field: the curve with its rim, in logical pixels. words: the strip for words below it."""

    field: QRectF
    words: QRectF

    @classmethod
    def within(cls, width: float, height: float, words_px: float) -> Plot:
        """Of a widget whose lowest `words_px` are for words."""
        field = QRectF(0, 0, width, height - words_px)
        return cls(field, QRectF(_RIM_PX, field.bottom(), width - 2 * _RIM_PX, words_px))

    @property
    def area(self) -> QRectF:
        """Where L* 0 to 100 before goes to the right and after upwards."""
        return self.field.adjusted(_RIM_PX, _RIM_PX, -_RIM_PX, -_RIM_PX)

    def place(self, point: Point) -> QPointF:
        area, (before, after) = self.area, point
        return QPointF(area.left() + before / 100 * area.width(), area.bottom() - after / 100 * area.height())

    def point(self, place: QPointF) -> Point:
        """The inverse of `place`, beyond 0 and 100 too."""
        area = self.area
        return (place.x() - area.left()) / area.width() * 100, (area.bottom() - place.y()) / area.height() * 100

    def line(self, after: NDArray[np.floating]) -> list[QPointF]:
        """A curve's way, left to right. after: L* at SAMPLES."""
        return [self.place((before, float(height))) for before, height in zip(SAMPLES, after, strict=True)]

    def is_out(self, place: QPointF) -> bool:
        """So far beside the plot that the hand means to throw away what it holds."""
        return not self.area.adjusted(-_OUT_PX, -_OUT_PX, _OUT_PX, _OUT_PX).contains(place)

    def handle_at(self, points: Points, place: QPointF) -> int | None:
        """The index of the nearest point within reach."""
        away = [_distance(self.place(point), place) for point in points]
        return int(np.argmin(away)) if away and min(away) <= _HANDLE_REACH_PX else None

    def on_curve(self, after: NDArray[np.floating], place: QPointF) -> Point | None:
        """The point of the curve nearest to `place`, if it is within reach. after: L* at SAMPLES."""
        away = [_distance(spot, place) for spot in self.line(after)]
        nearest = int(np.argmin(away))
        return (float(SAMPLES[nearest]), float(after[nearest])) if away[nearest] <= _CURVE_REACH_PX else None


def _distance(one: QPointF, other: QPointF) -> float:
    return float(np.hypot(one.x() - other.x(), one.y() - other.y()))
