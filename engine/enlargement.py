"""A plain enlargement of pixels by a whole number, any rows and columns of it at a time: bicubic, as photo programs do it."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.photo import Pixels

Plane = NDArray[np.float32]

_REACH = 3
"""Pixels beyond a part's edge that its enlargement depends on, and one for safety."""


def enlarged(values: Pixels | Plane, scale: int, top: int, bottom: int, left: int, right: int) -> NDArray[Any]:
    """(scale·(bottom - top), scale·(right - left), C) of the part of (H, W, C) that these rows and columns hold.

    The very same values wherever the part's edges lie. uint8 stays so (rounded and cut, in a third of the time); uint16 and
    float32 become float32 in the same units, which may lie a little outside the range of what came in.
    """
    from PIL import Image

    height, width, channels = values.shape
    up, down = max(0, top - _REACH), min(height, bottom + _REACH)
    near, far = max(0, left - _REACH), min(width, right + _REACH)
    size = ((right - left) * scale, (bottom - top) * scale)
    box = (float(left - near), float(top - up), float(right - near), float(bottom - up))
    part = values[up:down, near:far]

    def resized(image: Image.Image) -> NDArray[Any]:
        return np.asarray(image.resize(size, Image.Resampling.BICUBIC, box=box))

    if part.dtype == np.uint8 and channels == 3:
        return resized(Image.fromarray(np.ascontiguousarray(part)))
    kind = np.uint8 if part.dtype == np.uint8 else np.float32
    planes = [resized(Image.fromarray(np.ascontiguousarray(part[..., c], kind))) for c in range(channels)]
    return np.stack(planes, -1)
