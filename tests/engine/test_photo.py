"""The contract of a Photo: shapes, depths, and that nobody changes one in place."""

from __future__ import annotations

import numpy as np
import pytest

from engine.photo import Metadata, Photo


@pytest.mark.parametrize(("depth", "white"), [(np.uint8, 255), (np.uint16, 65535)])
@pytest.mark.parametrize("channels", [1, 3])
def test_what_a_photo_says_of_itself(depth, white, channels):
    photo = Photo(np.zeros((4, 6, channels), depth), np.zeros((4, 6), depth))
    assert (photo.height, photo.width, photo.maximum, photo.has_one_channel) == (4, 6, white, channels == 1)


@pytest.mark.parametrize(
    "pixels",
    [
        np.zeros((4, 6), np.uint8),
        np.zeros((4, 6, 2), np.uint8),
        np.zeros((4, 6, 4), np.uint8),
        np.zeros((4, 6, 3), np.float32),
    ],
)
def test_other_arrays_are_refused(pixels):
    with pytest.raises(ValueError, match="pixels must be"):
        Photo(pixels)


@pytest.mark.parametrize(
    "alpha", [np.zeros((4, 5), np.uint8), np.zeros((4, 6), np.uint16), np.zeros((4, 6, 1), np.uint8)]
)
def test_alpha_must_fit(alpha):
    with pytest.raises(ValueError, match="alpha"):
        Photo(np.zeros((4, 6, 3), np.uint8), alpha)


def test_nobody_changes_a_photo_in_place():
    photo = Photo(np.zeros((4, 6, 3), np.uint8), np.zeros((4, 6), np.uint8))
    with pytest.raises(ValueError, match="read-only"):
        photo.pixels[0] = 1
    assert photo.alpha is not None
    with pytest.raises(ValueError, match="read-only"):
        photo.alpha[0] = 1


def test_other_pixels_keep_the_rest():
    photo = Photo(
        np.zeros((4, 6, 1), np.uint8), np.ones((4, 6), np.uint8), Metadata("tiff", icc=b"grey", dpi=(300, 300))
    )
    same_space = photo.with_pixels(np.ones((4, 6, 1), np.uint8))
    assert same_space.metadata is photo.metadata and same_space.alpha is photo.alpha
    coloured = photo.with_pixels(np.ones((4, 6, 3), np.uint8), icc=None)
    assert coloured.metadata == Metadata("tiff", icc=None, dpi=(300, 300))
