"""How much of a change each face bears: all of it, none, or as much as leaves it the same face (engine/likeness.py)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from engine.face_regions import regions_of
from engine.face_wishes import treatments
from engine.faces import Face
from engine.likeness import largest_share
from engine.photo import Photo

if TYPE_CHECKING:
    from engine.steps.step import Tools

Array = NDArray[np.float32]
Pair = Callable[[tuple[slice, slice]], tuple[Array, Array]]
"""Rows and columns of a photo -> that part before and after the whole change, (h, w, 3) sRGB 0..1; after may be larger."""

LABEL = "Faces"
SENTENCE = (
    "What faces get: “gentle” as much of it as leaves them the same person's, “full” all of it, “original” nothing."
)
AROUND = 0.4
"""Of the box's sides: what of the surroundings is cut out with a face, for the landmarks that lie outside."""
HELD_BACK = "On {held} of {count} faces less was done, so that they stay alike."


def face_limits(photo: Photo, usual: str, tools: Tools, changed: Pair) -> tuple[Array, str]:
    """(n, 5) regions (face_regions.py) of the faces of `photo` that are held back, their number the most that they bear, 0..1;
    and a line for the reader where some were that nobody asked to leave alone, "" otherwise.

    usual: of TREATMENTS, for every face that no wish is about. Raises as `tools.faces`.
    """
    faces: tuple[Face, ...] = ()
    if usual != "full" or tools.face_wishes:
        faces = tools.faces(photo)
    height, width = photo.height, photo.width
    treated = treatments(faces, tools.face_wishes, usual, height, width)
    most = [_most(face, word, height, width, changed) for face, word in zip(faces, treated, strict=True)]
    held = sum(word == "gentle" and limit < 1 for word, limit in zip(treated, most, strict=True))
    regions = regions_of(faces, most, height, width)
    return regions[regions[:, 4] < 1], HELD_BACK.format(held=held, count=len(faces)) if held else ""


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
