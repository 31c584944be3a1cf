"""JPEG: grey, RGB and CMYK, 8 and 12 bit; its segments are read and written here, its pixels by imagecodecs (libjpeg-turbo)."""

from __future__ import annotations

import re
import struct
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path

import numpy as np

from engine.codecs import exif
from engine.codecs.decoded import Decoded, check_size, joined, spread, to_eight_bits
from engine.codecs.xmp import extended_joined, extended_split
from engine.errors import FormatCannotHold, FormatUnsupported, PhotoUnreadable
from engine.photo import Metadata, Photo, Pixels
from engine.profiles import cmyk_to_srgb

LONGEST_SIDE_PX = 65500
"""The format could say 65535, but most programs (libjpeg) refuse to read more than this."""
FULL_COLOUR_FROM_QUALITY = 90
"""From this quality on colour is stored at full size (4:4:4), below it at half (4:2:0)."""

_SOI, _EOI, _SOS, _DHT, _JPG, _DAC = 0xD8, 0xD9, 0xDA, 0xC4, 0xC8, 0xCC
_ALONE = {0x01, *range(0xD0, 0xD8)}
_FRAMES = set(range(0xC0, 0xD0)) - {_DHT, _JPG, _DAC}
_HUFFMAN_FRAMES = {0xC0, 0xC1, 0xC2}
_ONE_PASS_FRAMES = {0xC0, 0xC1}
_NONSENSE = bytes(range(1, 250)) * 8
_NEXT_MARKER = re.compile(rb"\xff[\x01-\xcf\xd8-\xfe]")
_SEGMENT_BYTES = 65533
_ICC = b"ICC_PROFILE\0"
_XMP = b"http://ns.adobe.com/xap/1.0/\0"
_XMP_MORE = b"http://ns.adobe.com/xmp/extension/\0"
_XMP_MORE_HEAD = struct.Struct(">32sII")
_INCH, _CENTIMETRE = 1, 2


@dataclass
class _Segments:
    """What the markers say. whole: the picture's data goes on to its end marker. scanned: channels begun, over all scans."""

    frame: int = 0
    bits: int = 0
    height: int = 0
    width: int = 0
    channels: int = 0
    adobe: bool = False
    whole: bool = False
    scanned: int = 0
    dpi: tuple[float, float] | None = None
    exif: bytes | None = None
    xmp: bytes | None = None
    icc_parts: dict[int, bytes] = field(default_factory=dict)
    icc_count: int = 0
    more_xmp: dict[bytes, dict[int, bytes]] = field(default_factory=dict)


def decode(data: bytes, path: Path) -> Decoded:
    """The picture in `data`. Raises PhotoUnreadable, PhotoTooLarge, FormatUnsupported, or what the decoder raises."""
    import imagecodecs

    segments = _checked(data, path)
    if segments.channels == 4:
        ink = imagecodecs.jpeg8_decode(data, outcolorspace="CMYK")
        pixels = cmyk_to_srgb(_positive(ink, segments.adobe), _icc(segments))
        return Decoded(pixels, _metadata(segments, icc=None))
    pixels = spread(imagecodecs.jpeg8_decode(data), segments.bits)
    return Decoded(pixels, _metadata(segments, icc=_icc(segments)))


def metadata_of(data: bytes) -> Metadata:
    """What the file in `data` says of its picture, which is not decoded."""
    segments = _segments(data)
    return _metadata(segments, _icc(segments))


def decode_small(data: bytes, path: Path, long_side_px: int) -> Decoded | None:
    """The picture at 1/2, 1/4 or 1/8 of its size, not below `long_side_px`, in a fraction of the time; None for rare kinds."""
    from PIL import JpegImagePlugin

    segments = _checked(data, path)
    if segments.channels == 4 or segments.bits != 8:
        return None
    with JpegImagePlugin.JpegImageFile(BytesIO(data)) as image:
        scale = long_side_px / max(image.size)
        image.draft(None, (max(1, int(image.width * scale)), max(1, int(image.height * scale))))
        image.load()
        return Decoded(np.array(image), _metadata(segments, icc=_icc(segments)))


