"""Colour arithmetic: against the formulas written out in float64, against lcms, and without large copies."""

from __future__ import annotations

import tracemalloc

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.color import (
    from_srgb_like,
    is_srgb,
    lab_to_srgb,
    linear_to_srgb,
    luma,
    srgb_to_lab,
    srgb_to_linear,
    to_srgb,
    to_srgb_small,
)
from engine.photo import Metadata, Photo
from tests.engine import icc_files

WHITE = np.array([0.95047, 1.0, 1.08883])
TO_XYZ = np.array(
    [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]]
)
DEPTHS = [np.uint8, np.uint16]


def lab_by_the_book(rgb: np.ndarray) -> np.ndarray:
    rgb = rgb.astype(np.float64)
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    t = linear @ TO_XYZ.T / WHITE
    f = np.where(t > 0.008856451679, np.cbrt(t), t * 7.787037037 + 16 / 116)
    return np.stack([116 * f[..., 1] - 16, 500 * (f[..., 0] - f[..., 1]), 200 * (f[..., 1] - f[..., 2])], -1)


def noise(height: int, width: int, channels: int, depth: type = np.uint8, icc: bytes | None = None) -> Photo:
    random = np.random.default_rng(7)
    return Photo(
        random.integers(0, np.iinfo(depth).max + 1, (height, width, channels), dtype=depth), None, Metadata(icc=icc)
    )


def test_lab_is_that_of_the_book():
    """Every corner, dark and light, agrees with the formulas in float64 to 2/10,000 of a unit."""
    steps = np.concatenate([np.linspace(0, 0.06, 13), np.linspace(0.1, 1, 19)])
    rgb = np.stack(np.meshgrid(steps, steps, steps, indexing="ij"), -1).astype(np.float32)
    np.testing.assert_allclose(srgb_to_lab(rgb), lab_by_the_book(rgb), atol=2e-4)


@pytest.mark.parametrize(
    ("rgb", "lab"), [((1, 1, 1), (100, 0, 0)), ((0, 0, 0), (0, 0, 0)), ((1, 0, 0), (53.24, 80.09, 67.20))]
)
def test_known_colours(rgb, lab):
    """White, black and red are where textbooks have them, also for one lone colour."""
    np.testing.assert_allclose(srgb_to_lab(np.array(rgb)), lab, atol=0.02)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(*[st.floats(0, 1, width=32)] * 3), min_size=1, max_size=20))
def test_lab_and_back(colours):
    rgb = np.array(colours, np.float32)
    np.testing.assert_allclose(lab_to_srgb(srgb_to_lab(rgb)), rgb, atol=2e-5)


def test_lab_outside_srgb_is_clipped():
    rgb = lab_to_srgb(np.array([[50, 120, -120], [120, 0, 0], [-5, 0, 0]]))
    assert rgb.min() >= 0 and rgb.max() <= 1


@settings(max_examples=30, deadline=None)
@given(st.floats(0, 1, width=32))
def test_linear_light_and_back(value):
    assert abs(float(linear_to_srgb(srgb_to_linear(value))) - value) < 1e-6


