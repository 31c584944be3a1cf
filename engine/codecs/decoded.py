"""From what a decoder gives to a Photo: upright, with true metadata and a profile that can be worked with."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.codecs import exif, xmp
from engine.color import from_srgb_like, to_srgb
from engine.errors import PhotoTooLarge
from engine.photo import Metadata, Photo, Pixels
from engine.profiles import space_of, usable_profile

Array = NDArray[Any]

LARGEST_MEGAPIXELS = 500
_PIECE_PIXELS = 1 << 20


@dataclass(frozen=True, eq=False)
class Decoded:
    """A file's picture and words as they lie in it.

    pixels: (H, W), (H, W, 2) grey + alpha, (H, W, 3), or (H, W, 4) RGB + alpha; uint8 or uint16 over their full range; any way up.
    """

    pixels: Pixels
    metadata: Metadata


def check_size(path: Path, width: int, height: int) -> None:
    """Raise PhotoTooLarge before memory is taken for a picture beyond the limit."""
    megapixels = width * height / 1e6
    if megapixels > LARGEST_MEGAPIXELS:
        raise PhotoTooLarge(path, megapixels, LARGEST_MEGAPIXELS)


def finished(decoded: Decoded) -> Photo:
    """The Photo: orientation applied once and said to be 1, thumbnail dropped, useless profiles dropped."""
    found = decoded.metadata
    orientation = exif.orientation_of(found.exif) or xmp.orientation_of(found.xmp) or 1
    pixels, alpha = _apart(upright(decoded.pixels, orientation))
    height, width = pixels.shape[:2]
    dpi = found.dpi
    if dpi is not None and orientation >= 5:
        dpi = dpi[1], dpi[0]
    metadata = Metadata(
        format=found.format,
        icc=usable_profile(found.icc, pixels.shape[2]),
        exif=exif.renewed(found.exif, width, height),
        xmp=xmp.renewed(found.xmp, width, height),
        dpi=dpi,
    )
    return _workable(Photo(pixels, alpha, metadata))


def upright(pixels: Array, orientation: int) -> Array:
    """`pixels` (H, W, …) turned and mirrored as EXIF's 1..8 ask, so that the result needs no more of it."""
    if orientation >= 5:
        pixels = np.swapaxes(pixels, 0, 1)
    down, across = {2: (1, -1), 3: (-1, -1), 4: (-1, 1), 6: (1, -1), 7: (-1, -1), 8: (-1, 1)}.get(orientation, (1, 1))
    return np.ascontiguousarray(pixels[::down, ::across])


def to_eight_bits(pixels: Array) -> Array:
    """`pixels` rounded to the nearest of 256 levels; 8-bit ones as they are."""
    if pixels.dtype == np.uint8:
        return pixels
    flat = pixels.reshape(-1)
    result = np.empty(flat.shape, np.uint8)
    for start in range(0, len(flat), _PIECE_PIXELS):
        piece = flat[start : start + _PIECE_PIXELS].astype(np.uint32)
        piece *= 255
        piece += 32895  # with the shift this is x / 257 rounded, for every x
        piece >>= 16
        result[start : start + _PIECE_PIXELS] = piece
    return result.reshape(pixels.shape)


def spread(pixels: Array, bits: int) -> Array:
    """Values 0..2^bits - 1 spread over the whole of uint8 (up to 8 bits) or uint16."""
    if bits in (8, 16):
        return pixels
    white = (1 << bits) - 1
    full = 255 if bits < 8 else 65535
    table = np.rint(np.arange(white + 1) * (full / white)).astype(np.uint8 if bits < 8 else np.uint16)
    full_range: Array = table.take(pixels, mode="clip")
    return full_range


def joined(photo: Photo) -> Array:
    """(H, W), (H, W, 2), (H, W, 3) or (H, W, 4) for an encoder: pixels with their alpha, contiguous."""
    if photo.alpha is not None:
        return np.concatenate([photo.pixels, photo.alpha[..., None]], 2)
    pixels = np.ascontiguousarray(photo.pixels[..., 0] if photo.has_one_channel else photo.pixels)
    # numpy calls views with one row or column contiguous whatever their strides say; imagecodecs looks at the strides.
    return pixels.reshape(-1).reshape(pixels.shape)


def as_srgb(photo: Photo) -> Photo:
    """An RGB photo in sRGB of the same depth, without a profile."""
    pixels = np.empty((photo.height, photo.width, 3), photo.pixels.dtype)
    plain = Photo(np.zeros((1, 1, 3), photo.pixels.dtype))
    rows = max(1, _PIECE_PIXELS // photo.width)
    for top in range(0, photo.height, rows):
        strip = Photo(photo.pixels[top : top + rows], None, photo.metadata)
        pixels[top : top + rows] = from_srgb_like(to_srgb(strip), plain)
    return photo.with_pixels(pixels, icc=None)


def _workable(photo: Photo) -> Photo:
    """Profiles that only lead out of their space (most scanners' own) cannot hold a result: such a photo becomes sRGB."""
    if photo.has_one_channel:
        return photo
    space = space_of(photo.metadata.icc)
    return photo if space is None or space.invertible else as_srgb(photo)


def _apart(pixels: Array) -> tuple[Array, Array | None]:
    """Colour (H, W, 1 or 3) and alpha (H, W) or None."""
    if pixels.ndim == 2:
        return pixels[..., None], None
    channels = pixels.shape[2]
    if channels in (1, 3):
        return pixels, None
    return np.ascontiguousarray(pixels[..., :-1]), np.ascontiguousarray(pixels[..., -1])
