"""How much of a change each face bears: all of it, none, or as much as leaves it the same face (engine/likeness.py)."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from engine.face_regions import regions_of
from engine.faces import Face
from engine.likeness import largest_share

Array = NDArray[np.float32]
Pair = Callable[[tuple[slice, slice]], tuple[Array, Array]]
"""Rows and columns of a photo -> that part before and after the whole change, (h, w, 3) sRGB 0..1; after may be larger."""

TREATMENTS = ("gentle", "full", "original")
LABEL = "Faces"
SENTENCE = (
    "What faces get: “gentle” as much of it as leaves them the same person's, “full” all of it, “original” nothing."
)
AROUND = 0.4
"""Of the box's sides: what of the surroundings is cut out with a face, for the landmarks that lie outside."""
HELD_BACK = "On {held} of {count} faces less was done, so that they stay alike."


def face_limits(faces: Sequence[Face], treatment: str, height: int, width: int, changed: Pair) -> Array:
    """(n, 5) regions (face_regions.py) of the faces of a photo of `height` x `width`, of those alone that are held back.

    treatment: of TREATMENTS.
    """
    most = [_most(face, treatment, height, width, changed) for face in faces]
    regions = regions_of(faces, most, height, width)
    return regions[regions[:, 4] < 1]


def note_of(regions: Array, faces: Sequence[Face], treatment: str) -> str:
    """A line for the reader where faces were held back that nobody asked to leave alone; "" otherwise."""
    if treatment != "gentle" or not len(regions):
        return ""
    return HELD_BACK.format(held=len(regions), count=len(faces))


def _most(face: Face, treatment: str, height: int, width: int, changed: Pair) -> float:
    if treatment == "full":
        return 1.0
    left, top, wide, tall = face.box
    rows, columns = _cut(top, tall, height), _cut(left, wide, width)
    if treatment == "original" or rows.stop - rows.start < 2 or columns.stop - columns.start < 2:
        return 0.0
    before, after = changed((rows, columns))
    landmarks = tuple((x - columns.start, y - rows.start) for x, y in face.landmarks)
    return largest_share(
        before, after, Face((left - columns.start, top - rows.start, wide, tall), landmarks, face.score)
    )


def _cut(begin: float, length: float, size: int) -> slice:
    first, last = int(begin - AROUND * length), int(np.ceil(begin + (1 + AROUND) * length))
    return slice(min(max(0, first), size), max(0, min(size, last)))
