"""PatchGAN: says of every patch of a picture, alone or beside its condition, whether it is real (Isola et al. 2017, pix2pix)."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from training.networks.norms import norm as norm_of


class PatchGAN(nn.Module):
    """Pictures (B, C, H, W), C adding up to channels_in -> one logit a patch (B, 1, H/2^layers - 2, W/2^layers - 2).

    width: channels of the first layer. layers: strided ones; 3 at full size gives the paper's 70-pixel patches.
    spectral: spectral normalisation (Miyato et al. 2018) of the weights instead of `norm` (see `norms.norm`). The
    defaults have 1,557,457 parameters and take 50 ms of one thread at 256 x 256.
    """

    def __init__(
        self, width: int = 48, layers: int = 3, spectral: bool = True, channels_in: int = 3, norm: str = "instance"
    ) -> None:
        super().__init__()

        def convolution(channels_in: int, channels_out: int, stride: int, norm: str) -> list[nn.Module]:
            layer = nn.Conv2d(
                channels_in, channels_out, 4, stride, 1, bias=spectral or norm not in ("instance", "batch")
            )
            if spectral:
                return [nn.utils.parametrizations.spectral_norm(layer), nn.LeakyReLU(0.2)]
            return [layer, *([] if norm == "none" else [norm_of(norm, channels_out)]), nn.LeakyReLU(0.2)]

        parts = convolution(channels_in, width, 2, "none")
        channels = width
        for _ in range(1, layers):
            parts += convolution(channels, min(channels * 2, 8 * width), 2, norm)
            channels = min(channels * 2, 8 * width)
        parts += convolution(channels, channels * 2, 1, norm)
        parts.append(nn.Conv2d(channels * 2, 1, 4, 1, 1))
        self.layers = nn.Sequential(*parts)

    def forward(self, *pictures: Tensor) -> Tensor:
        return self.layers(torch.cat(pictures, 1))
