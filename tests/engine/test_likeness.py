"""A face in another light is the same face; with other eyes it is not."""

from __future__ import annotations

import functools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from engine.faces import Face
from engine.likeness import ALIKE, largest_share, likeness

Array = NDArray[np.float32]
LANDMARKS = ((205.0, 97.0), (247.5, 102.8), (222.4, 126.7), (201.0, 141.1), (239.0, 146.4))
"""Of the face of scikit-image's astronaut."""


@functools.cache
def astronaut() -> Array:
    data = pytest.importorskip("skimage.data")
    return np.asarray(data.astronaut()[:300, 100:356], np.float32) / np.float32(255)


HERE = Face((81.4, 53.8, 92.4, 124.2), tuple((x - 100, y) for x, y in LANDMARKS), 0.94)


def noisy(amount: float) -> Array:
    noise = np.random.default_rng(3).standard_normal((*astronaut().shape[:2], 1))
    return np.clip(astronaut() + amount * noise, 0, 1).astype(np.float32)


def test_no_change_is_no_loss() -> None:
    assert likeness(astronaut(), astronaut(), HERE) == pytest.approx(1, abs=1e-6)
    assert largest_share(astronaut(), astronaut(), HERE) == 1


@given(st.floats(0.3, 1.0), st.floats(0.0, 0.4))
@settings(max_examples=10, deadline=None)
def test_light_is_no_change(contrast: float, brightness: float) -> None:
    """Fading and brightening a print are undone every day; nobody looks different for it."""
    other = (astronaut() * np.float32(contrast) + np.float32(brightness)).astype(np.float32)
    assert likeness(astronaut(), other, HERE) > 0.99


@pytest.mark.parametrize("amount", [0.02, 0.06])
def test_grain_that_is_taken_off_is_no_change(amount: float) -> None:
    assert likeness(noisy(amount), astronaut(), HERE) > ALIKE


def test_grey_and_colour_are_the_same_face() -> None:
    grey = (astronaut() @ np.array([0.299, 0.587, 0.114])).astype(np.float32)
    assert likeness(grey, astronaut(), HERE) == pytest.approx(1, abs=1e-5)


def test_the_other_picture_may_be_larger() -> None:
    """What an upscaler gives is compared with what it was given."""
    large = np.repeat(np.repeat(astronaut(), 2, 0), 2, 1)
    assert likeness(astronaut(), large, HERE) > 0.95


def with_moved_eyes(pixels: int) -> Array:
    changed = astronaut().copy()
    changed[84:118, 88:166] = astronaut()[84 + pixels : 118 + pixels, 88:166]
    return changed


def test_moved_eyes_are_noticed_and_the_more_the_further() -> None:
    """Eyes 4 % and 8 % of the face lower, the rest as it was."""
    small, large = (likeness(astronaut(), with_moved_eyes(pixels), HERE) for pixels in (5, 10))
    assert large < small < ALIKE


def test_another_face_is_another() -> None:
    """Upside down it has nothing in common with itself."""
    assert likeness(astronaut(), np.ascontiguousarray(astronaut()[::-1]), HERE) < 0.5


@pytest.mark.parametrize("alike", [0.7, ALIKE, 0.95])
def test_so_much_of_a_change_is_kept_as_is_alike_enough(alike: float) -> None:
    before, after = astronaut(), with_moved_eyes(10)
    share = largest_share(before, after, HERE, alike)
    assert 0 < share < 1
    assert likeness(before, before + np.float32(share) * (after - before), HERE) >= alike - 1e-4
    assert likeness(before, before + np.float32(share + 0.03) * (after - before), HERE) < alike


def test_a_face_without_pixels_is_no_crash() -> None:
    """Landmarks in one point, or beyond the picture."""
    empty = Face((0, 0, 0, 0), ((5.0, 5.0),) * 5, 0.5)
    beyond = Face((900, 900, 50, 50), tuple((x + 900, y + 900) for x, y in LANDMARKS), 0.5)
    for face in (empty, beyond):
        assert 0 <= likeness(astronaut(), noisy(0.1), face) <= 1
