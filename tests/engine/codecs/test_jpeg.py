"""JPEG's own traps: ink stored upside down, 12 bits, missing end markers, rare kinds."""

from __future__ import annotations

from io import BytesIO

import imagecodecs
import numpy as np
import pytest
from PIL import Image

from engine import codecs
from engine.errors import FormatUnsupported, PhotoUnreadable
from tests.engine import icc_files
from tests.engine.codecs.samples import HEIGHT, WIDTH, picture, saved


def ink_picture() -> Image.Image:
    """Smooth ink, 0 = none, in Pillow's CMYK."""
    rgb = picture(3).astype(int)
    ink = np.dstack([(255 - rgb) * 0.8, np.full((HEIGHT, WIDTH), 30)]).astype(np.uint8)
    return Image.frombytes("CMYK", (WIDTH, HEIGHT), ink.tobytes())


def light_of(ink: Image.Image) -> np.ndarray:
    """What that ink looks like without a profile."""
    values = np.asarray(ink).astype(float)
    return (255 - values[..., :3]) * (255 - values[..., 3:]) / 255


def jpeg(image: Image.Image, **options: object) -> bytes:
    file = BytesIO()
    image.save(file, "JPEG", quality=95, **options)
    return file.getvalue()


def without_adobe_marker(data: bytes) -> bytes:
    at = data.index(b"\xff\xee")
    return data[:at] + data[at + 2 + int.from_bytes(data[at + 2 : at + 4], "big") :]


def test_ink_as_adobe_stores_it(tmp_path):
    """Pillow writes CMYK as Photoshop does: inverted, with Adobe's marker."""
    data = jpeg(ink_picture())
    assert b"Adobe" in data
    found = codecs.read(saved(tmp_path, "ink.jpg", data))
    assert np.abs(found.pixels - light_of(ink_picture())).max() <= 6
    assert found.metadata.icc is None


def test_ink_without_the_marker_is_not_inverted(tmp_path):
    data = without_adobe_marker(jpeg(ink_picture()))
    found = codecs.read(saved(tmp_path, "ink.jpg", data))
    inverted = Image.frombytes("CMYK", (WIDTH, HEIGHT), (255 - np.asarray(ink_picture())).tobytes())
    assert np.abs(found.pixels - light_of(inverted)).max() <= 6


def test_ink_as_brightness_and_colour_differences(tmp_path):
    """YCCK, what Photoshop writes at lower qualities."""
    stored = 255 - np.asarray(ink_picture())
    data = imagecodecs.jpeg8_encode(stored, 95, colorspace="CMYK", outcolorspace="YCCK", subsampling="444")
    found = codecs.read(saved(tmp_path, "ink.jpg", data))
    assert np.abs(found.pixels - light_of(ink_picture())).max() <= 8


def test_ink_goes_through_its_profile(tmp_path):
    """The test's press prints paler than the plain formula says, and the ink profile must not stay with the RGB pixels."""
    found = codecs.read(saved(tmp_path, "ink.jpg", jpeg(ink_picture(), icc_profile=icc_files.cmyk())))
    assert found.metadata.icc is None
    assert found.pixels.mean() > light_of(ink_picture()).mean() + 10


@pytest.mark.parametrize(
    "options", [{"progressive": True}, {"subsampling": 2}, {"optimize": True}, {"restart_marker_rows": 1}]
)
@pytest.mark.parametrize("mode", ["L", "RGB"])
def test_every_usual_kind(tmp_path, options, mode):
    image = Image.fromarray(picture(3)).convert(mode)
    found = codecs.read(saved(tmp_path, "photo.jpg", jpeg(image, **options)))
    assert found.has_one_channel == (mode == "L")
    assert np.abs(found.pixels.astype(int) - np.asarray(image).reshape(found.pixels.shape)).max() <= 6


def test_red_green_and_blue_as_they_are(tmp_path):
    """A JPEG without the usual change into brightness and colour differences."""
    data = imagecodecs.jpeg8_encode(picture(3), 97, colorspace="RGB", outcolorspace="RGB", subsampling="444")
    assert np.abs(codecs.read(saved(tmp_path, "photo.jpg", data)).pixels.astype(int) - picture(3)).max() <= 4


def test_twelve_bits_become_sixteen(tmp_path):
    values = (picture(1, np.uint16)[..., 0] >> 4).astype(np.uint16)
    found = codecs.read(saved(tmp_path, "photo.jpg", imagecodecs.jpeg8_encode(values, 97, bitspersample=12)))
    assert found.pixels.dtype == np.uint16
    assert np.abs(found.pixels[..., 0].astype(int) - picture(1, np.uint16)[..., 0]).max() < 500
    assert (
        codecs.read_preview(
            saved(tmp_path, "photo.jpg", imagecodecs.jpeg8_encode(values, 97, bitspersample=12)), 10
        ).width
        == 10
    )


def test_a_missing_end_marker_alone_does_no_harm(tmp_path):
    """Some cameras and downloads lose the last two bytes; all of the picture is there."""
    data = jpeg(Image.fromarray(picture(3)))
    assert data.endswith(b"\xff\xd9")
    found = codecs.read(saved(tmp_path, "photo.jpg", data[:-2]))
    assert np.abs(found.pixels.astype(int) - picture(3)).max() <= 9


def test_what_follows_the_picture_is_not_looked_at(tmp_path):
    """Phones append second pictures and films."""
    data = jpeg(Image.fromarray(picture(3)))
    twice = codecs.read(saved(tmp_path, "photo.jpg", data + jpeg(Image.new("RGB", (500, 500))) + bytes(100)))
    assert twice.pixels.shape == (HEIGHT, WIDTH, 3)


def test_a_cut_progressive_jpeg_is_unreadable(tmp_path):
    """Its first scans hold a blurred whole picture, which must not pass for the photo."""
    data = jpeg(
        Image.fromarray(np.random.default_rng(0).integers(0, 256, (64, 64, 3), dtype=np.uint8)), progressive=True
    )
    with pytest.raises(PhotoUnreadable, match="in the middle of the picture"):
        codecs.read(saved(tmp_path, "photo.jpg", data[: len(data) * 3 // 4]))


@pytest.mark.parametrize("frame", [0xC3, 0xC9, 0xCB])
def test_rare_kinds_are_refused_by_name(tmp_path, frame):
    """Lossless and arithmetic coding."""
    data = bytearray(jpeg(Image.fromarray(picture(3))))
    data[data.index(b"\xff\xc0") + 1] = frame
    with pytest.raises(FormatUnsupported, match="a JPEG of a rare kind"):
        codecs.read(saved(tmp_path, "photo.jpg", bytes(data)))


def test_dots_a_centimetre(tmp_path):
    data = bytearray(jpeg(Image.fromarray(picture(3)), dpi=(100, 100)))
    data[13] = 2
    assert codecs.read(saved(tmp_path, "photo.jpg", bytes(data))).metadata.dpi == pytest.approx((254, 254))


def test_a_profile_with_a_lost_part_counts_as_none(tmp_path):
    data = codecs.encode(
        codecs.read(saved(tmp_path, "a.jpg", jpeg(Image.fromarray(picture(3)), icc_profile=icc_files.adobe_rgb()))),
        "jpeg",
        90,
        tmp_path,
    )
    at = data.index(b"ICC_PROFILE\0") + 12
    claims_two = data[: at + 1] + b"\x02" + data[at + 2 :]
    assert codecs.read(saved(tmp_path, "b.jpg", claims_two)).metadata.icc is None
