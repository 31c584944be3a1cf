"""What became of a photo's tones, as curves and light: a network that can only undo fading, never draw.

It looks at a small copy of the whole photo and tells, for each channel, how far its darkest and lightest values are to be drawn
out to black and white and which curve follows, and smooth fields of gain and offset that come before: what time does to a print
(training/ageing/light.py) is of this form. Curves told by a network: Bianco et al. 2020, "Personalized image enhancement using
neural spline color transforms" (doi 10.1109/TIP.2020.2989584).
"""

from __future__ import annotations

from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from training.config import ConfigError
from training.networks.efficientnet_lite import VARIANTS, EfficientNetLite
from training.networks.picture_unet import residual

PIECES = 16
"""Straight pieces of a curve."""
BINS = 40
"""Of each channel's histogram."""
RANKS = (0.002, 0.01, 0.05, 0.15, 0.3, 0.5, 0.7, 0.85, 0.95, 0.99, 0.998)
"""Of which the values are told, each the share of pixels that are darker."""
DARKEST, LIGHTEST = 1, -2
"""Which of the ranks are drawn out to black and white."""
STEEPEST = 2.0
"""Logarithm of how much steeper or flatter than the identity a piece may be."""
SHY = -4.0
"""Where the shares that are drawn out begin: next to nothing."""


class Tones(NamedTuple):
    """What the network tells of B pictures.

    light: (B, 6, h, w) smooth logarithms of three gains, then three offsets. ends: (B, 2, 3) the values of each channel that
    become black and white. drawn: (B, 2, 3) 0..1, how far. curves: (B, 3, 1 + PIECES) where each begins, logarithms of slopes.
    """

    light: Tensor
    ends: Tensor
    drawn: Tensor
    curves: Tensor


class ToneNet(nn.Module):
    """Picture sRGB 0..1 (B, 3, H, W) -> the picture in fresh tones, not clipped. H and W: multiples of 32.

    width: channels of what looks at places. encoder: a name of VARIANTS, which tells what is in the picture.

    Raises:
        ConfigError: an encoder that is not there.
    """

    multiple = 32

    def __init__(self, width: int = 96, encoder: str = "efficientnet-lite0", pretrained: bool = True) -> None:
        super().__init__()
        if encoder not in VARIANTS:
            raise ConfigError(f"generator.encoder: {encoder!r} is not one of {', '.join(VARIANTS)}")
        self.encoder = EfficientNetLite(encoder, pretrained)
        at16, at32 = self.encoder.variant.tap_channels[2:]
        self.look = nn.Conv2d(at16 + 9, width, 1)
        self.look_wide = nn.Conv2d(at32, width, 1)
        self.places = residual(width, 2)
        told = 2 * width + 3 * BINS + 3 * len(RANKS)
        self.whole = nn.Sequential(nn.Linear(told, 256), nn.ReLU(), nn.Linear(256, 256), nn.ReLU())
        self.curves = nn.Linear(256 + 3 * len(RANKS), 3 * (PIECES + 1) + PIECES + 1)
        self.drawn = nn.Linear(256, 8)
        self.told = nn.Linear(256, width)
        light = nn.Conv2d(width, 6, 1)
        self.light = nn.Sequential(nn.Conv2d(width, width, 3, padding=1), nn.ReLU(), light)
        for weights in (*self.curves.parameters(), *self.drawn.parameters(), *light.parameters()):
            nn.init.zeros_(weights)

    def forward(self, picture: Tensor) -> Tensor:
        return laid(picture, self.tell(picture))

    def tell(self, picture: Tensor) -> Tones:
        """What is to be done; `laid` does it."""
        seen = self.encoder(picture)
        tones = torch.cat([F.avg_pool2d(picture, 16), F.max_pool2d(picture, 16), -F.max_pool2d(-picture, 16)], 1)
        wide = F.interpolate(self.look_wide(seen[3]), scale_factor=2.0, mode="nearest")
        places = self.places(F.relu(self.look(torch.cat([seen[2], tones - 0.5], 1)) + wide))
        pooled = torch.cat([places.mean((2, 3)), places.amax((2, 3))], 1)
        counted = histogram(F.avg_pool2d(picture, 2))
        values = values_at(counted)
        ranked = values.flatten(1) - 0.5
        whole = self.whole(torch.cat([pooled, counted.flatten(1).sqrt(), ranked], 1))
        light = smooth(self.light(F.relu(places + self.told(whole)[:, :, None, None])))
        own, common = self.curves(torch.cat([whole, ranked], 1)).split([3 * (PIECES + 1), PIECES + 1], 1)
        each, both = self.drawn(whole).split([6, 2], 1)
        return Tones(
            light,
            torch.stack([values[..., DARKEST], values[..., LIGHTEST]], 1),
            torch.sigmoid(SHY + each.unflatten(1, (2, 3)) + both[:, :, None]),
            own.unflatten(1, (3, PIECES + 1)) + common[:, None],
        )


def laid(picture: Tensor, tones: Tones) -> Tensor:
    """Tones over a picture (B, 3, H, W) of any size."""
    light = F.interpolate(tones.light, size=picture.shape[2:], mode="bilinear", align_corners=False)
    lit = picture * torch.exp(light[:, :3].clamp(-1, 1)) + light[:, 3:].clamp(-0.5, 0.5)
    black, white = (tones.drawn * torch.stack([tones.ends[:, 0], 1 - tones.ends[:, 1]], 1))[..., None, None].unbind(1)
    return curved((lit - black) / (1 - white - black).clamp_min(0.1), tones.curves)


def smooth(field: Tensor) -> Tensor:
    """(B, C, h, w) at half the size, without steps from one place to the next."""
    half = F.avg_pool2d(field, 2)
    for _ in range(2):
        half = F.avg_pool2d(F.pad(half, (1, 1, 1, 1), mode="replicate"), 3, 1)
    return half


def curved(picture: Tensor, told: Tensor) -> Tensor:
    """Each channel through its rising curve; told (B, 3, 1 + PIECES): where it begins, and logarithms of slopes."""
    begin, slopes = told[..., :1, None], torch.exp(STEEPEST * torch.tanh(told[..., 1:, None] / STEEPEST))
    place, result = picture * PIECES, begin
    for piece in range(PIECES):
        result = result + slopes[:, :, piece : piece + 1] / PIECES * (place - piece).clamp(0, 1)
    return result


def histogram(picture: Tensor) -> Tensor:
    """(B, 3, BINS): the share of each channel's values 0..1 in each bin, a value shared by its two nearest."""
    place = picture.flatten(2) * (BINS - 1)
    return torch.stack([F.relu(1 - (place - bin_).abs()).mean(2) for bin_ in range(BINS)], 2)


def values_at(counted: Tensor) -> Tensor:
    """(B, 3, len(RANKS)): the values 0..1 below which those shares of the pixels lie, from a histogram."""
    before = counted.cumsum(2) - counted
    values = [((rank - before) / counted.clamp_min(1e-5)).clamp(0, 1).sum(2) for rank in RANKS]
    return ((torch.stack(values, 2) - 0.5) / (BINS - 1)).clamp(0, 1)
