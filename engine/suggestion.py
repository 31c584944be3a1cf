"""Where one hint helps most: the middle of the region of like answer in which most doubt is gathered."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.guide import hint_square
from engine.hints import Hint

Plane = NDArray[np.float32]
Mask = NDArray[np.bool_]

LOOKED_AT_PX = 64
NEIGHBOURHOOD = 1 / 6
"""Radius of an object, as a share of the short side."""
ROUND_A_HINT = 1 / 16
"""How far, as a share of the short side, a hint answers also what lies round it."""
CERTAIN = 0.25
"""Doubt up to which nobody needs to be asked."""
WORTH_ASKING = 0.1
"""So much of the most doubt that a neighbourhood could gather must be there."""
LIKE_LIGHTNESS, LIKE_CHROMA = 10.0, 8.0
"""Lab units within which two places are taken for one object."""


@dataclass(frozen=True)
class Place:
    """x, y: 0..1 of the photo's width and height, as of a Hint."""

    x: float
    y: float


def where_a_hint_helps(
    sure: NDArray[np.generic] | None,
    chroma: NDArray[np.generic],
    lightness: NDArray[np.generic] | None,
    hints: tuple[Hint, ...],
) -> Place | None:
    """The place to ask the user about; None where the generator is sure nearly everywhere or gives no map.

    sure: (h, w) 0..1, "known" of colorize's Analysis, None where it has none. chroma: (h, w, 2), its a*, b*. lightness: (h, w)
    L* 0..100 of the photo at that size, None to go by chroma alone. hints: those there already; no place lies within one or
    close to one.

    Doubt (1 - sure) is summed over a neighbourhood as large as an object, each pixel as far as it is like the middle in L*,
    a*, b*, so that an object gathers its own doubt and not that of what it stands before. The region of like answer round the
    place with the largest sum is grown, and the pixel farthest from its edges is the answer.
    """
    if sure is None:
        return None
    height, width = sure.shape
    step = math.ceil(max(height, width) / LOOKED_AT_PX)
    rows, columns = (np.minimum(np.arange(0, side, step) + step // 2, side - 1) for side in (height, width))
    asked = np.zeros((height, width), np.bool_)
    for hint in hints:
        asked[_round(hint, height, width)] = True
    free = ~asked[np.ix_(rows, columns)]
    doubt = np.maximum(1 - _shrunk(sure[..., None], step)[..., 0] - np.float32(CERTAIN), 0) * free
    look = _shrunk(chroma, step) / np.float32(LIKE_CHROMA)
    if lightness is not None:
        look = np.concatenate([look, _shrunk(lightness[..., None], step) / np.float32(LIKE_LIGHTNESS)], 2)
    radius = max(1, round(NEIGHBOURHOOD * min(doubt.shape)))
    gathered = np.where(doubt > 0, _gathered(doubt, look, radius), 0)
    row, column = divmod(int(gathered.argmax()), gathered.shape[1])
    if gathered[row, column] <= WORTH_ASKING * (1 - CERTAIN) * min(doubt.size, (2 * radius + 1) ** 2):
        return None
    alike = (doubt > 0) & (((look - look[row, column]) ** 2).sum(2) < 2)
    row, column = _middle(_connected(alike, row, column))
    return Place((int(columns[column]) + 0.5) / width, (int(rows[row]) + 0.5) / height)


def _round(hint: Hint, height: int, width: int) -> tuple[slice, slice]:
    """Rows and columns that a hint answers: its own and some round it."""
    more = round(ROUND_A_HINT * min(height, width))
    down, across = hint_square(hint, height, width)
    return slice(max(0, down.start - more), down.stop + more), slice(max(0, across.start - more), across.stop + more)


def _shrunk(planes: NDArray[np.generic], step: int) -> Plane:
    """Means over blocks of step² of (h, w, C); the last block of a side goes on with its edge."""
    height, width = (-(-side // step) * step for side in planes.shape[:2])
    more = [(0, height - planes.shape[0]), (0, width - planes.shape[1]), (0, 0)]
    whole = np.pad(planes.astype(np.float32), more, "edge")
    blocks: Plane = whole.reshape(height // step, step, width // step, step, -1).mean((1, 3))
    return blocks


def _gathered(doubt: Plane, look: Plane, radius: int) -> Plane:
    """(h, w): the doubt within `radius` of each pixel, each as far as it looks like that pixel."""
    height, width = doubt.shape
    doubt = np.pad(doubt, radius)
    around = np.pad(look, [(radius, radius), (radius, radius), (0, 0)])
    total = np.zeros((height, width), np.float32)
    for down in range(2 * radius + 1):
        for across in range(2 * radius + 1):
            there = slice(down, down + height), slice(across, across + width)
            unlike = ((around[there] - look) ** 2).sum(2)
            total += doubt[there] * np.exp(np.float32(-0.5) * unlike)
    return total


def _connected(mask: Mask, row: int, column: int) -> Mask:
    """The part of `mask` that hangs together with one pixel of it."""
    region = np.zeros_like(mask)
    region[row, column] = True
    while True:
        grown = region.copy()
        grown[1:] |= region[:-1]
        grown[:-1] |= region[1:]
        grown[:, 1:] |= region[:, :-1]
        grown[:, :-1] |= region[:, 1:]
        grown &= mask
        if np.array_equal(grown, region):
            return region
        region = grown


def _middle(region: Mask) -> tuple[int, int]:
    """The pixel of a region that is farthest from what lies outside; of several the one next to their centre."""
    while True:
        edged = np.pad(region, 1)
        inner = region & edged[2:, 1:-1] & edged[:-2, 1:-1] & edged[1:-1, 2:] & edged[1:-1, :-2]
        if not inner.any():
            break
        region = inner
    places = np.argwhere(region)
    row, column = places[((places - places.mean(0)) ** 2).sum(1).argmin()]
    return int(row), int(column)
