"""How far a face is still the same face after it was worked on: structure compared in the aligned face, where it matters most.

    likeness(before, after, face)         1: the same; below ALIKE a relative may notice
    largest_share(before, after, face)    how much of the change may be kept so that it stays above ALIKE

Both pictures are brought to one small square by the face's five landmarks, freed of brightness and contrast (a face in another
light is the same face), and compared at three scales by the contrast-and-structure part of the structural similarity (Wang,
Simoncelli & Bovik 2003, "Multiscale structural similarity"). Round each eye, the nose and the mouth it is averaged apart, and the
worst place counts: a face whose eyes are another's is another face, however good its cheeks are. The finest scale counts least,
since grain that is taken off was never the person. It measures change, not identity: it knows no face and stores none.
"""

from __future__ import annotations

import functools

import numpy as np
from numpy.typing import NDArray

from engine.faces import Face

Array = NDArray[np.float32]

ALIKE = 0.87
"""Chosen from training photographs by benchmarks/likeness.py; docs/results/faces.md has the figures."""

SIDE = 96
"""Pixels of the square that faces are compared in."""
PLACES = np.array([(33.0, 37.0), (63.0, 37.0), (48.0, 55.0), (36.0, 73.0), (60.0, 73.0)])
"""Where eyes, nose and corners of the mouth of a face lie in that square, x, y."""
SCALES = (0.2, 0.4, 0.4)
"""What the comparisons in squares of 96, 48 and 24 pixels weigh."""
FLAT = 0.1
"""The variance, in shares of the whole face's, below which a place has no structure that could be lost."""
_LUMA = np.array([0.299, 0.587, 0.114], np.float32)
_TRIES = 7


def likeness(before: Array, after: Array, face: Face) -> float:
    """0..1: how alike the face is in two pictures of one photo; 1 for no change.

    before, after: float32 (H, W) luma or (H, W, 3) sRGB 0..1; `after` may be larger or smaller in proportion. face: in pixels of
    `before`, as find_faces gives it.
    """
    return _alike(_aligned(before, face, 1.0, 1.0), _after(before, after, face))


def largest_share(before: Array, after: Array, face: Face, alike: float = ALIKE) -> float:
    """0..1: how much of the change from `before` to `after` can be kept with a likeness of at least `alike`; as in `likeness`.

    To a hundredth, by bisection in the small square: blending and shrinking are both linear.
    """
    first, last = _aligned(before, face, 1.0, 1.0), _after(before, after, face)
    if _alike(first, last) >= alike:
        return 1.0
    kept, lost = 0.0, 1.0
    for _ in range(_TRIES):
        middle = (kept + lost) / 2
        if _alike(first, first + np.float32(middle) * (last - first)) >= alike:
            kept = middle
        else:
            lost = middle
    return kept


def _after(before: Array, after: Array, face: Face) -> Array:
    """The square of a face in the other picture, whatever its size."""
    return _aligned(after, face, after.shape[1] / before.shape[1], after.shape[0] / before.shape[0])


def _aligned(picture: Array, face: Face, across: float, down: float) -> Array:
    """(SIDE, SIDE) luma of a face, turned upright and scaled by its landmarks, which are multiplied by `across` and `down`."""
    marks = np.array(face.landmarks, np.float64) * (across, down)
    matrix, shift = _similarity(PLACES, marks)
    scale = float(np.hypot(matrix[0, 0], matrix[1, 0]))
    step = max(1, round(scale))  # pixels of the picture for one of the square: their mean, not one of them
    inner = (np.arange(step) + 0.5) / step - 0.5
    y, x = (axis.reshape(SIDE, SIDE) + 0.0 for axis in np.mgrid[:SIDE, :SIDE])
    total = np.zeros((SIDE, SIDE), np.float32)
    luma = picture if picture.ndim == 2 else None
    for dy in inner:
        for dx in inner:
            at = matrix @ np.stack([(x + dx).ravel(), (y + dy).ravel()]) + shift[:, None]
            total += _taken(picture if luma is None else luma, at).reshape(SIDE, SIDE)
    return total / np.float32(step * step)


