"""A change comes back as exactly as the photo's own values, and shrinks together with the photo."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from engine.packed_change import Depth, depth_of, empty, packed, rows_of, unpacked
from engine.photo import Photo

CHANGE = (np.random.default_rng(2).standard_normal((60, 80, 3)) * 0.05).astype(np.float32)


def test_a_photo_says_how_exactly() -> None:
    assert depth_of(Photo(np.zeros((2, 2, 3), np.uint8))) == 8
    assert depth_of(Photo(np.zeros((2, 2, 1), np.uint16))) == 16


@pytest.mark.parametrize(("depth", "kind", "step"), [(8, np.int8, 1 / 255), (16, np.int16, 1 / 32767)])
def test_it_comes_back_to_half_a_step(depth: Depth, kind: type, step: float) -> None:
    kept = packed(CHANGE, depth)
    assert kept.dtype == kind == empty((1,), depth).dtype
    assert np.abs(unpacked(kept) - CHANGE).max() <= step / 2 + 1e-6


def test_what_does_not_fit_is_cut_and_does_not_turn_round() -> None:
    np.testing.assert_allclose(
        unpacked(packed(np.array([-0.9, 0.9], np.float32), 8)), [-127 / 255, 127 / 255], rtol=1e-6
    )
    np.testing.assert_allclose(unpacked(packed(np.array([-1, 1], np.float32), 16)), [-1, 1], rtol=1e-6)


def test_at_its_own_size_rows_are_rows() -> None:
    kept = packed(CHANGE, 16)
    np.testing.assert_array_equal(rows_of(kept, 10, 25, 60, 80), unpacked(kept)[10:25])


def test_the_change_of_a_shrunk_photo_is_the_change_shrunk() -> None:
    kept = packed(CHANGE, 16)
    means = unpacked(kept).reshape(20, 3, 20, 4, 3).mean((1, 3))
    np.testing.assert_allclose(rows_of(kept, 0, 20, 20, 20), means, atol=1e-5)


@settings(max_examples=40, deadline=None)
@example(height=56, width=1, rows=1)  # an edge on the middle of a row: by its last bit a box takes that row or does not
@given(height=st.integers(1, 130), width=st.integers(1, 130), rows=st.integers(1, 50))
def test_strips_of_any_size_are_the_whole(height: int, width: int, rows: int) -> None:
    kept = packed(CHANGE, 8)
    whole = rows_of(kept, 0, height, height, width)
    strips = [rows_of(kept, top, min(height, top + rows), height, width) for top in range(0, height, rows)]
    assert whole.shape == (height, width, 3)
    np.testing.assert_allclose(np.concatenate(strips), whole, atol=1e-5)
