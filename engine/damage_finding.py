"""Damage looked for at two sizes, each picture as it is and in a mirror.

A finder has learned scratches and smears of many sizes and sees each best from one distance. After Chen et al. 2016, "Attention to
Scale" (arXiv 1511.03339), who join what a network says of a picture at several sizes by their mean or their maximum; here the
second size may add to the first, and take nothing from it. What a finder takes for damage by mistake it seldom takes for it in a
mirror too, so the mean of both has fewer false alarms (as Krizhevsky et al. 2012 average what they say of a photo and its mirror
image).
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
NEAR_SHARE = 0.8
"""Of the work, what looking at the full size takes."""
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

    def look(seen: Picture, done: float, until: float) -> Array:
        return generator.find(seen, memory_gb=memory_gb, report=part(report, done, until), cancel=cancel)

    def looked_at(seen: Picture, done: float, until: float) -> Array:
        half_way = (done + until) / 2
        return agreed(look(seen, done, half_way), look(Mirrored(seen), half_way, until)[:, ::-1])

    if min(height, width) < SMALLEST_PX:
        return looked_at(picture, 0.0, 1.0)
    near = looked_at(picture, 0.0, NEAR_SHARE)
    far = looked_at(_half(picture), NEAR_SHARE, 1.0)
    for top in range(0, height, _STRIP_ROWS):
        rows = np.arange(top, min(top + _STRIP_ROWS, height))
        near[rows] = joined(near[rows], doubled(far, rows, np.arange(width)))
    return near


class Mirrored:
    """A picture with left and right exchanged, piece by piece; see generator.Picture."""

    def __init__(self, picture: Picture) -> None:
        self._picture = picture

    @property
    def shape(self) -> tuple[int, ...]:
        return self._picture.shape

    def __getitem__(self, place: tuple[slice, slice]) -> Array:
        rows, columns = place
        width = self.shape[1]
        begin, end, _ = columns.indices(width)
        return np.ascontiguousarray(np.asarray(self._picture[rows, width - end : width - begin])[:, ::-1])


def agreed(first: Array, second: Array) -> Array:
    """Two opinions of the same places, (H, W) 0..1, as one: the mean of both log-odds. `first` is overwritten."""
    for top in range(0, len(first), _STRIP_ROWS):
        rows = slice(top, top + _STRIP_ROWS)
        first[rows] = _between(first[rows], second[rows])
    return first


def joined(near: Array, far: Array) -> Array:
    """Two opinions of the same places, 0..1, as one: the mean of both log-odds, but never less than the first."""
    both: Array = np.maximum(near, _between(near, far))
    return both


def _between(first: Array, second: Array) -> Array:
    one, other = (opinion.clip(_SURE, 1 - _SURE) for opinion in (first, second))
    damaged, sound = np.sqrt(one * other), np.sqrt((1 - one) * (1 - other))
    mean: Array = damaged / (damaged + sound)
    return mean


def _half(picture: Picture) -> Array:
    height, width = picture.shape[:2]
    strips = (picture[top : min(top + _STRIP_ROWS, height), 0:width] for top in range(0, height, _STRIP_ROWS))
    return np.concatenate([mean_of_fours(np.asarray(strip)) for strip in strips])
