"""Growing and eroding: the same as looking at every neighbour, at any size, also at the edges."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from engine.morphology import eroded, grown


def neighbourhood(mask: NDArray[np.bool_], radius: int, beyond: bool) -> NDArray[np.bool_]:
    """(H, W, n): each pixel's square, `beyond` outside the picture."""
    padded = np.pad(mask, radius, constant_values=beyond)
    height, width = mask.shape
    side = range(2 * radius + 1)
    return np.stack([padded[y : y + height, x : x + width] for y in side for x in side], -1)


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 25), st.integers(1, 25), st.integers(0, 14), st.integers(0, 2**31), st.floats(0, 1))
def test_every_neighbour_counts(height: int, width: int, radius: int, seed: int, share: float) -> None:
    mask = np.random.default_rng(seed).random((height, width)) < share
    np.testing.assert_array_equal(grown(mask, radius), neighbourhood(mask, radius, False).any(-1))
    np.testing.assert_array_equal(eroded(mask, radius), neighbourhood(mask, radius, True).all(-1))