@pytest.mark.parametrize("depth", DEPTHS)
@pytest.mark.parametrize("channels", [1, 3])
def test_a_photo_without_profile_is_srgb(depth, channels):
    photo = noise(5, 7, channels, depth)
    expected = np.repeat(photo.pixels / photo.maximum, 3 // channels, 2)
    np.testing.assert_allclose(to_srgb(photo), expected, atol=1e-6)


@pytest.mark.parametrize("depth", DEPTHS)
def test_srgb_there_and_back_changes_no_bit(depth):
    photo = noise(300, 400, 3, depth)
    np.testing.assert_array_equal(from_srgb_like(to_srgb(photo), photo), photo.pixels)


def test_a_grey_photo_takes_colour_as_srgb_of_its_depth():
    photo = noise(4, 4, 1, np.uint16, icc_files.grey(1.0))
    orange = np.broadcast_to(np.float32([1, 0.5, 0]), (4, 4, 3))
    pixels = from_srgb_like(orange, photo)
    assert pixels.dtype == np.uint16 and pixels[0, 0].tolist() == [65535, 32768, 0]


@pytest.mark.parametrize("depth", DEPTHS)
def test_a_matrix_profile_is_followed_exactly(depth):
    """Adobe RGB in both depths as lcms does it in floating point (lcms on 16 bits is off by up to 19 of 255)."""
    import imagecodecs

    photo = noise(200, 200, 3, depth, icc_files.adobe_rgb())
    exact = imagecodecs.cms_transform(
        (photo.pixels / photo.maximum).astype(np.float32),
        icc_files.adobe_rgb(),
        imagecodecs.cms_profile("srgb"),
        colorspace="rgb",
        outcolorspace="rgb",
        outdtype=np.dtype(np.float32),
    )
    np.testing.assert_allclose(to_srgb(photo), np.clip(exact, 0, 1), atol=2e-5)


@pytest.mark.parametrize(("depth", "atol"), [(np.uint8, 0), (np.uint16, 12)])
@pytest.mark.parametrize("icc", [icc_files.adobe_rgb(), icc_files.linear_rgb()], ids=["adobe", "linear"])
def test_back_into_a_matrix_profile(depth, atol, icc):
    """What lies inside sRGB comes back: 8 bits exactly, 16 bits to 12 of 65,535."""
    photo = noise(100, 100, 3, depth, icc)
    srgb = to_srgb(photo)
    inside = ((srgb > 1e-4) & (srgb < 0.9999)).all(-1)
    assert inside.sum() > 2000
    back = from_srgb_like(srgb, photo).astype(int)
    assert np.abs(back - photo.pixels)[inside].max() <= atol


def test_a_scanner_profile_with_tables_is_followed():
    import imagecodecs

    photo = noise(30, 30, 3, np.uint8, icc_files.scanner())
    by_lcms = imagecodecs.cms_transform(
        photo.pixels,
        icc_files.scanner(),
        imagecodecs.cms_profile("srgb"),
        colorspace="rgb",
        outcolorspace="rgb",
        outdtype=np.dtype(np.float32),
        intent=1,
    )
    np.testing.assert_allclose(to_srgb(photo), np.clip(by_lcms, 0, 1), atol=2e-3)


def test_back_into_a_profile_with_tables():
    """Tables are only as true as whoever made them; ours are rough, so only that there is a way back is asked."""
    photo = noise(10, 10, 3, np.uint16, icc_files.scanner(both_ways=True))
    grey = np.linspace(0, 1, 100, dtype=np.float32).reshape(10, 10, 1).repeat(3, 2)
    pixels = from_srgb_like(grey, photo)
    assert (
        pixels.dtype == np.uint16 and (np.diff(pixels[..., 1].ravel().astype(int)) >= 0).all() and pixels.max() > 50000
    )


def test_a_grey_profile_is_followed():
    """In linear grey the middle value is half the light: L* 76, not 54."""
    middle = Photo(np.full((1, 1, 1), 128, np.uint8), None, Metadata(icc=icc_files.grey(1.0)))
    assert luma(middle)[0, 0] == pytest.approx(76.2, abs=0.3)
    assert luma(Photo(middle.pixels))[0, 0] == pytest.approx(53.6, abs=0.3)


@pytest.mark.parametrize("depth", DEPTHS)
@pytest.mark.parametrize("icc", [None, icc_files.adobe_rgb(), icc_files.scanner()], ids=["srgb", "adobe", "tables"])
def test_luma_is_lab_s_lightness(depth, icc):
    photo = noise(40, 50, 3, depth, icc)
    np.testing.assert_allclose(luma(photo), srgb_to_lab(to_srgb(photo))[..., 0], atol=1e-3)


def test_rows_apart_are_the_rows_of_the_whole():
    """Steps work strip by strip; what they see must not depend on where they cut."""
    photo = noise(300, 301, 3, np.uint8, icc_files.adobe_rgb())
    strips = [to_srgb(Photo(photo.pixels[top : top + 37], None, photo.metadata)) for top in range(0, 300, 37)]
    np.testing.assert_array_equal(np.concatenate(strips), to_srgb(photo))


@settings(max_examples=30, deadline=None)
@given(
    st.integers(1, 3),
    st.integers(1, 3),
    st.sampled_from(DEPTHS),
    st.sampled_from([None, icc_files.adobe_rgb(), icc_files.scanner(both_ways=True)]),
)
def test_the_smallest_photos_and_views_of_larger_ones(height, width, depth, icc):
    """One row, one column, every other pixel: numpy's and lcms' ideas of contiguous differ there."""
    photo = Photo(noise(8, 8, 3, depth).pixels[: 2 * height : 2, : 2 * width : 2], None, Metadata(icc=icc))
    srgb = to_srgb(photo)
    assert srgb.shape == (height, width, 3)
    assert from_srgb_like(srgb, photo).shape == (*luma(photo).shape, 3)
    assert to_srgb_small(photo, 2, 2).shape == (2, 2, 3)


def test_srgb_is_recognised():
    from PIL import ImageCms

    assert is_srgb(None)
    assert is_srgb(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    assert is_srgb(b"rubbish")
    assert not is_srgb(icc_files.adobe_rgb())
    assert not is_srgb(icc_files.scanner())


@pytest.mark.parametrize(("height", "width"), [(256, 341), (97, 13), (1, 1), (600, 800), (900, 1000)])
@pytest.mark.parametrize("depth", DEPTHS)
def test_a_small_picture_keeps_the_mean_and_a_flat_field(height, width, depth):
    """Shrunk or enlarged, a ramp stays a ramp of the same mean and a flat picture stays flat, to the last row and column."""
    white = np.iinfo(depth).max
    ramp = np.linspace(0, white, 800).astype(depth)[None, :, None] * np.ones((600, 1, 3), depth)
    small = to_srgb_small(Photo(ramp), height, width)
    assert small.shape == (height, width, 3) and small.dtype == np.float32
    assert small.mean() == pytest.approx(0.5, abs=0.004)
    assert (np.diff(small[0, :, 0]) >= -1e-6).all()
    flat = to_srgb_small(Photo(np.full((599, 797, 3), white // 3, depth)), height, width)
    np.testing.assert_allclose(flat, 1 / 3, atol=1e-3)


def test_a_small_picture_is_where_pillow_has_it():
    """No shift by a block: features lie where a plain antialiased resize of the whole puts them."""
    from PIL import Image

    down, across = np.mgrid[0:601, 0:803]
    pixels = (127 + 120 * np.sin(down / 41) * np.cos(across / 53)).astype(np.uint8)
    expected = np.asarray(Image.fromarray(pixels).resize((80, 60), Image.Resampling.BILINEAR)) / 255
    np.testing.assert_allclose(to_srgb_small(Photo(pixels[..., None]), 60, 80)[..., 0], expected, atol=0.008)


def test_a_small_picture_goes_through_the_profile():
    photo = Photo(np.full((50, 50, 3), (200, 60, 60), np.uint8), None, Metadata(icc=icc_files.adobe_rgb()))
    np.testing.assert_allclose(to_srgb_small(photo, 5, 5)[0, 0], to_srgb(photo)[0, 0], atol=1e-4)


@pytest.mark.parametrize("icc", [None, icc_files.adobe_rgb()], ids=["srgb", "adobe"])
def test_large_photos_stay_lean(icc):
    """A small picture and luma of a 6-megapixel photo take no full-size copy in floats (72 MB): 30 MB and the result."""
    photo = noise(2000, 3000, 3, np.uint16, icc)
    to_srgb_small(photo, 10, 10)  # tables are made once, before counting
    tracemalloc.start()
    try:
        to_srgb_small(photo, 256, 384)
        small_peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.reset_peak()
        luma(photo)
        luma_peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert small_peak < 30e6
    assert luma_peak < 24e6 + 30e6
