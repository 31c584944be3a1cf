"""Random textures and smoothing that the kinds of ageing share: fractal fields, wandering lines, grain, soft steps."""

from __future__ import annotations

import math
from functools import lru_cache
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray
from PIL import Image

Array = NDArray[np.float32]
"""float32 of any shape: a picture (H, W, C), a field or mask (H, W), a line (N,)."""


SMALL = 64
"""Fields of up to this side are enlarged by two matrix products, in a third of Pillow's time; larger ones would take more."""
_QUANTILES = np.array([NormalDist().inv_cdf((index + 0.5) / 256) for index in range(256)])
_BELL: Array = (_QUANTILES / _QUANTILES.std()).astype(np.float32)


def resized(field: Array, height: int, width: int, smooth: bool = True) -> Array:
    """`field` (h, w) at (height, width); cubic, or linear where the speed counts more than the smoothness."""
    rows, columns = field.shape
    if max(rows, columns) <= SMALL and rows <= height and columns <= width:
        return np.asarray(_enlarging(rows, height) @ field @ _enlarging(columns, width).T, np.float32)
    filter_ = Image.Resampling.BICUBIC if smooth else Image.Resampling.BILINEAR
    return np.asarray(Image.fromarray(field).resize((width, height), filter_), np.float32)


@lru_cache(maxsize=256)
def _enlarging(few: int, many: int) -> Array:
    """(many, few) weights of cubic interpolation (Keys, 1981, a = -0.5) from `few` samples to `many`; the ends are held."""
    at = (np.arange(many) + 0.5) * few / many - 0.5
    weights = np.zeros((many, few), np.float32)
    for offset in range(-1, 3):
        place = np.floor(at) + offset
        away = np.abs(at - place)
        near, far = 1.5 * away**3 - 2.5 * away**2 + 1, -0.5 * away**3 + 2.5 * away**2 - 4 * away + 2
        column = np.clip(place, 0, few - 1).astype(np.intp)
        np.add.at(weights, (np.arange(many), column), np.where(away <= 1, near, np.where(away < 2, far, 0)))
    weights.flags.writeable = False
    return weights


def bell(rng: np.random.Generator, height: int, width: int) -> Array:
    """Normal noise (H, W), mean 0, deviation 1, of 256 values: a random byte each, a tenth of the time of normal numbers."""
    drawn = np.frombuffer(rng.bytes(height * width), np.uint8)
    return _BELL.take(drawn).reshape(height, width)


def fractal(
    rng: np.random.Generator, height: int, width: int, cell_px: float, octaves: int = 4, persistence: float = 0.5
) -> Array:
    """Cloudy noise (H, W), mean 0, deviation 1: lumps of `cell_px`, each octave half as large and `persistence` as strong.

    Octaves finer than two pixels are left out. Doubling one small field over and over costs a third more than its last step,
    where adding resized octaves costs as many full-size steps as there are octaves.
    """
    octaves = max(1, min(octaves, 1 + int(math.log2(max(1.0, cell_px / 2)))))
    rows, columns = (max(2, math.ceil(side / cell_px) + 1) for side in (height, width))
    field = rng.standard_normal((rows, columns), dtype=np.float32)
    for octave in range(1, octaves):
        rows, columns = 2 * rows, 2 * columns
        field = resized(field, rows, columns, smooth=False)
        field = field + bell(rng, rows, columns) * np.float32(persistence**octave)
    field = resized(
        field, height, width, smooth=height > 3 * rows
    )  # a large step shows linear pieces, a small one does not
    sample = field[:: max(1, height // 64), :: max(1, width // 64)]
    return (field - sample.mean()) * np.float32(1 / max(float(sample.std()), 1e-6))


def wander(rng: np.random.Generator, count: int, knots: int, octaves: int = 3) -> Array:
    """A line of `count` values that wander about 0, deviation about 1: `knots` bends, each octave twice as many, half as deep."""
    line = np.zeros(count, np.float32)
    part = np.arange(count, dtype=np.float32) * np.float32(1 / max(1, count - 1))
    for octave in range(octaves):
        bends = min(knots << octave, count)
        at = part * np.float32(bends)
        index = at.astype(np.int32)
        knot = rng.standard_normal(bends + 2, dtype=np.float32) * np.float32(0.5**octave)
        low = knot.take(index)
        line += low + (knot.take(index + 1) - low) * (at - index)
    return line


def step(field: Array, start: float, end: float) -> Array:
    """0 where `field` is at most `start`, 1 from `end` on, smooth between (Hermite); `end` may be the smaller one."""
    part = np.clip((field - np.float32(start)) * np.float32(1 / (end - start)), 0, 1)
    return part * part * (3 - 2 * part)


def quantile(field: Array, share: float) -> float:
    """The value that `share` of the field lies below, from a coarse sample."""
    stride = max(1, min(field.shape) // 48)
    return float(np.quantile(field[::stride, ::stride], share))


def lookup(values: Array, curve: Array) -> Array:
    """`curve` (N,) or (N, C), given at equal steps from 0 to 1, read at the nearest step: powers cost ten times as much."""
    index = (values * np.float32(len(curve) - 1) + np.float32(0.5)).astype(np.int32)
    return curve.take(index, axis=0, mode="clip")


def blurred(picture: Array, sigma_px: float) -> Array:
    """Gaussian blur of (H, W) or (H, W, C) with mirrored borders; wide ones work on a shrunk copy."""
    if sigma_px < 0.2:
        return picture
    height, width = picture.shape[:2]
    shrink = int(min(sigma_px / 1.5, height / 4, width / 4))
    if shrink >= 2:
        planes = picture.reshape(height, width, -1)
        small = np.stack(
            [resized(np.ascontiguousarray(planes[..., c]), height // shrink, width // shrink, smooth=False)
             for c in range(planes.shape[2])], -1,
        )  # fmt: skip
        soft = blurred(small, math.sqrt(max(0.0, (sigma_px / shrink) ** 2 - 0.35)))
        back = [resized(np.ascontiguousarray(soft[..., c]), height, width) for c in range(planes.shape[2])]
        return np.stack(back, -1).reshape(picture.shape)
    radius = max(1, min(math.ceil(2.5 * sigma_px), height - 1, width - 1))
    weights = np.exp(-0.5 * (np.arange(radius + 1) / sigma_px) ** 2)
    weights = (weights / (weights[0] + 2 * weights[1:].sum())).astype(np.float32)
    for axis in (0, 1):
        length = picture.shape[axis]
        if length <= radius:
            continue
        before, after = _slid(picture, axis, 1, radius), _slid(picture, axis, length - 1 - radius, radius)
        wide = np.concatenate([np.flip(before, axis), picture, np.flip(after, axis)], axis)
        picture = _slid(wide, axis, radius, length) * weights[0]
        for offset in range(1, radius + 1):
            both = _slid(wide, axis, radius - offset, length) + _slid(wide, axis, radius + offset, length)
            both *= weights[offset]
            picture += both
    return picture


def _slid(wide: Array, axis: int, start: int, length: int) -> Array:
    return wide[start : start + length] if axis == 0 else wide[:, start : start + length]
