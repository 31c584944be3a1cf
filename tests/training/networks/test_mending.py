"""What is known stays as it is, what is unknown is never looked at, and the smooth fill goes on from its surroundings."""

from __future__ import annotations

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from training.networks.mending import Mending, smooth_fill


def mending() -> Mending:
    torch.manual_seed(0)
    return Mending((4, 6), (6, 8)).eval()


def hole(top: int, left: int, height: int, width: int, side: int = 96) -> Tensor:
    mask = torch.zeros(1, 1, side, side)
    mask[..., top : top + height, left : left + width] = 1
    return mask


@settings(max_examples=20, deadline=None)
@given(top=st.integers(0, 95), left=st.integers(0, 95), height=st.integers(1, 60), width=st.integers(1, 60))
def test_the_unknown_is_not_looked_at_and_the_known_is_kept(top: int, left: int, height: int, width: int) -> None:
    torch.manual_seed(1)
    picture, mask = torch.rand(1, 3, 96, 96), hole(top, left, height, width)
    spoilt = picture + mask * torch.rand(1, 3, 96, 96)
    with torch.no_grad():
        first, second = mending().fill(picture, mask), mending().fill(spoilt, mask)
    assert torch.equal(first, second) or float((first - second).abs().max()) < 1e-6
    assert torch.equal((first * (1 - mask)), picture * (1 - mask))


@pytest.mark.parametrize("value", [0.0, 0.3, 1.0])
def test_a_flat_picture_is_filled_flat(value: float) -> None:
    mask = hole(10, 20, 60, 50)
    filled = smooth_fill(torch.full((1, 3, 96, 96), value) * (1 - mask), mask)
    assert float((filled - value).abs().max()) < 1e-3


def test_a_smooth_fill_lies_between_its_surroundings() -> None:
    picture = torch.linspace(0.2, 0.8, 96).expand(1, 3, 96, 96)
    filled = smooth_fill(picture, hole(30, 40, 20, 12))
    inside = filled[..., 30:50, 40:52]
    assert float(inside.min()) > 0.35 and float(inside.max()) < 0.65
    assert float((inside - picture[..., 30:50, 40:52]).abs().mean()) < 0.04


def test_a_picture_of_which_nothing_is_known_is_no_error() -> None:
    filled = smooth_fill(torch.rand(1, 3, 64, 64), torch.ones(1, 1, 64, 64))
    assert bool(torch.isfinite(filled).all()) and float(filled.min()) >= 0 and float(filled.max()) <= 1


def test_every_weight_gets_a_gradient() -> None:
    network, picture = mending().train(), torch.rand(2, 3, 64, 64)
    (
        network.find(picture).sum() + network.fill(picture, hole(8, 8, 20, 20, 64).expand(2, -1, -1, -1)).square().sum()
    ).backward()
    assert [n for n, weight in network.named_parameters() if weight.grad is None or not bool(weight.grad.any())] == []
