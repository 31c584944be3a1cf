"""Masks grown and eroded by whole pixels, in squares: mathematical morphology after Serra, in a few passes of shifts."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Mask = NDArray[np.bool_]


def grown(mask: Mask, radius_px: int) -> Mask:
    """(H, W): True within `radius_px` rows and columns of a True pixel."""
    return _spread(_spread(mask, radius_px, 0), radius_px, 1)


def eroded(mask: Mask, radius_px: int) -> Mask:
    """(H, W): True where everything within `radius_px` rows and columns is True; what lies beyond the edges counts as True."""
    return ~grown(~mask, radius_px)


def _spread(mask: Mask, radius_px: int, axis: int) -> Mask:
    """True where a pixel within the radius along the axis is; each pass doubles how far the last one looked."""
    if radius_px == 0:
        return mask
    length, whole = mask.shape[axis], 2 * radius_px + 1
    found = np.pad(mask, [(radius_px, radius_px) if i == axis else (0, 0) for i in (0, 1)])
    seen = 1
    while seen < whole:
        step = min(seen, whole - seen)
        further = found[step:] if axis == 0 else found[:, step:]
        nearer = found[:-step] if axis == 0 else found[:, :-step]
        found = nearer | further
        seen += step
    return found[:length] if axis == 0 else found[:, :length]
