"""What a file is, by its first bytes; its name says nothing reliable."""

from __future__ import annotations

import re
from pathlib import Path

from engine.errors import FormatUnsupported, PhotoUnreadable

HEAD_BYTES = 64

_READABLE = (
    ("jpeg", rb"\xff\xd8\xff"),
    ("png", rb"\x89PNG\r\n\x1a\n"),
    ("webp", rb"RIFF....WEBP"),
)
_TIFF = re.compile(rb"II[*+]\0|MM\0[*+]", re.DOTALL)
_KNOWN_OTHERS = (
    ("a GIF picture", rb"GIF8[79]a"),
    ("a BMP picture", rb"BM....\0\0\0\0"),
    ("a Photoshop document", rb"8BPS"),
    ("a PDF document", rb"%PDF-"),
    ("a HEIC photo", rb"....ftyp(hei[cxms]|hev[cxms]|mif1|msf1)"),
    ("an AVIF picture", rb"....ftypavi[fs]"),
    ("a RAW photo from a camera", rb"....ftypcrx "),
    ("a RAW photo from a camera", rb"FUJIFILMCCD-RAW|II(RO|RS|U\0)|MMOR|FOVb|\0MRM|II[*]\0.{4}CR|II\x1a\0\0\0HEAPCCDR"),
    ("a film", rb"....ftyp|RIFF....AVI |\x1a\x45\xdf\xa3"),
    ("a JPEG XL picture", rb"\xff\x0a|\0\0\0\x0cJXL \r\n\x87\n"),
    ("a JPEG 2000 picture", rb"\0\0\0\x0cjP  \r\n\x87\n|\xff\x4f\xff\x51"),
    ("a GIMP document", rb"gimp xcf "),
    ("an OpenEXR picture", rb"v/1\x01"),
    ("a Radiance picture", rb"#\?RADIANCE|#\?RGBE"),
    ("a PNM picture", rb"P[1-7]\s"),
    ("an icon", rb"\0\0\x01\0.\0"),
    ("a DjVu document", rb"AT&TFORM"),
    ("a drawing (SVG)", rb"(\xef\xbb\xbf)?\s*(<\?xml[^>]*>\s*)?<svg"),
    ("a ZIP archive", rb"PK\x03\x04"),
)


def family_of(head: bytes, path: Path) -> str:
    """The family "jpeg", "png", "webp" or "tiff" for the first HEAD_BYTES of a file.

    Raises:
        FormatUnsupported: a format we know by name and cannot read.
        PhotoUnreadable: empty, or nothing we know.
    """
    if not head:
        raise PhotoUnreadable(path, "it is empty", "Copy it again from where it came from.")
    for family, pattern in _READABLE:
        if re.match(pattern, head, re.DOTALL):
            return family
    for what, pattern in _KNOWN_OTHERS:
        if re.match(pattern, head, re.DOTALL):
            raise FormatUnsupported(path, what)
    if _TIFF.match(head):
        return "tiff"
    raise PhotoUnreadable(path, "it is damaged or not a photo", "Autochrome reads JPEG, PNG, WebP and TIFF.")
