"""A photo's L*, a*, b* changed strip by strip, back in its own depth and space: memory stays small however large the photo."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from engine.color import from_srgb_like, is_srgb, lab_to_srgb, luma, srgb_to_lab, to_srgb
from engine.gamut import bound_chroma, to_codes
from engine.photo import Photo, Pixels
from engine.progress import CancelToken, Progress, Report, ignore

Plane = NDArray[np.float32]
Change = Callable[[Plane, Plane, Plane, int], tuple[Plane, Plane, Plane]]
"""(L*, a*, b*) planes (n, W) of the rows from `top` on, and `top` -> the planes they become. May change its arguments."""

STRIP_PIXELS = 1 << 17


def relit(
    photo: Photo,
    change: Change,
    cancel: CancelToken,
    *,
    needs_chroma: bool = True,
    report: Report = ignore,
    stage: str = "",
) -> Photo:
    """`photo` with `change` applied; three channels, a grey file becoming sRGB; depth, alpha and metadata stay.

    Chroma that sRGB cannot show at its lightness is made smaller, hue and lightness kept. needs_chroma: False if `change`
    makes a*, b* from lightness alone (it then gets zeros), which is quicker. report, stage: told each strip, and in
    which words. Raises Cancelled between strips.
    """
    to_lab = _reader(photo, needs_chroma)
    pixels = np.empty((photo.height, photo.width, 3), photo.pixels.dtype)
    rows = max(1, STRIP_PIXELS // photo.width)
    plain = photo.has_one_channel or is_srgb(photo.metadata.icc)
    for top in range(0, photo.height, rows):
        cancel.check()
        strip = _rows(photo, top, top + rows)
        lightness, a, b = change(*to_lab(strip), top)
        bound_chroma(lightness, a, b)
        if plain:
            pixels[top : top + rows] = to_codes(lightness, a, b, photo.pixels.dtype)
        else:
            pixels[top : top + rows] = from_srgb_like(lab_to_srgb(np.stack([lightness, a, b], -1)), strip)
        report(Progress(stage, min(1.0, (top + rows) / photo.height)))
    return photo.with_pixels(pixels, icc=None if photo.has_one_channel else "keep")


def ramp(photo: Photo) -> Plane:
    """L* of every value a channel of a photo like this can have when all channels agree: (256,) or (65536,)."""
    values = np.arange(photo.maximum + 1).astype(photo.pixels.dtype)
    pixels: Pixels = np.repeat(values[None, :, None], photo.pixels.shape[2], 2)
    lightness: Plane = srgb_to_lab(to_srgb(Photo(pixels, None, photo.metadata)))[0, :, 0]
    return np.ascontiguousarray(lightness)


def _rows(photo: Photo, top: int, bottom: int) -> Photo:
    return Photo(photo.pixels[top:bottom], None, photo.metadata)


def is_grey_valued(pixels: Pixels) -> bool:
    """True where every pixel has one value in all its channels."""
    return pixels.shape[2] == 1 or bool(
        np.array_equal(pixels[..., 0], pixels[..., 1]) and np.array_equal(pixels[..., 1], pixels[..., 2])
    )


def _reader(photo: Photo, needs_chroma: bool) -> Callable[[Photo], tuple[Plane, Plane, Plane]]:
    """What turns a strip of `photo` into L*, a*, b*; where the channels agree a table of all values does it."""
    table = ramp(photo)

    def read(strip: Photo) -> tuple[Plane, Plane, Plane]:
        if is_grey_valued(strip.pixels):
            lightness = table.take(strip.pixels[..., 0])
        elif not needs_chroma:
            lightness = luma(strip)
        else:
            lab = np.ascontiguousarray(np.moveaxis(srgb_to_lab(to_srgb(strip)), -1, 0))
            return lab[0], lab[1], lab[2]
        return lightness, np.zeros_like(lightness), np.zeros_like(lightness)

    return read
