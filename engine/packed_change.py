"""A change of a picture's sRGB values kept in few bytes a pixel, and read again in rows for a photo of any size.

For a photo of 8 bits a change is whole grey values in one byte, so that all of it laid over an sRGB photo gives what a generator
made, exact to the last value; larger ones than 127 of 255 are cut, which no cleaning comes near. For 16 bits it takes two bytes.
"""

from __future__ import annotations

import math
from typing import Literal

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
    from PIL import Image

    down = own_height / height
    begin, end = top * down, bottom * down
    first, last = max(0, math.floor(begin) - 2), min(own_height, math.ceil(end) + 2)
    filtering = Image.Resampling.BOX if own_height > height else Image.Resampling.BILINEAR
    near = unpacked(change[first:last])
    planes = [
        np.asarray(
            Image.fromarray(near[..., channel]).resize(
                (width, bottom - top), filtering, box=(0.0, begin - first, float(own_width), end - first)
            )
        )
        for channel in range(near.shape[2])
    ]
    return np.stack(planes, -1)
