"""Photos, EXIF blocks and files for the tests of the codecs, made on the spot.

photo(channels, depth, alpha)      a smooth picture that JPEG and WebP keep closely, no two corners alike
exif_block(orientation)            camera, date, GPS, sizes, a thumbnail
XMP                                a packet with orientation and sizes
"""

from __future__ import annotations

import struct
from io import BytesIO
from pathlib import Path

import numpy as np

from engine.photo import Metadata, Photo

XMP = (
    b'<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/">'
    b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about=""'
    b' xmlns:tiff="http://ns.adobe.com/tiff/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/">'
    b"<dc:title>Grandmother</dc:title></rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end='w'?>"
)
TITLE, CAMERA, DATE = "Hochzeit 1934", "Voigtlaender", "2021:05:06 07:08:09"
WIDTH, HEIGHT = 48, 32


def picture(channels: int, depth: type = np.uint8, height: int = HEIGHT, width: int = WIDTH) -> np.ndarray:
    """(height, width, channels) smooth, every corner different."""
    down, across = np.mgrid[0:height, 0:width]
    planes = [0.1 + 0.7 * across / width, 0.1 + 0.7 * down / height, 0.8 - 0.3 * (down / height + across / width)]
    white = np.iinfo(depth).max
    grey = 0.1 + 0.5 * across / width + 0.3 * down / height
    values = np.stack(planes if channels == 3 else [grey], -1)
    return np.rint(values * white).astype(depth)


def photo(channels: int = 3, depth: type = np.uint8, alpha: bool = False, **metadata: object) -> Photo:
    pixels = picture(channels, depth)
    veil = None
    if alpha:
        veil = np.ascontiguousarray(picture(1, depth)[::-1, :, 0])
    return Photo(pixels, veil, Metadata(**metadata))  # type: ignore[arg-type]


def exif_block(orientation: int | None = None, *, thumbnail: bool = False, sizes: bool = True) -> bytes:
    """A block as cameras write it, by Pillow, without the JPEG prefix."""
    from PIL import Image

    exif = Image.Exif()
    if orientation is not None:
        exif[274] = orientation
    exif[270], exif[271] = TITLE, CAMERA
    inner = exif.get_ifd(34665)
    inner[36867] = DATE
    if sizes:
        inner[40962], inner[40963] = 11, 22
    exif.get_ifd(34853)[1] = "N"
    exif.get_ifd(34853)[2] = (50.0, 56.0, 29.0)
    block = exif.tobytes().removeprefix(b"Exif\0\0")
    return with_thumbnail(block) if thumbnail else block


def with_thumbnail(block: bytes) -> bytes:
    """`block` with a second directory that holds a small JPEG."""
    from engine.codecs.ifd import LONG, TagFile

    file = BytesIO(block)
    tags = TagFile(file)
    main = tags.directory(tags.first)
    small = BytesIO()
    from PIL import Image

    Image.new("RGB", (16, 16), "red").save(small, "JPEG")
    data = small.getvalue()
    directory_length = 2 + 12 * 2 + 4
    place = (len(block) + 1) // 2 * 2 + directory_length
    second = tags.append({513: tags.whole(LONG, place), 514: tags.whole(LONG, len(data))})
    tags.overwrite(place, data)
    tags.overwrite(main.following_place, tags.whole(LONG, second).data)
    return file.getvalue()


def said(block: bytes | None) -> dict[str, object]:
    """What a block says, as Pillow reads it: an independent witness."""
    from PIL import Image

    exif = Image.Exif()
    exif.load(block or b"")
    inner, gps = exif.get_ifd(34665), exif.get_ifd(34853)
    values = {
        "title": exif.get(270),
        "camera": exif.get(271),
        "orientation": exif.get(274, 1),
        "date": inner.get(36867),
    }
    values |= {"size": (inner.get(40962), inner.get(40963)), "north": gps.get(1), "latitude": gps.get(2)}
    return values


def second_directory(block: bytes) -> int:
    """Where a block says that the thumbnail's directory lies; 0 for nowhere."""
    order = "<" if block[:2] == b"II" else ">"
    (first,) = struct.unpack_from(order + "I", block, 4)
    (count,) = struct.unpack_from(order + "H", block, first)
    return int(struct.unpack_from(order + "I", block, first + 2 + 12 * count)[0])


def saved(folder: Path, name: str, data: bytes) -> Path:
    path = folder / name
    path.write_bytes(data)
    return path
