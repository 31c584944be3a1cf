"""The normalisations that a network can be asked for by name, and what each means for tiles and batches."""

from __future__ import annotations

import torch.nn.functional as F
from torch import Tensor, nn

from training.config import ConfigError

NORMS = ("instance", "batch", "pixel", "none")


class PixelNorm(nn.Module):
    """LayerNorm over the channels of every pixel of (B, C, H, W) (Ba et al. 2016, arXiv 1607.06450; Chen et al. 2022).

    A pixel's answer depends on that pixel alone: neither the batch, nor the picture, nor where a tile was cut matters.
    """

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.norm = nn.LayerNorm(channels, eps=1e-6)

    def forward(self, x: Tensor) -> Tensor:
        norm = self.norm
        x = F.layer_norm(x.permute(0, 2, 3, 1), norm.normalized_shape, norm.weight, norm.bias, norm.eps)
        return x.permute(0, 3, 1, 2)


def norm(kind: str, channels: int) -> nn.Module:
    """A normalisation of (B, channels, H, W).

    instance: each picture's own mean and deviation, also at inference, so not for generators that run in tiles (Ulyanov et
    al. 2016, arXiv 1607.08022). batch: running means at inference, so tiles agree. pixel: see PixelNorm; tiles agree.
    none: nothing.

    Raises:
        ConfigError: another word.
    """
    if kind == "instance":
        return nn.InstanceNorm2d(channels, affine=True)
    if kind == "batch":
        return nn.BatchNorm2d(channels)
    if kind == "pixel":
        return PixelNorm(channels)
    if kind == "none":
        return nn.Identity()
    raise ConfigError(f"norm: {kind!r} is not one of {', '.join(NORMS)}")
