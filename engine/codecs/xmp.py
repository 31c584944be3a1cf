"""XMP packets: orientation and size made true again, and the two halves of a large one put together."""

from __future__ import annotations

import hashlib
import re

_NUMBER = rb"(?P<before>\b%s\s*(?:=\s*[\"']|>)\s*)(?P<value>\d+)"
_ORIENTATION = re.compile(_NUMBER % rb"tiff:Orientation")
_WIDTH = re.compile(_NUMBER % rb"(?:tiff:ImageWidth|exif:PixelXDimension)")
_RESOLUTION = re.compile(_NUMBER % rb"tiff:[XY]Resolution")
_HEIGHT = re.compile(_NUMBER % rb"(?:tiff:ImageLength|exif:PixelYDimension)")

_POINTER = (
    b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
    b'<rdf:Description rdf:about="" xmlns:xmpNote="http://ns.adobe.com/xmp/note/" xmpNote:HasExtendedXMP="%s"/>'
    b"</rdf:RDF></x:xmpmeta>"
)


def orientation_of(xmp: bytes | None) -> int | None:
    """1..8 as the packet says, or None; it counts only where there is no EXIF to ask."""
    found = _ORIENTATION.search(xmp) if xmp else None
    value = int(found["value"][:4]) if found else 0
    return value if value in range(1, 9) else None


def renewed(xmp: bytes | None, width: int, height: int) -> bytes | None:
    """`xmp` for upright pixels of this size; everything else stays byte for byte."""
    if not xmp:
        return None
    for pattern, value in ((_ORIENTATION, 1), (_WIDTH, width), (_HEIGHT, height)):
        xmp = pattern.sub(rb"\g<before>%d" % value, xmp)
    return xmp


def with_more_dots(xmp: bytes | None, times: int) -> bytes | None:
    """`xmp` with `times` as many dots an inch where it says how many ("300/1"); everything else stays byte for byte."""
    return xmp and _RESOLUTION.sub(lambda found: found["before"] + b"%d" % (int(found["value"]) * times), xmp)


def extended_split(xmp: bytes) -> tuple[bytes, bytes]:
    """What a JPEG's first XMP segment says when the packet is too large for it, and the digest that names the rest (XMP part 3)."""
    digest = _digest(xmp)
    return _POINTER % digest, digest


def extended_joined(main: bytes | None, more: dict[bytes, bytes]) -> bytes | None:
    """The whole packet. more: digest -> extended packet. One that says nothing but where the rest is, is replaced by the rest.

    A first packet with things of its own stays alone: merging two trees of others' words is not ours to do.
    """
    if main is None or not more:
        return main
    for digest, whole in more.items():
        if main.strip() == _POINTER % digest and _digest(whole) == digest:
            return whole
    return main


def _digest(xmp: bytes) -> bytes:
    return hashlib.md5(xmp, usedforsecurity=False).hexdigest().upper().encode("ascii")
