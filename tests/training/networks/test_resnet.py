"""The residual generator corrects its input, trains whole, and in tiles where its norm is local."""

from __future__ import annotations

import pytest
import torch

from training.config import ConfigError
from training.networks.norms import NORMS
from training.networks.resnet import ResNetGenerator


@pytest.mark.parametrize(("batch", "height", "width"), [(1, 8, 8), (3, 36, 20)])
@pytest.mark.parametrize(("channels_in", "channels_out"), [(3, 3), (1, 3), (3, 1), (5, 3)])
def test_shape(batch: int, height: int, width: int, channels_in: int, channels_out: int) -> None:
    network = ResNetGenerator(channels_in, channels_out, width=4, blocks=1)
    assert network(torch.rand(batch, channels_in, height, width)).shape == (batch, channels_out, height, width)


@pytest.mark.parametrize("norm", NORMS)
def test_an_untrained_network_changes_the_picture_little_but_not_nothing(norm: str) -> None:
    torch.manual_seed(0)
    image = torch.rand(1, 3, 32, 32)
    change = (ResNetGenerator(width=8, blocks=2, norm=norm).eval()(image) - image).detach().abs()
    assert 1e-6 < float(change.mean()) < 0.02 and float(change.max()) < 0.1


def test_a_grey_picture_stays_grey_at_first() -> None:
    torch.manual_seed(0)
    grey = torch.rand(1, 1, 32, 32)
    assert float((ResNetGenerator(1, 3, 8, 1)(grey) - grey).detach().abs().max()) < 0.1


@pytest.mark.parametrize("norm", NORMS)
def test_every_weight_gets_a_gradient(norm: str) -> None:
    torch.manual_seed(0)
    network = ResNetGenerator(width=8, blocks=2, norm=norm)
    network(torch.rand(2, 3, 32, 32)).square().sum().backward()
    assert [
        name for name, weight in network.named_parameters() if weight.grad is None or not bool(weight.grad.any())
    ] == []


@pytest.mark.parametrize(("norm", "agrees"), [("pixel", True), ("batch", True), ("none", True), ("instance", False)])
def test_tiles_agree_with_the_whole_picture_unless_the_norm_is_over_the_picture(norm: str, agrees: bool) -> None:
    torch.manual_seed(0)
    network = ResNetGenerator(width=8, blocks=1, norm=norm).eval()
    with torch.no_grad():
        network.layers[-1].weight *= 50  # corrections as large as after training
        image = torch.rand(1, 3, 96, 128)
        whole, tile = network(image), network(image[..., 16:80, 20:100])
        difference = (whole[..., 40:56, 44:76] - tile[..., 24:40, 24:56]).abs().max()
    assert (float(difference) < 1e-5) == agrees


def test_channels_that_cannot_be_are_refused() -> None:
    with pytest.raises(ConfigError, match="channels_out"):
        ResNetGenerator(2, 3)
