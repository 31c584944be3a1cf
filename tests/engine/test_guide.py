"""Hints in a guide: each covers its square, inside the picture, and says its colour there."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from engine.color import srgb_to_lab
from engine.guide import guide_of, hint_square
from engine.hints import Hint


def test_hints_lie_inside_the_guide_and_later_ones_above() -> None:
    hints = (Hint(0.0, 0.0, "#ff0000"), Hint(1.0, 1.0, "#00ff00"), Hint(1.0, 1.0, "#808080", size=4))
    guide = guide_of(hints, 32, 48)
    assert guide[..., 2].sum() == 2 * 64
    assert guide[:8, :8, 2].all() and guide[24:, 40:, 2].all()
    np.testing.assert_allclose(guide[30, 46, :2], 0, atol=1e-4)
    np.testing.assert_allclose(guide[0, 0, :2] * 110, srgb_to_lab(np.array([1, 0, 0], np.float32))[1:], atol=1e-3)
    assert guide_of((Hint(0.5, 0.5, "#123456", size=64),), 10, 12)[..., 2].all()


@given(st.integers(1, 90), st.integers(1, 90), st.floats(0, 1), st.floats(0, 1), st.integers(1, 64))
def test_a_hint_covers_its_place_and_no_more_than_its_size(
    height: int, width: int, x: float, y: float, size: int
) -> None:
    rows, columns = hint_square(Hint(x, y, "#808080", size), height, width)
    covered = np.zeros((height, width), bool)
    covered[rows, columns] = True
    assert covered.sum() == min(size, height) * min(size, width), "never cut by an edge"
    assert covered[min(height - 1, int(y * height)), min(width - 1, int(x * width))] or size == 1
