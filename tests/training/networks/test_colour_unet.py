"""The colouriser predicts chroma at a quarter of the size, listens to hints, and trains whole."""

from __future__ import annotations

from typing import Any

import pytest
import torch

from training.config import ConfigError
from training.networks.alike_colour import DEEPER, OPEN
from training.networks.colour_unet import ColourUNet
from training.networks.doubt import OF_COLOUR


@pytest.fixture
def network() -> ColourUNet:
    torch.manual_seed(0)
    return ColourUNet((16, 16, 8, 8), pretrained=False)


def test_shape(network: ColourUNet) -> None:
    assert network.eval()(torch.rand(2, 1, 64, 96) * 100, torch.zeros(2, 3, 64, 96)).shape == (2, 2, 16, 24)


def test_a_hint_changes_the_answer_and_colour_without_a_mask_does_not(network: ColourUNet) -> None:
    lightness, guide = torch.rand(1, 1, 64, 64) * 100, torch.zeros(1, 3, 64, 64)
    network.eval()
    plain = network(lightness, guide)
    guide[:, :2, 8:16, 8:16] = 0.4
    assert torch.equal(network(lightness, guide), plain)
    guide[:, 2, 8:16, 8:16] = 1
    assert not torch.equal(network(lightness, guide), plain)


def test_every_weight_gets_a_gradient(network: ColourUNet) -> None:
    guide = torch.zeros(2, 3, 64, 64)
    guide[:, :, 8:24, 8:24] = 1
    network.train()(torch.rand(2, 1, 64, 64) * 100, guide).square().sum().backward()
    assert [name for name, parameter in network.named_parameters() if parameter.grad is None] == []


def test_saturating_makes_guesses_stronger_and_nothing_else(network: ColourUNet) -> None:
    lightness, guide = torch.rand(1, 1, 64, 64) * 100, torch.zeros(1, 3, 64, 64)
    with torch.no_grad():
        plain = network.eval()(lightness, guide)
        network.saturate(1.5)
        assert torch.allclose(network(lightness, guide), 1.5 * plain, atol=1e-6)


def test_saturating_leaves_what_is_said_of_certainty() -> None:
    """The map of an export must not depend on how strong its colours were made."""
    torch.manual_seed(0)
    network = ColourUNet((16, 16, 8, 8), False, encoder="plain", certainty=True).eval()
    lightness, guide = torch.rand(1, 1, 64, 64) * 100, torch.zeros(1, 3, 64, 64)
    guide[:, :, 16:32, 16:32] = torch.tensor([0.3, -0.2, 1.0])[:, None, None]
    with torch.no_grad():
        network.last.weight.normal_(0, 0.3)
        plain = network(lightness, guide)
        network.saturate(1.2)
        network.saturate(1.25)
        stronger = network(lightness, guide)
    assert torch.equal(plain[:, 2:], stronger[:, 2:])
    assert (stronger[:, :2] - plain[:, :2]).abs().mean() > 0.01 * plain[:, :2].abs().mean()


def test_a_larger_one_tells_its_certainty_and_follows_a_style() -> None:
    torch.manual_seed(0)
    network = ColourUNet(
        (16, 16, 8, 8), False, second="efficientnet-lite1", attention=1, style=3, certainty=True
    ).eval()
    lightness, guide = torch.rand(2, 1, 64, 64) * 100, torch.zeros(2, 3, 64, 64)
    with torch.no_grad():
        likeliest = network(lightness, guide)
        assert likeliest.shape == (2, 3, 16, 16)
        assert torch.equal(network(lightness, guide, torch.zeros(2, 3)), likeliest)
        assert not torch.equal(network(lightness, guide, torch.ones(2, 3)), likeliest)
        features = network.encode(lightness)
        assert torch.equal(network.decode(features, lightness, guide), likeliest)


@pytest.mark.parametrize(
    "changes", [{"encoder": "resnet"}, {"second": "resnet"}, {"attention": 1, "widths": (8, 8, 8, 8)}]
)
def test_what_is_not_there_is_refused_by_name(changes: dict[str, Any]) -> None:
    with pytest.raises(ConfigError, match=r"generator\.(encoder|second_encoder|attention)"):
        ColourUNet(**{"pretrained": False, **changes})


def test_what_tells_the_certainty_moves_nothing_of_the_rest() -> None:
    network = ColourUNet((16, 16, 8, 8), False, encoder="plain", certainty=True)
    network(torch.rand(2, 1, 64, 64) * 100, torch.zeros(2, 3, 64, 64))[:, 2:].square().sum().backward()
    moved = {name for name, p in network.named_parameters() if p.grad is not None and bool(p.grad.any())}
    assert moved and all(name.startswith("doubt.") for name in moved)


def test_doubt_is_told_of_the_answer_whose_colour_counts_too() -> None:
    torch.manual_seed(0)
    network = ColourUNet((16, 16, 8, 8), False, encoder="plain", certainty=True).eval()
    lightness, guide = torch.rand(1, 1, 64, 64) * 100, torch.zeros(1, 3, 64, 64)
    with torch.no_grad():
        network.last.weight.normal_(0, 0.3)
        told = network(lightness, guide)
        network.doubt.think[-1].bias -= 20
        sure = network(lightness, guide)
    guessed = sure[:, :2].norm(dim=1, keepdim=True)
    assert torch.allclose(sure[:, 2:].exp(), OF_COLOUR * guessed, rtol=1e-4)
    assert bool((told[:, 2:] > sure[:, 2:]).all())


def test_evening_makes_colour_even() -> None:
    torch.manual_seed(0)
    network = ColourUNet((16, 16, 8, 8), False, encoder="plain", certainty=True).eval()
    lightness, guide = torch.rand(1, 1, 64, 64) + 50, torch.zeros(1, 3, 64, 64)
    with torch.no_grad():
        plain = network(lightness, guide)
        network.even = 200.0
        evened = network(lightness, guide)
    assert evened[:, :2].std((2, 3)).max() < 0.5 * plain[:, :2].std((2, 3)).min()


def test_doubtful_places_agree() -> None:
    torch.manual_seed(0)
    network = ColourUNet((16, 16, 8, 8), False, encoder="plain", certainty=True).eval()
    lightness, guide = 100 * torch.rand(1, 1, 64, 64), torch.zeros(1, 3, 64, 64)
    with torch.no_grad():
        plain = network(lightness, guide)
        assert torch.exp(plain[:, 2:]).min() > OPEN  # it begins with doubt
        network.alike = True
        agreed = network(lightness, guide)
    assert bool((agreed[:, :2].std((2, 3)) < DEEPER * plain[:, :2].std((2, 3))).all())


def test_alike_needs_certainty() -> None:
    with pytest.raises(ConfigError, match="needs certainty"):
        ColourUNet((16, 16, 8, 8), False, encoder="plain", alike=True)
