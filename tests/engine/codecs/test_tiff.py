"""TIFF of the kinds that scanners and photo editors write, by tifffile and by Pillow (libtiff)."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
import tifffile
from PIL import Image, ImageCms

from engine import codecs
from engine.codecs import tiff
from engine.codecs.ifd import LONG, TagFile
from engine.errors import FormatUnsupported, PhotoUnreadable
from engine.photo import Metadata
from tests.engine import icc_files
from tests.engine.codecs.samples import CAMERA, DATE, HEIGHT, TITLE, WIDTH, exif_block, photo, picture, said

DEPTHS = [np.uint8, np.uint16]


@pytest.fixture
def path(tmp_path) -> Path:
    return tmp_path / "scan.tif"


@pytest.mark.parametrize("depth", DEPTHS)
@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.parametrize("compression", [None, "lzw", "zlib", "packbits", "zstd"])
@pytest.mark.parametrize("layout", [{}, {"tile": (16, 16)}, {"byteorder": ">"}, {"bigtiff": True}, {"rowsperstrip": 5}])
def test_every_usual_kind_comes_bit_for_bit(path, depth, channels, compression, layout):
    pixels = picture(channels, depth)
    predictor = compression in ("lzw", "zlib")
    stored = pixels if channels == 3 else pixels[..., 0]
    kind = "rgb" if channels == 3 else "minisblack"
    tifffile.imwrite(
        path, stored, photometric=kind, compression=compression, predictor=predictor, metadata=None, **layout
    )
    found = codecs.read(path)
    np.testing.assert_array_equal(found.pixels, pixels)
    assert found.pixels.dtype == depth and found.metadata.format == "tiff"


@pytest.mark.parametrize("depth", DEPTHS)
@pytest.mark.parametrize("tile", [None, (16, 16)])
def test_channels_one_after_the_other(path, depth, tile):
    planes = np.moveaxis(picture(3, depth), -1, 0)
    tifffile.imwrite(path, planes, photometric="rgb", planarconfig="separate", tile=tile, compression="zlib")
    np.testing.assert_array_equal(codecs.read(path).pixels, picture(3, depth))


@pytest.mark.parametrize("compression", ["raw", "tiff_lzw", "tiff_adobe_deflate", "packbits"])
@pytest.mark.parametrize("mode", ["L", "RGB", "RGBA", "P", "1", "LA"])
def test_by_pillow(path, mode, compression):
    image = Image.fromarray(picture(3)).convert(mode)
    image.save(path, compression=compression)
    found = codecs.read(path)
    expected = np.asarray(image.convert({"P": "RGB", "1": "L"}.get(mode, mode))).reshape(HEIGHT, WIDTH, -1)
    alpha = [] if found.alpha is None else [found.alpha[..., None]]
    np.testing.assert_array_equal(np.concatenate([found.pixels, *alpha], 2), expected)


@pytest.mark.parametrize("compression", ["group3", "group4", "tiff_ccitt"])
def test_fax_compression_of_black_and_white(path, compression):
    image = Image.fromarray(picture(1)[..., 0] > 100)
    image.save(path, compression=compression)
    np.testing.assert_array_equal(codecs.read(path).pixels[..., 0], np.asarray(image) * np.uint8(255))


@pytest.mark.parametrize("kind", ["rgb", "ycbcr"])
def test_jpeg_inside(path, kind):
    image = Image.fromarray(picture(3)).convert({"rgb": "RGB", "ycbcr": "YCbCr"}[kind])
    tifffile.imwrite(path, np.asarray(image), photometric=kind, compression="jpeg", compressionargs={"level": 95})
    assert np.abs(codecs.read(path).pixels.astype(int) - picture(3)).max() <= 8


def test_jpeg_inside_by_libtiff(path):
    Image.fromarray(picture(3)).save(path, compression="jpeg", quality=95)
    assert np.abs(codecs.read(path).pixels.astype(int) - picture(3)).max() <= 12


@pytest.mark.parametrize("depth", DEPTHS)
def test_white_is_zero(path, depth):
    white = np.iinfo(depth).max
    tifffile.imwrite(path, white - picture(1, depth)[..., 0], photometric="miniswhite")
    np.testing.assert_array_equal(codecs.read(path).pixels, picture(1, depth))


@pytest.mark.parametrize("kind", ["minisblack", "miniswhite"])
def test_one_bit(path, kind):
    bits = picture(1)[..., 0] > 100
    tifffile.imwrite(path, bits if kind == "minisblack" else ~bits, photometric=kind)
    np.testing.assert_array_equal(codecs.read(path).pixels[..., 0], bits * np.uint8(255))


@pytest.mark.parametrize("bits", [2, 4, 6, 10, 12, 14])
def test_odd_depths_are_spread_over_the_whole_range(path, bits):
    values = np.linspace(0, (1 << bits) - 1, HEIGHT * WIDTH).round().astype(np.uint8 if bits < 8 else np.uint16)
    tifffile.imwrite(path, values.reshape(HEIGHT, WIDTH), bitspersample=bits)
    found = codecs.read(path).pixels
    assert found.dtype == (np.uint8 if bits < 8 else np.uint16)
    assert (found.min(), found.max()) == (0, np.iinfo(found.dtype).max)
    assert (np.diff(found.ravel().astype(int)) >= 0).all()


@pytest.mark.parametrize(("scale", "depth"), [(257, np.uint8), (256, np.uint8), (251, np.uint16)])
def test_a_palette_is_as_deep_as_its_colours(path, scale, depth):
    places = picture(1)[..., 0]
    table = np.random.default_rng(0).integers(0, 256, (3, 256)).astype(np.uint16)
    tifffile.imwrite(path, places, photometric="palette", colormap=table * np.uint16(scale))
    expected = (table * np.uint16(scale if depth == np.uint16 else 1)).astype(depth).T[places]
    np.testing.assert_array_equal(codecs.read(path).pixels, expected)


@pytest.mark.parametrize("depth", DEPTHS)
def test_ink_becomes_srgb(path, depth):
    white = np.iinfo(depth).max
    ink = np.dstack([white - picture(3, depth), np.zeros((HEIGHT, WIDTH), depth)])
    tifffile.imwrite(path, ink, photometric="separated")
    found = codecs.read(path)
    np.testing.assert_array_equal(found.pixels, picture(3, depth))
    tifffile.imwrite(path, ink, photometric="separated", iccprofile=icc_files.cmyk())
    through_profile = codecs.read(path)
    assert through_profile.metadata.icc is None
    assert through_profile.pixels.mean() > found.pixels.mean()


@pytest.mark.parametrize("depth", DEPTHS)
def test_transparency_of_both_kinds(path, depth):
    """Straight as it is; premultiplied divided again, where there is enough left to divide."""
    white = np.iinfo(depth).max
    veiled = photo(3, depth, alpha=True)
    assert veiled.alpha is not None
    tifffile.imwrite(path, np.dstack([veiled.pixels, veiled.alpha]), photometric="rgb", extrasamples=["unassalpha"])
    straight = codecs.read(path)
    np.testing.assert_array_equal(straight.pixels, veiled.pixels)
    np.testing.assert_array_equal(straight.alpha, veiled.alpha)
    share = veiled.alpha[..., None] / white
    multiplied = np.rint(veiled.pixels * share).astype(depth)
    tifffile.imwrite(path, np.dstack([multiplied, veiled.alpha]), photometric="rgb", extrasamples=["assocalpha"])
    divided = codecs.read(path)
    np.testing.assert_allclose(divided.pixels, veiled.pixels, atol=0.5 / share.min() + 1)
    np.testing.assert_array_equal(divided.alpha, veiled.alpha)


def test_a_channel_that_is_no_transparency_is_left_out(path):
    tifffile.imwrite(path, np.dstack([picture(3), picture(1)]), photometric="rgb", extrasamples=["unspecified"])
    found = codecs.read(path)
    np.testing.assert_array_equal(found.pixels, picture(3))
    assert found.alpha is None


def test_of_many_pages_the_first(path):
    tifffile.imwrite(path, np.stack([picture(1)[..., 0], 255 - picture(1)[..., 0]]), photometric="minisblack")
    np.testing.assert_array_equal(codecs.read(path).pixels, picture(1))


@pytest.mark.parametrize(
    ("dtype", "words"),
    [("f4", "floating-point"), ("f2", "floating-point"), ("i2", "signed"), ("u4", "32 bits a channel")],
)
def test_numbers_that_are_no_photo_s_are_refused_by_name(path, dtype, words):
    tifffile.imwrite(path, picture(3).astype(dtype), photometric="rgb")
    with pytest.raises(FormatUnsupported, match=words):
        codecs.read(path)


def test_lab_and_plain_ycbcr_are_refused_by_name(path):
    lab = ImageCms.buildTransform(ImageCms.createProfile("sRGB"), ImageCms.createProfile("LAB"), "RGB", "LAB")
    ImageCms.applyTransform(Image.fromarray(picture(3)), lab).save(path)
    with pytest.raises(FormatUnsupported, match="Lab colour"):
        codecs.read(path)
    Image.fromarray(picture(3)).convert("YCbCr").save(path)
    with pytest.raises(FormatUnsupported, match="YCbCr colour"):
        codecs.read(path)


def test_a_camera_s_raw_is_refused_by_name(path):
    """DNG is TIFF with a version tag; others show a reduced picture first and the real one in a directory below."""
    tifffile.imwrite(path, picture(3), photometric="rgb", extratags=[(50706, 1, 4, b"\1\4\0\0", True)])
    with pytest.raises(FormatUnsupported, match="a RAW photo"):
        codecs.read(path)
    tifffile.imwrite(
        path,
        picture(1, np.uint16)[..., 0],
        photometric="cfa",
        extratags=[(33421, 3, 2, (2, 2), True), (33422, 1, 4, b"\0\1\1\2", True)],
    )
    with pytest.raises(FormatUnsupported, match="a RAW photo"):
        codecs.read(path)


@pytest.mark.parametrize("compression", [None, "zlib", "lzw"])
def test_a_file_without_its_end_is_unreadable(path, compression):
    """tifffile would fill the rest with black and say nothing."""
    noise = np.random.default_rng(0).integers(0, 65536, (64, 64, 3), dtype=np.uint16)
    tifffile.imwrite(path, noise, photometric="rgb", compression=compression, rowsperstrip=8, metadata=None)
    whole = path.read_bytes()
    for keep in (len(whole) - 1, len(whole) // 2):
        path.write_bytes(whole[:keep])
        with pytest.raises(PhotoUnreadable, match="in the middle of the picture"):
            codecs.read(path)


def test_a_file_that_lists_too_few_pieces_is_unreadable(path):
    tifffile.imwrite(path, picture(1)[..., 0], rowsperstrip=8, metadata=None)
    with path.open("r+b") as file:
        tags = TagFile(file)
        entries = tags.directory(tags.first).entries
        for tag in (273, 279):
            tags.overwrite(entries[tag].head + 4, tags.whole(LONG, 3).data)
    with pytest.raises(PhotoUnreadable, match="in the middle of the picture"):
        codecs.read(path)


@pytest.mark.parametrize("big", [False, True])
@pytest.mark.parametrize("order", ["<", ">"])
def test_what_scanners_say_becomes_an_exif_block(path, big, order):
    """Maker, title and resolution lie in TIFF's own directory; dots a centimetre become dots an inch."""
    words = [(271, 2, 0, CAMERA, True), (306, 2, 0, DATE, True)]
    tifffile.imwrite(
        path, picture(3), photometric="rgb", byteorder=order, bigtiff=big, description=TITLE, extratags=words,
        resolution=(100, 200), resolutionunit="centimeter", metadata=None,
    )  # fmt: skip
    found = codecs.read(path).metadata
    assert said(found.exif)["title"] == TITLE and said(found.exif)["camera"] == CAMERA
    assert found.dpi == pytest.approx((254, 508))


