"""Damage has its width at each place: lines of each width in their band, a scratch stays one where it meets a stain."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from training.judging.widths import BANDS, bands_of, within


def line(width: int, side: int = 100) -> np.ndarray:
    mask = np.zeros((side, side), bool)
    mask[20 : 20 + width] = True
    return mask


def band_of(width: int) -> int | None:
    return next((number for number, (low, high) in enumerate(BANDS) if low <= width <= high), None)


@pytest.mark.parametrize("width", [1, 2, 3, 8, 9, 24, 25, 60, 61, 70])
def test_a_line_of_each_width_is_in_its_band_with_all_its_pixels(width: int) -> None:
    for mask in (line(width), line(width).T):
        bands = bands_of(mask)
        held = [band.sum() for band in bands]
        number = band_of(width)
        assert held == [mask.sum() if each == number else 0 for each in range(len(BANDS))]


def test_a_slanting_line_of_two_pixels_is_thin() -> None:
    mask = np.eye(80, dtype=bool) | np.eye(80, k=1, dtype=bool)
    thin, *wider = bands_of(mask)
    assert np.array_equal(thin, mask) and not any(band.any() for band in wider)


def test_a_scratch_that_runs_into_a_stain_is_a_scratch_up_to_it() -> None:
    y, x = np.mgrid[0:100, 0:160]
    stain = np.hypot(y - 50, x - 120) <= 9
    mask = stain.copy()
    mask[50, :] = True
    thin, small, middle, wide = bands_of(mask)
    assert thin[50, :105].all() and not middle[50, :105].any()
    assert middle[50, 111:130].all() and not wide.any()
    # The disc's raggedness is the stain's, not a thin damage of its own.
    assert (thin & stain).sum() + (small & stain).sum() <= 0.01 * stain.sum()


@given(st.integers(0, 2**32 - 1), st.floats(0.02, 0.98))
def test_bands_never_share_a_pixel_nor_hold_one_that_is_sound(seed: int, share: float) -> None:
    mask = np.random.default_rng(seed).random((24, 31)) < share
    total = np.sum(bands_of(mask), 0)
    assert total.max() <= 1 and not total[~mask].any()


@given(st.integers(0, 2**32 - 1), st.floats(0, 9))
def test_within_is_the_distance_between_middles(seed: int, distance: float) -> None:
    mask = np.random.default_rng(seed).random((13, 17)) < 0.03
    y, x = np.mgrid[0:13, 0:17]
    nearest = np.full(mask.shape, np.inf)
    for row, column in zip(*np.nonzero(mask), strict=True):
        nearest = np.minimum(nearest, (y - row) ** 2 + (x - column) ** 2)
    assert np.array_equal(within(mask, distance), nearest <= distance * distance)
