"""A change of a picture's sRGB values kept in few bytes a pixel, and read again in rows for a photo of any size.

For a photo of 8 bits a change is whole grey values in one byte, so that all of it laid over an sRGB photo gives what a generator
made, exact to the last value; larger ones than 127 of 255 are cut, which no cleaning comes near. For 16 bits it takes two bytes.
"""

from __future__ import annotations

import math
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from engine.photo import Photo

Plane = NDArray[np.float32]
Packed = NDArray[np.int8] | NDArray[np.int16]

Depth = Literal[8, 16]

_IN_A_WHOLE = {8: 255.0, 16: 32767.0}
"""How many steps lead from black to white."""


def depth_of(photo: Photo) -> Depth:
    """How exactly a change of `photo` is kept: as exactly as its own values."""
    return 8 if photo.maximum == 255 else 16


def empty(shape: tuple[int, ...], depth: Depth) -> Packed:
    """Room for a packed change."""
    return np.empty(shape, np.int8) if depth == 8 else np.empty(shape, np.int16)


def packed(change: Plane, depth: Depth) -> Packed:
    """`change`, of any shape, -1..1 of the way from black to white, rounded to whole steps."""
    steps = change * np.float32(_IN_A_WHOLE[depth])
    np.rint(steps, out=steps)
    largest = (1 << (depth - 1)) - 1
    np.clip(steps, -largest, largest, out=steps)
    return steps.astype(np.int8) if depth == 8 else steps.astype(np.int16)


def unpacked(change: NDArray[np.generic]) -> Plane:
    """What was packed, as float32 of the same shape."""
    values: Plane = change.astype(np.float32)
    values *= np.float32(1 / _IN_A_WHOLE[8 * change.dtype.itemsize])
    return values


def rows_of(change: NDArray[np.generic], top: int, bottom: int, height: int, width: int) -> Plane:
    """(bottom - top, width, C) float32: those rows of packed `change` (h, w, C) as it is for a photo of (height, width).

    Shrunk by area, as the previews of a photo are, so that it is the change of the shrunk photo; enlarged bilinearly.
    """
    own_height, own_width = change.shape[:2]
    if (own_height, own_width) == (height, width):
        return unpacked(change[top:bottom])
    down = own_height / height
    first = max(0, math.floor(top * down) - 2)
    near = unpacked(change[first : math.ceil(bottom * down) + 2])
    near = np.stack([_of_width(near[..., channel], width) for channel in range(near.shape[2])], -1)
    if own_height > height:
        return _means(near, np.arange(top, bottom + 1) * down - first)
    return _between(near, (np.arange(top, bottom) + 0.5) * down - 0.5 - first)


def _of_width(plane: Plane, width: int) -> Plane:
    from PIL import Image

    filtering = Image.Resampling.BOX if plane.shape[1] > width else Image.Resampling.BILINEAR
    return np.asarray(Image.fromarray(plane).resize((width, len(plane)), filtering))


def _means(rows: Plane, edges: NDArray[np.float64]) -> Plane:
    """The mean rows between neighbouring edges, whose places are rows; a row that an edge cuts counts in part.

    Pillow's box takes whole rows or none, and by the last bit of an edge another one for a strip than for all of the photo.
    """
    sums = np.concatenate([np.zeros((1, *rows.shape[1:])), np.cumsum(rows, 0, dtype=np.float64)])
    up_to = _between(sums, edges)
    return (np.diff(up_to, axis=0) / np.diff(edges)[:, None, None]).astype(np.float32)


def _between(rows: NDArray[np.floating], places: NDArray[np.float64]) -> NDArray[Any]:
    """Rows at places between them, linearly; outside the first and last stay."""
    places = places.clip(0, len(rows) - 1)
    below = np.minimum(places.astype(np.intp), len(rows) - 2) if len(rows) > 1 else np.zeros(len(places), np.intp)
    share = (places - below)[:, None, None].astype(rows.dtype)
    found: NDArray[Any] = rows[below] * (1 - share) + rows[np.minimum(below + 1, len(rows) - 1)] * share
    return found
