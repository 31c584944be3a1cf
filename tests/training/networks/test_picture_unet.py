"""The plain U-Net answers at any size that fits it, trains whole, and gives the same answer in tiles."""

from __future__ import annotations

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from training.config import ConfigError
from training.networks.picture_unet import PictureAndCorrection, PictureUNet


def tiny(widths: tuple[int, ...] = (8, 12)) -> PictureAndCorrection:
    torch.manual_seed(0)
    return PictureAndCorrection(widths)


@settings(max_examples=15, deadline=None)
@given(
    height=st.integers(1, 5), width=st.integers(1, 5), levels=st.integers(2, 4), channels_in=st.integers(1, 4),
    channels_out=st.integers(1, 4), blocks=st.integers(0, 2),
)  # fmt: skip
def test_shape(height: int, width: int, levels: int, channels_in: int, channels_out: int, blocks: int) -> None:
    network = PictureUNet(channels_in, channels_out, [4] * levels, blocks)
    sides = (height * network.multiple, width * network.multiple)
    assert network(torch.rand(2, channels_in, *sides)).shape == (2, channels_out, *sides)


def test_an_untrained_network_changes_the_picture_little_but_not_nothing() -> None:
    image = torch.rand(1, 3, 32, 32)
    change = (tiny()(image) - image).detach().abs()
    assert 1e-5 < float(change.mean()) < 0.05


def test_every_weight_gets_a_gradient() -> None:
    network = tiny((8, 8, 8))
    network(torch.rand(2, 3, 16, 16)).square().sum().backward()
    assert [n for n, weight in network.named_parameters() if weight.grad is None or not bool(weight.grad.any())] == []


def test_tiles_that_begin_at_a_multiple_agree_with_the_whole_picture() -> None:
    network = tiny().eval()
    with torch.no_grad():
        network.unet.last.weight *= 50  # corrections as large as after training
        image = torch.rand(1, 3, 96, 128)
        whole, tile = network(image), network(image[..., 16:80, 16:112])
        difference = (whole[..., 40:56, 48:80] - tile[..., 24:40, 32:64]).abs().max()
    assert float((whole - image).abs().mean()) > 0.02 and float(difference) < 1e-5


def test_one_level_is_refused() -> None:
    with pytest.raises(ConfigError, match=r"generator\.widths: 1 given"):
        PictureUNet(3, 3, (8,))
