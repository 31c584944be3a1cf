"""The two networks of `repair`: a finder that says where a picture is damaged, and a filler that draws what was there.

The finder may be told what an encoder from ImageNet sees in the picture: an eye, a tooth and a wire are small and bright or thin
like damage, and only who knows things tells them from it.

The filler begins with what the surroundings give away: a pyramid of means over the sound pixels, pulled down and pushed up again
(Gortler et al. 1996, "The Lumigraph", section 3.4), to which it adds what a network knows of pictures. Where it may, it looks
through the damage: much of it is a veil, a stain or a mistake of the finder, and the picture is still there below.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from training.config import ConfigError
from training.networks.efficientnet_lite import VARIANTS, EfficientNetLite
from training.networks.picture_unet import PictureUNet

LEVELS = 5
"""Halvings of the pyramid: its coarsest places are 32 px wide, and each sees its neighbours."""
FAINT = 1e-4


class Mending(nn.Module):
    """`find`: picture -> logits of damage (B, 1, H, W). `fill`: picture, mask, seen -> picture. H and W: multiples of 32.

    encoder: a name of VARIANTS, whose features join the finder's levels, at first with no weight; "" for none. pretrained: whether
    it begins with what it knows of ImageNet.

    Raises:
        ConfigError: an encoder that is not there, or too few widths for its features.
    """

    multiple = 2**LEVELS

    def __init__(
        self,
        finder_widths: Sequence[int],
        filler_widths: Sequence[int],
        blocks: int = 1,
        encoder: str = "",
        pretrained: bool = True,
    ) -> None:
        super().__init__()
        self.finder = PictureUNet(3, 1, finder_widths, blocks)
        self.filler = PictureUNet(7, 3, filler_widths, blocks)
        self.encoder = None
        if encoder:
            self.encoder = _encoder(encoder, pretrained)
            levels = tuple(zip(self.encoder.variant.tap_channels, finder_widths[1:], strict=False))
            if len(levels) < len(self.encoder.variant.tap_channels):
                raise ConfigError(f"generator.finder: {len(finder_widths)} widths given, an encoder needs five or more")
            self.looks = nn.ModuleList(_begun_with_nothing(nn.Conv2d(a, b, 1)) for a, b in levels)

    def find(self, picture: Tensor) -> Tensor:
        """picture: (B, 3, H, W), sRGB 0..1."""
        if self.encoder is None:
            return self.finder(picture - 0.5)
        features = self.encoder(picture)
        return self.finder(picture - 0.5, [look(seen) for look, seen in zip(self.looks, features, strict=True)])

    def fill(self, picture: Tensor, mask: Tensor, seen: Tensor) -> Tensor:
        """mask (B, 1, H, W): 1 unknown, 0 known. The answer's known pixels are the picture's; not clipped elsewhere.

        seen (B, 1, H, W): 1 where what stands in the mask may still tell something, 0 where it must not be looked at.
        """
        base = smooth_fill(picture, mask)
        below = mask * seen * (picture - base)
        drawn = base + self.filler(torch.cat([base - 0.5, mask, below], 1))
        return picture + mask * (drawn - picture)


def _encoder(name: str, pretrained: bool) -> EfficientNetLite:
    if name not in VARIANTS:
        raise ConfigError(f"generator.encoder: {name!r} is not one of {', '.join(VARIANTS)}")
    return EfficientNetLite(name, pretrained)


def _begun_with_nothing(layer: nn.Conv2d) -> nn.Conv2d:
    for weights in layer.parameters():
        nn.init.zeros_(weights)
    return layer


def smooth_fill(picture: Tensor, mask: Tensor) -> Tensor:
    """The picture with its unknown pixels as a smooth continuation of the known ones; what stands there is never looked at."""
    known = 1 - mask
    sums, weights = [picture * known], [known]
    for _ in range(LEVELS):
        sums.append(F.avg_pool2d(sums[-1], 2))
        weights.append(F.avg_pool2d(weights[-1], 2))
    # Twice round the coarsest places, so that a hole of some of them is reached from its rim.
    for _ in range(2):
        sums[-1] = sums[-1] + FAINT * F.avg_pool2d(sums[-1], 3, 1, 1)
        weights[-1] = weights[-1] + FAINT * F.avg_pool2d(weights[-1], 3, 1, 1)
    # Not by a faint prior added to both: the exporter takes adding so little for adding nothing, and 0 / 0 is no picture.
    filled = torch.where(weights[-1] > 0, sums[-1] / weights[-1].clamp_min(FAINT**3), 0.5)
    for level in reversed(range(LEVELS)):
        above = F.interpolate(filled, scale_factor=2.0, mode="bilinear", align_corners=False)
        share = weights[level]
        filled = above + sums[level] - share * above
    return filled
