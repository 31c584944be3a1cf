"""The way out: nothing that a format can hold is lost, and what it cannot hold is said."""

from __future__ import annotations

from io import BytesIO
from itertools import product
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from engine import codecs
from engine.codecs.decoded import to_eight_bits
from engine.color import to_srgb
from engine.errors import FormatCannotHold, OutOfMemory
from engine.photo import Metadata, Photo
from tests.engine import icc_files
from tests.engine.codecs.samples import (
    CAMERA,
    DATE,
    HEIGHT,
    TITLE,
    WIDTH,
    XMP,
    exif_block,
    photo,
    picture,
    said,
    saved,
    second_directory,
)

FORMATS = ["jpeg", "png", "webp", "tiff"]
DEEP = {"png", "tiff"}
TARGET = Path("result.jpg")


def written_and_read(folder: Path, original: Photo, format: str) -> Photo:
    return codecs.read(saved(folder, f"photo{codecs.suffix_of(format)}", codecs.encode(original, format, 95, TARGET)))


@pytest.mark.parametrize("depth", [np.uint8, np.uint16])
@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.parametrize(("format", "alpha"), [*product(FORMATS, [False]), *product(["png", "webp", "tiff"], [True])])
def test_pixels_and_alpha_come_back(tmp_path, format, alpha, channels, depth):
    """Bit for bit where the format is lossless, else closely; 16 bits become 8 only where there is no room for them."""
    original = photo(channels, depth, alpha)
    found = written_and_read(tmp_path, original, format)
    if format in DEEP:
        np.testing.assert_array_equal(found.pixels, original.pixels)
        assert found.pixels.dtype == depth
        if original.alpha is not None:
            np.testing.assert_array_equal(found.alpha, original.alpha)
        return
    assert found.pixels.dtype == np.uint8
    assert np.abs(found.pixels.astype(int) - to_eight_bits(original.pixels)).max() <= {"jpeg": 4, "webp": 8}[format]
    if original.alpha is not None:
        np.testing.assert_array_equal(found.alpha, to_eight_bits(original.alpha))


@pytest.mark.parametrize(("source", "target"), list(product(FORMATS, FORMATS)))
@pytest.mark.parametrize("order", ["II", "MM"])
def test_words_go_from_every_format_into_every_other(tmp_path, source, target, order):
    """ICC, EXIF with its directories, XMP and dots an inch, read from one real file and written into the other."""
    block = exif_block()
    if block[:2] != order.encode():
        other = Image.Exif()
        other.load(block)
        other.endian = {"II": "<", "MM": ">"}[order]
        block = other.tobytes().removeprefix(b"Exif\0\0")
        assert block[:2] == order.encode()
    original = photo(3, icc=icc_files.adobe_rgb(), exif=block, xmp=XMP, dpi=(300.0, 300.0))
    found = written_and_read(tmp_path, written_and_read(tmp_path, original, source), target)
    assert found.metadata.format == target
    assert found.metadata.icc == icc_files.adobe_rgb()
    assert found.metadata.xmp == XMP
    assert found.metadata.dpi == pytest.approx((300, 300))
    words = said(found.metadata.exif)
    assert (words["title"], words["camera"], words["date"], words["north"]) == (TITLE, CAMERA, DATE, "N")
    assert words["latitude"] == (50.0, 56.0, 29.0)
    assert (words["orientation"], words["size"]) == (1, (WIDTH, HEIGHT))


@pytest.mark.parametrize("format", FORMATS)
def test_other_programs_read_the_same_words(tmp_path, format):
    """Pillow as the witness: profile, EXIF, XMP, dots an inch."""
    original = photo(3, icc=icc_files.adobe_rgb(), exif=exif_block(), xmp=XMP, dpi=(300.0, 300.0))
    with Image.open(BytesIO(codecs.encode(original, format, 95, TARGET))) as image:
        image.load()
        assert image.info["icc_profile"] == icc_files.adobe_rgb()
        exif = image.getexif()
        assert exif[271] == CAMERA and exif.get_ifd(34665)[36867] == DATE and exif.get_ifd(34853)[1] == "N"
        xmp = image.tag_v2[700] if format == "tiff" else image.info["XML:com.adobe.xmp" if format == "png" else "xmp"]
        assert (xmp.encode() if isinstance(xmp, str) else xmp) == XMP
        dpi = (exif[282], exif[283]) if format == "webp" else image.info["dpi"]
        assert tuple(float(part) for part in dpi) == pytest.approx((300, 300), abs=0.01)


