"""The way in: content decides, every bad file gives one clear sentence, and orientation is applied once in every format."""

from __future__ import annotations

import os
import subprocess
import sys
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
import tifffile
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from engine import codecs
from engine.codecs import decoded
from engine.codecs.ifd import LONG, TagFile
from engine.errors import FormatUnsupported, OutOfMemory, PhotoMissing, PhotoTooLarge, PhotoUnreadable
from engine.photo import Metadata, Photo
from tests.engine import icc_files
from tests.engine.codecs.samples import HEIGHT, WIDTH, XMP, exif_block, photo, picture, said, saved

ROOT = Path(__file__).resolve().parents[3]
FORMATS = ["jpeg", "png", "webp", "tiff"]
CLOSE = {"jpeg": 3, "webp": 9, "png": 0, "tiff": 0}
"""How many of 255 a smooth picture may change by in each format."""


def upside(pixels: np.ndarray, orientation: int) -> np.ndarray:
    """How a camera held that way stores an upright picture: EXIF's words, from Pillow's table, the other way round."""
    turns = {
        2: Image.Transpose.FLIP_LEFT_RIGHT, 3: Image.Transpose.ROTATE_180, 4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE, 6: Image.Transpose.ROTATE_90, 7: Image.Transpose.TRANSVERSE, 8: Image.Transpose.ROTATE_270,
    }  # fmt: skip
    return pixels if orientation == 1 else np.asarray(Image.fromarray(pixels).transpose(turns[orientation]))


def stored(pixels: np.ndarray, format: str, exif: bytes | None = None, xmp: bytes = b"") -> bytes:
    """A file by Pillow, which knows nothing of our codecs."""
    file = BytesIO()
    words = {"exif": b"Exif\0\0" + exif} if exif else {}
    if xmp and format != "png":
        words["xmp"] = xmp
    Image.fromarray(pixels).save(file, format.upper(), quality=95, **words)
    return file.getvalue()


@settings(max_examples=30, deadline=None)
@given(
    st.sampled_from(FORMATS),
    st.integers(1, 8),
    st.integers(2, 40),
    st.integers(2, 40),
    st.booleans(),
)
def test_orientation_is_applied_once(tmp_path_factory, format, orientation, height, width, thumbnail):
    """What was stored turned comes out upright, says so, and reading its own result again changes nothing."""
    upright = picture(1, height=height, width=width).repeat(3, 2)
    data = stored(upside(upright, orientation), format, exif_block(orientation, thumbnail=thumbnail))
    folder = tmp_path_factory.mktemp("turned")
    once = codecs.read(saved(folder, "photo", data))
    assert once.pixels.shape == (height, width, 3)
    assert np.abs(once.pixels.astype(int) - upright).max() <= CLOSE[format] * 3
    assert said(once.metadata.exif)["orientation"] == 1
    if format != "tiff":  # Pillow does not put the pixel sizes of the EXIF directory into TIFF files
        assert said(once.metadata.exif)["size"] == (width, height)
    again = codecs.read(saved(folder, "again", codecs.encode(once, "png", 90, Path("again"))))
    np.testing.assert_array_equal(again.pixels, once.pixels)


def test_orientation_also_turns_alpha_and_16_bits_and_dots_an_inch(tmp_path):
    turned = photo(3, np.uint16, alpha=True, dpi=(300.0, 150.0))
    data = codecs.encode(turned, "png", 90, Path("x"))
    block = exif_block(6)
    from engine.codecs.png import _chunk

    data = data[:33] + _chunk(b"eXIf", block) + data[33:]
    upright = codecs.read(saved(tmp_path, "turned.png", data))
    assert turned.alpha is not None and upright.alpha is not None
    np.testing.assert_array_equal(upright.pixels, np.rot90(turned.pixels, -1))
    np.testing.assert_array_equal(upright.alpha, np.rot90(turned.alpha, -1))
    assert upright.metadata.dpi == (150.0, 300.0)


def test_xmp_says_the_orientation_where_exif_does_not(tmp_path):
    xmp = XMP.replace(b"<dc:title>", b"<tiff:Orientation>3</tiff:Orientation><dc:title>")
    upright = picture(3)
    path = saved(tmp_path, "photo.jpg", stored(upside(upright, 3), "jpeg", None, xmp))
    found = codecs.read(path)
    assert np.abs(found.pixels.astype(int) - upright).max() <= 9
    assert found.metadata.xmp is not None and b"<tiff:Orientation>1<" in found.metadata.xmp


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("name", ["a.jpg", "b.PNG", "c.tif", "d.webp", "e", "f.txt"])
def test_the_name_says_nothing(tmp_path, format, name):
    path = saved(tmp_path, name, stored(picture(3), format))
    assert codecs.sniff(path) == format
    found = codecs.read(path)
    assert found.metadata.format == format and found.pixels.shape == (HEIGHT, WIDTH, 3)


