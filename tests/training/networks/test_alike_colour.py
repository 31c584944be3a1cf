"""Doubtful places that look alike agree on one colour; what is known, said or looks otherwise stays."""

from __future__ import annotations

import torch
from torch import Tensor

from training.networks.alike_colour import DEEPER, KNOWN, OPEN, alike_colour

HEIGHT, WIDTH = 16, 24
RED, BLUE = (0.3, 0.1), (0.05, -0.3)


def coat() -> tuple[Tensor, Tensor]:
    """A coat, half red and half blue, on a grey wall (the upper half), and features that tell only coat from wall."""
    chroma = torch.zeros(1, 2, HEIGHT, WIDTH)
    chroma[:, :, HEIGHT // 2 :, : WIDTH // 2] = torch.tensor(RED)[None, :, None, None]
    chroma[:, :, HEIGHT // 2 :, WIDTH // 2 :] = torch.tensor(BLUE)[None, :, None, None]
    features = torch.zeros(1, 2, HEIGHT // 2, WIDTH // 2)
    features[:, 0, : HEIGHT // 4] = 1
    features[:, 1, HEIGHT // 4 :] = 1
    return chroma, features


def agreed(chroma: Tensor, features: Tensor, expected: Tensor, hinted: Tensor | None = None) -> Tensor:
    """All of it guessed."""
    hinted = torch.zeros_like(expected) if hinted is None else hinted
    guessed, said = alike_colour(chroma, torch.zeros_like(chroma), features, expected, hinted)
    assert not said.any()
    return guessed


def apart(chroma: Tensor) -> float:
    """How far the coat's left lies from its right."""
    left, right = chroma[:, :, -4:, 2:10].mean((0, 2, 3)), chroma[:, :, -4:, -10:-2].mean((0, 2, 3))
    return float((left - right).norm())


def everywhere(error: float) -> Tensor:
    return torch.full((1, 1, HEIGHT, WIDTH), error)


def test_a_doubtful_coat_gets_one_colour_and_the_wall_stays_grey() -> None:
    chroma, features = coat()
    result = agreed(chroma, features, everywhere(2 * OPEN))
    assert apart(result) < 0.6 * DEEPER * apart(chroma)
    assert result[:, :, : HEIGHT // 2 - 2].abs().max() < 0.01


def test_a_coat_that_is_known_stays() -> None:
    chroma, features = coat()
    assert torch.equal(agreed(chroma, features, everywhere(KNOWN)), chroma)


def test_the_surer_half_says_more() -> None:
    chroma, features = coat()
    expected = everywhere(3 * OPEN)
    expected[..., : WIDTH // 2] = OPEN
    result = agreed(chroma, features, expected)[:, :, -4:]
    red, blue = (torch.tensor(colour)[None, :, None, None] for colour in (RED, BLUE))
    assert (result - red).norm(dim=1).mean() < (result - blue).norm(dim=1).mean()


def test_what_was_said_stays_and_spreads_to_its_like() -> None:
    chroma, features = coat()
    hinted = everywhere(0.0)
    hinted[..., -4:-2, 4:6] = 1
    result = agreed(chroma, features, everywhere(2 * OPEN), hinted)
    assert torch.equal(result[..., -4:-2, 4:6], chroma[..., -4:-2, 4:6])
    red = torch.tensor(RED)[None, :, None, None]
    before, after = ((part - red)[:, :, -4:, 12:16].norm(dim=1).max() for part in (chroma, result))
    assert after < 0.5 * before


def test_what_was_guessed_grows_deeper_where_it_was_open_and_what_was_said_does_not() -> None:
    chroma, features = coat()
    doubtful, nothing = everywhere(2 * OPEN), torch.zeros_like(chroma)
    guessed, _ = alike_colour(chroma, nothing, features, doubtful, everywhere(0.0))
    _, said = alike_colour(nothing, chroma, features, doubtful, everywhere(0.0))
    assert torch.allclose(guessed, DEEPER * said, atol=1e-5)


def test_features_learn_from_it_and_doubt_does_not() -> None:
    chroma, features = coat()
    features = (features + 0.3 * torch.rand_like(features)).requires_grad_()
    expected = everywhere(2 * OPEN).requires_grad_()
    agreed(chroma, features, expected).square().sum().backward()
    assert features.grad is not None
    assert features.grad.abs().sum() > 0
    assert expected.grad is None
