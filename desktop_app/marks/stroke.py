"""One stroke of the brush over a sheet of marks: covers what it passes, and becomes a new sheet at its end."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from desktop_app.marks.brush import Brush, Tool
from desktop_app.marks.sheet import DAMAGED, SOUND, Box, MarkSheet, Plane

_THINNEST_PX = 0.75
"""Radius in pixels of the sheet below which a stroke would hardly cover any of them."""


@dataclass(frozen=True)
class Point:
    """A place of the photo, 0..1 of its width and height; beside it where the hand leaves it."""

    x: float
    y: float


class Stroke:
    """Coverage is the most that any part of the way gives a pixel, so that going over a place again adds nothing."""

    def __init__(self, sheet: MarkSheet, tool: Tool, brush: Brush, start: Point) -> None:
        self.tool = tool
        self.start = start
        self.end = start
        self._sheet = sheet
        self._radius = max(_THINNEST_PX, brush.diameter * max(sheet.height, sheet.width) / 2)
        self._fading = max(1.0, brush.softness * self._radius)
        self._coverage = np.zeros((sheet.height, sheet.width), np.uint8)
        self._touched = self._cover(start, start)

    @property
    def touched(self) -> Box:
        """Where it may have changed anything."""
        return self._touched

    def go_to(self, point: Point) -> Box:
        """Draw on to `point`; returns where the sheet looks different now."""
        box = self._cover(self.end, point)
        self.end = point
        self._touched = self._touched.united(box)
        return box

    def straight_to(self, point: Point) -> Box:
        """Be a straight line from the start to `point` and nothing else; returns where the sheet looks different now."""
        old = self._touched
        self._coverage[old.slices] = 0
        self._touched = self._cover(self.start, point)
        self.end = point
        return old.united(self._touched)

    def seen(self, box: Box) -> Plane:
        """The sheet's pixels of `box` with the stroke on them, (h, w, 2): what is said last counts, the other word gives way."""
        patch = self._sheet.read(box)
        coverage = self._coverage[box.slices]
        said, unsaid = (DAMAGED, SOUND) if self.tool is Tool.BRUSH else (SOUND, DAMAGED)
        np.maximum(patch[..., said], coverage, out=patch[..., said])
        np.minimum(patch[..., unsaid], 255 - coverage, out=patch[..., unsaid])
        return patch

    def finished(self) -> MarkSheet:
        """The sheet with the stroke on it; the very sheet it was painted on where it says nothing new."""
        patch = self.seen(self._touched)
        says_nothing_new = np.array_equal(patch, self._sheet.read(self._touched))
        return self._sheet if says_nothing_new else self._sheet.with_patch(self._touched, patch)

    def _cover(self, one: Point, other: Point) -> Box:
        height, width = self._coverage.shape
        x0, y0 = one.x * width - 0.5, one.y * height - 0.5
        x1, y1 = other.x * width - 0.5, other.y * height - 0.5
        reach = self._radius + 1
        box = Box(
            math.floor(min(y0, y1) - reach),
            math.floor(min(x0, x1) - reach),
            math.ceil(max(y0, y1) + reach) + 1,
            math.ceil(max(x0, x1) + reach) + 1,
        ).within(height, width)
        if box.is_empty:
            return Box(0, 0, 0, 0)
        there = self._coverage[box.slices]
        np.maximum(there, self._profile(_distance(box, x0, y0, x1, y1)), out=there)
        return box

    def _profile(self, distance: NDArray[np.float32]) -> Plane:
        """255 in the middle, fading evenly at both ends to 0 at the rim."""
        share = (np.float32(self._radius + 0.5) - distance) * np.float32(1 / self._fading)
        np.clip(share, 0, 1, out=share)
        return (share * share * (3 - 2 * share) * 255 + np.float32(0.5)).astype(np.uint8)


def _distance(box: Box, x0: float, y0: float, x1: float, y1: float) -> NDArray[np.float32]:
    """Of every pixel of `box` from the line between two places, in pixels."""
    down = np.arange(box.top, box.bottom, dtype=np.float32)[:, None] - np.float32(y0)
    right = np.arange(box.left, box.right, dtype=np.float32)[None, :] - np.float32(x0)
    way_x, way_y = x1 - x0, y1 - y0
    length = way_x * way_x + way_y * way_y
    if length > 0:
        along = np.clip(right * np.float32(way_x / length) + down * np.float32(way_y / length), 0, 1)
        right, down = right - along * np.float32(way_x), down - along * np.float32(way_y)
    return np.sqrt(right * right + down * down)