BAD = {
    "empty.jpg": (b"", PhotoUnreadable, "it is empty"),
    "text.jpg": (b"Dear grandmother, here are the photos. " * 9, PhotoUnreadable, "damaged or not a photo"),
    "short.jpg": (b"\xff\xd8\xff", PhotoUnreadable, "damaged or not a photo"),
    "header.png": (b"\x89PNG\r\n\x1a\n", PhotoUnreadable, "damaged or not a photo"),
    "header.tif": (b"II*\0\x08\0\0\0", PhotoUnreadable, "damaged or not a photo"),
    "header.webp": (b"RIFF\x20\0\0\0WEBPVP8 ", PhotoUnreadable, "damaged or not a photo"),
    "gif.jpg": (b"GIF89a" + bytes(50), FormatUnsupported, "a GIF picture"),
    "bmp.jpg": (b"BM\x9a\x01\0\0\0\0\0\0\x36\0\0\0", FormatUnsupported, "a BMP picture"),
    "psd.jpg": (b"8BPS\0\1" + bytes(50), FormatUnsupported, "a Photoshop document"),
    "pdf.jpg": (b"%PDF-1.7\n", FormatUnsupported, "a PDF document"),
    "heic.jpg": (b"\0\0\0\x18ftypheic\0\0\0\0", FormatUnsupported, "a HEIC photo"),
    "mif1.jpg": (b"\0\0\0\x18ftypmif1\0\0\0\0", FormatUnsupported, "a HEIC photo"),
    "avif.jpg": (b"\0\0\0\x18ftypavif\0\0\0\0", FormatUnsupported, "an AVIF picture"),
    "film.jpg": (b"\0\0\0\x18ftypmp42\0\0\0\0", FormatUnsupported, "a film"),
    "raf.jpg": (b"FUJIFILMCCD-RAW 0201", FormatUnsupported, "a RAW photo"),
    "cr2.tif": (b"II*\0\x10\0\0\0CR\2\0" + bytes(50), FormatUnsupported, "a RAW photo"),
    "cr3.jpg": (b"\0\0\0\x18ftypcrx \0\0\0\0", FormatUnsupported, "a RAW photo"),
    "jxl.jpg": (b"\xff\x0a" + bytes(50), FormatUnsupported, "a JPEG XL picture"),
    "jp2.jpg": (b"\0\0\0\x0cjP  \r\n\x87\n", FormatUnsupported, "a JPEG 2000 picture"),
    "svg.png": (b'<?xml version="1.0"?>\n<svg xmlns="x"/>', FormatUnsupported, "a drawing"),
    "zip.jpg": (b"PK\3\4" + bytes(50), FormatUnsupported, "a ZIP archive"),
}


@pytest.mark.parametrize("name", BAD)
@pytest.mark.parametrize("reader", [codecs.read, lambda path: codecs.read_preview(path, 100)], ids=["read", "preview"])
def test_what_is_no_photo_gives_one_clear_sentence(tmp_path, name, reader):
    data, kind, words = BAD[name]
    with pytest.raises(kind, match=words) as caught:
        reader(saved(tmp_path, name, data))
    assert name in caught.value.sentence
    assert "Error" not in str(caught.value), "nothing of a library's own words"


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("share", [0.3, 0.6, 0.95])
@pytest.mark.parametrize("reader", [codecs.read, lambda path: codecs.read_preview(path, 1000)], ids=["read", "preview"])
def test_a_cut_file_is_unreadable_and_never_half_grey(tmp_path, format, share, reader):
    noise = np.random.default_rng(3).integers(0, 256, (64, 64, 3), dtype=np.uint8)
    data = stored(noise, format)
    path = saved(tmp_path, "cut", data[: int(len(data) * share)])
    with pytest.raises(PhotoUnreadable):
        reader(path)


def test_what_is_not_there(tmp_path):
    with pytest.raises(PhotoMissing):
        codecs.read(tmp_path / "gone.jpg")
    saved(tmp_path, "file", b"")
    with pytest.raises(PhotoMissing):
        codecs.read(tmp_path / "file" / "photo.jpg")


