"""Damage looked for at two sizes: what is too large to be seen from near is seen from further away.

A finder has learned scratches and smears of many sizes and sees each best from one distance. After Chen et al. 2016, "Attention to
Scale" (arXiv 1511.03339), who join what a network says of a picture at several sizes by their mean or their maximum; here the
second look may add to the first, and take nothing from it.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from engine.generator import Generator, Picture
from engine.halving import doubled, mean_of_fours
from engine.progress import CancelToken, Report, ignore, part

Array = NDArray[np.float32]

SMALLEST_PX = 128
"""Short side from which on half the size shows something, too."""
FIRST_SHARE = 0.8
"""Of the work, what the first look takes."""
_SURE = 1e-6
_STRIP_ROWS = 256


def damage_in(
    picture: Picture,
    generator: Generator,
    *,
    memory_gb: float = 1.0,
    report: Report = ignore,
    cancel: CancelToken | None = None,
) -> Array:
    """How likely each place of a picture (H, W, 3) sRGB 0..1 is damaged: float32 (H, W) 0..1.

    generator: of the kind `repair`. Other arguments and Raises: as Generator.find.
    """
    height, width = picture.shape[:2]
    if min(height, width) < SMALLEST_PX:
        return generator.find(picture, memory_gb=memory_gb, report=report, cancel=cancel)
    near = generator.find(picture, memory_gb=memory_gb, report=part(report, 0.0, FIRST_SHARE), cancel=cancel)
    far = generator.find(_half(picture), memory_gb=memory_gb, report=part(report, FIRST_SHARE, 1.0), cancel=cancel)
    for top in range(0, height, _STRIP_ROWS):
        rows = np.arange(top, min(top + _STRIP_ROWS, height))
        near[rows] = joined(near[rows], doubled(far, rows, np.arange(width)))
    return near


def joined(near: Array, far: Array) -> Array:
    """Two opinions of the same places, 0..1, as one: the mean of both log-odds, but never less than the first."""
    first, second = (opinion.clip(_SURE, 1 - _SURE) for opinion in (near, far))
    damaged, sound = np.sqrt(first * second), np.sqrt((1 - first) * (1 - second))
    both: Array = np.maximum(near, damaged / (damaged + sound))
    return both


def _half(picture: Picture) -> Array:
    height, width = picture.shape[:2]
    strips = (picture[top : min(top + _STRIP_ROWS, height), 0:width] for top in range(0, height, _STRIP_ROWS))
    return np.concatenate([mean_of_fours(np.asarray(strip)) for strip in strips])