def encode(photo: Photo, quality: int, path: Path) -> bytes:
    """JPEG bytes of `photo`; 16 bits are rounded to 8.

    Raises:
        FormatCannotHold: a side over 65500 pixels, real transparency, or EXIF larger than a segment.
    """
    import imagecodecs

    if max(photo.width, photo.height) > LONGEST_SIDE_PX:
        raise FormatCannotHold(
            path,
            f"JPEG holds at most {LONGEST_SIDE_PX} pixels a side, and this photo has {photo.width} × {photo.height}",
        )
    if photo.alpha is not None and photo.alpha.min() < photo.maximum:
        raise FormatCannotHold(path, "JPEG has no transparency, and this photo has")
    opaque = Photo(photo.pixels, None, photo.metadata)
    data = imagecodecs.jpeg8_encode(
        joined(Photo(to_eight_bits(opaque.pixels), None, photo.metadata)),
        level=quality,
        subsampling="444" if quality >= FULL_COLOUR_FROM_QUALITY else "420",
        optimize=True,
    )
    start = 2 + 2 + struct.unpack_from(">H", data, 4)[0]  # behind the encoder's own JFIF segment
    return b"".join([b"\xff\xd8", *_head_segments(photo.metadata, path), memoryview(data)[start:]])


def _checked(data: bytes, path: Path) -> _Segments:
    segments = _segments(data)
    if not segments.channels:
        raise PhotoUnreadable(path)
    check_size(path, segments.width, segments.height)
    if segments.frame not in _HUFFMAN_FRAMES or segments.bits not in (8, 12) or segments.channels not in (1, 3, 4):
        raise FormatUnsupported(path, "a JPEG of a rare kind (lossless or arithmetic)")
    if not segments.whole:
        _complain_if_cut(data, segments, path)
    return segments


def _complain_if_cut(data: bytes, segments: _Segments, path: Path) -> None:
    """Without an end marker: is that all that is missing? The decoder fills up with grey and says nothing.

    A whole picture does not care what follows it, one that is cut makes something of it. So two endings are tried.
    """
    import imagecodecs

    one_pass = segments.frame in _ONE_PASS_FRAMES and segments.scanned == segments.channels
    if one_pass:
        endings = (data + ending + b"\xff\xd9" for ending in (b"", _NONSENSE))
        first, second = (imagecodecs.jpeg8_decode(ended) for ended in endings)
    if not one_pass or not np.array_equal(first, second):
        raise PhotoUnreadable(path, "it is damaged: it ends in the middle of the picture")


def _positive(ink: Pixels, adobe: bool) -> Pixels:
    """Ink with 0 = none: Adobe's programs, and all that follow them, store it the other way round."""
    return np.uint8(255) - ink if adobe else ink


def _metadata(segments: _Segments, icc: bytes | None) -> Metadata:
    dpi = segments.dpi or exif.dpi_of(segments.exif)
    return Metadata("jpeg", icc, segments.exif, extended_joined(segments.xmp, _more_xmp(segments)), dpi)


def _icc(segments: _Segments) -> bytes | None:
    parts = segments.icc_parts
    return b"".join(parts[n] for n in sorted(parts)) if parts and len(parts) == segments.icc_count else None


def _more_xmp(segments: _Segments) -> dict[bytes, bytes]:
    """Digest -> the extended packet, of those that are complete or look so."""
    return {digest: b"".join(parts[at] for at in sorted(parts)) for digest, parts in segments.more_xmp.items()}


def _segments(data: bytes) -> _Segments:
    """Walk the markers up to the end of the picture; trailers of cameras behind it are not looked at."""
    found = _Segments()
    at = 0
    while (marker := _NEXT_MARKER.search(data, at)) is not None:
        code, at = data[marker.start() + 1], marker.end()
        if code == _EOI:
            found.whole = True
            break
        if code == _SOI or code in _ALONE:
            continue
        length = int.from_bytes(data[at : at + 2], "big")
        _note(found, code, data[at + 2 : at + length])
        at += max(length, 2)
    return found


