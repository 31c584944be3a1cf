"""How far one small picture is shifted against another, to a fraction of a pixel: phase correlation.

After C. D. Kuglin, D. C. Hines, "The phase correlation image alignment method" (1975): the spectra's phases alone are compared, so
that brightness and contrast do not count. Two things differ, since these are scans of one print under a lamp that has moved: only
coarse structure counts (grain and noise are fine), and the peak may be a trough, since the relief of a paper that is lit from the
other side is the negative of itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

Plane = NDArray[np.float32]

FINEST = 0.09
"""Cycles a pixel at which structure counts e^-½ of what coarse structure does."""
COARSEST_WAVES = 1.5
"""Waves a picture below which structure counts nothing: the window makes that up."""


@dataclass(frozen=True)
class Shift:
    """x, y: where `second` shows, from the middle, what `first` shows in its middle, pixels. strength: the peak's height, in
    deviations of the whole surface."""

    x: float
    y: float
    strength: float


def shift_between(first: Plane, second: Plane, reach_px: float, either_sign: bool = False) -> Shift:
    """The shift of `second` against `first`, both (h, w), at most `reach_px` a side.

    Up to a sixth short of the truth, since both are seen through the same window: whoever moves `second` by it and asks again has
    the rest. either_sign: a trough counts as much as a peak.
    """
    height, width = first.shape
    window, band = _window(height, width), _band(height, width)
    one, other = (np.fft.rfft2((part - part.mean()) * window) for part in (first, second))
    cross = np.conj(one) * other
    cross *= band / np.maximum(np.abs(cross), 1e-9)
    surface = np.fft.fftshift(np.fft.irfft2(cross, s=(height, width)))
    deviation = float(surface.std())
    if deviation < 1e-12:
        return Shift(0.0, 0.0, 0.0)
    reach = max(1, min(int(np.ceil(reach_px)), height // 2 - 2, width // 2 - 2))
    row, column = height // 2, width // 2
    near = surface[row - reach : row + reach + 1, column - reach : column + reach + 1]
    height_of = np.abs(near) if either_sign else near
    down, right = np.unravel_index(int(np.argmax(height_of)), near.shape)
    y, x = int(down) - reach + row, int(right) - reach + column
    peak = surface[y - 1 : y + 2, x - 1 : x + 2]
    return Shift(x - column + _between(peak[1]), y - row + _between(peak[:, 1]), float(abs(surface[y, x])) / deviation)


def _between(three: NDArray[np.floating]) -> float:
    """Where the parabola through three values has its end, from the middle one, -0.5 to 0.5."""
    before, middle, after = (float(value) for value in three)
    bend = before - 2 * middle + after
    return 0.0 if abs(bend) < 1e-15 else max(-0.5, min(0.5, 0.5 * (before - after) / bend))


@lru_cache(maxsize=4)
def _window(height: int, width: int) -> Plane:
    """Hann's, so that the borders do not show."""
    return np.outer(np.hanning(height), np.hanning(width)).astype(np.float32)


@lru_cache(maxsize=4)
def _band(height: int, width: int) -> Plane:
    """The weight of each frequency of `rfft2`."""
    y, x = np.fft.fftfreq(height)[:, None], np.fft.rfftfreq(width)
    weight = np.exp(-0.5 * (y * y + x * x) / FINEST**2)
    weight[(y * height) ** 2 + (x * width) ** 2 < COARSEST_WAVES**2] = 0
    return weight.astype(np.float32)
