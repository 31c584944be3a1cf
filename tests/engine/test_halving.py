"""Halving and doubling agree about where pixels lie, and what half the size does not show is what was lost by it."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from engine.halving import doubled, finest, mean_of_fours

Array = NDArray[np.float32]


def slope(height: int, width: int) -> Array:
    """A shade that grows from left to right."""
    shade = np.broadcast_to(np.linspace(0.2, 0.8, width, dtype=np.float32), (height, width))
    return np.stack([shade, shade, shade * 0.9], -1)


def test_doubling_keeps_a_slope_straight() -> None:
    half = slope(10, 50)
    larger = doubled(half, np.arange(20), np.arange(100))
    assert larger.shape == (20, 100, 3)
    steps = np.diff(larger[5, 1:-1, 0])
    np.testing.assert_allclose(steps, np.diff(half[0, :, 0])[0] / 2, atol=1e-6)


def test_a_slope_has_nothing_that_half_the_size_does_not_show() -> None:
    """But for the rim, where doubling has no neighbour to go on to."""
    assert np.abs(finest(slope(20, 60), slice(4, 16))[:, 2:-2]).max() < 1e-6


def test_what_is_finest_is_what_doubling_lacks() -> None:
    image = np.random.default_rng(0).random((24, 30, 3), dtype=np.float32)
    back = doubled(mean_of_fours(image), np.arange(6, 14), np.arange(30)) + finest(image, slice(6, 14))
    np.testing.assert_allclose(back, image[6:14], atol=1e-6)


@settings(max_examples=30, deadline=None)
@given(st.integers(1, 20), st.integers(1, 20), st.integers(0, 99))
def test_a_mean_takes_only_what_is_told(height: int, width: int, seed: int) -> None:
    random = np.random.default_rng(seed)
    image, taken = random.random((height, width, 3), dtype=np.float32), random.random((height, width)) < 0.5
    half = mean_of_fours(image, taken)
    for row in range(half.shape[0]):
        for column in range(half.shape[1]):
            place = slice(2 * row, 2 * row + 2), slice(2 * column, 2 * column + 2)
            some = image[place][taken[place]]
            np.testing.assert_allclose(half[row, column], some.mean(0) if len(some) else 0, atol=1e-6)
