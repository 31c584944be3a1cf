"""EXIF blocks: which way up, how many dots an inch, and made true again after pixels were turned or changed in size."""

from __future__ import annotations

from contextlib import suppress
from io import BytesIO
from typing import BinaryIO, Literal

from engine.codecs.ifd import EXIF, GPS, SHORT, Directory, Entry, NoTags, TagFile, copied

ORIENTATION, X_RESOLUTION, Y_RESOLUTION, RESOLUTION_UNIT = 274, 282, 283, 296
THUMBNAIL_PLACE, THUMBNAIL_LENGTH = 513, 514
PREFIX = b"Exif\0\0"

DESCRIPTIVE = frozenset(
    [269, 270, 271, 272, 285, 305, 306, 315, 316, 18246, 18249, 33432, 40091, 40092, 40093, 40094, 40095, EXIF, GPS]
)
"""The tags of a first directory that speak of the picture, not of how its pixels lie in the file: names, maker, dates, artist,
copyright, rating, Windows' titles, and the places of EXIF and GPS."""

_WIDTHS, _HEIGHTS = (256, 40962), (257, 40963)
_CENTIMETRES = 3
_CM_PER_INCH = 2.54


def without_prefix(exif: bytes | None) -> bytes | None:
    """The TIFF structure alone; some files carry JPEG's prefix where it does not belong."""
    return exif.removeprefix(PREFIX) if exif else None


def orientation_of(exif: bytes | None) -> int | None:
    """1..8, or None where the block does not say."""
    try:
        block, main = _main(exif)
    except NoTags:
        return None
    value = block.number(main.entries.get(ORIENTATION))
    return value if value in range(1, 9) else None


def dpi_of(exif: bytes | None) -> tuple[float, float] | None:
    """(x, y) dots per inch, or None where the block does not say."""
    try:
        block, main = _main(exif)
    except NoTags:
        return None
    return dpi_in(block, main)


def dpi_in(block: TagFile, main: Directory) -> tuple[float, float] | None:
    """The same of a directory that is at hand."""
    x = block.ratio(main.entries.get(X_RESOLUTION))
    y = block.ratio(main.entries.get(Y_RESOLUTION))
    unit = block.number(main.entries.get(RESOLUTION_UNIT)) or 2
    if x is None or y is None or unit not in (2, _CENTIMETRES):
        return None
    scale = _CM_PER_INCH if unit == _CENTIMETRES else 1.0
    return x * scale, y * scale


def renewed(exif: bytes | None, width: int, height: int) -> bytes | None:
    """`exif` for upright pixels of this size: Orientation 1, sizes that are there made true, the thumbnail gone.

    Everything else stays where it is, byte for byte. None for a block that cannot be read by anybody.
    """
    try:
        block, main = _main(exif)
    except NoTags:
        return None
    directories = [main]
    place = block.number(main.entries.get(EXIF))
    if place is not None:
        with suppress(NoTags):
            directories.append(block.directory(place))
    for directory in directories:
        values = {ORIENTATION: 1} | dict.fromkeys(_WIDTHS, width) | dict.fromkeys(_HEIGHTS, height)
        for tag in values.keys() & directory.entries.keys():
            block.set_number(directory.entries[tag], values[tag])
    return _without_thumbnail(block, main)


def with_dpi(exif: bytes | None, dpi: tuple[float, float]) -> bytes:
    """`exif` (or a new block) that says how many dots an inch; one that says so already stays."""
    if exif is not None and dpi_of(exif) is not None:
        return exif
    try:
        block, main = _main(exif)
    except NoTags:
        block, main = _empty("<"), Directory({}, 0, 0)
    said = {
        X_RESOLUTION: block.rational(dpi[0]),
        Y_RESOLUTION: block.rational(dpi[1]),
        RESOLUTION_UNIT: block.whole(SHORT, 2),
    }
    block.begin_with(block.append({**main.entries, **said}))
    return _bytes(block)


def with_more_dots(exif: bytes | None, times: int) -> bytes | None:
    """`exif` with `times` as many dots an inch (or centimetre) where it says how many; everything else stays byte for byte."""
    try:
        block, main = _main(exif)
    except NoTags:
        return exif
    for tag in (X_RESOLUTION, Y_RESOLUTION):
        if block.ratio(main.entries.get(tag)) is not None:
            block.multiply(main.entries[tag], times)
    return _bytes(block)


def from_tiff(tiff: TagFile, main: Directory) -> bytes | None:
    """An EXIF block of what a TIFF file says about its picture; None if it says nothing."""
    block = _empty(tiff.order)
    entries = copied(tiff, tiff.first, block, DESCRIPTIVE)
    orientation = main.entries.get(ORIENTATION)
    if orientation is not None:
        entries[ORIENTATION] = block.whole(SHORT, tiff.number(orientation) or 1)
    if not entries:
        return None
    block.begin_with(block.append(entries))
    return _bytes(block)


def into_tiff(exif: bytes | None, tiff: TagFile) -> dict[int, Entry]:
    """The entries a TIFF file's first directory gains from `exif`; what they point to is written to `tiff`."""
    try:
        block, _ = _main(exif)
    except NoTags:
        return {}
    return copied(block, block.first, tiff, DESCRIPTIVE)


def byte_order(exif: bytes | None) -> Literal["<", ">"]:
    """The order "<" or ">": values are copied as they are, so a TIFF file that takes them has the block's order."""
    return ">" if exif is not None and exif[:2] == b"MM" else "<"


def _main(exif: bytes | None) -> tuple[TagFile, Directory]:
    block = TagFile(BytesIO(exif or b""))
    if block.big:
        raise NoTags("EXIF blocks are classic TIFF")
    return block, block.directory(block.first)


def _empty(order: str) -> TagFile:
    return TagFile(BytesIO(b"II*\0\0\0\0\0" if order == "<" else b"MM\0*\0\0\0\0"))


def _without_thumbnail(block: TagFile, main: Directory) -> bytes:
    if main.following:
        try:
            small = block.directory(main.following).entries
        except NoTags:
            small = {}
        block.overwrite(main.following_place, b"\0\0\0\0")
        place, length = (block.number(small.get(tag)) for tag in (THUMBNAIL_PLACE, THUMBNAIL_LENGTH))
        if place and length:
            return _cleared(_bytes(block), place, length)
    return _bytes(block)


def _cleared(exif: bytes, place: int, length: int) -> bytes:
    """The old small picture cut off at the end, or overwritten where something follows it."""
    end = min(place + length, len(exif))
    if end == len(exif):
        return exif[:place]
    return exif[:place] + bytes(end - place) + exif[end:]


def _bytes(block: TagFile) -> bytes:
    file: BinaryIO = block.file
    assert isinstance(file, BytesIO)
    return file.getvalue()
