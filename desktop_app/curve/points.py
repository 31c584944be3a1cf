"""What a hand does to the points of a curve. Whatever it does, engine.tone_curve takes the points that come of it."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from engine.tone_curve import MOST_POINTS, NEAREST, Point, points_of, smooth

Points = tuple[Point, ...]
"""From dark to light."""

HANDLES = 5
"""On a curve that nobody has changed."""
_GRID = 2
"""Steps in each L* before: halves are exact in binary, so two points that are NEAREST apart stay so when they are written down."""


def read(text: str) -> Points:
    """The points of the setting `tone.curve`, as finely as a hand sets them; () where the curve is automatic."""
    return tuple((_on_grid(before), round(after, 1)) for before, after in points_of(text))


def handles_on(curve: NDArray[np.floating]) -> Points:
    """HANDLES points, evenly spread. curve: L* after for evenly spread L* before from 0 to 100, never falling."""
    places = np.linspace(0, 100, HANDLES)
    heights = np.interp(places, np.linspace(0, 100, len(curve)), curve)
    return tuple((_on_grid(before), round(float(after), 1)) for before, after in zip(places, heights, strict=True))


def drawn(points: Points, before: NDArray[np.floating]) -> NDArray[np.float64]:
    """L* after for L* `before` on the curve through two points or more."""
    return smooth(points, before)


def moved(points: Points, index: int, to: Point) -> Points:
    """The point `index` as near to `to` as it can get: between its neighbours, NEAREST apart, rising, 0 to 100."""
    left, right = _neighbours(points, index)
    before = min(max(_on_grid(to[0]), left[0]), right[0])
    after = min(max(round(to[1], 1), left[1]), right[1])
    return (*points[:index], (before, after), *points[index + 1 :])


def added(points: Points, at: Point) -> tuple[Points, int] | None:
    """With one more point as near to `at` as can be, and its index; None where there is no room for it."""
    before = _on_grid(min(max(at[0], 0.0), 100.0))
    index = sum(place < before for place, _ in points)
    beside = points[max(0, index - 1) : index + 1]
    if len(points) >= MOST_POINTS or any(abs(before - place) < NEAREST for place, _ in beside):
        return None
    return moved((*points[:index], (before, at[1]), *points[index:]), index, at), index


def room_beside(points: Points, index: int) -> float:
    """L* half way from the point `index` to the next one, from the last one to the one before."""
    left, right = list(pairwise(points))[min(index, len(points) - 2)]
    return (left[0] + right[0]) / 2


def removed(points: Points, index: int) -> Points:
    """Without the point `index`; the two ends stay."""
    return points if index in (0, len(points) - 1) else (*points[:index], *points[index + 1 :])


def _neighbours(points: Points, index: int) -> tuple[Point, Point]:
    """The lowest and the highest place of the point `index`."""
    low = (points[index - 1][0] + NEAREST, points[index - 1][1]) if index > 0 else (0.0, 0.0)
    high = (points[index + 1][0] - NEAREST, points[index + 1][1]) if index + 1 < len(points) else (100.0, 100.0)
    return low, high


def _on_grid(before: float) -> float:
    return round(before * _GRID) / _GRID
