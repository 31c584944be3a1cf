"""Curves over L*: one drawn by hand through a few points, more contrast, and both as a table that pixels are looked up in."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Plane = NDArray[np.float32]

STEPS = 65535
"""A table holds L* after for L* before in this many steps of 100/65535."""
MOST_POINTS = 16
NEAREST = 1.0
"""L* between two points at least: nearer ones cannot be taken hold of, and a curve through them is a wall."""

Point = tuple[float, float]
"""L* before and after, 0..100."""


def points_of(text: str) -> tuple[Point, ...]:
    """The points written as "0:0 35:28.5 100:96", L* before:after; none for "".

    Raises:
        ValueError: with a reason: not so written, out of 0..100, not rising, too near each other, or too many.
    """
    points = []
    for word in text.split():
        before, colon, after = word.partition(":")
        try:
            point = (float(before), float(after))
        except ValueError:
            colon = ""
        if not colon:
            raise ValueError(f"“{word[:20]}” is not written as before:after")
        if not all(math.isfinite(value) and 0 <= value <= 100 for value in point):
            raise ValueError(f"“{word[:20]}” is not between 0 and 100")
        points.append(point)
    if len(points) == 1 or len(points) > MOST_POINTS:
        raise ValueError(f"it needs 2 to {MOST_POINTS} points")
    for (left, low), (right, high) in itertools.pairwise(points):
        if right - left < NEAREST - 1e-6 or high < low:
            raise ValueError(f"the points must rise, each at least {NEAREST:g} after the one before")
    return tuple(points)


def text_of(points: Sequence[Point]) -> str:
    """The inverse of `points_of`, rounded to tenths."""
    return " ".join(f"{before:.1f}:{after:.1f}".replace(".0", "") for before, after in points)


def smooth(points: Sequence[Point], at: NDArray[np.floating]) -> NDArray[np.float64]:
    """The curve through two points or more at L* `at`, smooth and never falling; level before the first and after the last.

    Monotone cubic pieces: Fritsch & Carlson 1980 (doi 10.1137/0717021), slopes as harmonic means (Fritsch & Butland 1984).
    """
    x, y = np.array(points, np.float64).T
    wide, rise = np.diff(x), np.diff(y)
    steep = rise / wide
    slopes = np.concatenate([steep[:1], np.zeros(len(x) - 2), steep[-1:]])
    both = (steep[:-1] > 0) & (steep[1:] > 0)
    mean = 2 * steep[:-1] * steep[1:] / np.where(both, steep[:-1] + steep[1:], 1)
    slopes[1:-1] = np.where(both, mean, 0)
    place = np.clip(np.searchsorted(x, at, "right") - 1, 0, len(x) - 2)
    t = np.clip((at - x[place]) / wide[place], 0, 1)
    bent = wide[place] * t * (1 - t) * (slopes[place] * (1 - t) - slopes[place + 1] * t)
    return np.asarray(y[place] + rise[place] * t * t * (3 - 2 * t) + bent)


def contrasted(light: NDArray[np.floating], middle: float, contrast: float) -> NDArray[np.float64]:
    """L* 0..100 set further apart round `middle`, L*; black and white stay. contrast: 0..1."""
    share = np.clip(np.asarray(light, np.float64) / 100, 0, 1)
    bend = math.log(0.5) / math.log(min(0.65, max(0.35, middle / 100)))
    centred = share**bend
    centred -= contrast * 0.7 / (2 * np.pi) * np.sin(2 * np.pi * centred)
    return np.asarray(centred ** (1 / bend) * 100)


def taken(table: Plane, light: Plane) -> Plane:
    """`light`, L* of any shape, looked up in a table of STEPS + 1 numbers."""
    place = light * np.float32(STEPS / 100)
    np.clip(place, 0, STEPS, out=place)
    return table.take(place.astype(np.uint16))
