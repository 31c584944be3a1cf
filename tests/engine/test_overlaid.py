"""A change of sRGB values in a photo's own space: no change leaves every bit, and a change is the one that is seen."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.color import to_srgb
from engine.overlaid import luma_of, overlaid
from engine.photo import Metadata, Photo
from tests.engine import icc_files

PROFILES: dict[str, Callable[[], tuple[int, bytes | None]]] = {
    "grey": lambda: (1, None),
    "grey with a curve": lambda: (1, icc_files.grey(1.0)),
    "sRGB": lambda: (3, None),
    "Adobe RGB": lambda: (3, icc_files.adobe_rgb()),
}


def photo_of(kind: str, dtype: type) -> Photo:
    """Every value, or many of them, of a photo of that kind; of RGB the strongest colours too."""
    channels, icc = PROFILES[kind]()
    maximum = np.iinfo(dtype).max
    pixels = np.random.default_rng(4).integers(0, maximum + 1, (40, 50, channels))
    pixels[0] = maximum
    pixels[1] = 0
    if channels == 3:
        pixels[2] = (0, maximum, 0)
    return Photo(pixels.astype(dtype), None, Metadata(icc=icc))


def laid(photo: Photo, change: np.ndarray) -> Photo:
    values = photo.pixels.astype(np.float32) / photo.maximum
    return photo.with_pixels(
        overlaid(values, np.broadcast_to(change, (40, 50, change.shape[-1])).astype(np.float32), photo)
    )


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
@pytest.mark.parametrize("kind", PROFILES)
@pytest.mark.parametrize("channels", [1, 3])
def test_no_change_leaves_every_bit(kind: str, dtype: type, channels: int) -> None:
    photo = photo_of(kind, dtype)
    np.testing.assert_array_equal(laid(photo, np.zeros(channels, np.float32)).pixels, photo.pixels)


@pytest.mark.parametrize("kind", PROFILES)
@pytest.mark.parametrize("change", [0.05, -0.08])
def test_the_change_is_the_one_that_is_seen(kind: str, change: float) -> None:
    photo = photo_of(kind, np.uint16)
    before, after = to_srgb(photo), to_srgb(laid(photo, np.array([change])))
    inside = ((before > 0.1) & (before < 0.9)).all(-1)
    assert inside.sum() > 200
    np.testing.assert_allclose((after - before)[inside], change, atol=2e-3)


def test_a_change_of_colour_moves_a_grey_photo_by_its_brightness() -> None:
    photo = Photo(np.full((40, 50, 1), 100, np.uint8))
    assert laid(photo, np.array([0.4, 0.0, 0.0])).pixels[0, 0, 0] == round(100 + 0.4 * 0.299 * 255)


@pytest.mark.parametrize("icc", [None, icc_files.adobe_rgb()])
def test_equal_channels_stay_equal(icc: bytes | None) -> None:
    ramp = np.arange(2000, dtype=np.uint8).reshape(40, 50, 1).repeat(3, 2)
    result = laid(Photo(ramp, None, Metadata(icc=icc)), np.array([0.123])).pixels
    assert np.ptp(result.astype(int), axis=2).max() == 0


@settings(max_examples=50, deadline=None)
@given(value=st.integers(0, 65535), change=st.floats(-1, 1))
def test_sixteen_bits_keep_what_is_finer_than_eight(value: int, change: float) -> None:
    photo = Photo(np.array([[[value]]], np.uint16))
    result = overlaid(photo.pixels / np.float32(65535), np.full((1, 1, 1), change, np.float32), photo)
    assert abs(int(result[0, 0, 0]) - np.clip(value + change * 65535, 0, 65535)) <= 1


def test_luma_weighs_the_channels_and_sums_to_one() -> None:
    np.testing.assert_allclose(luma_of(np.ones((2, 2, 3), np.float32)), 1, rtol=1e-6)
    np.testing.assert_allclose(luma_of(np.eye(3, dtype=np.float32)[None])[0, :, 0], [0.299, 0.587, 0.114], rtol=1e-6)
