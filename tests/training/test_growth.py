"""A larger network answers as the smaller one it grew out of, and learns with what it has more."""

from __future__ import annotations

import pytest
import torch

from training.checkpoint import CheckpointError
from training.growth import grown, made_over
from training.networks.colour_unet import ColourUNet
from training.networks.enlarger import Enlarger
from training.networks.picture_unet import PictureAndCorrection

WIDTHS = (16, 16, 8, 8)


def small() -> ColourUNet:
    torch.manual_seed(1)
    network = ColourUNet(WIDTHS, pretrained=False)
    for norm in network.modules():
        if isinstance(norm, torch.nn.BatchNorm2d) and norm.running_mean is not None:
            torch.nn.init.normal_(norm.running_mean, 0, 0.1)
    return network.eval()


def large() -> ColourUNet:
    torch.manual_seed(2)
    return ColourUNet(WIDTHS, False, second="efficientnet-lite2", attention=1, style=3, certainty=True).eval()


def inputs() -> tuple[torch.Tensor, torch.Tensor]:
    guide = torch.zeros(1, 3, 64, 96)
    guide[:, :, 8:20, 30:40] = torch.tensor([0.3, -0.2, 1.0])[None, :, None, None]
    return 100 * torch.rand(1, 1, 64, 96), guide


def test_the_larger_network_answers_as_the_smaller_one() -> None:
    first, second = small(), large()
    second.load_state_dict(grown(first.state_dict(), second))
    lightness, guide = inputs()
    with torch.no_grad():
        answer = second(lightness, guide, torch.zeros(1, 3))
        assert torch.allclose(answer[:, :2], first(lightness, guide), atol=1e-6)
    assert answer.shape[1] == 3


def test_what_is_new_gets_a_gradient() -> None:
    network = large()
    network.load_state_dict(grown(small().state_dict(), network))
    lightness, guide = inputs()
    network.train()(lightness, guide, torch.ones(1, 3)).square().sum().backward()
    new = network.rise8.join[0].weight.grad
    assert new is not None and float(new[:, -1].abs().sum()) > 0
    assert network.style32.weight.grad is not None


def test_a_network_that_lacks_or_narrows_something_is_refused() -> None:
    state = large().state_dict()
    with pytest.raises(CheckpointError, match="it has no"):
        grown(state, small())
    for widths in ((8, 8, 8, 8), (32, 16, 8, 8)):  # narrower, and wider: what follows a wider layer would be shifted
        with pytest.raises(CheckpointError, match="wanted"):
            grown(small().state_dict(), ColourUNet(widths, pretrained=False))


def test_an_enlargers_trunk_is_made_over_into_a_cleaners_under_its_name() -> None:
    networks = torch.nn.ModuleDict({"clean": PictureAndCorrection((8, 12))})
    enlargers = torch.nn.ModuleDict({"upscale": Enlarger(4, (8, 12))})
    theirs = enlargers.state_dict()
    state = made_over(theirs, networks)
    networks.load_state_dict(grown(state, networks))
    cleaner, trunk = networks["clean"].unet, enlargers["upscale"].trunk
    assert (
        torch.equal(cleaner.first.weight, trunk.first.weight) and cleaner.last.weight.shape != trunk.last.weight.shape
    )
    assert made_over(state, networks) is state, "its own state stays"
    several = torch.nn.ModuleDict({"a": PictureAndCorrection((8, 12)), "b": PictureAndCorrection((8, 12))})
    assert made_over(theirs, several) is theirs
