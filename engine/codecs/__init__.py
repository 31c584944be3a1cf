"""Files and Photos: one module a family of formats, and here the only way in and out; everybody may import it.

A file's content decides what it is, never its name. What comes out is upright, in the file's own depth and colour space.
"""

from __future__ import annotations

import logging
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO, Literal

import numpy as np

from engine.codecs import exif, jpeg, png, tiff, webp, xmp
from engine.codecs.decoded import Decoded, finished, to_eight_bits
from engine.codecs.sniff import HEAD_BYTES, family_of
from engine.errors import EngineError, OutOfMemory, PhotoMissing, PhotoUnreadable
from engine.photo import Metadata, Photo, Pixels

Format = Literal["jpeg", "png", "webp", "tiff"]

SUFFIXES: dict[str, Format] = {
    ".jpg": "jpeg", ".jpeg": "jpeg", ".jpe": "jpeg", ".jfif": "jpeg",
    ".png": "png", ".webp": "webp", ".tif": "tiff", ".tiff": "tiff",
}  # fmt: skip
"""Suffix in lower case -> the format it promises; the first of a format is the one we give."""

READABLE = frozenset(SUFFIXES)
"""The suffixes by which photos are looked for in folders."""

_TALKATIVE = ("imagecodecs", "tifffile")
_SILENCE = logging.NullHandler()
"""Their remarks on odd tags go to the program's log if it keeps one, else nowhere; our own sentence is what users read."""


def suffix_of(format: str) -> str:
    """The suffix of a format: ".jpg", ".png", ".webp" or ".tif". Raises ValueError for a format that is not written."""
    for suffix, family in SUFFIXES.items():
        if family == format:
            return suffix
    raise ValueError(f"{format!r} is not a format that is written")


def sniff(path: Path) -> str:
    """The format the file really has, from its first bytes. Raises PhotoMissing, PhotoUnreadable, FormatUnsupported."""
    with _opened(path) as file:
        return family_of(file.read(HEAD_BYTES), path)


def read(path: Path) -> Photo:
    """The photo in a file: upright, in its own depth and colour space, CMYK as sRGB.

    Raises:
        PhotoMissing, PhotoUnreadable, PhotoTooLarge, FormatUnsupported: see errors.py. OutOfMemory.
    """
    with _opened(path) as file:
        return finished(_decoded(file, path))


def read_preview(path: Path, long_side_px: int) -> Photo:
    """The photo 8-bit and upright with a long side of at most `long_side_px`, in its own colour space; JPEGs many times faster.

    Raises as `read`.
    """
    with _opened(path) as file:
        head = file.read(HEAD_BYTES)
        decoded = None
        if family_of(head, path) == "jpeg":
            decoded = jpeg.decode_small(head + file.read(), path, long_side_px)
        return finished(_shrunk(decoded or _decoded(file, path), long_side_px))


def encode(photo: Photo, format: str, quality: int, path: Path) -> bytes:
    """The bytes of a file in `format`, with ICC, EXIF, XMP and DPI, Orientation 1, true size tags and no thumbnail.

    quality: 1..100 for JPEG and WebP. path: for the sentence only, nothing is written.

    Raises:
        FormatCannotHold: too many pixels a side, or transparency, for that format. OutOfMemory.
    """
    metadata = replace(
        photo.metadata,
        exif=exif.renewed(photo.metadata.exif, photo.width, photo.height),
        xmp=xmp.renewed(photo.metadata.xmp, photo.width, photo.height),
    )
    photo = replace(photo, metadata=metadata)
    try:
        match format:
            case "jpeg":
                return jpeg.encode(photo, quality, path)
            case "png":
                return png.encode(photo, path)
            case "webp":
                return webp.encode(photo, quality, path)
            case "tiff":
                return tiff.encode(photo)
    except MemoryError as error:
        raise OutOfMemory(f"saving “{path.name}”") from error
    raise ValueError(f"{format!r} is not a format that is written")


def with_more_dots(metadata: Metadata, times: int) -> Metadata:
    """What is said of a picture with `times` as many pixels a side: dots an inch grow along, wherever they are told."""
    dpi = None if metadata.dpi is None else (metadata.dpi[0] * times, metadata.dpi[1] * times)
    own_exif, own_xmp = exif.with_more_dots(metadata.exif, times), xmp.with_more_dots(metadata.xmp, times)
    return replace(metadata, dpi=dpi, exif=own_exif, xmp=own_xmp)


def metadata_of(data: bytes, format: str) -> Metadata:
    """What a file that `encode` made says of its picture: formats leave out what they have no place for."""
    return {"jpeg": jpeg.metadata_of, "png": png.metadata_of, "webp": webp.metadata_of, "tiff": tiff.metadata_of}[
        format
    ](data)


def original_bytes(path: Path) -> bytes:
    """The file at `path` as it is. Raises as `read`."""
    with _opened(path) as file:
        return file.read()


@contextmanager
def _opened(path: Path) -> Iterator[BinaryIO]:
    """The file, open for reading; whatever goes wrong inside becomes one of the errors that users can read."""
    for library in _TALKATIVE:
        logging.getLogger(library).addHandler(_SILENCE)
    try:
        status = path.stat()
        if stat.S_ISDIR(status.st_mode):
            raise PhotoUnreadable(path, "it is a folder", "Choose the photos in it.")
        if not stat.S_ISREG(status.st_mode):
            raise PhotoUnreadable(path, "it is not a file", "Choose a photo instead.")
        with path.open("rb") as file:
            yield file
    except EngineError:
        raise
    except (FileNotFoundError, NotADirectoryError) as error:
        raise PhotoMissing(path) from error
    except PermissionError as error:
        raise PhotoUnreadable(path, "you may not read it", "Change its permissions, or ask its owner.") from error
    except MemoryError as error:
        raise OutOfMemory(f"opening “{path.name}”") from error
    except Exception as error:  # four libraries, each with errors of its own, none of them for users
        raise PhotoUnreadable(path) from error


def _decoded(file: BinaryIO, path: Path) -> Decoded:
    file.seek(0)
    family = family_of(file.read(HEAD_BYTES), path)
    file.seek(0)
    if family == "tiff":
        return tiff.decode(file, path)
    decode = {"jpeg": jpeg.decode, "png": png.decode, "webp": webp.decode}[family]
    return decode(file.read(), path)


def _shrunk(decoded: Decoded, long_side_px: int) -> Decoded:
    """8 bits, and the long side at most `long_side_px`."""
    pixels = to_eight_bits(decoded.pixels)
    scale = long_side_px / max(pixels.shape[:2])
    if scale < 1:
        height, width = (max(1, round(side * scale)) for side in pixels.shape[:2])
        pixels = _resized(pixels, height, width)
    return replace(decoded, pixels=pixels)


def _resized(pixels: Pixels, height: int, width: int) -> Pixels:
    from PIL import Image

    image = Image.fromarray(pixels)
    return np.array(image.resize((width, height), Image.Resampling.BILINEAR, reducing_gap=2.0))
