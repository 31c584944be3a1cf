"""Shifts between small pictures: found to a fraction of a pixel, whatever the brightness, also of a negative."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.phase_correlation import shift_between


def cloudy(seed: int, size: int = 128) -> np.ndarray:
    """Soft noise that repeats at its borders, and its spectrum."""
    spectrum = np.fft.rfft2(np.random.default_rng(seed).standard_normal((size, size)))
    y, x = np.fft.fftfreq(size)[:, None], np.fft.rfftfreq(size)
    return spectrum * np.exp(-(x * x + y * y) * 300)


def shown(spectrum: np.ndarray, x: float = 0, y: float = 0) -> np.ndarray:
    """The picture, moved by (x, y)."""
    size = len(spectrum)
    down, right = np.fft.fftfreq(size)[:, None], np.fft.rfftfreq(size)
    picture = np.fft.irfft2(spectrum * np.exp(-2j * np.pi * (right * x + down * y)), s=(size, size))
    return (picture / picture.std()).astype(np.float32)


@settings(max_examples=15, deadline=None)
@given(st.floats(-4, 4), st.floats(-4, 4), st.integers(0, 9))
def test_a_shift_is_found_nearly_and_the_second_time_to_a_twentieth_of_a_pixel(x: float, y: float, seed: int) -> None:
    picture = cloudy(seed)
    found = shift_between(shown(picture), shown(picture, x, y) * 40 + 7, reach_px=8)
    assert max(abs(found.x - x), abs(found.y - y)) < 0.05 + max(abs(x), abs(y)) / 5 and found.strength > 6
    for _ in range(2):
        x, y = x - found.x, y - found.y
        found = shift_between(shown(picture), shown(picture, x, y) * 40 + 7, reach_px=8)
    assert (found.x, found.y) == pytest.approx((x, y), abs=0.05)


def test_a_negative_counts_only_where_it_is_asked_for() -> None:
    """Relief that is lit from the other side is the negative of itself."""
    picture = cloudy(3)
    there = -shown(picture, 0.5, -0.25)
    found = shift_between(shown(picture), there, 6, either_sign=True)
    assert (found.x, found.y) == pytest.approx((0.5, -0.25), abs=0.15)
    assert shift_between(shown(picture), there, 6).strength < 0.5 * found.strength


def test_pictures_of_other_things_and_of_nothing_are_weak() -> None:
    assert shift_between(shown(cloudy(1)), shown(cloudy(2)), 6).strength < 6
    assert shift_between(np.zeros((64, 64), np.float32), np.ones((64, 64), np.float32), 6).strength == 0
