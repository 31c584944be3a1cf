"""The noise level of real photographs is told blindly: what was added to them, and nearly nothing where nothing was."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from skimage import data

from engine.noise_estimate import noise_of
from engine.photo import Metadata, Photo
from tests.engine import icc_files

PICTURES = ("astronaut", "coffee", "cat", "rocket")
LEVELS = (2, 5, 10, 20, 40)


def picture(name: str) -> NDArray[np.uint8]:
    return getattr(data, name)()


def noisy(pixels: NDArray[np.uint8], level: float, *, own_in_channels: bool = False, soft: bool = False) -> Photo:
    """`pixels` with normal noise of that standard deviation; soft: over about three pixels, as scanned grain is."""
    noise = np.random.default_rng(5).standard_normal((*pixels.shape[:2], 3 if own_in_channels else 1))
    if soft:
        for axis in (0, 1):
            noise = (np.roll(noise, 1, axis) + 2 * noise + np.roll(noise, -1, axis)) / 4
        noise /= noise.std()
    return Photo(np.clip(np.round(pixels + level * noise), 0, 255).astype(np.uint8))


@pytest.mark.parametrize("name", PICTURES)
def test_hardly_any_noise_is_found_in_a_good_photo(name: str) -> None:
    found = noise_of(Photo(picture(name)))
    assert found.luma < 1.7 and found.chroma < 1.7


@pytest.mark.parametrize("name", PICTURES)
@pytest.mark.parametrize("level", LEVELS)
def test_noise_of_brightness_is_told_in_grey_values(name: str, level: int) -> None:
    own = noise_of(Photo(picture(name)))
    found = noise_of(noisy(picture(name), level))
    assert found.luma == pytest.approx(np.hypot(level, own.luma), rel=0.15)
    assert found.chroma < max(own.chroma + 0.7, 0.1 * level), "it is no noise of colour"


@pytest.mark.parametrize("name", PICTURES)
@pytest.mark.parametrize("level", LEVELS)
def test_noise_of_its_own_in_every_channel_is_noise_of_colour_too(name: str, level: int) -> None:
    own = noise_of(Photo(picture(name)))
    found = noise_of(noisy(picture(name), level, own_in_channels=True))
    assert found.chroma == pytest.approx(np.hypot(level, own.chroma), rel=0.15)
    assert found.luma == pytest.approx(np.hypot(0.67 * level, own.luma), rel=0.15)


@pytest.mark.parametrize("name", PICTURES)
@pytest.mark.parametrize("level", [5, 10, 20])
def test_soft_grain_counts_too(name: str, level: int) -> None:
    own = noise_of(Photo(picture(name)))
    found = noise_of(noisy(picture(name), level, soft=True))
    assert 0.65 * level < found.luma < 1.1 * np.hypot(level, own.luma)


def test_black_borders_and_clipped_skies_hide_no_noise() -> None:
    pixels = noisy(picture("coffee"), 10).pixels.copy()
    pixels[:150] = 0
    pixels[-100:] = 255
    assert noise_of(Photo(pixels)).luma == pytest.approx(10, rel=0.2)


def test_a_grey_photo_has_no_noise_of_colour_and_its_profile_counts() -> None:
    grey = noisy(picture("coffee")[..., 1:2], 8)
    found = noise_of(grey)
    assert found.chroma < 1e-3 and found.luma == pytest.approx(8, rel=0.2)
    linear = noise_of(Photo(grey.pixels, None, Metadata(icc=icc_files.grey(1.0))))
    assert linear.luma != pytest.approx(found.luma, rel=0.1)


def test_sixteen_bits_are_told_in_the_same_grey_values() -> None:
    photo = noisy(picture("cat"), 6)
    wide = Photo(photo.pixels.astype(np.uint16) * 257)
    assert noise_of(wide).luma == pytest.approx(noise_of(photo).luma, rel=0.01)


def test_of_a_large_photo_places_all_over_are_looked_at() -> None:
    pixels = np.tile(picture("coffee"), (6, 5, 1))
    pixels[:, : pixels.shape[1] // 2] = noisy(pixels[:, : pixels.shape[1] // 2], 12).pixels
    found = noise_of(Photo(pixels))
    assert found.luma < 4, "half of the photo has none, and that half tells"
    assert noise_of(Photo(pixels[:, : pixels.shape[1] // 2])).luma == pytest.approx(12, rel=0.15)


@settings(max_examples=40, deadline=None)
@given(height=st.integers(1, 60), width=st.integers(1, 60), value=st.integers(0, 255), channels=st.sampled_from([1, 3]))
def test_any_even_photo_has_none(height: int, width: int, value: int, channels: int) -> None:
    found = noise_of(Photo(np.full((height, width, channels), value, np.uint8)))
    assert found.luma < 1e-3 and found.chroma < 1e-3
