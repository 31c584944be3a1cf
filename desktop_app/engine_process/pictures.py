"""Photos as a screen shows them: 8-bit sRGB values, and the bytes that QImage wants. No Qt: the engine process uses it too."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from engine.color import to_srgb
from engine.photo import Photo

_STRIP_PIXELS = 1 << 21
_BEHIND = 0.5
"""What is seen through a transparent place: mid-grey in both themes."""


def srgb_pixels(photo: Photo) -> NDArray[np.uint8]:
    """(H, W, 1) or (H, W, 3) uint8 sRGB of a photo of any depth and profile, strip by strip; transparency shows mid-grey."""
    if photo.pixels.dtype == np.uint8 and photo.metadata.icc is None and photo.alpha is None:
        return photo.pixels.astype(np.uint8, copy=False)
    result = np.empty((photo.height, photo.width, 3), np.uint8)
    rows = max(1, _STRIP_PIXELS // photo.width)
    for top in range(0, photo.height, rows):
        part = slice(top, top + rows)
        alpha = None if photo.alpha is None else photo.alpha[part]
        seen = to_srgb(replace(photo, pixels=photo.pixels[part], alpha=None))
        if alpha is not None:
            opacity = (alpha.astype(np.float32) / photo.maximum)[..., None]
            seen *= opacity
            seen += _BEHIND * (1 - opacity)
        result[part] = (seen * 255 + 0.5).astype(np.uint8)
    return result


def reduced(photo: Photo, long_side_px: int) -> Photo:
    """An 8-bit photo with a long side of at most so many pixels; the photo itself where it is no larger."""
    scale = long_side_px / max(photo.height, photo.width)
    if scale >= 1:
        return photo
    size = (max(1, round(photo.width * scale)), max(1, round(photo.height * scale)))
    squeezed = photo.pixels[..., 0] if photo.has_one_channel else photo.pixels
    small = np.asarray(Image.fromarray(squeezed).resize(size, Image.Resampling.BOX))
    return photo.with_pixels(small.reshape(size[1], size[0], -1).copy())


def rgb32(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """(H, W, 4): blue, green, red, 255, as QImage.Format_RGB32 lies in memory on little-endian machines."""
    rows = np.empty((*pixels.shape[:2], 4), np.uint8)
    fill_rgb32(rows, pixels)
    return rows


def fill_rgb32(rows: NDArray[np.uint8], pixels: NDArray[np.uint8]) -> None:
    """As `rgb32`, into an array that is there already."""
    channels = pixels.shape[2]
    rows[..., 0] = pixels[..., channels - 1]
    rows[..., 1] = pixels[..., channels // 2]
    rows[..., 2] = pixels[..., 0]
    rows[..., 3] = 255
