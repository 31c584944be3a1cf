"""PNG of every kind, and words in chunks old and new."""

from __future__ import annotations

import struct
import zlib
from io import BytesIO

import imagecodecs
import numpy as np
import pytest
from PIL import Image, PngImagePlugin

from engine import codecs
from engine.codecs.png import _chunk
from engine.errors import PhotoUnreadable
from tests.engine import icc_files
from tests.engine.codecs.samples import CAMERA, HEIGHT, WIDTH, XMP, exif_block, picture, said, saved


def png(image: Image.Image, **options: object) -> bytes:
    file = BytesIO()
    image.save(file, "PNG", **options)
    return file.getvalue()


def with_chunk(data: bytes, kind: bytes, body: bytes) -> bytes:
    return data[:33] + _chunk(kind, body) + data[33:]


def by_hand(pixels: np.ndarray, bits: int, kind: int, *, interlaced: bool = False) -> bytes:
    """A PNG whose rows are packed here: (H, W) values of `bits` each, or (H, W, C) bytes."""

    def rows(part: np.ndarray) -> bytes:
        if bits < 8:
            places = (part[..., None] >> np.arange(bits - 1, -1, -1)) & 1
            return b"".join(b"\0" + np.packbits(row.ravel()).tobytes() for row in places)
        return b"".join(b"\0" + row.tobytes() for row in part)

    passes = [(0, 0, 8, 8), (0, 4, 8, 8), (4, 0, 8, 4), (0, 2, 4, 4), (2, 0, 4, 2), (0, 1, 2, 2), (1, 0, 2, 1)]
    parts = [pixels[top::down, left::across] for top, left, down, across in passes] if interlaced else [pixels]
    data = b"".join(rows(part) for part in parts if part.size)
    head = struct.pack(">IIBBBBB", pixels.shape[1], pixels.shape[0], bits, kind, 0, 0, int(interlaced))
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", head) + _chunk(b"IDAT", zlib.compress(data)) + _chunk(b"IEND", b"")


