"""The error to be expected of an answer grows with the colour that is laid, and is never less than the guess's own."""

from __future__ import annotations

import torch
from hypothesis import given
from hypothesis import strategies as st

from training.networks.doubt import OF_COLOUR, doubt_of_answer


def error(own: float, chroma: float) -> float:
    expected = torch.full((1, 1, 2, 2), own).log()
    guessed = torch.tensor([0.6 * chroma, 0.8 * chroma])[None, :, None, None].expand(1, 2, 2, 2)
    return float(doubt_of_answer(expected, guessed).exp().mean())


def test_of_grey_the_guess_s_own_error_is_expected() -> None:
    assert abs(error(0.1, 0.0) - 0.1) < 1e-6


def test_of_a_colour_that_is_known_for_sure_a_share_of_it_is_expected() -> None:
    assert abs(error(1e-4, 0.5) - OF_COLOUR * 0.5) < 1e-5


@given(st.floats(0.01, 1), st.floats(0, 1), st.floats(0, 1))
def test_more_colour_is_never_surer(own: float, chroma: float, more: float) -> None:
    assert own - 1e-6 <= error(own, chroma) <= error(own, chroma + more) + 1e-6
