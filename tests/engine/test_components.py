"""Connected places: the same as walking from pixel to pixel, however they wind."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from engine.components import Components

Mask = NDArray[np.bool_]


def walked(mask: Mask) -> list[set[tuple[int, int]]]:
    """The connected places of a small mask, corners joined, found by walking."""
    left = set(zip(*(side.tolist() for side in np.nonzero(mask)), strict=True))
    found = []
    while left:
        place, edge = set(), [left.pop()]
        while edge:
            row, column = edge.pop()
            place.add((row, column))
            near = {(row + y, column + x) for y in (-1, 0, 1) for x in (-1, 0, 1)} & left
            left -= near
            edge += near
        found.append(place)
    return found


def random(height: int, width: int, seed: int, share: float) -> Mask:
    return np.random.default_rng(seed).random((height, width)) < share


MASKS = st.builds(random, st.integers(1, 24), st.integers(1, 24), st.integers(0, 2**31), st.floats(0, 1))


@settings(max_examples=80, deadline=None)
@given(MASKS, st.integers(0, 2**31))
def test_components_are_those_that_walking_finds(mask: Mask, seed: int) -> None:
    expected, found = walked(mask), Components.of(mask)
    assert found.count == len(expected)
    boxes = {
        (min(y for y, _ in p), min(x for _, x in p), max(y for y, _ in p) + 1, max(x for _, x in p) + 1)
        for p in expected
    }
    assert {tuple(box) for box in found.boxes().tolist()} == boxes
    seeds = random(*mask.shape, seed, 0.1)
    wanted = np.zeros_like(mask)
    for place in expected:
        if any(seeds[pixel] for pixel in place):
            for pixel in place:
                wanted[pixel] = True
    np.testing.assert_array_equal(found.holding(seeds), wanted)


@pytest.mark.parametrize("turned", [False, True])
def test_a_snake_is_one(turned: bool) -> None:
    """The longest chain of runs that must be joined."""
    mask = np.zeros((201, 200), bool)
    mask[::2] = True
    mask[1::4, -1] = mask[3::4, 0] = True
    mask = mask.T.copy() if turned else mask
    assert Components.of(mask).count == 1
    seeds = np.zeros_like(mask)
    seeds[0, 0] = True
    np.testing.assert_array_equal(Components.of(mask).holding(seeds), mask)


def test_nothing_and_everything() -> None:
    assert Components.of(np.zeros((5, 7), bool)).count == 0
    assert Components.of(np.zeros((5, 7), bool)).boxes().shape == (0, 4)
    assert not Components.of(np.zeros((5, 7), bool)).holding(np.ones((5, 7), bool)).any()
    assert Components.of(np.ones((5, 7), bool)).boxes().tolist() == [[0, 0, 5, 7]]
