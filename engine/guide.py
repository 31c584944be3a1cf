"""Hints as a generator's `guide`: which pixels each one covers, and the colour it says they have."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from engine.color import srgb_to_lab
from engine.hints import Hint

Plane = NDArray[np.float32]

GUIDE_SCALE = 110.0


def hint_square(hint: Hint, height: int, width: int) -> tuple[slice, slice]:
    """Rows and columns that a hint covers in a picture of `height` x `width` at working size; never cut by an edge."""
    top, left = (max(0, round(part * side - hint.size / 2)) for part, side in ((hint.y, height), (hint.x, width)))
    top, left = min(top, max(0, height - hint.size)), min(left, max(0, width - hint.size))
    return slice(top, top + hint.size), slice(left, left + hint.size)


def guide_of(hints: tuple[Hint, ...], height: int, width: int) -> Plane:
    """(height, width, 3): a*/110, b*/110 and 1 on the square of each hint; a later hint lies over an earlier one."""
    guide = np.zeros((height, width, 3), np.float32)
    for hint in hints:
        lab = srgb_to_lab(np.array(hint.srgb, np.float32))
        guide[hint_square(hint, height, width)] = (lab[1] / GUIDE_SCALE, lab[2] / GUIDE_SCALE, 1)
    return guide