@pytest.mark.parametrize("format", FORMATS)
def test_stale_words_are_renewed_on_the_way_out(tmp_path, format):
    """A step may have enlarged the photo since it was read; whoever made the Metadata may have left a thumbnail in."""
    stale = exif_block(6, thumbnail=True)
    xmp = XMP.replace(b"<dc:title>", b"<tiff:Orientation>6</tiff:Orientation><dc:title>")
    data = codecs.encode(photo(3, exif=stale, xmp=xmp), format, 95, TARGET)
    found = codecs.read(saved(tmp_path, "photo", data))
    assert (found.height, found.width) == (HEIGHT, WIDTH)
    assert said(found.metadata.exif)["size"] == (WIDTH, HEIGHT)
    assert found.metadata.exif is not None and not second_directory(found.metadata.exif)
    assert found.metadata.xmp is not None and b"<tiff:Orientation>1<" in found.metadata.xmp


@pytest.mark.parametrize("format", FORMATS)
def test_no_words_are_invented(tmp_path, format):
    found = written_and_read(tmp_path, photo(3), format)
    assert found.metadata == Metadata(format)


@pytest.mark.parametrize("depth", [np.uint8, np.uint16])
@pytest.mark.parametrize("format", FORMATS)
def test_a_grey_photo_in_its_own_space(tmp_path, format, depth):
    """Kept where the format has grey; WebP has none, so there it becomes sRGB of the same look."""
    original = photo(1, depth, icc=icc_files.grey(1.0))
    found = written_and_read(tmp_path, original, format)
    if format == "webp":
        assert found.metadata.icc is None and not found.has_one_channel
    else:
        assert found.metadata.icc == icc_files.grey(1.0) and found.has_one_channel
    assert np.abs(to_srgb(found) - to_srgb(original)).max() < 0.03


def test_sixteen_bits_are_rounded_to_eight_not_cut():
    """Every one of the 65,536 values to the nearest of 256."""
    every = np.arange(65536, dtype=np.uint16).reshape(256, 256)
    np.testing.assert_array_equal(to_eight_bits(every), np.rint(every / 257).astype(np.uint8))


@pytest.mark.parametrize(
    ("format", "height", "width", "words"),
    [
        ("webp", 2, 16384, "WebP holds at most 16383 pixels a side, and this photo has 16384 × 2"),
        ("webp", 16384, 2, "WebP holds at most 16383"),
        ("jpeg", 1, 65501, "JPEG holds at most 65500 pixels a side, and this photo has 65501 × 1"),
        ("png", 1, 1_000_001, "PNG holds at most a million"),
    ],
)
def test_a_side_too_long_is_said(format, height, width, words):
    strip = Photo(np.zeros((height, width, 1), np.uint8))
    with pytest.raises(FormatCannotHold, match=words) as caught:
        codecs.encode(strip, format, 90, TARGET)
    assert "result.jpg" in caught.value.sentence


@pytest.mark.parametrize(
    ("format", "width"), [("webp", 16383), ("jpeg", 65500), ("png", 1_000_000), ("tiff", 1_000_001)]
)
def test_a_side_just_short_enough_is_written(tmp_path, format, width):
    strip = Photo(np.full((1, width, 1), 90, np.uint8))
    assert written_and_read(tmp_path, strip, format).width == width


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("channels", [1, 3])
def test_one_pixel(tmp_path, format, channels):
    original = Photo(np.full((1, 1, channels), 90, np.uint8), None, Metadata(xmp=XMP, exif=exif_block()))
    found = written_and_read(tmp_path, original, format)
    assert found.pixels.shape[:2] == (1, 1) and abs(int(found.pixels[0, 0, 0]) - 90) <= 2


@pytest.mark.parametrize("depth", [np.uint8, np.uint16])
def test_jpeg_has_no_transparency(tmp_path, depth):
    """Real transparency is refused; an alpha channel that hides nothing is left out."""
    veiled = photo(3, depth, alpha=True)
    with pytest.raises(FormatCannotHold, match="transparency"):
        codecs.encode(veiled, "jpeg", 90, TARGET)
    opaque = Photo(veiled.pixels, np.full((HEIGHT, WIDTH), veiled.maximum, depth))
    found = written_and_read(tmp_path, opaque, "jpeg")
    assert found.alpha is None and found.pixels.shape == (HEIGHT, WIDTH, 3)


