"""Curves that differ from place to place take over what was done to a small picture, at every size."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from engine.local_curves import LocalCurves
from tests.engine.photos import scene

Array = NDArray[np.float32]


def picture(height: int = 96, width: int = 128, channels: int = 3) -> Array:
    """Every value somewhere near every place."""
    noise = np.random.default_rng(4).uniform(-0.35, 0.35, (height, width, channels))
    return np.clip(scene(height, width)[..., None] + noise, 0, 1).astype(np.float32)


def faded(before: Array) -> Array:
    """Each channel in its own way, and more towards the right."""
    width, channels = before.shape[1:]
    across = np.linspace(0.5, 1, width)[None, :, None]
    gamma = np.array([0.8, 1.0, 1.2])[:channels]
    return (0.2 * across + (1 - 0.35 * across) * before**gamma).astype(np.float32)


def error(a: Array, b: Array) -> float:
    return float(np.sqrt(np.mean((a - b) ** 2)))


def test_fading_is_undone_to_less_than_an_eye_sees() -> None:
    fresh = picture()
    old = faded(fresh)
    curves = LocalCurves.fitted(old, fresh)
    assert error(old, fresh) > 0.07
    assert error(curves.applied(old, 0, len(old)), fresh) < 0.01


@pytest.mark.parametrize("channels", [1, 3])
def test_what_was_learned_small_holds_large(channels: int) -> None:
    curves = LocalCurves.fitted(faded(picture(channels=channels)), picture(channels=channels))
    large = picture(300, 410, channels)
    assert error(curves.applied(faded(large), 0, 300), large) < 0.012


def test_strips_are_parts_of_the_whole() -> None:
    curves = LocalCurves.fitted(faded(picture()), picture())
    old = faded(picture(61, 40))
    whole = curves.applied(old, 0, 61)
    strips = [curves.applied(old[top : top + 7], top, 61) for top in range(0, 61, 7)]
    np.testing.assert_array_equal(np.concatenate(strips), whole)


def test_two_equal_pictures_are_told_as_no_change() -> None:
    curves = LocalCurves.fitted(picture(), picture())
    assert curves.is_identity
    np.testing.assert_allclose(curves.applied(picture(), 0, 96), picture(), atol=1e-5)
    assert not LocalCurves.fitted(faded(picture()), picture()).is_identity


def test_values_that_the_small_picture_had_not_go_on_as_their_neighbours() -> None:
    middle = (0.3 + 0.4 * picture()).astype(np.float32)
    curves = LocalCurves.fitted(middle, middle + np.float32(0.1))
    ends = np.array([[[0.1] * 3, [0.85] * 3]], np.float32)
    np.testing.assert_allclose(curves.applied(ends, 0, 1), ends + 0.1, atol=0.04)


@settings(max_examples=25, deadline=None)
@given(
    height=st.integers(1, 40),
    width=st.integers(1, 40),
    channels=st.sampled_from([1, 3]),
    seed=st.integers(0, 99),
    other=st.integers(1, 50),
)
def test_any_size_gives_values_inside_0_and_1(height: int, width: int, channels: int, seed: int, other: int) -> None:
    random = np.random.default_rng(seed)
    before, after = (random.random((height, width, channels), np.float32) for _ in range(2))
    result = LocalCurves.fitted(before, after).applied(
        random.random((other, width + 3, channels), np.float32), 0, other
    )
    assert result.shape == (other, width + 3, channels) and result.dtype == np.float32
    assert float(result.min()) >= 0 and float(result.max()) <= 1
