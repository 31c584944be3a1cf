"""Neighbours of patches: never worse after a round, never from the hole, and found where there is one that is the same."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.errors import Cancelled
from engine.morphology import grown
from engine.neighbour_field import NeighbourField
from engine.patch_space import RADIUS_PX, PatchSpace
from engine.progress import CancelToken


def field_of(picture: np.ndarray, hole: np.ndarray, seed: int = 0) -> tuple[NeighbourField, PatchSpace]:
    field = NeighbourField(hole, ~grown(hole, RADIUS_PX), np.random.default_rng(seed))
    return field, PatchSpace(picture, hole, picture, field.sources, field.targets, 1.0)


def test_targets_touch_the_hole_and_sources_do_not() -> None:
    hole = np.zeros((30, 40), bool)
    hole[10:14, 12:20] = True
    field = NeighbourField(hole, ~grown(hole, RADIUS_PX), np.random.default_rng(0))
    near = np.zeros_like(hole)
    near[field.targets] = True
    np.testing.assert_array_equal(near, grown(hole, RADIUS_PX))
    assert len(field.sources[0]) + len(field.targets[0]) == hole.size and not near[field.sources].any()


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 2**31))
def test_every_round_brings_neighbours_nearer(seed: int) -> None:
    random = np.random.default_rng(seed)
    picture = random.random((50, 60, 3)).astype(np.float32)
    hole = np.zeros((50, 60), bool)
    hole[20:32, 15:30] = True
    field, space = field_of(picture, hole, seed)
    space.usual[:] = 0  # nothing is laid on what is taken often
    costs = []
    for _ in range(4):
        field.search(space, picture, CancelToken())
        assert field._cost is not None
        costs.append(field._cost.copy())
        assert not grown(hole, RADIUS_PX)[field._rows, field._columns].any()
    for before, after in pairwise(costs):
        assert (after <= before + 1e-4).all()


def test_no_patch_is_taken_for_a_whole_wall() -> None:
    wall = (0.5 + 0.05 * np.random.default_rng(0).standard_normal((80, 90, 1))).astype(np.float32).repeat(3, 2)
    hole = np.zeros((80, 90), bool)
    hole[20:60, 20:70] = True
    flat = np.where(hole[..., None], np.float32(0.5), wall)

    def most(share: float) -> int:
        field = NeighbourField(hole, ~grown(hole, RADIUS_PX), np.random.default_rng(0))
        space = PatchSpace(wall, hole, flat, field.sources, field.targets, 1.0)
        space.usual *= share
        for _ in range(4):
            field.search(space, flat, CancelToken())
        return int(np.bincount(field._rows * 90 + field._columns).max())

    assert most(1.0) < 0.5 * most(0.0)


def test_a_pattern_is_found_again_where_it_repeats() -> None:
    rows, columns = np.mgrid[:64, :64]
    wave = (0.5 + 0.3 * np.sin(rows * 2 * np.pi / 8) * np.sin(columns * 2 * np.pi / 8)).astype(np.float32)
    picture = np.repeat(wave[..., None], 3, 2)
    hole = np.zeros((64, 64), bool)
    hole[24:36, 24:36] = True
    field, space = field_of(picture, hole)
    for _ in range(6):
        field.search(space, picture, CancelToken())
    drawn = picture.copy()
    drawn[hole] = 0
    field.vote(drawn, CancelToken())
    assert np.abs(drawn - picture)[hole].max() < 0.05
    np.testing.assert_array_equal(drawn[~hole], picture[~hole])


def test_a_larger_field_begins_where_the_smaller_one_ended() -> None:
    hole = np.zeros((61, 47), bool)
    hole[20:41, 11:30] = True
    half = np.zeros((31, 24), bool)
    half[10:21, 5:15] = True
    smaller = NeighbourField(half, ~grown(half, RADIUS_PX), np.random.default_rng(3))
    larger = NeighbourField(hole, ~grown(hole, RADIUS_PX), np.random.default_rng(3), smaller)
    assert larger._free[larger._rows, larger._columns].all()
    rows, columns = larger.targets
    number = smaller._number[rows // 2, columns // 2]
    twice = smaller._rows[number] * 2 + rows % 2
    assert (larger._rows == twice).mean() > 0.95


def test_stopping_is_heard() -> None:
    hole = np.zeros((40, 40), bool)
    hole[15:22, 15:22] = True
    picture = np.zeros((40, 40, 3), np.float32)
    field, space = field_of(picture, hole)
    token = CancelToken()
    token.cancel()
    with pytest.raises(Cancelled):
        field.search(space, picture, token)
    with pytest.raises(Cancelled):
        field.vote(picture, token)