@pytest.mark.parametrize(("quality", "sampling"), [(95, [1, 1]), (90, [1, 1]), (89, [2, 2]), (50, [2, 2])])
def test_from_quality_90_on_jpeg_keeps_colour_at_full_size(quality, sampling):
    with Image.open(BytesIO(codecs.encode(photo(3), "jpeg", quality, TARGET))) as image:
        assert list(image.layer[0][1:3]) == sampling


@pytest.mark.parametrize("format", ["jpeg", "webp"])
def test_quality_is_a_choice(format):
    noise = Photo(np.random.default_rng(0).integers(0, 256, (64, 64, 3), dtype=np.uint8))
    sizes = [len(codecs.encode(noise, format, quality, TARGET)) for quality in (30, 60, 90)]
    assert sizes == sorted(sizes) and sizes[0] < sizes[2] * 0.6


def test_large_words_in_a_jpeg(tmp_path):
    """A profile of several segments and an XMP packet of several come back whole."""
    icc = icc_files.scanner(both_ways=True)
    padded = icc[:128] + icc[128:]
    long_xmp = XMP.replace(b"Grandmother", b"Grandmother " * 20000)
    original = photo(3, icc=padded, xmp=long_xmp)
    found = written_and_read(tmp_path, original, "jpeg")
    assert found.metadata.xmp == long_xmp
    data = codecs.encode(original, "jpeg", 90, TARGET)
    assert data.count(b"http://ns.adobe.com/xmp/extension/\0") == 4


def test_exif_too_large_for_a_jpeg_is_said():
    block = exif_block()
    from engine.codecs.ifd import UNDEFINED, Entry, TagFile

    file = BytesIO(block)
    tags = TagFile(file)
    main = tags.directory(tags.first)
    tags.begin_with(tags.append({**main.entries, 37500: Entry(UNDEFINED, 70000, bytes(70000))}))
    with pytest.raises(FormatCannotHold, match="EXIF"):
        codecs.encode(photo(3, exif=file.getvalue()), "jpeg", 90, TARGET)


def test_a_large_profile_in_a_jpeg(tmp_path, monkeypatch):
    """Profiles of printers are larger than a segment."""
    import struct

    icc = bytearray(icc_files.scanner(both_ways=True) + bytes(150_000))
    struct.pack_into(">I", icc, 0, len(icc))
    original = photo(3, icc=bytes(icc))
    found = written_and_read(tmp_path, original, "jpeg")
    assert found.metadata.icc == bytes(icc)


def test_no_memory_is_told_as_that(monkeypatch):
    def none_left(photo: Photo) -> bytes:
        raise MemoryError

    monkeypatch.setattr(codecs.tiff, "encode", none_left)
    with pytest.raises(OutOfMemory, match=r"result\.jpg"):
        codecs.encode(photo(3), "tiff", 90, TARGET)


def test_a_format_that_is_not_written():
    with pytest.raises(ValueError, match="gif"):
        codecs.encode(photo(3), "gif", 90, TARGET)


@settings(max_examples=30, deadline=None)
@given(
    st.sampled_from(["png", "tiff"]),
    st.integers(1, 70),
    st.integers(1, 70),
    st.sampled_from([1, 3]),
    st.booleans(),
    st.data(),
)
def test_lossless_at_any_size(tmp_path_factory, format, height, width, channels, alpha, data):
    depth = data.draw(st.sampled_from([np.uint8, np.uint16]))
    random = np.random.default_rng(height * 100 + width)
    values = random.integers(0, np.iinfo(depth).max + 1, (height, width, channels + 1), dtype=depth)
    original = Photo(values[..., :channels], values[..., -1] if alpha else None)
    found = written_and_read(tmp_path_factory.getbasetemp(), original, format)
    np.testing.assert_array_equal(found.pixels, original.pixels)
    if alpha:
        np.testing.assert_array_equal(found.alpha, original.alpha)


def test_a_view_into_a_larger_photo_is_written(tmp_path):
    """Pixels need not lie in one piece of memory."""
    whole = picture(3, np.uint16)
    for format in FORMATS:
        found = written_and_read(tmp_path, Photo(whole[::-1, 3::2]), format)
        assert found.pixels.shape == (HEIGHT, (WIDTH - 2) // 2, 3)
