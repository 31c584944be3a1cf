"""An enlarger with two answers from one trunk: the faithful one, and the detail that a sharp photograph would have besides.

The faithful answer is what a pixel loss leaves, the other what an adversary asks for; between them one can go in steps, as Wang
et al. 2018 do with the weights of two networks (ESRGAN, network interpolation, arXiv 1809.00219). Pixel shuffle: Shi et al. 2016
(arXiv 1609.05158).
"""

from __future__ import annotations

from collections.abc import Sequence

import torch.nn.functional as F
from torch import Tensor, nn

from training.config import ConfigError
from training.networks.correction import start_small
from training.networks.picture_unet import PictureUNet, ResidualBlock

FEATURES = 40
"""Channels at the size of the input, behind the trunk."""


class Enlarger(nn.Module):
    """`forward`: picture sRGB 0..1 (B, 3, H, W) -> faithful picture and detail to add, both (B, 3, S·H, S·W), not clipped.

    H and W are multiples of `multiple`. widths, blocks: of the trunk, see PictureUNet.

    Raises:
        ConfigError: scale is not 2 or 4.
    """

    style_length = 1

    def __init__(self, scale: int, widths: Sequence[int], blocks: int = 1) -> None:
        super().__init__()
        if scale not in (2, 4):
            raise ConfigError(f"scale: {scale} is not 2 or 4")
        self.scale = scale
        self.trunk = PictureUNet(3, FEATURES, widths, blocks)
        self.trunk.last.reset_parameters()  # features, not a correction: they begin as large as any
        self.multiple = self.trunk.multiple
        self.near = nn.Conv2d(3, FEATURES, 3, padding=1)
        self.faithful = nn.Sequential(ResidualBlock(FEATURES), start_small(shuffled(scale)))
        self.detail = nn.Sequential(ResidualBlock(FEATURES), ResidualBlock(FEATURES), start_small(shuffled(scale)))

    def forward(self, picture: Tensor) -> tuple[Tensor, Tensor]:
        features = F.relu(self.trunk(picture - 0.5) + self.near(picture - 0.5))
        base = F.interpolate(picture, scale_factor=float(self.scale), mode="bilinear", align_corners=False)
        faithful = base + F.pixel_shuffle(self.faithful(features), self.scale)
        return faithful, F.pixel_shuffle(self.detail(features), self.scale)


def shuffled(scale: int) -> nn.Conv2d:
    return nn.Conv2d(FEATURES, 3 * scale**2, 3, padding=1)