def _taken(picture: Array, at: NDArray[np.float64]) -> Array:
    """Luma at places (2, n: x, y), bilinearly; the edge's own beyond it."""
    height, width = picture.shape[:2]
    x, y = np.clip(at[0], 0, width - 1), np.clip(at[1], 0, height - 1)
    left, top = np.minimum(x.astype(int), max(width - 2, 0)), np.minimum(y.astype(int), max(height - 2, 0))
    right, below = np.minimum(left + 1, width - 1), np.minimum(top + 1, height - 1)
    fx, fy = (x - left).astype(np.float32), (y - top).astype(np.float32)

    def luma(row: NDArray[np.int_], column: NDArray[np.int_]) -> Array:
        values = picture[row, column]
        flat: Array = values @ _LUMA if values.ndim == 2 else values
        return flat

    upper = luma(top, left) * (1 - fx) + luma(top, right) * fx
    lower = luma(below, left) * (1 - fx) + luma(below, right) * fx
    taken: Array = upper * (1 - fy) + lower * fy
    return taken


def _similarity(
    start: NDArray[np.float64], end: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """matrix (2, 2) and shift (2,) that bring points (n, 2) nearest to others by turn, scale and shift (Umeyama 1991)."""
    first, last = start - start.mean(0), end - end.mean(0)
    spread = float((first**2).sum())
    along = float((first * last).sum()) / spread
    across = float((first[:, 0] * last[:, 1] - first[:, 1] * last[:, 0]).sum()) / spread
    if np.hypot(along, across) < 1e-6:
        along = 1e-6  # landmarks in one point: nothing to compare but that point
    matrix = np.array([[along, -across], [across, along]])
    return matrix, end.mean(0) - matrix @ start.mean(0)


def _alike(first: Array, second: Array) -> float:
    """The likeness of two squares."""
    one, other = _plain(first), _plain(second)
    total = np.zeros(len(_regions(SIDE)), np.float32)
    for weight in SCALES:
        regions = _regions(len(one))
        total += np.float32(weight) * (regions * _structure(one, other)).sum((1, 2))
        one, other = _halved(one), _halved(other)
    return float(np.clip(total.min(), 0, 1))


def _plain(square: Array) -> Array:
    """Mean 0, deviation 1: the face in any light; a flat one stays flat."""
    inside = square[SIDE // 8 : -SIDE // 8, SIDE // 8 : -SIDE // 8]
    plain: Array = (square - inside.mean()) / np.float32(max(float(inside.std()), 0.01))
    return plain


def _structure(first: Array, second: Array) -> Array:
    """Contrast and structure of SSIM at each place: 1 the same, 0 nothing in common, below 0 the opposite."""
    mean, other_mean = _smooth(first), _smooth(second)
    variance, other_variance = _smooth(first * first) - mean * mean, _smooth(second * second) - other_mean * other_mean
    shared = _smooth(first * second) - mean * other_mean
    structure: Array = np.divide(2 * shared + FLAT, variance + other_variance + FLAT, dtype=np.float32)
    return structure


def _smooth(plane: Array) -> Array:
    """A binomial window of about seven pixels' width in both directions."""
    for axis in (0, 1):
        for _ in range(3):
            padded = np.pad(plane, [(1, 1) if axis == side else (0, 0) for side in (0, 1)], mode="edge")
            parts = [np.take(padded, range(start, start + plane.shape[axis]), axis) for start in (0, 1, 2)]
            plane = (parts[0] + 2 * parts[1] + parts[2]) * np.float32(0.25)
    return plane


def _halved(plane: Array) -> Array:
    half = len(plane) // 2
    smaller: Array = plane.reshape(half, 2, half, 2).mean((1, 3))
    return smaller


@functools.cache
def _regions(side: int) -> Array:
    """(4, side, side): where the eyes, the nose and the mouth count, each summing to 1."""
    scale = side / SIDE
    middles = [PLACES[0], PLACES[1], PLACES[2], (PLACES[3] + PLACES[4]) / 2]
    y, x = np.mgrid[:side, :side]
    weights = []
    for (cx, cy), wide in zip(middles, (9.0, 9.0, 10.0, 13.0), strict=True):
        across, down = (x + 0.5 - cx * scale) / (wide * scale), (y + 0.5 - cy * scale) / (9.0 * scale)
        weights.append(np.exp(-0.5 * (across**2 + down**2)))
    stack = np.array(weights, np.float32)
    normed: Array = stack / stack.sum((1, 2), keepdims=True)
    return normed