def test_a_folder_is_no_photo(tmp_path):
    (tmp_path / "photo.jpg").mkdir()
    with pytest.raises(PhotoUnreadable, match="it is a folder"):
        codecs.read(tmp_path / "photo.jpg")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_a_pipe_is_no_photo_and_does_not_hang(tmp_path):
    os.mkfifo(tmp_path / "photo.jpg")
    with pytest.raises(PhotoUnreadable, match="it is not a file"):
        codecs.read(tmp_path / "photo.jpg")


def test_a_file_one_may_not_read(tmp_path, monkeypatch):
    """Asked of the system where it says no, which it does not do to root."""
    path = saved(tmp_path, "photo.jpg", stored(picture(3), "jpeg"))
    path.chmod(0)
    if os.access(path, os.R_OK):
        monkeypatch.setattr(Path, "open", lambda *args: (_ for _ in ()).throw(PermissionError(13, "Permission denied")))
    with pytest.raises(PhotoUnreadable, match="you may not read it"):
        codecs.read(path)


@pytest.mark.parametrize("format", ["jpeg", "png", "tiff"])
def test_too_many_pixels_are_refused_before_memory_is_taken(tmp_path, format):
    """Headers that promise 600 megapixels and more over a file of a few hundred bytes. (WebP cannot promise that much.)"""
    data = bytearray(stored(picture(1)[..., 0], format))
    if format == "jpeg":
        frame = data.index(b"\xff\xc0")
        data[frame + 5 : frame + 9] = (30000).to_bytes(2, "big") * 2
    elif format == "png":
        data[16:24] = (30000).to_bytes(4, "big") * 2
    else:
        file = BytesIO(data)
        tags = TagFile(file)
        entries = tags.directory(tags.first).entries
        tags.begin_with(tags.append({**entries, 256: tags.whole(LONG, 30000), 257: tags.whole(LONG, 30000)}))
        data = bytearray(file.getvalue())
    with pytest.raises(PhotoTooLarge, match="900 megapixels"):
        codecs.read(saved(tmp_path, "huge", bytes(data)))


def test_the_limit_is_500_megapixels(tmp_path):
    decoded.check_size(Path("photo"), 25000, 20000)
    with pytest.raises(PhotoTooLarge):
        decoded.check_size(Path("photo"), 25000, 20001)


def test_pillow_s_own_limit_is_left_alone(tmp_path):
    """A photo beyond Pillow's 89 megapixels is read (here as a preview), and the limit is what it was for everybody else."""
    limit = Image.MAX_IMAGE_PIXELS
    file = BytesIO()
    Image.new("L", (10000, 9500), 90).save(file, "JPEG", quality=20)
    preview = codecs.read_preview(saved(tmp_path, "large.jpg", file.getvalue()), 100)
    assert (preview.width, preview.height) == (100, 95)
    assert limit == Image.MAX_IMAGE_PIXELS


def test_no_memory_is_told_as_that(tmp_path, monkeypatch):
    def none_left(data: bytes, path: Path) -> None:
        raise MemoryError

    monkeypatch.setattr(codecs.png, "decode", none_left)
    with pytest.raises(OutOfMemory, match=r"photo\.png"):
        codecs.read(saved(tmp_path, "photo.png", stored(picture(3), "png")))


def test_a_useless_profile_is_dropped_and_counts_as_srgb(tmp_path):
    """Broken, absurd, or made for another kind of pixels: what is written later must not carry it on."""
    for number, icc in enumerate([b"x" * 300, icc_files.absurd(), icc_files.grey(1.0)]):
        path = saved(tmp_path, f"{number}.png", codecs.encode(photo(3, icc=icc), "tiff", 90, Path("x")))
        found = codecs.read(path)
        assert found.metadata.icc is None
        np.testing.assert_array_equal(found.pixels, picture(3))


