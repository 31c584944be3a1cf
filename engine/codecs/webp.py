"""WebP: its chunks are read here, its pixels by imagecodecs (libwebp); Pillow writes it, metadata included."""

from __future__ import annotations

import struct
from io import BytesIO
from pathlib import Path

import numpy as np

from engine.codecs import exif
from engine.codecs.decoded import Decoded, joined, to_eight_bits
from engine.color import to_srgb
from engine.errors import FormatCannotHold
from engine.photo import Metadata, Photo

LONGEST_SIDE_PX = 16383
"""Of the format; so a WebP is never too large to be read."""

_RIFF_HEAD = 12
_ROWS = 64


def decode(data: bytes, path: Path) -> Decoded:
    """The picture in `data`, of an animation the first one. Raises what the decoder raises."""
    import imagecodecs

    return Decoded(imagecodecs.webp_decode(data), metadata_of(data))


def metadata_of(data: bytes) -> Metadata:
    """What the file in `data` says of its picture, which is not decoded."""
    chunks = _chunks(data)
    block = exif.without_prefix(chunks.get(b"EXIF"))
    return Metadata("webp", chunks.get(b"ICCP"), block, chunks.get(b"XMP "), exif.dpi_of(block))


def encode(photo: Photo, quality: int, path: Path) -> bytes:
    """WebP bytes of `photo`: 8-bit RGB, so 16 bits are rounded and grey in a space of its own becomes sRGB.

    Dots an inch have no place but in EXIF.

    Raises:
        FormatCannotHold: a side over 16383 pixels, or more detail than the encoder can pack.
    """
    from PIL import Image

    if max(photo.width, photo.height) > LONGEST_SIDE_PX:
        raise FormatCannotHold(
            path,
            f"WebP holds at most {LONGEST_SIDE_PX} pixels a side, and this photo has {photo.width} × {photo.height}",
        )
    icc = photo.metadata.icc
    if photo.has_one_channel and icc is not None:
        photo, icc = _grey_in_srgb(photo), None
    block = photo.metadata.exif
    if photo.metadata.dpi is not None:
        block = exif.with_dpi(block, photo.metadata.dpi)
    file = BytesIO()
    image = Image.fromarray(to_eight_bits(joined(photo)))
    # "exact" keeps what lies under transparent places.
    words = {"icc_profile": icc or b"", "exif": block or b"", "xmp": photo.metadata.xmp or b""}
    try:
        image.save(file, "WEBP", quality=quality, exact=True, **words)
    except ValueError as error:
        raise FormatCannotHold(path, "it has more detail than the WebP encoder can pack") from error
    return file.getvalue()


def _chunks(data: bytes) -> dict[bytes, bytes]:
    """kind -> body of the metadata chunks; the first of a kind counts."""
    found: dict[bytes, bytes] = {}
    at = _RIFF_HEAD
    while at + 8 <= len(data):
        kind, length = struct.unpack_from("<4sI", data, at)
        if kind in (b"ICCP", b"EXIF", b"XMP "):
            found.setdefault(kind, data[at + 8 : at + 8 + length])
        at += 8 + length + length % 2
    return found


def _grey_in_srgb(photo: Photo) -> Photo:
    """A grey photo with its profile's tones in sRGB's curve, still one channel."""
    pixels = np.empty_like(photo.pixels)
    for top in range(0, photo.height, _ROWS):
        strip = Photo(photo.pixels[top : top + _ROWS], None, photo.metadata)
        pixels[top : top + _ROWS] = np.rint(to_srgb(strip)[..., :1] * photo.maximum)
    return photo.with_pixels(pixels, icc=None)
