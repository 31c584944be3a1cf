"""What is known stays as it is, what is unknown is never looked at, and the smooth fill goes on from its surroundings."""

from __future__ import annotations

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from training import growth
from training.config import ConfigError
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
    spoilt, unseen = picture + mask * torch.rand(1, 3, 96, 96), torch.zeros_like(mask)
    with torch.no_grad():
        first, second = mending().fill(picture, mask, unseen), mending().fill(spoilt, mask, unseen)
    assert torch.equal(first, second) or float((first - second).abs().max()) < 1e-6
    assert torch.equal((first * (1 - mask)), picture * (1 - mask))


def test_what_may_be_looked_through_is_and_the_rest_is_not() -> None:
    torch.manual_seed(1)
    picture, mask = torch.rand(1, 3, 96, 96), hole(20, 20, 40, 40)
    seen = hole(20, 20, 40, 20)
    elsewhere = picture + (mask - seen) * torch.rand(1, 3, 96, 96)
    below = picture + seen * torch.rand(1, 3, 96, 96)
    with torch.no_grad():
        answer, same, other = (mending().fill(each, mask, seen) for each in (picture, elsewhere, below))
    torch.testing.assert_close(answer, same, atol=1e-6, rtol=0)
    assert float((answer - other).abs().max()) > 1e-3


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
    mask = hole(8, 8, 20, 20, 64).expand(2, -1, -1, -1)
    (network.find(picture).sum() + network.fill(picture, mask, mask).square().sum()).backward()
    assert [n for n, weight in network.named_parameters() if weight.grad is None or not bool(weight.grad.any())] == []


def told_by_an_encoder() -> Mending:
    torch.manual_seed(0)
    return Mending((4, 6, 6, 6, 6), (6, 8), encoder="efficientnet-lite0", pretrained=False).eval()


def test_an_encoder_joins_a_finder_that_has_learned_without_changing_its_answer() -> None:
    torch.manual_seed(3)
    small, large, picture = Mending((4, 6, 6, 6, 6), (6, 8)).eval(), told_by_an_encoder(), torch.rand(1, 3, 64, 64)
    large.load_state_dict(growth.grown(small.state_dict(), large))
    with torch.no_grad():
        assert torch.equal(small.find(picture), large.find(picture))


def test_what_the_encoder_sees_reaches_the_finder_at_every_level() -> None:
    network = told_by_an_encoder()
    network.find(torch.rand(1, 3, 64, 64)).square().sum().backward()
    assert all(look.weight.grad is not None and float(look.weight.grad.abs().max()) > 0 for look in network.looks)


def test_an_encoder_that_is_not_there_or_has_no_place_is_said() -> None:
    with pytest.raises(ConfigError, match=r"generator\.encoder: 'resnet'"):
        Mending((4, 6, 6, 6, 6), (6, 8), encoder="resnet")
    with pytest.raises(ConfigError, match=r"generator\.finder: 2 widths"):
        Mending((4, 6), (6, 8), encoder="efficientnet-lite0", pretrained=False)
