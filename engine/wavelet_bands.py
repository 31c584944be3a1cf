"""A picture in bands of fine to coarse detail: the à-trous wavelet transform with B3-spline smoothing; their sum is the picture.

After Jean-Luc Starck, Fionn Murtagh, "Astronomical Image and Data Analysis", 2nd ed. (2006), chapter 2: band j is what the j-th
smoothing takes away, and the smoothing's five taps lie 2^j pixels apart. Nothing is shrunk, so a band can be weighted pixel by
pixel and added back without ringing.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Plane = NDArray[np.float32]

WHITE_NOISE = (0.8908, 0.2007, 0.0856)
"""Standard deviation of the first bands of white noise of standard deviation 1."""


def smoothed(plane: Plane, scale: int) -> Plane:
    """(H, W) float32 smoothed by the B3 spline (1, 4, 6, 4, 1)/16 along both sides, taps 2^scale pixels apart, edges mirrored."""
    return _along_rows(_along_rows(plane, 1 << scale).T, 1 << scale).T


def detail_bands(plane: Plane, count: int) -> list[Plane]:
    """The first `count` bands of (H, W), the finest first; the plane less their sum is what is left when all are smoothed away."""
    found = []
    for scale in range(count):
        coarser = smoothed(plane, scale)
        found.append(plane - coarser)
        plane = coarser
    return found


def reach(count: int) -> int:
    """How many pixels to each side the first `count` bands of a pixel depend on."""
    return 2 * ((1 << count) - 1)


def _along_rows(plane: Plane, gap: int) -> Plane:
    """The five taps laid across the rows (down the first axis); the result is a new array in C order."""
    count = len(plane)
    period = max(1, 2 * (count - 1))
    place = np.abs(np.arange(-2 * gap, count + 2 * gap)) % period
    place = np.minimum(place, period - place) if count > 1 else place * 0
    wide = np.ascontiguousarray(plane)[place]
    result: Plane = wide[2 * gap : 2 * gap + count] * np.float32(6 / 16)
    near = wide[gap : gap + count] + wide[3 * gap : 3 * gap + count]
    near *= np.float32(4 / 16)
    result += near
    np.add(wide[:count], wide[4 * gap : 4 * gap + count], out=near)
    near *= np.float32(1 / 16)
    result += near
    return result
