"""The enlarger corrects a bilinear enlargement, trains whole, and gives the same answer in tiles."""

from __future__ import annotations

import pytest
import torch
import torch.nn.functional as F

from training.config import ConfigError
from training.networks.upscaler import CompactUpscaler


def tiny(scale: int = 2, channels: int = 3) -> CompactUpscaler:
    torch.manual_seed(0)
    return CompactUpscaler(scale, 8, 2, channels)


@pytest.mark.parametrize("scale", [2, 4])
@pytest.mark.parametrize(("batch", "channels", "height", "width"), [(1, 3, 1, 5), (3, 1, 17, 12)])
def test_shape(scale: int, batch: int, channels: int, height: int, width: int) -> None:
    answer = tiny(scale, channels)(torch.rand(batch, channels, height, width))
    assert answer.shape == (batch, channels, scale * height, scale * width)


@pytest.mark.parametrize("blocks", [2, 24])
@pytest.mark.parametrize("scale", [2, 4])
def test_an_untrained_network_is_nearly_bilinear_however_deep(scale: int, blocks: int) -> None:
    torch.manual_seed(0)
    image = torch.rand(1, 3, 24, 24)
    enlarged = F.interpolate(image, scale_factor=scale, mode="bilinear", align_corners=False)
    change = (CompactUpscaler(scale, 16, blocks)(image) - enlarged).detach().abs()
    assert 1e-4 < float(change.mean()) < 0.02 and float(change.max()) < 0.1


def test_every_weight_gets_a_gradient() -> None:
    network = tiny()
    network(torch.rand(2, 3, 9, 7)).square().sum().backward()
    assert [
        name for name, weight in network.named_parameters() if weight.grad is None or not bool(weight.grad.any())
    ] == []


def test_tiles_agree_with_the_whole_picture() -> None:
    network = tiny(4).eval()
    with torch.no_grad():
        network.layers[-1].weight *= 50  # corrections as large as after training
        image = torch.rand(1, 3, 24, 32)
        whole, tile = network(image), network(image[..., 3:21, 5:29])
        difference = (whole[..., 32:64, 40:96] - tile[..., 20:52, 20:76]).abs().max()
    assert float(difference) < 1e-5


def test_another_scale_is_refused() -> None:
    with pytest.raises(ConfigError, match="scale: 3 is not 2 or 4"):
        CompactUpscaler(3)