def test_a_scanner_profile_that_cannot_hold_results_is_applied(tmp_path):
    from engine.color import to_srgb

    scan = photo(3, np.uint16, icc=icc_files.scanner())
    found = codecs.read(saved(tmp_path, "scan.tif", codecs.encode(scan, "tiff", 90, Path("x"))))
    assert found.metadata.icc is None and found.pixels.dtype == np.uint16
    np.testing.assert_allclose(found.pixels / 65535, to_srgb(scan), atol=1e-4)


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("side", [20, 33, 1000])
def test_a_preview_is_small_upright_and_8_bit(tmp_path, format, side):
    depth = np.uint8
    tall = photo(3, depth, exif=exif_block())
    data = stored(upside(tall.pixels, 6), format, exif_block(6))
    preview = codecs.read_preview(saved(tmp_path, "photo", data), side)
    scale = min(1, side / WIDTH)
    assert (preview.height, preview.width) == (round(HEIGHT * scale), round(WIDTH * scale))
    assert preview.pixels.dtype == np.uint8
    expected = np.asarray(
        Image.fromarray(tall.pixels).resize((preview.width, preview.height), Image.Resampling.BILINEAR)
    )
    assert np.abs(preview.pixels.astype(int) - expected).max() <= 12


@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.parametrize("alpha", [False, True])
def test_a_preview_keeps_channels_alpha_and_space(tmp_path, channels, alpha):
    icc = icc_files.grey(1.8) if channels == 1 else icc_files.adobe_rgb()
    whole = photo(channels, np.uint16, alpha, icc=icc)
    preview = codecs.read_preview(saved(tmp_path, "photo.png", codecs.encode(whole, "png", 90, Path("x"))), 24)
    assert preview.pixels.shape == (16, 24, channels) and preview.pixels.dtype == np.uint8
    assert (preview.alpha is not None) == alpha and preview.metadata.icc == icc


def test_a_large_jpeg_s_preview_is_the_picture(tmp_path):
    """Decoded at an eighth: the same picture as shrinking the whole."""
    large = picture(3, height=800, width=1200)
    path = saved(tmp_path, "photo.jpg", stored(large, "jpeg"))
    preview = codecs.read_preview(path, 120)
    assert preview.pixels.shape == (80, 120, 3)
    expected = np.asarray(Image.fromarray(large).resize((120, 80), Image.Resampling.BOX)).astype(int)
    assert np.abs(preview.pixels - expected).max() <= 4


@settings(max_examples=50, deadline=None)
@given(st.sampled_from(FORMATS), st.data())
def test_a_damaged_file_is_a_photo_or_a_sentence(tmp_path_factory, format, data):
    """Bytes overwritten anywhere: never anything but a Photo or one of our errors."""
    from engine.errors import EngineError

    content = bytearray(codecs.encode(SAMPLE, format, 90, Path("x")))
    for place in data.draw(st.lists(st.integers(0, len(content) - 1), min_size=1, max_size=6)):
        content[place] = data.draw(st.integers(0, 255))
    path = saved(tmp_path_factory.getbasetemp(), "damaged", bytes(content))
    for reader in (codecs.read, lambda path: codecs.read_preview(path, 10)):
        try:
            assert isinstance(reader(path), Photo)
        except EngineError as error:
            assert error.sentence


SAMPLE = photo(3, icc=icc_files.adobe_rgb(), exif=exif_block(), xmp=XMP, dpi=(300.0, 300.0))


def test_nothing_is_printed_about_odd_words(tmp_path):
    """tifffile and libpng warn of such; in a program of its own, since pytest catches what is logged."""
    scan, drawing = tmp_path / "scan.tif", tmp_path / "drawing.png"
    tifffile.imwrite(scan, picture(3), photometric="rgb", description="a" * 100, metadata=None)
    with scan.open("r+b") as file:
        tags = TagFile(file)
        tags.overwrite(tags.directory(tags.first).entries[270].head + 8, b"\xff\xff\xff\x7f")
    Image.fromarray(picture(3)).save(drawing, icc_profile=b"x" * 200)
    code = (
        "import sys; sys.path.insert(0, sys.argv[1]); from pathlib import Path; from engine import codecs\n"
        "for path in sys.argv[2:]: print(codecs.read(Path(path)).width)"
    )
    command = [sys.executable, "-B", "-c", code, str(ROOT), str(scan), str(drawing)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert (done.stdout.split(), done.stderr) == ([str(WIDTH)] * 2, "")


def test_suffixes():
    assert {codecs.suffix_of(format) for format in FORMATS} == {".jpg", ".png", ".webp", ".tif"}
    assert {".jpeg", ".jpg", ".tiff", ".tif", ".png", ".webp"} <= codecs.READABLE
    with pytest.raises(ValueError, match="gif"):
        codecs.suffix_of("gif")


def test_what_a_photo_without_words_says(tmp_path):
    assert codecs.read(saved(tmp_path, "photo.png", stored(picture(3), "png"))).metadata == Metadata("png")
