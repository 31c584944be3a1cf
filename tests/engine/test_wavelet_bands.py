"""Bands that sum up to the picture, hold what their scale holds, and depend on no more than they say."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.wavelet_bands import WHITE_NOISE, detail_bands, reach, smoothed

NOISE = np.random.default_rng(1).standard_normal((300, 400)).astype(np.float32)


@settings(max_examples=30, deadline=None)
@given(height=st.integers(1, 40), width=st.integers(1, 40), count=st.integers(1, 4))
def test_the_bands_and_what_is_left_are_the_picture(height: int, width: int, count: int) -> None:
    plane = NOISE[:height, :width]
    left = plane
    for scale in range(count):
        left = smoothed(left, scale)
    np.testing.assert_allclose(np.add.reduce(detail_bands(plane, count)) + left, plane, atol=1e-5)


@pytest.mark.parametrize("scale", [0, 1, 2])
def test_an_even_plane_has_no_detail(scale: int) -> None:
    np.testing.assert_allclose(smoothed(np.full((30, 20), 0.7, np.float32), scale), 0.7, rtol=1e-6)


def test_a_point_becomes_the_spline_with_holes() -> None:
    point = np.zeros((33, 33), np.float32)
    point[16, 16] = 256
    spline = np.outer([1, 4, 6, 4, 1], [1, 4, 6, 4, 1])
    np.testing.assert_allclose(smoothed(point, 0)[14:19, 14:19], spline)
    np.testing.assert_allclose(smoothed(point, 1)[12:21:2, 12:21:2], spline)
    assert smoothed(point, 1)[13::2].max() == 0


def test_white_noise_has_in_each_band_what_is_written_down() -> None:
    stds = [float(band.std()) for band in detail_bands(NOISE, len(WHITE_NOISE))]
    np.testing.assert_allclose(stds, WHITE_NOISE, rtol=0.03)


@pytest.mark.parametrize("count", [1, 2, 3])
def test_a_part_with_its_reach_around_it_has_the_same_bands(count: int) -> None:
    edge = reach(count)
    whole = detail_bands(NOISE, count)
    part = detail_bands(NOISE[100 - edge : 140 + edge], count)
    for one, other in zip(whole, part, strict=True):
        np.testing.assert_allclose(one[100:140], other[edge : edge + 40], atol=1e-6)
    assert (
        np.abs(whole[-1][100:140] - detail_bands(NOISE[101 - edge : 140 + edge], count)[-1][edge - 1 : -edge]).max()
        > 1e-6
    )
