"""Values of a photo with a change of their sRGB laid over them, in the photo's own space and depth.

What is laid over is the difference that the change makes in the photo's own values. So places without change stay what they were
to the last bit, and with them colours that sRGB cannot show and steps of 16 bits that a generator never saw.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from engine.color import from_srgb_like, is_srgb, to_srgb
from engine.photo import Metadata, Photo, Pixels
from engine.relight import is_grey_valued

Plane = NDArray[np.float32]

LUMA = (0.299, 0.587, 0.114)
"""Weights of R, G, B in what counts as brightness of a change: sRGB values as they are, as in JPEG."""


def luma_of(planes: Plane) -> Plane:
    """(…, 1) of (…, 1) or (…, 3)."""
    if planes.shape[-1] == 1:
        return planes
    luma: Plane = planes[..., :1] * np.float32(LUMA[0])
    luma += planes[..., 1:2] * np.float32(LUMA[1])
    luma += planes[..., 2:] * np.float32(LUMA[2])
    return luma


def overlaid(values: Plane, change: Plane, photo: Photo) -> Pixels:
    """Pixels of `photo`'s depth: `values` (n, W, C), 0..1 of its own values, with `change` (n, W, 1 or 3) of their sRGB values.

    values: any, not only those that pixels can have; may be changed. A change of brightness alone, (n, W, 1), keeps equal
    channels equal; of a change of colour a photo with one channel takes the brightness.
    """
    if photo.has_one_channel:
        change = luma_of(change)
        if photo.metadata.icc is not None:
            change = _through_curve(values, change, photo)
    elif not is_srgb(photo.metadata.icc):
        change = _through_space(values, change, photo)
    values += change
    values *= np.float32(photo.maximum)
    values += np.float32(0.5)
    np.clip(values, 0, photo.maximum, out=values)
    return values.astype(np.uint8) if photo.maximum == 255 else values.astype(np.uint16)


def _through_curve(values: Plane, change: Plane, photo: Photo) -> Plane:
    """What `change` of sRGB values does to values of a grey profile."""
    seen, own = _curve(photo.metadata.icc)
    before = _places(values)
    after = _places(seen.take(before) + change)
    difference: Plane = own.take(after)
    difference -= own.take(_places(seen.take(before)))
    return difference


@lru_cache(maxsize=2)
def _curve(icc: bytes | None) -> tuple[Plane, Plane]:
    """(65536,) sRGB of each value of a grey profile, and the value of each sRGB."""
    every = np.arange(65536, dtype=np.uint16)[None, :, None]
    seen = np.ascontiguousarray(to_srgb(Photo(every, None, Metadata(icc=icc)))[0, :, 0])
    steps = np.linspace(0, 1, 65536, dtype=np.float32)
    return seen, np.interp(steps, seen, steps).astype(np.float32)


def _places(values: Plane) -> NDArray[np.uint16]:
    """Where values 0..1 lie in a table of 65536."""
    return (np.clip(values, 0, 1) * np.float32(65535) + np.float32(0.5)).astype(np.uint16)


def _through_space(values: Plane, change: Plane, photo: Photo) -> Plane:
    """What `change` of sRGB values does to values of another RGB space."""
    finely = Photo(_places(values), None, photo.metadata)
    seen = to_srgb(finely)
    before, after = from_srgb_like(seen, finely), from_srgb_like(seen + change, finely)
    if change.shape[-1] == 1 and is_grey_valued(finely.pixels):  # equal channels stay so to the last bit
        before, after = before[..., 1:2], after[..., 1:2]
    return np.subtract(after, before, dtype=np.float32) * np.float32(1 / 65535)
