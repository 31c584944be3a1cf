"""Where another colouring may differ from the likeliest: not where the colour of a thing is known, as that of grass and of skin."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Plane = NDArray[np.float32]

EXPECTED_AT_HALF = 10.0
"""A colouriser's map says 0.5 where an error of so many a*b* is to be expected: about where another colour would be named."""
KNOWN, OPEN = 0.35, 0.5
"""Shares of doubt (below) up to which a colour is known, and from which it is open."""
SMALL, LARGE = 4.0, 9.0
"""Errors of a*b* to be expected up to which nobody would see another colour, and from which it would have another name."""


def openness(chroma: Plane, sure: Plane) -> Plane:
    """(h, w) 0 known to 1 open, of the likeliest a*b* (h, w, 2) and of how sure it is, the contract's map (h, w).

    A lawn may be far greener than guessed, and still nobody would paint it red: what counts is the error to be expected over
    that error and the colour itself, the doubt's share. Where the error itself is small, as in black and white, nothing is open.
    """
    sure = np.clip(sure, 0.01, 0.99)
    error = EXPECTED_AT_HALF * (1 - sure) / sure
    share = error / (error + np.linalg.norm(chroma, axis=-1) + 1e-6)
    return _step(share, KNOWN, OPEN) * _step(error, SMALL, LARGE)


def _step(value: Plane, low: float, high: float) -> Plane:
    """0 up to `low`, 1 from `high`, smooth between."""
    part = np.clip((value - low) / (high - low), 0, 1)
    risen: Plane = (part * part * (3 - 2 * part)).astype(np.float32)
    return risen
