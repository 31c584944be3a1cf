"""Tiles: every pixel covered, none outside, weights that sum to one, at any size."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from engine.tiles import cut, padded, reflected

CUTS = st.tuples(
    st.integers(1, 300), st.integers(1, 300), st.integers(1, 128), st.integers(0, 127), st.sampled_from([1, 2, 8, 32])
).filter(lambda sizes: sizes[2] // sizes[4] > -(-sizes[3] // sizes[4]))


@settings(max_examples=60, deadline=None)
@given(CUTS)
def test_every_pixel_lies_in_a_tile_and_no_tile_reaches_outside(sizes: tuple[int, int, int, int, int]) -> None:
    height, width, tile_px, _, multiple = sizes
    covered = np.zeros((height, width), int)
    tiling = cut(*sizes)
    for tile in tiling:
        assert 0 <= tile.top <= tile.top + tile.height <= height
        assert 0 <= tile.left <= tile.left + tile.width <= width
        assert max(tile.height, tile.width) <= tile_px
        assert tile.top % multiple == tile.left % multiple == 0, "a place lies the same way in every tile"
        covered[tile.top : tile.top + tile.height, tile.left : tile.left + tile.width] += 1
    assert covered.min() >= 1
    equal = {(padded(tile.height, multiple, 1), padded(tile.width, multiple, 1)) for tile in tiling}
    assert len(equal) == 1, "equal tiles once padded, so that memory is used again"


@settings(max_examples=60, deadline=None)
@given(CUTS)
def test_neighbours_share_at_least_the_overlap(sizes: tuple[int, int, int, int, int]) -> None:
    tiling = cut(*sizes)
    for axis in (tiling.rows, tiling.columns):
        for here, after in zip(axis.starts, axis.starts[1:], strict=False):
            assert here < after <= here + axis.length - sizes[3]


@settings(max_examples=40, deadline=None)
@given(CUTS, st.integers(1, 3))
def test_weights_sum_to_one_everywhere(sizes: tuple[int, int, int, int, int], scale: int) -> None:
    height, width = sizes[:2]
    tiling = cut(*sizes)
    # Overlaps close to the tile's own size make thousands of tiles, which prove nothing more.
    assume(len(tiling) < 400)
    total = np.zeros((height * scale, width * scale))
    for tile in tiling:
        rows = slice(tile.top * scale, (tile.top + tile.height) * scale)
        columns = slice(tile.left * scale, (tile.left + tile.width) * scale)
        weight = tiling.weight(tile, scale)
        assert weight.min() > 0
        total[rows, columns] += weight
    assert np.abs(total - 1).max() < 1e-5


def test_what_lies_next_to_an_edge_inside_the_picture_does_not_count() -> None:
    """A generator sees nothing beyond a tile's edge, so a quarter of the overlap there is left to the neighbour."""
    tiling = cut(100, 400, 160, 32, multiple=8)
    first, second, *_ = tiling
    shared = first.width - second.left
    assert shared >= 32
    weight = tiling.weight(second)
    assert weight[:, : shared // 4].max() < 1e-5
    assert tiling.weight(first)[:, -(shared // 4) :].max() < 1e-5
    assert np.abs(np.diff(weight[0])).max() < 0.15, "and between them it changes slowly"


def test_a_small_picture_is_one_tile() -> None:
    (tile,) = cut(20, 31, 64, 16, multiple=8)
    assert (tile.top, tile.left, tile.height, tile.width) == (0, 0, 20, 31)


def test_tiles_are_no_larger_than_their_number_needs() -> None:
    tiling = cut(100, 1100, 512, 32, multiple=8)
    assert (tiling.columns.starts, tiling.columns.length) == ((0, 352, 712), 392)


def test_sizes_that_make_no_sense_are_a_callers_bug() -> None:
    for sizes in ((0, 5, 4, 1), (5, 5, 0, 0), (5, 5, 4, 4), (5, 5, 4, -1), (50, 50, 15, 1, 8), (5, 5, 4, 0, 0)):
        with pytest.raises(ValueError, match="cannot cut"):
            cut(*sizes)


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 500), st.integers(1, 64), st.integers(1, 200))
def test_padded_is_the_smallest_legal_size(size: int, multiple: int, minimum: int) -> None:
    result = padded(size, multiple, minimum)
    assert result % multiple == 0
    assert max(size, minimum) <= result < max(size, minimum) + multiple


@settings(max_examples=60, deadline=None)
@given(st.integers(2, 40), st.integers(0, 100))
def test_reflection_goes_back_and_forth_one_pixel_at_a_time(size: int, more: int) -> None:
    indices = reflected(size, size + more)
    assert indices[:size].tolist() == list(range(size))
    assert np.abs(np.diff(indices)).tolist() == [1] * (size + more - 1)
    assert indices.min() == 0
    assert indices.max() == size - 1


def test_reflection_agrees_with_numpy_and_knows_a_single_pixel() -> None:
    assert reflected(5, 9).tolist() == np.pad(np.arange(5), (0, 4), mode="reflect").tolist()
    assert reflected(1, 4).tolist() == [0, 0, 0, 0]
