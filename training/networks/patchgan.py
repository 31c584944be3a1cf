"""PatchGAN: says of every patch of a picture, given its grey, whether its colours are real (Isola et al. 2017, pix2pix)."""

from __future__ import annotations

import torch
from torch import Tensor, nn


class PatchGAN(nn.Module):
    """Condition (B, 1, H, W) and chroma (B, 2, H, W) -> one logit a patch (B, 1, H/2^layers - 2, W/2^layers - 2).

    width: channels of the first layer. layers: strided ones; 3 at full size gives the paper's 70-pixel patches.
    spectral: spectral normalisation (Miyato et al. 2018) instead of instance norm.
    """

    def __init__(self, width: int = 48, layers: int = 3, spectral: bool = True) -> None:
        super().__init__()

        def convolution(channels_in: int, channels_out: int, stride: int, norm: bool) -> list[nn.Module]:
            layer = nn.Conv2d(channels_in, channels_out, 4, stride, 1, bias=not norm or spectral)
            if spectral:
                return [nn.utils.parametrizations.spectral_norm(layer), nn.LeakyReLU(0.2)]
            return [layer, *([nn.InstanceNorm2d(channels_out, affine=True)] if norm else []), nn.LeakyReLU(0.2)]

        parts = convolution(3, width, 2, norm=False)
        channels = width
        for _ in range(1, layers):
            parts += convolution(channels, min(channels * 2, 8 * width), 2, norm=True)
            channels = min(channels * 2, 8 * width)
        parts += convolution(channels, channels * 2, 1, norm=True)
        parts.append(nn.Conv2d(channels * 2, 1, 4, 1, 1))
        self.layers = nn.Sequential(*parts)

    def forward(self, condition: Tensor, chroma: Tensor) -> Tensor:
        return self.layers(torch.cat([condition, chroma], 1))
