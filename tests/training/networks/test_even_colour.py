"""Colour is made even where the grey is even, from the surest places, and stays at edges and where somebody said it."""

from __future__ import annotations

import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from training.networks.even_colour import _smoothed, even_colour

ALIKE = 0.02
"""So near, in a*b*/110, two colours look the same."""


def evened(chroma: Tensor, lightness: Tensor, expected: Tensor, hinted: Tensor | None = None) -> Tensor:
    """All of it guessed, at the strength that is shipped."""
    hinted = torch.zeros_like(lightness) if hinted is None else hinted
    guessed, said = even_colour(chroma, torch.zeros_like(chroma), lightness, expected, hinted, 200.0)
    assert not said.any()
    return guessed


def wall(height: int = 24, width: int = 40) -> tuple[Tensor, Tensor, Tensor]:
    """A plain beige wall: chroma, lightness, and an error to be expected that is the same everywhere."""
    chroma = torch.tensor([0.05, 0.15])[None, :, None, None].expand(1, 2, height, width).clone()
    return chroma, torch.full((1, 1, height, width), 0.6), torch.full((1, 1, height, width), 0.1)


@settings(max_examples=25, deadline=None)
@given(length=st.integers(2, 90), weight=st.floats(0.0, 300.0), seed=st.integers(0, 1000))
def test_a_line_is_solved_as_by_elimination(length: int, weight: float, seed: int) -> None:
    random = torch.Generator().manual_seed(seed)
    values = torch.rand(1, 2, 3, length, generator=random, dtype=torch.float64)
    weights = weight * torch.rand(1, 1, 3, length, generator=random, dtype=torch.float64)
    weights[..., -1] = 0
    for line in range(3):
        joined = torch.diag_embed(weights[0, 0, line, :-1], 1)
        laplacian = torch.diag((joined + joined.mT).sum(1)) - joined - joined.mT
        expected = torch.linalg.solve(torch.eye(length).double() + laplacian, values[0, :, line].mT).mT
        assert torch.allclose(_smoothed(values, weights)[0, :, line], expected, atol=1e-6)


def test_one_colour_stays_itself_whatever_the_grey() -> None:
    chroma, lightness, expected = wall()
    lightness, expected = torch.rand_like(lightness), 0.01 + torch.rand_like(expected)
    assert torch.allclose(evened(chroma, lightness, expected), chroma, atol=1e-4)


def test_a_doubtful_patch_on_a_plain_wall_goes_and_a_sure_one_stays() -> None:
    plain, lightness, expected = wall()
    chroma = plain.clone()
    chroma[:, :, 9:15, 16:22] = torch.tensor([0.07, 0.11])[:, None, None]
    patch = (slice(None), slice(None), slice(9, 15), slice(16, 22))
    doubtful, sure = expected.clone(), expected.clone()
    doubtful[patch] = 0.4
    sure[patch] = 0.02
    before = (chroma - plain)[patch].norm(dim=1).mean()
    left = (evened(chroma, lightness, doubtful) - plain)[patch].norm(dim=1).mean()
    kept = (evened(chroma, lightness, sure) - plain)[patch].norm(dim=1).mean()
    assert left < 0.25 * before
    assert kept > 0.4 * before


def test_colours_do_not_cross_an_edge_of_the_grey_or_of_themselves() -> None:
    chroma, lightness, expected = wall()
    chroma[..., 20:] = torch.tensor([0.1, 0.1])[:, None, None]
    darker = lightness.clone()
    darker[..., 20:] = 0.5
    assert (evened(chroma, darker, expected) - chroma).norm(dim=1).max() < 0.1 * ALIKE
    chroma[..., 20:] = torch.tensor([0.4, -0.1])[:, None, None]
    assert (evened(chroma, lightness, expected) - chroma).norm(dim=1).max() < 0.1 * ALIKE


def test_a_hint_stays_and_pulls_what_is_plain_towards_itself() -> None:
    chroma, lightness, expected = wall()
    hinted = torch.zeros_like(lightness)
    spot = (slice(None), slice(None), slice(11, 13), slice(19, 21))
    wanted = torch.tensor([0.02, 0.19])[:, None, None]
    chroma[spot], hinted[spot] = wanted, 1.0
    answer = evened(chroma, lightness, expected, hinted)
    assert (answer - chroma)[spot].norm(dim=1).max() < 0.5 * ALIKE
    beside = (slice(None), slice(None), slice(11, 13), slice(22, 24))
    assert (answer - chroma)[beside].norm(dim=1).mean() > 0.25 * (wanted - chroma[:, :, :1, :1]).norm()


def test_both_parts_together_are_what_their_sum_would_be() -> None:
    random = torch.Generator().manual_seed(3)
    guessed, said = (0.2 * torch.rand(1, 2, 16, 24, generator=random) for _ in range(2))
    lightness, expected = torch.rand(1, 1, 16, 24, generator=random), 0.1 + torch.rand(1, 1, 16, 24, generator=random)
    parts = even_colour(guessed, said, lightness, expected, torch.zeros_like(lightness), 200.0)
    assert torch.allclose(parts[0] + parts[1], evened(guessed + said, lightness, expected), atol=1e-5)


def test_it_teaches_the_chroma_and_nothing_it_goes_by() -> None:
    chroma, lightness, expected = (part.requires_grad_() for part in wall())
    evened(chroma, lightness, expected).square().sum().backward()
    assert chroma.grad is not None and bool(chroma.grad.any())
    assert lightness.grad is None and expected.grad is None
