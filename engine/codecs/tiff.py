"""TIFF of the kinds that scanners and photo editors write, 1 to 16 bit; pixels by tifffile and imagecodecs, tags by ifd.py."""

from __future__ import annotations

import math
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np

from engine.codecs import exif
from engine.codecs.decoded import Decoded, check_size, joined, spread
from engine.codecs.ifd import BYTE, UNDEFINED, Entry, TagFile
from engine.errors import FormatUnsupported, PhotoUnreadable
from engine.photo import Metadata, Photo, Pixels
from engine.profiles import cmyk_to_srgb

_XMP, _ICC, _DNG_VERSION, _SUB_DIRECTORIES = 700, 34675, 50706, 330
_WHITE_IS_ZERO, _BLACK_IS_ZERO, _RGB, _PALETTE, _INK, _YCBCR = 0, 1, 2, 3, 5, 6
_CHANNELS = {_WHITE_IS_ZERO: 1, _BLACK_IS_ZERO: 1, _RGB: 3, _PALETTE: 1, _INK: 4, _YCBCR: 3}
_COLOUR_FILTER_ARRAY, _LINEAR_RAW = 32803, 34892
_LAB_KINDS = (8, 9, 10)
_WHOLE_NUMBERS = 1
_PREMULTIPLIED, _STRAIGHT = 1, 2
_JPEG_PACKED = (6, 7)
_PIECE_ROWS = 256


def decode(file: BinaryIO, path: Path) -> Decoded:
    """The first picture in `file`. Raises PhotoUnreadable, PhotoTooLarge, FormatUnsupported, or what the decoder raises."""
    import tifffile

    with tifffile.TiffFile(file) as tiff:
        page = tiff.pages[0].aspage()
        check_size(path, page.imagewidth, page.imagelength)
        _check_kind(page, path)
        _check_whole(page, file, path)
        metadata = _metadata(file)
        pixels = _pixels(page, page.asarray(), metadata.icc)
    return Decoded(pixels, replace(metadata, icc=None) if page.photometric == _INK else metadata)


def encode(photo: Photo) -> bytes:
    """TIFF bytes of `photo` in its own depth, packed without loss (Deflate with predictor, which every reader knows)."""
    import tifffile

    metadata = photo.metadata
    file = BytesIO()
    tifffile.imwrite(
        file,
        joined(photo),
        byteorder=exif.byte_order(metadata.exif),
        photometric="minisblack" if photo.has_one_channel else "rgb",
        planarconfig=None if photo.has_one_channel and photo.alpha is None else "contig",
        extrasamples=None if photo.alpha is None else ["unassalpha"],
        compression="zlib",
        predictor=True,
        resolution=metadata.dpi,
        resolutionunit=None if metadata.dpi is None else "inch",
        software=False,
        metadata=None,
    )
    _add_tags(file, metadata)
    return file.getvalue()


def _check_kind(page: Any, path: Path) -> None:
    kind = page.photometric
    tags = page.tags
    if (
        _DNG_VERSION in tags
        or kind in (_COLOUR_FILTER_ARRAY, _LINEAR_RAW)
        or (page.is_reduced and _SUB_DIRECTORIES in tags)
    ):
        raise FormatUnsupported(path, "a RAW photo from a camera")
    if page.sampleformat != _WHOLE_NUMBERS:
        raise FormatUnsupported(path, "a TIFF with floating-point or signed numbers")
    if not 1 <= page.bitspersample <= 16:
        raise FormatUnsupported(path, f"a TIFF with {page.bitspersample} bits a channel")
    if kind in _LAB_KINDS:
        raise FormatUnsupported(path, "a TIFF in Lab colour")
    if kind == _YCBCR and page.compression not in _JPEG_PACKED:
        raise FormatUnsupported(path, "a TIFF in YCbCr colour")
    if kind not in _CHANNELS or page.imagedepth != 1 or page.samplesperpixel < _CHANNELS[kind]:
        raise FormatUnsupported(path, "a TIFF of a rare kind")


