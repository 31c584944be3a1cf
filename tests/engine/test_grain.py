"""Grain lies in the picture: the same for every size it is shown at, and for every way of cutting it into strips."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.grain import Grain


def whole(height: int, width: int, seed: int = 7) -> np.ndarray:
    return Grain(height, width, seed).rows(0, height)


@settings(max_examples=25, deadline=None)
@given(height=st.integers(1, 300), width=st.integers(1, 300), cut=st.integers(0, 300))
def test_strips_make_the_whole(height: int, width: int, cut: int) -> None:
    grain, cut = Grain(height, width, 3), min(cut, height)
    top, bottom = grain.rows(0, cut), grain.rows(cut, height - cut)
    assert (top.shape, bottom.shape) == ((cut, width), (height - cut, width))
    np.testing.assert_allclose(np.concatenate([top, bottom]), whole(height, width, 3), atol=1e-5)


def test_a_large_photo_has_the_whole_strength_and_no_bias() -> None:
    grain = whole(2400, 3600)
    assert abs(grain.mean()) < 0.02
    assert 0.75 < grain.std() < 1.05, "bilinear weights take a little between two grains"


def test_a_preview_shows_the_grain_of_the_photo() -> None:
    """The mean over each pixel of the preview, up to what the preview's own softness adds."""
    full, preview = whole(2400, 3600), whole(600, 900)
    shrunk = full.reshape(600, 4, 900, 4).mean((1, 3))
    assert np.corrcoef(shrunk.ravel(), preview.ravel())[0, 1] > 0.85
    assert 0.8 < preview.std() / shrunk.std() < 1.25


def test_every_picture_has_its_own() -> None:
    one, other = whole(300, 400, 1), whole(300, 400, 2)
    np.testing.assert_array_equal(one, whole(300, 400, 1))
    assert abs(np.corrcoef(one.ravel(), other.ravel())[0, 1]) < 0.05


@pytest.mark.parametrize("shape", [(1, 1), (8, 8), (20, 30_000), (3, 1_000)])
def test_every_shape_has_grain(shape: tuple[int, int]) -> None:
    assert np.isfinite(whole(*shape)).all() and whole(*shape).shape == shape


def test_no_seam_where_the_noise_repeats() -> None:
    """A photo much larger than the tile of noise: differences between neighbouring rows are nowhere larger than elsewhere."""
    steps = np.abs(np.diff(whole(3000, 40), axis=0)).mean(1)
    assert steps.max() < 4 * np.median(steps)
