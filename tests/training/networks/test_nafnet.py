"""The restorer corrects its input, trains whole, and gives the same answer in tiles."""

from __future__ import annotations

import pytest
import torch

from training.config import ConfigError
from training.networks.nafnet import NAFNet


def tiny(channels_in: int = 3, channels_out: int = 3) -> NAFNet:
    torch.manual_seed(0)
    return NAFNet(channels_in, channels_out, 8, (1, 1), 1, (1, 1))


@pytest.mark.parametrize(("batch", "height", "width"), [(1, 4, 4), (3, 36, 20)])
@pytest.mark.parametrize(("channels_in", "channels_out"), [(3, 3), (1, 1), (1, 3), (3, 1), (5, 3)])
def test_shape(batch: int, height: int, width: int, channels_in: int, channels_out: int) -> None:
    answer = tiny(channels_in, channels_out)(torch.rand(batch, channels_in, height, width))
    assert answer.shape == (batch, channels_out, height, width)


def test_levels_may_have_any_number_of_blocks() -> None:
    assert NAFNet(3, 3, 4, (0, 2, 1), 0, (1, 0, 2))(torch.rand(1, 3, 16, 8)).shape == (1, 3, 16, 8)


def test_sides_are_multiples_of_as_many_halvings_as_there_are() -> None:
    assert (tiny().multiple, NAFNet(width=4).multiple) == (4, 8)
    with pytest.raises(RuntimeError, match="must match"):
        tiny()(torch.rand(1, 3, 6, 8))


def test_an_untrained_network_changes_the_picture_little_but_not_nothing() -> None:
    image = torch.rand(1, 3, 32, 32)
    change = (tiny()(image) - image).detach().abs()
    assert 1e-5 < float(change.mean()) < 0.02 and float(change.max()) < 0.1


def test_every_weight_gets_a_gradient() -> None:
    network = tiny()
    network(torch.rand(2, 3, 16, 16)).square().sum().backward()
    assert [
        name for name, weight in network.named_parameters() if weight.grad is None or not bool(weight.grad.any())
    ] == []


def test_tiles_agree_with_the_whole_picture() -> None:
    network = tiny().eval()
    with torch.no_grad():
        network.last.weight *= 50  # corrections as large as after training
        image = torch.rand(1, 3, 64, 96)
        whole, tile = network(image), network(image[..., 8:56, 12:80])
        difference = (whole[..., 24:40, 28:64] - tile[..., 16:32, 16:52]).abs().max()
    assert float((whole - image).abs().mean()) > 0.05 and float(difference) < 1e-5


def test_a_guide_behind_the_picture_is_heard() -> None:
    network, image = tiny(5, 3).eval(), torch.rand(1, 5, 16, 16)
    marked = image.clone()
    marked[:, 3:] = 1 - marked[:, 3:]
    assert not torch.equal(network(image), network(marked))


def test_unequal_levels_are_refused() -> None:
    with pytest.raises(ConfigError, match="decoder_blocks: 1 levels, but encoder_blocks has 2"):
        NAFNet(encoder_blocks=(1, 1), decoder_blocks=(1,))
