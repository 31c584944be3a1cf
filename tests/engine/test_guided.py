"""Chroma follows edges of luma on its way to full size, and nothing is invented."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from PIL import Image

from engine.guided import Guide, box_mean, enlarger, local_extreme


def resized(plane: NDArray[np.float32], height: int, width: int) -> NDArray[np.float32]:
    """Bilinear with antialiasing, Pillow's."""
    return np.asarray(Image.fromarray(plane).resize((width, height), Image.Resampling.BILINEAR))


@pytest.mark.parametrize("radius", [0, 1, 3, 50])
def test_box_mean_is_the_mean_of_what_is_inside_the_window(radius: int) -> None:
    planes = np.random.default_rng(1).random((7, 9, 2), np.float32)
    means = box_mean(planes, radius)
    for y, x in ((0, 0), (3, 4), (6, 8)):
        window = planes[max(0, y - radius) : y + radius + 1, max(0, x - radius) : x + radius + 1]
        np.testing.assert_allclose(means[y, x], window.mean((0, 1)), atol=1e-6)


def test_local_extremes_are_those_of_the_window() -> None:
    plane = np.random.default_rng(2).random((8, 6), np.float32)
    low, high = local_extreme(plane, 2, largest=False), local_extreme(plane, 2, largest=True)
    for y, x in ((0, 0), (4, 3), (7, 5)):
        window = plane[max(0, y - 2) : y + 3, max(0, x - 2) : x + 3]
        assert (low[y, x], high[y, x]) == (window.min(), window.max())


def test_flat_chroma_stays_flat_whatever_the_luma() -> None:
    luma = np.random.default_rng(3).random((60, 80), np.float32) * 100
    chroma = np.full((15, 20, 2), (20, -7), np.float32)
    a, b = enlarger(chroma, Guide.of(resized(luma, 15, 20)), 60, 80).rows(luma, 0)
    np.testing.assert_allclose(a, 20, atol=1e-3)
    np.testing.assert_allclose(b, -7, atol=1e-3)


def test_chroma_that_is_a_line_in_luma_gets_its_edge_back() -> None:
    """A blurred colour edge is nearer to the true one than bilinear enlarging brings it, and does not overshoot."""
    luma = np.full((256, 320), 30, np.float32)
    luma[:, 150:] = 70
    truth = np.where(luma > 50, 40, -20).astype(np.float32)
    small = resized(luma, 64, 80)
    blurred = resized(resized(truth, 16, 20), 64, 80)[..., None]
    (found,) = enlarger(blurred, Guide.of(small), 256, 320).rows(luma, 0)
    plain = resized(blurred[..., 0], 256, 320)
    # Only beside the edge can either be wrong; there the filter must take at least a third of the error away.
    assert np.abs(found - truth).mean() < 0.67 * np.abs(plain - truth).mean()
    assert found.min() > -20 - 6 and found.max() < 40 + 6


def test_grain_does_not_become_colour_noise() -> None:
    """Grain of 2 L* moves chroma by less than a quarter unit where chroma and luma go together only by chance."""
    rng = np.random.default_rng(4)
    luma = (50 + rng.normal(0, 2, (240, 240))).astype(np.float32)
    chroma = np.full((60, 60, 1), 25, np.float32) + rng.normal(0, 0.5, (60, 60, 1)).astype(np.float32)
    (found,) = enlarger(chroma, Guide.of(resized(luma, 60, 60)), 240, 240).rows(luma, 0)
    smooth = resized(chroma[..., 0], 240, 240)
    assert np.abs(found - smooth)[8:-8, 8:-8].mean() < 0.25


def test_a_thin_bright_line_is_not_coloured_beyond_its_surroundings() -> None:
    luma = np.full((200, 200), 40, np.float32)
    luma[:, :100] = 60
    luma[:, 150] = 100
    without_line = resized(np.where(luma == 100, 40, luma).astype(np.float32), 50, 50)
    chroma = np.where(without_line > 50, 30, 0).astype(np.float32)[..., None]
    (found,) = enlarger(chroma, Guide.of(without_line), 200, 200).rows(luma, 0)
    assert np.abs(found[:, 150]).max() < 1


def test_lines_go_through_the_chroma_that_was_found() -> None:
    rng = np.random.default_rng(5)
    luma, chroma = rng.random((20, 24), np.float32) * 100, rng.random((20, 24, 2), np.float32)
    slopes, offsets = Guide.of(np.full_like(luma, 37)).lines(chroma)
    np.testing.assert_allclose(slopes, 0, atol=1e-6)
    np.testing.assert_allclose(offsets, chroma, atol=1e-6)


@settings(max_examples=30, deadline=None)
@given(
    small=st.tuples(st.integers(1, 12), st.integers(1, 12)),
    full=st.tuples(st.integers(1, 40), st.integers(1, 40)),
    rows=st.integers(1, 40),
)
def test_strips_give_what_the_whole_gives(small: tuple[int, int], full: tuple[int, int], rows: int) -> None:
    """At any size, also 1 x 1 and results smaller than the chroma."""
    rng = np.random.default_rng(6)
    luma = rng.random(full, np.float32) * 100
    carry = enlarger(
        rng.random((*small, 2), np.float32) * 60 - 30, Guide.of(rng.random(small, np.float32) * 100), *full
    )
    whole = carry.rows(luma, 0)
    for top in range(0, full[0], rows):
        for part, complete in zip(carry.rows(luma[top : top + rows], top), whole, strict=True):
            np.testing.assert_array_equal(part, complete[top : top + rows])
    assert all(np.isfinite(plane).all() and plane.shape == full for plane in whole)
