"""A plain residual U-Net for pictures: pixels are first dealt into channels, so that all its convolutions run at half size.

Ronneberger et al. 2015 (U-Net, arXiv 1505.04597) with the residual blocks without normalisation of Lim et al. 2017 (EDSR,
arXiv 1707.02921) and the pixels dealt out as in FFDNet (Zhang et al. 2018, arXiv 1710.04026). No norms, no statistics: tiles agree.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from training.config import ConfigError
from training.networks.correction import start_small

SHUFFLE = 2
"""Each square of so many pixels a side becomes channels of one place."""
BRANCH = 0.1
"""A residual branch begins this small: so deep a stack without norms would start far too loud."""


class ResidualBlock(nn.Module):
    """(B, C, h, w) -> the same: two 3x3 convolutions beside a skip."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.first = nn.Conv2d(channels, channels, 3, padding=1)
        self.second = nn.Conv2d(channels, channels, 3, padding=1)
        with torch.no_grad():
            self.second.weight *= BRANCH

    def forward(self, x: Tensor) -> Tensor:
        return x + self.second(F.relu(self.first(x)))


class PictureUNet(nn.Module):
    """(B, channels_in, H, W), H and W multiples of `multiple` -> (B, channels_out, H, W), nothing added and nothing clipped.

    widths: channels at 1/2, 1/4, … of the size. blocks: residual ones at each level going down and again coming up; the
    deepest level has one more and comes once.

    Raises:
        ConfigError: fewer than two widths.
    """

    def __init__(self, channels_in: int, channels_out: int, widths: Sequence[int], blocks: int = 1) -> None:
        super().__init__()
        if len(widths) < 2:
            raise ConfigError(f"generator.widths: {len(widths)} given, at least two are needed")
        self.multiple = SHUFFLE * 2 ** (len(widths) - 1)
        self.first = nn.Conv2d(channels_in * SHUFFLE**2, widths[0], 3, padding=1)
        self.encoders = nn.ModuleList(residual(width, blocks) for width in widths[:-1])
        self.downs = nn.ModuleList(nn.Conv2d(a, b, 2, 2) for a, b in itertools.pairwise(widths))
        self.middle = residual(widths[-1], blocks + 1)
        self.ups = nn.ModuleList(nn.Conv2d(b, a, 1) for a, b in itertools.pairwise(widths))
        self.decoders = nn.ModuleList(residual(width, blocks) for width in widths[:-1])
        self.last = start_small(nn.Conv2d(widths[0], channels_out * SHUFFLE**2, 3, padding=1))

    def forward(self, x: Tensor, seen: Sequence[Tensor] = ()) -> Tensor:
        """seen: what else is known of the picture at 1/4, 1/8, …, as many channels as the levels have; added where they begin."""
        x, skips = self.first(F.pixel_unshuffle(x, SHUFFLE)), []
        for level, (encode, down) in enumerate(zip(self.encoders, self.downs, strict=True)):
            x = encode(x)
            skips.append(x)
            x = down(x)
            if level < len(seen):
                x = x + seen[level]
        x = self.middle(x)
        for up, decode, skip in zip(reversed(self.ups), reversed(self.decoders), reversed(skips), strict=True):
            x = decode(F.interpolate(up(x), scale_factor=2.0, mode="nearest") + skip)
        return F.pixel_shuffle(self.last(x), SHUFFLE)


class PictureAndCorrection(nn.Module):
    """Picture sRGB 0..1 (B, 3, H, W) -> the picture plus what a PictureUNet makes of it, not clipped."""

    def __init__(self, widths: Sequence[int], blocks: int = 1) -> None:
        super().__init__()
        self.unet = PictureUNet(3, 3, widths, blocks)
        self.multiple = self.unet.multiple

    def forward(self, picture: Tensor) -> Tensor:
        return picture + self.unet(picture - 0.5)

    @staticmethod
    def made_over(state: Mapping[str, Tensor]) -> dict[str, Tensor]:
        """What an Enlarger's trunk of the same widths knows, all but its last layer: that one tells something else here."""
        mine = {name: value for name, value in state.items() if name.startswith("trunk.") and ".last." not in name}
        return {name.replace("trunk.", "unet.", 1): value for name, value in mine.items()}


def residual(channels: int, count: int) -> nn.Sequential:
    return nn.Sequential(*(ResidualBlock(channels) for _ in range(count)))
