"""How different two colours look: CIEDE2000."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Plane = NDArray[np.float32]


def colour_difference(one: Plane, other: Plane) -> Plane:
    """CIEDE2000 of Lab colours (..., 3) -> (...), kL = kC = kH = 1; about 2.3 can just be seen.

    After Gaurav Sharma, Wencheng Wu, Edul N. Dalal, "The CIEDE2000 color-difference formula: implementation notes,
    supplementary test data, and mathematical observations", Color Research and Application 30 (2005).
    """
    first, second = one.astype(np.float64), other.astype(np.float64)
    chroma = [np.hypot(lab[..., 1], lab[..., 2]) for lab in (first, second)]
    seventh = ((chroma[0] + chroma[1]) / 2) ** 7
    stretch = 1 + 0.5 * (1 - np.sqrt(seventh / (seventh + 25.0**7)))
    reds = [lab[..., 1] * stretch for lab in (first, second)]
    chroma = [np.hypot(red, lab[..., 2]) for red, lab in zip(reds, (first, second), strict=True)]
    hues = [np.degrees(np.arctan2(lab[..., 2], red)) % 360 for red, lab in zip(reds, (first, second), strict=True)]
    has_hue = chroma[0] * chroma[1] > 0
    turn = hues[1] - hues[0]
    turn = np.where(has_hue, np.where(np.abs(turn) > 180, turn - 360 * np.sign(turn), turn), 0)
    by_lightness = second[..., 0] - first[..., 0]
    by_chroma = chroma[1] - chroma[0]
    by_hue = 2 * np.sqrt(chroma[0] * chroma[1]) * np.sin(np.radians(turn) / 2)
    lightness, mean_chroma = (first[..., 0] + second[..., 0]) / 2, (chroma[0] + chroma[1]) / 2
    hue = _mean_hue(hues[0], hues[1], has_hue)
    weight = (
        1
        - 0.17 * np.cos(np.radians(hue - 30))
        + 0.24 * np.cos(np.radians(2 * hue))
        + 0.32 * np.cos(np.radians(3 * hue + 6))
        - 0.20 * np.cos(np.radians(4 * hue - 63))
    )
    seventh = mean_chroma**7
    twist = -2 * np.sqrt(seventh / (seventh + 25.0**7)) * np.sin(np.radians(60 * np.exp(-(((hue - 275) / 25) ** 2))))
    by_lightness /= 1 + 0.015 * (lightness - 50) ** 2 / np.sqrt(20 + (lightness - 50) ** 2)
    by_chroma /= 1 + 0.045 * mean_chroma
    by_hue /= 1 + 0.015 * mean_chroma * weight
    squared = by_lightness**2 + by_chroma**2 + by_hue**2 + twist * by_chroma * by_hue
    apart: Plane = np.sqrt(np.maximum(squared, 0)).astype(np.float32)
    return apart


def _mean_hue(one: NDArray[np.float64], other: NDArray[np.float64], has_hue: NDArray[np.bool_]) -> NDArray[np.float64]:
    """The hue between two, in degrees, the shorter way round; where one has none: their sum, as published."""
    total = one + other
    far = np.abs(one - other) > 180
    mean: NDArray[np.float64] = np.where(far, np.where(total < 360, total + 360, total - 360), total) / 2
    return np.where(has_hue, mean, total)
