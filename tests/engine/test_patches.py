"""Patches: exactly where they belong in every kind of photo, also in one of another size, and nowhere else."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from engine.color import to_srgb
from engine.errors import Cancelled
from engine.patches import packed, patched
from engine.photo import Photo
from engine.progress import CancelToken
from tests.engine import photos
from tests.engine.icc_files import adobe_rgb, grey

GO_ON = CancelToken()


def photo_of(seed: int, height: int, width: int, depth: type, channels: int, alpha: bool) -> Photo:
    random = np.random.default_rng(seed)
    full = np.iinfo(depth).max
    pixels = random.integers(0, full, (height, width, channels), dtype=depth, endpoint=True)
    other = random.integers(0, full, (height, width), dtype=depth, endpoint=True) if alpha else None
    return Photo(pixels, other)


def random_weight(seed: int, height: int, width: int) -> NDArray[np.uint8]:
    random = np.random.default_rng(seed)
    return np.where(random.random((height, width)) < 0.3, random.integers(1, 256, (height, width)), 0).astype(np.uint8)


PHOTOS = st.builds(
    photo_of,
    st.integers(0, 2**31),
    st.integers(1, 40),
    st.integers(1, 40),
    st.sampled_from([np.uint8, np.uint16]),
    st.sampled_from([1, 3]),
    st.booleans(),
)


@settings(max_examples=60, deadline=None)
@given(PHOTOS, st.integers(0, 2**31), st.floats(0, 1), st.integers(1, 50), st.integers(1, 50))
def test_outside_the_mask_every_photo_keeps_its_bits_at_every_size(
    photo: Photo, seed: int, strength: float, height: int, width: int
) -> None:
    weight = random_weight(seed, photo.height, photo.width)
    values = np.random.default_rng(seed).random((int((weight > 0).sum()), 3), dtype=np.float32)
    result = patched(photo, packed(weight, values), photo.height, photo.width, strength, GO_ON)
    assert result.pixels.dtype == photo.pixels.dtype and result.pixels.shape == photo.pixels.shape
    assert result.alpha is photo.alpha and result.metadata == photo.metadata
    np.testing.assert_array_equal(result.pixels[weight == 0], photo.pixels[weight == 0])
    weight = np.zeros((height, width), np.uint8)
    weight[: height // 3, : width // 3] = 255
    values = np.full((int((weight > 0).sum()), 3), 0.5, np.float32)
    result = patched(photo, packed(weight, values), height, width, strength, GO_ON)
    far = (photo.height // 2 + 2, photo.width // 2 + 2)
    np.testing.assert_array_equal(result.pixels[far[0] :], photo.pixels[far[0] :])
    np.testing.assert_array_equal(result.pixels[:, far[1] :], photo.pixels[:, far[1] :])


@pytest.mark.parametrize("depth", [np.uint8, np.uint16])
def test_what_replaces_all_is_the_value_itself_and_half_is_half_way(depth: type) -> None:
    full = np.iinfo(depth).max
    pixels = np.zeros((4, 4, 3), depth)
    pixels[0, 0, 0] = full  # a photo without any colour would stay so
    photo = Photo(pixels)
    weight = np.zeros((4, 4), np.uint8)
    weight[1, 1:3] = 255
    values = np.array([[1, 0.5, 0], [0.25, 0.75, 1]], np.float32)
    arrays = packed(weight, values)
    whole, half = (patched(photo, arrays, 4, 4, strength, GO_ON).pixels for strength in (1.0, 0.5))
    np.testing.assert_allclose(whole[1, 1:3] / full, values, atol=0.51 / full)
    np.testing.assert_allclose(half[1, 1:3] / full, values / 2, atol=1.1 / full)


@pytest.mark.parametrize("icc", [adobe_rgb(), None])
def test_values_are_srgb_in_whatever_space_the_photo_is(icc: bytes | None) -> None:
    photo = photos.with_metadata(photos.coloured(), icc=icc)
    weight = np.zeros((120, 160), np.uint8)
    weight[30:40, 30:40] = 255
    result = patched(photo, packed(weight, np.full((100, 3), (0.5, 0.4, 0.3), np.float32)), 120, 160, 1.0, GO_ON)
    np.testing.assert_allclose(to_srgb(result)[35, 35], (0.5, 0.4, 0.3), atol=0.004)
    assert result.metadata.icc == icc


@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.parametrize("depth", [np.uint8, np.uint16])
@pytest.mark.parametrize("gamma", [1.8, None])
def test_a_grey_photo_stays_grey(channels: int, depth: type, gamma: float | None) -> None:
    """Also one that stores grey three times, and whatever tint the generator gave."""
    photo = photos.grey(dtype=depth, channels=channels)
    if gamma and channels == 1:
        photo = photos.with_metadata(photo, icc=grey(gamma))
    weight = np.zeros((120, 160), np.uint8)
    weight[30:40, 30:40] = 255
    result = patched(photo, packed(weight, np.full((100, 3), (0.7, 0.6, 0.5), np.float32)), 120, 160, 1.0, GO_ON)
    assert result.pixels.shape[2] == channels and np.ptp(result.pixels, 2).max() == 0
    np.testing.assert_allclose(to_srgb(result)[35, 35], 0.6, atol=0.004)


@pytest.mark.parametrize(("height", "width"), [(60, 80), (240, 320), (51, 71), (200, 299)])
def test_a_photo_of_another_size_gets_the_same_patch(height: int, width: int) -> None:
    """What was found in a small draft is shown in the preview, what was found at full size in a smaller picture."""
    weight = np.zeros((120, 160), np.uint8)
    weight[30:60, 40:80] = 255
    arrays = packed(weight, np.full((1200, 3), 0.8, np.float32))
    photo = Photo(np.full((height, width, 1), 51, np.uint8))
    result = patched(photo, arrays, 120, 160, 1.0, GO_ON).pixels[..., 0]
    inside = result[int(0.3 * height) : int(0.45 * height), int(0.3 * width) : int(0.45 * width)]
    assert inside.min() == inside.max() == 204
    assert (result > 51).mean() == pytest.approx(1200 / (120 * 160), rel=0.2)


def test_patches_of_few_places_are_small() -> None:
    weight = np.zeros((3000, 4000), np.uint8)
    weight[:, 2000:2010] = 255
    arrays = packed(weight, np.zeros((30_000, 3), np.float32))
    assert sum(array.nbytes for array in arrays.values()) < 300_000


def test_stopping() -> None:
    token = CancelToken()
    token.cancel()
    arrays = packed(np.full((2, 2), 255, np.uint8), np.zeros((4, 3), np.float32))
    with pytest.raises(Cancelled):
        patched(Photo(np.zeros((2, 2, 3), np.uint8)), arrays, 2, 2, 1.0, token)
