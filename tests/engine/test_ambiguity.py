"""A colour is open where the error to be expected is large beside the colour itself."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from engine.ambiguity import openness


def at(chroma: float, sure: float) -> float:
    return float(openness(np.full((1, 1, 2), chroma / 2**0.5, np.float32), np.full((1, 1), sure, np.float32))[0, 0])


def test_a_lawn_is_known_and_a_pale_wall_is_open() -> None:
    lawn, skin, wall, white = at(35, 0.42), at(24, 0.5), at(4, 0.5), at(1, 0.75)
    assert lawn < 0.1 and skin < 0.1 and wall == 1 and white == 0


@given(st.floats(0, 60), st.floats(0, 1), st.floats(0, 60), st.floats(0, 1))
def test_stronger_colour_and_more_certainty_never_open_it(a: float, sure: float, more: float, surer: float) -> None:
    assert 0 <= at(a + more, max(sure, surer)) <= at(a, sure) + 1e-5 <= 1 + 1e-5
