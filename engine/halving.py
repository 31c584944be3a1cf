"""Pictures at half the size and at twice: means of squares of four, and the bilinear way back."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float32]
Mask = NDArray[np.bool_]

REACH_PX = 4
"""Halving and doubling look at most so far."""


def finest(image: Array, rows: slice) -> Array:
    """Those rows of (h, w, 3), less what half the size shows of them."""
    coarse = doubled(mean_of_fours(image), np.arange(rows.start, rows.stop), np.arange(image.shape[1]))
    return image[rows] - coarse


def mean_of_fours(image: Array, taken: Mask | None = None) -> Array:
    """Each square of four pixels of (h, w, 3) as one, the mean of those that are `taken`, of all without; 0 of none."""
    taken = np.ones(image.shape[:2], bool) if taken is None else taken
    mean = sum_of_fours(image * taken[..., None]) / np.maximum(sum_of_fours(taken), 1)[..., None]
    return mean.astype(np.float32, copy=False)


def sum_of_fours(values: NDArray[np.generic]) -> Array:
    """(h, w) or (h, w, c) at half the size; beyond an odd side there is nothing."""
    odd = [(0, side % 2) for side in values.shape[:2]]
    even = np.pad(values.astype(np.float32, copy=False), [*odd, *([(0, 0)] * (values.ndim - 2))])
    return even[::2, ::2] + even[1::2, ::2] + even[::2, 1::2] + even[1::2, 1::2]


def doubled(half: Array, rows: NDArray[np.intp], columns: NDArray[np.intp]) -> Array:
    """Those rows and columns of `half` (h, w) or (h, w, c) enlarged twice, bilinearly with centres aligned."""

    def between(values: Array, places: NDArray[np.intp], axis: int) -> Array:
        nearest = places // 2
        other = np.clip(nearest + np.where(places % 2, 1, -1), 0, values.shape[axis] - 1)
        mixed: Array = values.take(nearest, axis) * np.float32(0.75) + values.take(other, axis) * np.float32(0.25)
        return mixed

    return between(between(half, rows, 0), columns, 1)