def _note(found: _Segments, code: int, body: bytes) -> None:
    """Remember what one segment says, if it is of interest."""
    if code in _FRAMES and len(body) >= 6 and not found.channels:
        found.frame = code
        found.bits, found.height, found.width, found.channels = struct.unpack_from(">BHHB", body)
    elif code == _SOS and body:
        found.scanned += body[0]
    elif code == 0xE0 and body.startswith(b"JFIF\0") and len(body) >= 12:
        unit, x, y = struct.unpack_from(">BHH", body, 7)
        if unit in (_INCH, _CENTIMETRE) and x and y:
            scale = 2.54 if unit == _CENTIMETRE else 1.0
            found.dpi = x * scale, y * scale
    elif code == 0xE1 and body.startswith(exif.PREFIX):
        found.exif = found.exif or exif.without_prefix(body)
    elif code == 0xE1 and body.startswith(_XMP):
        found.xmp = found.xmp or body.removeprefix(_XMP)
    elif code == 0xE1 and body.startswith(_XMP_MORE) and len(body) >= len(_XMP_MORE) + _XMP_MORE_HEAD.size:
        digest, _, offset = _XMP_MORE_HEAD.unpack_from(body, len(_XMP_MORE))
        found.more_xmp.setdefault(digest, {})[offset] = body[len(_XMP_MORE) + _XMP_MORE_HEAD.size :]
    elif code == 0xE2 and body.startswith(_ICC) and len(body) >= len(_ICC) + 2:
        number, found.icc_count = body[len(_ICC)], body[len(_ICC) + 1]
        found.icc_parts[number] = body[len(_ICC) + 2 :]
    elif code == 0xEE and body.startswith(b"Adobe"):
        found.adobe = True


def _head_segments(metadata: Metadata, path: Path) -> list[bytes]:
    x, y = (min(65535, max(1, round(part))) for part in metadata.dpi or (1, 1))
    unit = 0 if metadata.dpi is None else _INCH
    segments = [_segment(0xE0, b"JFIF\0\x01\x01" + struct.pack(">BHHBB", unit, x, y, 0, 0))]
    if metadata.exif is not None:
        if len(exif.PREFIX + metadata.exif) > _SEGMENT_BYTES:
            raise FormatCannotHold(path, "its EXIF data is larger than a JPEG can hold")
        segments.append(_segment(0xE1, exif.PREFIX + metadata.exif))
    if metadata.xmp is not None:
        segments += _xmp_segments(metadata.xmp)
    if metadata.icc is not None:
        room = _SEGMENT_BYTES - len(_ICC) - 2
        parts = [metadata.icc[at : at + room] for at in range(0, len(metadata.icc), room)]
        if len(parts) > 255:
            raise FormatCannotHold(path, "its colour profile is larger than a JPEG can hold")
        segments += [_segment(0xE2, _ICC + bytes([n, len(parts)]) + part) for n, part in enumerate(parts, 1)]
    return segments


def _xmp_segments(xmp: bytes) -> list[bytes]:
    if len(_XMP + xmp) <= _SEGMENT_BYTES:
        return [_segment(0xE1, _XMP + xmp)]
    main, digest = extended_split(xmp)
    room = _SEGMENT_BYTES - len(_XMP_MORE) - _XMP_MORE_HEAD.size
    return [_segment(0xE1, _XMP + main)] + [
        _segment(0xE1, _XMP_MORE + _XMP_MORE_HEAD.pack(digest, len(xmp), at) + xmp[at : at + room])
        for at in range(0, len(xmp), room)
    ]


def _segment(code: int, body: bytes) -> bytes:
    return bytes([0xFF, code]) + struct.pack(">H", len(body) + 2) + body
