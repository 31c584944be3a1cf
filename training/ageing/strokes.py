"""Wandering strokes drawn at twice the size: what scratches, hairs, cracks and dust are made of."""

from __future__ import annotations

import math

import numpy as np
from PIL import Image, ImageDraw

from training.ageing.noise import Array, wander

DETAIL = 2
"""The canvas has this many times the picture's pixels a side: half-pixel widths, smooth edges."""


class Canvas:
    """Grey strokes over an area of (height, width) pixels."""

    def __init__(self, height: int, width: int) -> None:
        self._size = (height, width)
        self._image = Image.new("L", (width * DETAIL, height * DETAIL))
        self._draw = ImageDraw.Draw(self._image)

    def stroke(self, path: Array, widths_px: Array, strengths: Array) -> None:
        """A line through `path` (N, 2: x, y in pixels), each piece as wide and strong (0..1; 0: broken off) as said (N - 1)."""
        points = (path * DETAIL).tolist()
        thick = np.maximum(1, np.rint(widths_px * DETAIL)).astype(int).tolist()
        # A stroke thinner than a canvas pixel is fainter instead.
        fills = (strengths * np.minimum(1, widths_px * DETAIL) * 255).astype(int).tolist()
        for i, fill in enumerate(fills):
            if fill > 0:
                self._draw.line([*points[i], *points[i + 1]], fill=fill, width=thick[i])
                if thick[i] > 3:  # the joints of thick pieces gape
                    (x, y), half = points[i], (thick[i] - 1) / 2
                    self._draw.ellipse([x - half, y - half, x + half, y + half], fill=fill)

    def blobs(self, outlines: Array, strengths: Array) -> None:
        """Filled polygons: `outlines` (N, corners, 2) in pixels, each of its strength (N,)."""
        points = (outlines * DETAIL).reshape(len(outlines), 2 * outlines.shape[1]).tolist()
        for corners, fill in zip(points, (strengths * 255).astype(int).tolist(), strict=True):
            self._draw.polygon(corners, fill=fill)

    def cover(self) -> Array:
        """(H, W) 0..1: how much of each pixel is covered."""
        return np.asarray(self._image.reduce(DETAIL), np.float32) * np.float32(1 / 255)


def path(
    rng: np.random.Generator, start: tuple[float, float], heading: float, length_px: float, step_px: float, curl: float,
    jitter: float = 0.0,
) -> Array:  # fmt: skip
    """(N, 2) points of a line that sets out at `heading` (radians) and turns.

    curl: radians by which it bends to and fro. jitter: radians by which each step turns aside: for cracks, not for hairs.
    """
    count = max(3, min(400, math.ceil(length_px / step_px)))
    phase, waves = rng.uniform(-1.6, 1.6), rng.uniform(0.8, 6)
    turn = np.sin(np.arange(count) * (waves / count) + phase)
    turn = (turn - turn[0]) * curl + heading
    if jitter:
        turn += rng.standard_normal(count) * jitter
    points = np.empty((count + 1, 2), np.float32)
    points[0] = start
    points[1:, 0] = start[0] + np.cos(turn).cumsum() * (length_px / count)
    points[1:, 1] = start[1] + np.sin(turn).cumsum() * (length_px / count)
    return points


def pressure(rng: np.random.Generator, count: int, broken: float) -> Array:
    """(count,) 0..1: how hard a stroke presses along its way; thinner at its ends, off for about the share `broken`."""
    place = np.arange(count, dtype=np.float32) + np.float32(0.5)
    ends = np.minimum(place, count - place) * np.float32(1 / (0.15 * count + 1))
    hard = wander(rng, count, 5, 2) * np.float32(0.55) + np.float32(0.75 - 1.1 * broken)
    return np.clip(hard, 0, 1) * np.sqrt(np.minimum(ends, 1))


def lumps(rng: np.random.Generator, radii_px: Array) -> Array:
    """(N, 9, 2) outlines of irregular specks about 0, one of each radius (N,): some drawn out, turned at random."""
    count = len(radii_px)
    angles = (np.arange(9) + rng.uniform(0, 0.8, (count, 9))) * (2 * math.pi / 9)
    distance = radii_px[:, None] * rng.uniform(0.55, 1.25, (count, 9))
    stretch, turn = rng.uniform(1, 1.5, (count, 1)), rng.uniform(0, math.pi, (count, 1))
    x, y = np.cos(angles) * distance * stretch, np.sin(angles) * distance / stretch
    return np.stack([x * np.cos(turn) - y * np.sin(turn), x * np.sin(turn) + y * np.cos(turn)], -1).astype(np.float32)
