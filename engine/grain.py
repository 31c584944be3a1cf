"""Film grain: noise that belongs to a picture and not to its pixels, so that a preview shows the grain of the full photo.

A tile of noise lies over the picture again and again, GRAINS grains in all whatever the picture's size or shape: a photo of many
pixels shows each grain large and soft-edged, a small one the mean of several. Film scans show the same.
"""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

Plane = NDArray[np.float32]

GRAINS = 1_000_000
TILE = 1024
OCTAVES = ((1.0, 1.0), (2.7, 0.6))
"""(how much finer, how strong): clumps, and the finer grain inside them, which hides the clumps' square lattice."""


class Grain:
    """The grain of a picture shown at (height, width) pixels, some rows at a time; `seed` tells one picture from another."""

    def __init__(self, height: int, width: int, seed: int) -> None:
        self._height, self._width, self._seed = height, width, seed

    def rows(self, top: int, count: int) -> Plane:
        """(count, W): noise of mean 0, standard deviation 1 where grains are larger than pixels, for the rows from `top`."""
        per_pixel = math.sqrt(GRAINS / (self._height * self._width))
        total = np.zeros((count, self._width), np.float32)
        for number, (finer, strength) in enumerate(OCTAVES):
            total += np.float32(strength) * self._octave(number, per_pixel * finer, top, count)
        total *= np.float32(1 / math.hypot(*(strength for _, strength in OCTAVES)))
        return total

    def _octave(self, number: int, per_pixel: float, top: int, count: int) -> Plane:
        level = max(0, min(round(math.log2(per_pixel)), TILE.bit_length() - 2))
        tile = _tile(self._seed, number, level)
        per_pixel /= 2**level
        above, down = _places(np.arange(top, top + count), per_pixel, len(tile))
        left, across = _places(np.arange(self._width), per_pixel, len(tile))
        below, right = ((place + 1) % len(tile) for place in (above, left))
        # Along the rows first, once for every row of the tile that these pixels need.
        needed, inverse = np.unique(np.concatenate([above, below]), return_inverse=True)
        wide = tile[needed]
        wide = wide[:, left] + (wide[:, right] - wide[:, left]) * across
        first: Plane = wide[inverse[:count]]
        second: Plane = wide[inverse[count:]]
        second -= first
        second *= down[:, None]
        second += first
        return second


def _places(pixels: NDArray[np.intp], per_pixel: float, side: int) -> tuple[NDArray[np.intp], Plane]:
    """The tile's row (or column) before each pixel's middle, and how far it is on the way to the next (centres aligned)."""
    place = (pixels + 0.5) * per_pixel - 0.5
    before = np.floor(place)
    return before.astype(np.intp) % side, (place - before).astype(np.float32)


@lru_cache(maxsize=8)
def _tile(seed: int, octave: int, level: int) -> Plane:
    """A square of soft noise whose opposite edges meet, standard deviation 1, halved `level` times by means of four."""
    if level:
        finer = _tile(seed, octave, level - 1)
        half = len(finer) // 2
        return np.ascontiguousarray(finer.reshape(half, 2, half, 2).mean((1, 3)))
    noise: Plane = np.random.default_rng((seed, octave)).standard_normal((TILE, TILE), np.float32)
    for axis in (0, 1):
        noise = (np.roll(noise, 1, axis) + 2 * noise + np.roll(noise, -1, axis)) * np.float32(0.25)
    noise /= noise.std()
    return noise
