"""A plain encoder, trained from nothing: strided 3x3 convolutions with batch norm, for colourisers without a pretrained one."""

from __future__ import annotations

from itertools import pairwise

from torch import Tensor, nn

TAP_CHANNELS = (48, 96, 192, 256)
"""Channels of the features at 1/4, 1/8, 1/16 and 1/32."""


def stage(channels_in: int, channels_out: int, stride: int) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(channels_in, channels_out, 3, stride, 1, bias=False),
        nn.BatchNorm2d(channels_out),
        nn.ReLU(inplace=True),
    )


class PlainEncoder(nn.Module):
    """Grey sRGB (B, 3, H, W) 0..1, H and W multiples of 32 -> four feature maps, finest first.

    The contracting half of pix2pix's U-Net (Isola et al. 2017), with a second convolution at each size from 1/4 down.
    """

    def __init__(self) -> None:
        super().__init__()
        self.stem = stage(3, TAP_CHANNELS[0] // 2, 2)
        widths = (TAP_CHANNELS[0] // 2, *TAP_CHANNELS)
        self.stages = nn.ModuleList(
            nn.Sequential(stage(narrow, wide, 2), stage(wide, wide, 1)) for narrow, wide in pairwise(widths)
        )

    def learn(self, first: int | None) -> None:
        """Everything gets gradients, or with None nothing: it knows nothing yet that could stand still."""
        self.requires_grad_(first is not None)

    def forward(self, image: Tensor) -> list[Tensor]:
        x = self.stem(2 * image - 1)
        features = []
        for down in self.stages:
            x = down(x)
            features.append(x)
        return features