def _check_whole(page: Any, file: BinaryIO, path: Path) -> None:
    """tifffile fills what lies beyond the end of the file with black and says nothing."""
    end = file.seek(0, 2)
    parts = list(zip(page.dataoffsets, page.databytecounts, strict=False))
    if len(parts) < math.prod(page.chunked) or any(offset + count > end for offset, count in parts):
        raise PhotoUnreadable(path, "it is damaged: it ends in the middle of the picture")


def _pixels(page: Any, array: Any, icc: bytes | None) -> Pixels:
    """(H, W), (H, W, 2), (H, W, 3) or (H, W, 4) over the full range, whatever way the file holds them."""
    if array.ndim == 3 and page.planarconfig == 2 and page.samplesperpixel > 1:
        array = np.moveaxis(array, 0, -1)
    if array.ndim == 2:
        array = array[..., None]
    if page.photometric == _PALETTE:
        return _looked_up(array[..., 0], page.colormap)
    array = spread(array.astype(np.uint8) if array.dtype == bool else array, page.bitspersample)
    channels = _CHANNELS[page.photometric]
    colour, alpha = array[..., :channels], _alpha(page, array, channels)
    if alpha is not None and _alpha_kind(page) == _PREMULTIPLIED:
        colour = _straight(colour, alpha)
    if page.photometric == _WHITE_IS_ZERO:
        colour = np.iinfo(colour.dtype).max - colour
    elif page.photometric == _INK:
        colour = cmyk_to_srgb(np.ascontiguousarray(colour), icc)
    parts = colour if alpha is None else np.concatenate([colour, alpha], 2)
    return parts[..., 0] if parts.shape[2] == 1 else parts


def _alpha_kind(page: Any) -> int:
    """What the first channel beyond the colours is; 0 for something that is no transparency."""
    return int(page.extrasamples[0]) if page.extrasamples else 0


def _alpha(page: Any, array: Pixels, channels: int) -> Pixels | None:
    if array.shape[2] <= channels or _alpha_kind(page) not in (_PREMULTIPLIED, _STRAIGHT):
        return None
    return array[..., channels : channels + 1]


def _straight(colour: Pixels, alpha: Pixels) -> Pixels:
    """Colours that were multiplied by their alpha, divided by it again; nothing is known where it is 0."""
    white = np.iinfo(colour.dtype).max
    result = np.empty_like(colour)
    for top in range(0, len(colour), _PIECE_ROWS):
        part = slice(top, top + _PIECE_ROWS)
        opacity = np.maximum(alpha[part].astype(np.uint32), 1)
        result[part] = np.minimum((colour[part].astype(np.uint32) * white + opacity // 2) // opacity, white)
    return result


def _looked_up(places: Pixels, colormap: Any) -> Pixels:
    """Palette colours as 8 bit, unless the palette uses more (tables of 8-bit programs are multiples of 257 or 256)."""
    table = np.ascontiguousarray(np.asarray(colormap, np.uint16).T)
    if (table % 257 == 0).all() or (table % 256 == 0).all():
        table = (table >> 8).astype(np.uint8)
    return table.take(places, 0, mode="clip")


def metadata_of(data: bytes) -> Metadata:
    """What the file in `data` says of its picture, which is not decoded."""
    return _metadata(BytesIO(data))


def _metadata(file: BinaryIO) -> Metadata:
    tags = TagFile(file)
    main = tags.directory(tags.first)
    texts = {tag: main.entries[tag].data for tag in (_ICC, _XMP) if tag in main.entries}
    return Metadata("tiff", texts.get(_ICC), exif.from_tiff(tags, main), texts.get(_XMP), exif.dpi_in(tags, main))


def _add_tags(file: BytesIO, metadata: Metadata) -> None:
    """What tifffile cannot write: the tags of EXIF with the directories they point to; ICC and XMP come the same way."""
    tags = TagFile(file)
    main = tags.directory(tags.first)
    added = exif.into_tiff(metadata.exif, tags)
    for tag, kind, data in ((_ICC, UNDEFINED, metadata.icc), (_XMP, BYTE, metadata.xmp)):
        if data is not None:
            added[tag] = Entry(kind, len(data), data)
    if added:
        tags.begin_with(tags.append({**main.entries, **added}, main.following))