@pytest.mark.parametrize("bits", [1, 2, 4])
def test_few_bits_of_grey_are_spread_over_eight(tmp_path, bits):
    values = np.random.default_rng(0).integers(0, 1 << bits, (9, 13), dtype=np.uint8)
    found = codecs.read(saved(tmp_path, "photo.png", by_hand(values, bits, 0)))
    np.testing.assert_array_equal(found.pixels[..., 0], values * (255 // ((1 << bits) - 1)))


def test_interlaced(tmp_path):
    found = codecs.read(saved(tmp_path, "photo.png", by_hand(picture(3), 8, 2, interlaced=True)))
    np.testing.assert_array_equal(found.pixels, picture(3))


def test_one_bit_by_pillow(tmp_path):
    image = Image.fromarray(picture(1)[..., 0] > 100)
    found = codecs.read(saved(tmp_path, "photo.png", png(image)))
    np.testing.assert_array_equal(found.pixels[..., 0], np.asarray(image) * np.uint8(255))


@pytest.mark.parametrize("colours", [2, 4, 16, 200])
def test_a_palette_becomes_rgb(tmp_path, colours):
    image = Image.fromarray(picture(3)).quantize(colours)
    found = codecs.read(saved(tmp_path, "photo.png", png(image)))
    np.testing.assert_array_equal(found.pixels, np.asarray(image.convert("RGB")))
    assert found.alpha is None


def test_a_palette_with_transparency(tmp_path):
    image = Image.fromarray(picture(3)).quantize(16)
    found = codecs.read(saved(tmp_path, "photo.png", png(image, transparency=bytes([0, 100] + [255] * 14))))
    assert found.alpha is not None
    np.testing.assert_array_equal(found.pixels, np.asarray(image.convert("RGB")))
    np.testing.assert_array_equal(found.alpha, np.array([0, 100] + [255] * 14, np.uint8)[np.asarray(image)])


@pytest.mark.parametrize("channels", [1, 3])
def test_one_colour_that_is_transparent(tmp_path, channels):
    pixels = picture(channels)
    key = tuple(int(part) for part in pixels[3, 4])
    image = Image.fromarray(pixels if channels == 3 else pixels[..., 0])
    found = codecs.read(saved(tmp_path, "photo.png", png(image, transparency=key if channels == 3 else key[0])))
    np.testing.assert_array_equal(found.pixels, pixels)
    np.testing.assert_array_equal(found.alpha, np.where((pixels == key).all(-1), 0, 255))


@pytest.mark.parametrize("channels", [1, 2, 3, 4])
def test_sixteen_bits_of_every_kind(tmp_path, channels):
    """Pillow would open three of the four as 8 bit without a word."""
    values = np.random.default_rng(0).integers(0, 65536, (HEIGHT, WIDTH, channels), dtype=np.uint16)
    found = codecs.read(saved(tmp_path, "photo.png", imagecodecs.png_encode(values)))
    colours = channels - (channels + 1) % 2
    np.testing.assert_array_equal(found.pixels, values[..., :colours])
    assert (found.alpha is None) == (channels % 2 == 1)
    if found.alpha is not None:
        np.testing.assert_array_equal(found.alpha, values[..., -1])


@pytest.mark.parametrize("packed", [False, True])
def test_xmp_by_others(tmp_path, packed):
    info = PngImagePlugin.PngInfo()
    info.add_itxt("XML:com.adobe.xmp", XMP.decode(), "en", "XMP", zip=packed)
    found = codecs.read(saved(tmp_path, "photo.png", png(Image.fromarray(picture(3)), pnginfo=info)))
    assert found.metadata.xmp == XMP


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("keyword", ["Raw profile type exif", "Raw profile type APP1"])
def test_exif_as_imagemagick_hid_it(tmp_path, packed, keyword):
    block = b"Exif\0\0" + exif_block(6)
    digits = block.hex()
    lines = "\n".join(digits[at : at + 72] for at in range(0, len(digits), 72))
    info = PngImagePlugin.PngInfo()
    info.add_text(keyword, f"\nexif\n{len(block):8}\n{lines}\n", zip=packed)
    found = codecs.read(saved(tmp_path, "photo.png", png(Image.fromarray(picture(3)), pnginfo=info)))
    assert said(found.metadata.exif)["camera"] == CAMERA
    assert (found.height, found.width) == (WIDTH, HEIGHT), "and it was turned"


def test_a_profile_that_is_packed_beyond_reason_is_not_unpacked(tmp_path):
    bomb = zlib.compress(bytes((1 << 26) + 1), 1)
    data = with_chunk(png(Image.fromarray(picture(3))), b"iTXt", b"XML:com.adobe.xmp\0\1\0\0\0" + bomb)
    assert codecs.read(saved(tmp_path, "photo.png", data)).metadata.xmp is None


@pytest.mark.parametrize("kind", [b"iCCP", b"iTXt", b"zTXt", b"eXIf", b"pHYs"])
def test_broken_words_do_no_harm_to_the_picture(tmp_path, kind):
    bodies = {b"iTXt": b"XML:com.adobe.xmp\0\1\0", b"zTXt": b"Raw profile type exif\0\0rubbish"}
    data = with_chunk(png(Image.fromarray(picture(3))), kind, bodies.get(kind, b"rubbish"))
    np.testing.assert_array_equal(codecs.read(saved(tmp_path, "photo.png", data)).pixels, picture(3))


def test_a_profile_by_pillow(tmp_path):
    data = png(Image.fromarray(picture(3)), icc_profile=icc_files.adobe_rgb(), dpi=(72, 72))
    found = codecs.read(saved(tmp_path, "photo.png", data))
    assert found.metadata.icc == icc_files.adobe_rgb() and found.metadata.dpi == (72, 72)


def test_a_broken_middle_is_unreadable(tmp_path):
    data = bytearray(png(Image.fromarray(picture(3))))
    data[len(data) // 2] ^= 0xFF
    with pytest.raises(PhotoUnreadable):
        codecs.read(saved(tmp_path, "photo.png", bytes(data)))