def test_exif_reaches_a_bigtiff(path):
    """Files over 4 GB have longer pointers; here a small one of that kind, its tags added the same way."""
    file = BytesIO()
    tifffile.imwrite(file, picture(3), photometric="rgb", bigtiff=True, metadata=None, software=False)
    tiff._add_tags(file, Metadata(exif=exif_block(), icc=icc_files.adobe_rgb()))
    path.write_bytes(file.getvalue())
    found = codecs.read(path)
    assert said(found.metadata.exif)["date"] == DATE and said(found.metadata.exif)["north"] == "N"
    assert found.metadata.icc == icc_files.adobe_rgb()
    np.testing.assert_array_equal(found.pixels, picture(3))


@pytest.mark.parametrize("depth", DEPTHS)
def test_what_we_write_is_packed_and_read_by_others(path, depth):
    pixels = picture(3, depth)
    path.write_bytes(codecs.encode(photo(3, depth, exif=exif_block(), dpi=(300.0, 300.0)), "tiff", 90, path))
    with tifffile.TiffFile(path) as file:
        page = file.pages[0].aspage()
        assert (page.compression.name, page.predictor.name) == ("ADOBE_DEFLATE", "HORIZONTAL")
        np.testing.assert_array_equal(page.asarray(), pixels)
    if depth == np.uint8:
        with Image.open(path) as image:
            np.testing.assert_array_equal(np.asarray(image), pixels)
