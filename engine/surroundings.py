"""How lively the sound surroundings of every place of a photo are: what stands in a clear sky may not be livelier than the sky."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from engine.generator import Picture

Array = NDArray[np.float32]
Mask = NDArray[np.bool_]

CELL_PX = 16
LUMA = np.array([0.299, 0.587, 0.114], np.float32)
_KNOWN_SHARE = 0.3
_LEAST_VARIANCE = 1e-8


def liveliness(picture: Picture, filled: Mask) -> Array:
    """(⌈H / CELL_PX⌉, ⌈W / CELL_PX⌉): for each cell the deviation of luma, sRGB 0..1, from one sound pixel to the next round it.

    picture: (H, W, 3). filled: (H, W), what is not looked at. Of white noise it is its standard deviation. Logarithms are averaged
    over the nearest cells that know, so that an edge nearby says little; 0 everywhere where nothing is sound.
    """
    sums, counts = _by_cell(picture, filled)
    known = counts >= _KNOWN_SHARE * CELL_PX**2
    if not known.any():
        return np.zeros(sums.shape, np.float32)
    logs = np.where(known, np.log(sums / np.maximum(counts, 1) / 2 + _LEAST_VARIANCE), 0.0)
    result, open_, radius = np.zeros(sums.shape), np.ones(sums.shape, bool), 1
    while open_.any():
        near = _box_sums(known.astype(np.float64), radius)
        told = open_ & (near > 0.5)
        result[told] = (_box_sums(logs, radius) / np.maximum(near, 1))[told]
        open_ &= ~told
        radius *= 2
    return np.asarray(np.sqrt((np.exp(result) - _LEAST_VARIANCE).clip(0)), np.float32)


def at(cells: Array, rows: NDArray[np.intp], columns: NDArray[np.intp]) -> Array:
    """(n,): the cells' values at pixels of the photo, blended between the cells' middles."""
    value = np.zeros(len(rows), np.float32)
    parts = []
    for places, count in ((rows, cells.shape[0]), (columns, cells.shape[1])):
        place = np.clip((places + 0.5) / CELL_PX - 0.5, 0, count - 1)
        below = np.minimum(place.astype(np.intp), max(count - 2, 0))
        parts.append((below, np.minimum(below + 1, count - 1), (place - below).astype(np.float32)))
    (top, bottom, down), (left, right, across) = parts
    for row, share in ((top, 1 - down), (bottom, down)):
        value += share * ((1 - across) * cells[row, left] + across * cells[row, right])
    return value


def _by_cell(picture: Picture, filled: Mask) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """For each cell the sum of squared differences between neighbours that are both sound, and how many there are."""
    height, width = filled.shape
    starts = np.arange(0, width, CELL_PX)
    sums, counts = [], []
    for top in range(0, height, CELL_PX):
        rows = slice(top, min(height, top + CELL_PX))
        luma, sound = picture[rows, slice(0, width)] @ LUMA, ~filled[rows]
        squares, pairs = np.zeros(width), np.zeros(width)
        across = sound[:, 1:] & sound[:, :-1]
        squares[:-1] += np.where(across, np.diff(luma, axis=1) ** 2, 0).sum(0)
        pairs[:-1] += across.sum(0)
        down = sound[1:] & sound[:-1]
        squares += np.where(down, np.diff(luma, axis=0) ** 2, 0).sum(0)
        pairs += down.sum(0)
        sums.append(np.add.reduceat(squares, starts))
        counts.append(np.add.reduceat(pairs, starts))
    return np.array(sums), np.array(counts)


def _box_sums(cells: NDArray[np.float64], radius: int) -> NDArray[np.float64]:
    """Sums over squares of 2·radius + 1 cells a side, as far as there are cells."""
    for axis in (0, 1):
        total = np.concatenate([np.zeros_like(cells.take([0], axis)), cells.cumsum(axis)], axis)
        places = np.arange(cells.shape[axis])
        last = total.take(np.minimum(places + radius + 1, cells.shape[axis]), axis)
        cells = last - total.take(np.maximum(places - radius, 0), axis)
    return cells
