"""The size at which a generator sees a photo is bounded for every shape of photo."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from engine.working_shape import LARGEST_PADDED_PIXELS, own_working_size, working_shape
from tests.onnx_files import card_of


@settings(max_examples=30, deadline=None)
@given(height=st.integers(1, 40_000), width=st.integers(1, 40_000), size=st.integers(160, 512))
@example(height=8, width=30_000, size=256)
@example(height=500_000_000, width=1, size=512)
def test_the_working_shape_is_bounded(height: int, width: int, size: int) -> None:
    down, across = working_shape(height, width, size)
    assert min(down, across) >= 8
    assert -(-down // 32) * -(-across // 32) * 32**2 <= min(4 * size**2, 512 * 512 * 1.5)
    assert min(down, across) <= size
    longest = 3 if size <= 310 else 1.4
    if max(height, width) < longest * min(height, width) and min(height, width) > size:
        assert min(down, across) == size


@pytest.mark.parametrize(("named", "taken"), [(0, 256), (8, 64), (288, 288), (8192, 8192)])
def test_a_generators_own_working_size_is_its_cards(named: int, taken: int) -> None:
    assert own_working_size(card_of(working_size=named)) == taken
    height, width = working_shape(9000, 12000, taken)
    assert height * width <= LARGEST_PADDED_PIXELS, "whatever a card asks for"
