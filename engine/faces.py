"""Where the faces of a photo are: a detector's answers at two sizes, joined, each face once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.color import to_srgb_small
from engine.photo import Photo

Array = NDArray[np.float32]

Finder = Callable[[Array], Array]
"""image (H, W, 3) float32, sRGB 0..1 -> rows (M, 15) float32 as in the contract: x, y, width, height of the box, five landmarks
x, y (the eye on the picture's left, the other eye, tip of the nose, the corner of the mouth on the left, the other corner), all in
pixels of the image, and the score 0..1."""

LOOKS = (640, 224)
"""Long sides in pixels at which a photo is looked at: the first finds faces from about 12 px there, the second very large ones."""
SURE = 0.5
"""The score from which on something counts as a face."""
SAME = 0.4
"""Intersection over union from which on two boxes are the same face."""
INSIDE = 0.8
"""The share of a box that lies in a better one's: then it is a part of that face, found at the wrong size."""


@dataclass(frozen=True)
class Face:
    """One face, in pixels of the upright photo.

    box: left, top, width, height, from brow to chin, inside the photo. landmarks: (x, y) of the eye on the picture's left, the
    other eye, tip of the nose, the corner of the mouth on the picture's left, the other corner; hidden ones are guesses.
    score: how sure the detector is, 0..1.
    """

    box: tuple[float, float, float, float]
    landmarks: tuple[tuple[float, float], ...]
    score: float

    @property
    def size_px(self) -> float:
        """The geometric mean of the box's sides."""
        return float(np.sqrt(self.box[2] * self.box[3]))


def find_faces(photo: Photo, finder: Finder, *, sure: float = SURE) -> tuple[Face, ...]:
    """The faces of `photo` with a score of at least `sure`, the largest first.

    finder: `Detector.finder(cancel)` of engine/detector.py, or whatever gives such rows. Raises what it raises.
    """
    return faces_in(find_rows(photo, finder, sure=sure), photo)


def faces_in(rows: Array, photo: Photo) -> tuple[Face, ...]:
    """Rows of `find_rows` as faces, the largest first."""
    return tuple(_face(row, photo) for row in rows[np.argsort(-rows[:, 2] * rows[:, 3], kind="stable")])


def find_rows(photo: Photo, finder: Finder, *, sure: float = SURE, looks: tuple[int, ...] = LOOKS) -> Array:
    """(n, 15) rows of the faces, in pixels of `photo`, the surest first; smaller photos are enlarged for a look."""
    found = [np.empty((0, 15), np.float32)]
    for long_px in looks:
        scale = long_px / max(photo.height, photo.width)
        height, width = (max(1, round(side * scale)) for side in (photo.height, photo.width))
        rows = finder(to_srgb_small(photo, height, width))
        rows = rows[rows[:, 14] >= sure].copy()
        rows[:, 0:14:2] *= np.float32(photo.width / width)
        rows[:, 1:14:2] *= np.float32(photo.height / height)
        found.append(rows)
    return each_once(np.concatenate(found))


def each_once(rows: Array) -> Array:
    """Of rows that show the same face the surest one alone, the surest face first (greedy non-maximum suppression)."""
    rows = rows[np.argsort(-rows[:, 14], kind="stable")]
    kept: list[Array] = []
    while len(rows):
        best, rows = rows[0], rows[1:]
        kept.append(best)
        shared = intersections(rows, best[None])[:, 0]
        areas, area = rows[:, 2] * rows[:, 3], best[2] * best[3]
        union = np.maximum(areas + area - shared, 1e-9)
        rows = rows[(shared / union < SAME) & (shared < INSIDE * np.minimum(areas, area))]
    return np.array(kept, np.float32).reshape(-1, 15)


def intersections(first: Array, second: Array) -> Array:
    """(n, m): the area that each of n boxes (x, y, width, height, …) shares with each of m."""
    left, top = (np.maximum(first[:, None, side], second[None, :, side]) for side in (0, 1))
    right, bottom = (
        np.minimum(first[:, None, side] + first[:, None, side + 2], second[None, :, side] + second[None, :, side + 2])
        for side in (0, 1)
    )
    area: Array = np.maximum(right - left, 0) * np.maximum(bottom - top, 0)
    return area


def overlaps(first: Array, second: Array) -> Array:
    """(n, m): intersection over union of each of n boxes with each of m."""
    shared = intersections(first, second)
    areas = (first[:, 2] * first[:, 3])[:, None] + (second[:, 2] * second[:, 3])[None]
    union: Array = np.divide(shared, np.maximum(areas - shared, 1e-9), dtype=np.float32)
    return union


def _face(row: Array, photo: Photo) -> Face:
    left, top = (float(np.clip(row[side], 0, limit)) for side, limit in ((0, photo.width), (1, photo.height)))
    right, bottom = (
        float(np.clip(row[side] + row[side + 2], start, limit))
        for side, start, limit in ((0, left, photo.width), (1, top, photo.height))
    )
    landmarks = tuple((float(x), float(y)) for x, y in row[4:14].reshape(5, 2))
    return Face((left, top, right - left, bottom - top), landmarks, float(row[14]))
