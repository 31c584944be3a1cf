"""Every place knows how lively it is round about, holes too, and an edge nearby says little."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.surroundings import CELL_PX, at, liveliness


def noise(level: float, height: int = 160, width: int = 240) -> np.ndarray:
    """Grey with white noise of that deviation."""
    random = np.random.default_rng(5).standard_normal((height, width, 1), np.float32)
    return np.repeat(np.float32(0.5) + np.float32(level) * random, 3, 2)


def test_of_white_noise_it_is_the_deviation() -> None:
    cells = liveliness(noise(0.04), np.zeros((160, 240), bool))
    assert cells.shape == (10, 15)
    np.testing.assert_allclose(cells, 0.04, rtol=0.1)


def test_a_hole_is_as_lively_as_its_surroundings_and_what_is_in_it_has_no_part() -> None:
    picture, mask = noise(0.02), np.zeros((160, 240), bool)
    mask[30:130, 40:200] = True
    spoilt = picture.copy()
    spoilt[mask] = np.random.default_rng(1).random((int(mask.sum()), 3), np.float32)
    cells = liveliness(spoilt, mask)
    np.testing.assert_array_equal(cells, liveliness(picture, mask))
    np.testing.assert_allclose(cells, 0.02, rtol=0.15)


def test_an_edge_says_little_and_a_flat_half_is_flat() -> None:
    picture = noise(0.02)
    picture[:, :120] = 0.9
    cells = liveliness(picture, np.zeros((160, 240), bool))
    assert cells[:, :5].max() < 1e-3 and cells[:, 10:].min() > 0.015
    edged = noise(0.02)
    edged[:, 100:] += 0.4
    assert liveliness(edged, np.zeros((160, 240), bool)).max() < 0.06


def test_where_nothing_is_sound_nothing_is_lively() -> None:
    assert not liveliness(noise(0.1), np.ones((160, 240), bool)).any()


def test_between_the_middles_of_cells_values_blend() -> None:
    cells = np.array([[0.0, 1.0], [2.0, 3.0]], np.float32)
    half = CELL_PX // 2
    rows, columns = np.array([0, half, CELL_PX - 1, 99]), np.array([0, CELL_PX + half, CELL_PX - 1, 99])
    assert at(cells, rows, columns).tolist() == pytest.approx([0, 1.06, 1.41, 3], abs=0.05)


@settings(max_examples=25, deadline=None)
@given(height=st.integers(1, 70), width=st.integers(1, 70), seed=st.integers(0, 99), share=st.floats(0, 1))
def test_any_photo_and_mask(height: int, width: int, seed: int, share: float) -> None:
    random = np.random.default_rng(seed)
    cells = liveliness(random.random((height, width, 3), np.float32), random.random((height, width)) < share)
    assert cells.shape == (-(-height // CELL_PX), -(-width // CELL_PX)) and np.isfinite(cells).all()
    assert (at(cells, np.arange(height), np.arange(height) % width) >= 0).all()
