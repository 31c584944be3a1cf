"""The places of faces in a photo of any size, each with a number that counts there: how much of a change, or how sure of damage.

A region is five numbers: middle x, middle y, half width, half height, as shares of the photo's width and height, and its own
number. It is an ellipse from brow to chin that runs out softly into hair and collar, or one from collar to lap.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from engine.faces import Face

Array = NDArray[np.float32]

HALF = 0.55
"""Half axes as shares of the box's sides: a little more than the box, whose corners are no face."""
OUTSIDE = 1.35
"""So many half axes from the middle the region has run out; within one it is whole."""
CLOTHES_BELOW = 2.3
"""So many sides of the box from the middle of the face down lies the middle of what is worn; the next two count likewise."""
CLOTHES_ACROSS, CLOTHES_DOWN = 1.7, 1.75


def regions_of(faces: Sequence[Face], numbers: Iterable[float], height: int, width: int) -> Array:
    """(n, 5) float32 regions of `faces` found in a photo of `height` x `width`, each with its own number."""
    return _regions(faces, numbers, height, width, 0.0, HALF, HALF)


def clothes_of(faces: Sequence[Face], numbers: Iterable[float], height: int, width: int) -> Array:
    """The same of what is worn below them, as far as it can be guessed from a face: shoulders, chest and arms."""
    return _regions(faces, numbers, height, width, CLOTHES_BELOW, CLOTHES_ACROSS, CLOTHES_DOWN)


def _regions(
    faces: Sequence[Face], numbers: Iterable[float], height: int, width: int, below: float, across: float, down: float
) -> Array:
    rows = [
        (
            (face.box[0] + face.box[2] / 2) / width,
            (face.box[1] + face.box[3] * (0.5 + below)) / height,
            across * face.box[2] / width,
            down * face.box[3] / height,
            number,
        )
        for face, number in zip(faces, numbers, strict=True)
    ]
    return np.array(rows, np.float32).reshape(-1, 5)


def towards(usual: float, regions: Array, top: int, bottom: int, height: int, width: int) -> Array:
    """(bottom - top, width): those rows of a photo of `height` x `width`, `usual` everywhere and in each face its own number,
    softly; where faces meet, what is further from the usual."""
    numbers = np.full((bottom - top, width), usual, np.float32)
    for region in regions:
        more, number = region[4] > usual, np.float32(region[4] - usual)
        if not number:
            continue
        for place, within in _within(region, top, bottom, height, width):
            own = np.float32(usual) + within * number
            (np.maximum if more else np.minimum)(numbers[place], own, out=numbers[place])
    return numbers


def limited(share: float, regions: Array, top: int, bottom: int, height: int, width: int) -> Array:
    """(bottom - top, width, 1): `share` of a change, and in each face no more than its number."""
    return towards(share, regions[regions[:, 4] < share], top, bottom, height, width)[..., None]


def _within(
    region: Array, top: int, bottom: int, height: int, width: int
) -> Iterator[tuple[tuple[slice, slice], Array]]:
    """The part of the rows that a region touches, and how far each place there lies in it; nothing where it touches none."""
    x, y, across, down, _ = (float(number) for number in region)
    first, last = _reached(y, down, height, top, bottom)
    left, right = _reached(x, across, width, 0, width)
    if first >= last or left >= right:
        return
    rows = ((np.arange(first, last) + 0.5) / height - y) / max(down, 1e-6)
    columns = ((np.arange(left, right) + 0.5) / width - x) / max(across, 1e-6)
    away = np.sqrt(rows[:, None] ** 2 + columns[None, :] ** 2)
    within = np.clip((OUTSIDE - away) / (OUTSIDE - 1), 0, 1).astype(np.float32)
    yield (slice(first - top, last - top), slice(left, right)), within * within * (3 - 2 * within)


def _reached(middle: float, half: float, size: int, begin: int, end: int) -> tuple[int, int]:
    """The first place from `begin` that a region reaches along one side, and the first after it, up to `end`."""
    first, last = ((middle + sign * OUTSIDE * half) * size for sign in (-1, 1))
    return max(begin, int(np.floor(first))), min(end, int(np.ceil(last)) + 1)
