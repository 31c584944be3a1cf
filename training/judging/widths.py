"""How wide damage is at each of its pixels: local thickness, the widest disc that covers a pixel and stays within the damage.

Hildebrand & Rüegsegger 1997. By place and not by connected piece, since a scratch that runs into a stain is no stain.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

Mask = NDArray[np.bool_]

BANDS = ((1, 2), (3, 8), (9, 24), (25, 60))
"""Widths in pixels that are told apart; what is wider belongs to none."""
TOLERANCE_PX = 2


def bands_of(mask: Mask) -> list[Mask]:
    """`mask` (H, W) parted by BANDS, each pixel to the band of its width; what is wider than the last band is in none.

    A disc leaves out the ragged rim of a wide place, so what lies within TOLERANCE_PX of a band's discs belongs to it too.
    """
    bands, left = [], mask
    for _, widest in reversed(BANDS):
        wider = left & within(_opened(left, widest + 1), TOLERANCE_PX)
        bands.append(wider)
        left = left & ~wider
    bands.append(left)
    return bands[1:][::-1]


def within(mask: Mask, distance: float) -> Mask:
    """Which pixels lie within `distance` pixels of one of `mask` (H, W), middle to middle."""
    reach = min(int(distance), len(mask) - 1)
    found = mask.copy()
    for down in range(-reach, reach + 1):
        across = int(math.sqrt(distance * distance - down * down))
        wide = _widened(mask, across)
        rows = slice(max(0, down), min(len(mask), len(mask) + down))
        found[rows] |= wide[max(0, -down) : len(mask) - max(0, down)]
    return found


def _widened(mask: Mask, across: int) -> Mask:
    """Which pixels have one of `mask` within `across` in their row."""
    if across == 0 or not mask.any():
        return mask
    counted = np.zeros((mask.shape[0], mask.shape[1] + 2 * across + 1), np.int32)
    counted[:, across + 1 : -across] = np.cumsum(mask, 1, dtype=np.int32)
    counted[:, -across:] = counted[:, -across - 1 : -across]
    return counted[:, 2 * across + 1 :] > counted[:, : mask.shape[1]]


def _opened(mask: Mask, width: int) -> Mask:
    """What of `mask` discs of `width` pixels (an odd number) cover that lie in it; the picture's border does not end it."""
    radius = (width + 1) // 2
    nearer = math.sqrt(radius * radius - 1)  # every whole-pixel distance below the radius
    return within(mask & ~within(~mask, nearer), nearer) if mask.any() else mask
