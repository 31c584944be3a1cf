"""The enlarger gives two answers of the larger size, close to plain enlargement before it has learned."""

from __future__ import annotations

import pytest
import torch
import torch.nn.functional as F

from training.config import ConfigError
from training.networks.enlarger import Enlarger


@pytest.mark.parametrize("scale", [2, 4])
def test_shape_and_start(scale: int) -> None:
    torch.manual_seed(0)
    network = Enlarger(scale, (8, 12))
    picture = F.interpolate(torch.rand(2, 3, 4, 6), scale_factor=4.0, mode="bilinear")
    faithful, detail = (answer.detach() for answer in network(picture))
    assert faithful.shape == detail.shape == (2, 3, 16 * scale, 24 * scale)
    plain = F.interpolate(picture, scale_factor=float(scale), mode="bilinear", align_corners=False)
    assert float((faithful - plain).abs().mean()) < 0.05 and float(detail.abs().mean()) < 0.05


def test_detail_is_brightness_alone() -> None:
    detail = Enlarger(2, (8, 12))(torch.rand(1, 3, 16, 24))[1].detach()
    assert float(detail.std()) > 0 and torch.equal(detail, detail[:, :1].expand(-1, 3, -1, -1))


def test_every_weight_gets_a_gradient() -> None:
    network = Enlarger(2, (8, 8))
    sum(answer.square().sum() for answer in network(torch.rand(2, 3, 16, 16))).backward()
    assert [n for n, weight in network.named_parameters() if weight.grad is None or not bool(weight.grad.any())] == []


def test_another_scale_is_refused() -> None:
    with pytest.raises(ConfigError, match="scale: 3"):
        Enlarger(3, (8, 8))
