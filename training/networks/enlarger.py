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
from training.networks.picture_unet import PictureUNet, ResidualBlock, residual

FEATURES = 40
"""Channels at the size of the input, behind the trunk."""
DETAIL_BLOCKS = 8
"""Residual blocks between those features and the detail."""
PLANES, DIRECT, LOOKING = 11, 3, 16
"""Planes of full size that the features are shuffled into, how many of them are the detail already, and channels that look at all
of them again."""


class Detail(nn.Module):
    """Features (B, FEATURES, h, w) -> detail of brightness (B, 1, S·h, S·w); colour is left as it is.

    What is shuffled is looked at once more at full size: a shuffle alone leaves a mesh of S pixels on walls and skies (Odena et
    al. 2016, “Deconvolution and checkerboard artifacts”, doi 10.23915/distill.00003).
    """

    def __init__(self, scale: int) -> None:
        super().__init__()
        self.scale = scale
        self.blocks = residual(FEATURES, DETAIL_BLOCKS)
        self.planes = start_small(nn.Conv2d(FEATURES, PLANES * scale**2, 3, padding=1))
        self.again = nn.Sequential(
            nn.ReLU(),
            nn.Conv2d(PLANES, LOOKING, 3, padding=1),
            nn.ReLU(),
            start_small(nn.Conv2d(LOOKING, 1, 3, padding=1)),
        )

    def forward(self, features: Tensor) -> Tensor:
        planes = F.pixel_shuffle(self.planes(self.blocks(features)), self.scale)
        return planes[:, :DIRECT].mean(1, keepdim=True) + self.again(planes)


class Enlarger(nn.Module):
    """`forward`: picture sRGB 0..1 (B, 3, H, W) -> faithful picture and detail to add, both (B, 3, S·H, S·W), not clipped.

    H and W are multiples of `multiple`. The detail is the same in all three channels. widths, blocks: of the trunk, a PictureUNet.

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
        faithful = start_small(nn.Conv2d(FEATURES, 3 * scale**2, 3, padding=1))
        self.faithful = nn.Sequential(ResidualBlock(FEATURES), faithful)
        self.detail = Detail(scale)

    def forward(self, picture: Tensor) -> tuple[Tensor, Tensor]:
        features = F.relu(self.trunk(picture - 0.5) + self.near(picture - 0.5))
        base = F.interpolate(picture, scale_factor=float(self.scale), mode="bilinear", align_corners=False)
        faithful = base + F.pixel_shuffle(self.faithful(features), self.scale)
        return faithful, self.detail(features).expand_as(faithful)
