"""Two discriminators that judge as one: patches see single pixels, a network from ImageNet what they add up to.

Features of ImageNet do not see a mesh of single pixels over a wall, patches do not know what a lawn is. Each counts half.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from training.networks.patchgan import PatchGAN
from training.networks.projected import ProjectedDiscriminator


class BothDiscriminators(nn.Module):
    """Pictures as PatchGAN takes them, the last of them sRGB (B, 3, H, W) 0..1 -> logits (B, 2N, h, w), N maps of each."""

    def __init__(self, patches: PatchGAN, projected: ProjectedDiscriminator) -> None:
        super().__init__()
        self.patches, self.projected = patches, projected

    def requires_grad_(self, requires_grad: bool = True) -> BothDiscriminators:
        """Of all but what never learns."""
        self.patches.requires_grad_(requires_grad)
        self.projected.requires_grad_(requires_grad)
        return self

    def forward(self, *pictures: Tensor) -> Tensor:
        seen = self.projected(*pictures)
        patches = F.interpolate(self.patches(*pictures), seen.shape[2:])
        return torch.cat([seen, patches.expand_as(seen)], 1)
