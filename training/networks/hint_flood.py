"""Lets a hint's colour flow to the places that look like the hinted one: attention from every pixel to the hinted cells.

A learned form of the luma-weighted flood of Levin et al. 2004 ("Colorization using optimization"): the affinity of two places is
how alike their features are times how near they lie, and what a place receives is the affinity-weighted mean of the hints.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

CELL = 2
"""Hints are gathered in cells of this many feature pixels; pixels ask, hinted cells answer (memory: pixels · hinted cells)."""


class HintFlood(nn.Module):
    """features (B, C, h, w), hinted chroma (B, 2, h, w) already times coverage, coverage (B, 1, h, w) 0..1
    -> flooded chroma (B, 2, h, w) and trust (B, 1, h, w) 0..1 (0 where no hint speaks). h and w are even.
    """

    def __init__(self, channels: int, width: int = 32) -> None:
        super().__init__()
        self.embed = nn.Conv2d(channels, width, 1)
        self.sharpness = nn.Parameter(torch.tensor(2.5))
        self.nearness = nn.Parameter(torch.tensor(2.5))
        self.doubt = nn.Parameter(torch.tensor(-3.0))

    def forward(self, features: Tensor, chroma: Tensor, coverage: Tensor) -> tuple[Tensor, Tensor]:
        with torch.autocast(features.device.type, enabled=False):
            features, chroma, coverage = features.float(), chroma.float(), coverage.float()
            pixel = F.normalize(self.embed(features), dim=1)
            cells = F.avg_pool2d(torch.cat([pixel * coverage, chroma, places(coverage) * coverage, coverage], 1), CELL)
            cells = _hinted_only(cells.flatten(2))
            weight, width = cells[:, -1:], pixel.shape[1]
            mean = cells[:, :-1] / (weight + 1e-6)
            key, value, cell_place = mean[:, :width], mean[:, width : width + 2], mean[:, width + 2 :]

            sharpness, nearness = self.sharpness.exp(), self.nearness.exp()
            pixel_place = places(coverage)
            # exp(sharpness·(cos - 1) - nearness·distance²) as one product of widened vectors: only one large matrix is made.
            ask = torch.cat([sharpness * pixel, 2 * nearness * pixel_place, torch.ones_like(coverage)], 1)
            ask = ask.flatten(2).transpose(1, 2)
            far = -nearness * cell_place.square().sum(1, keepdim=True) - sharpness
            answer = torch.cat([key, cell_place, far], 1)
            own = -nearness * pixel_place.square().sum(1).flatten(1).unsqueeze(2)
            affinity = torch.exp((ask @ answer + own).clamp(-60, 0)) * (weight * CELL * CELL).clamp(0, 1)

            total = affinity.sum(2, keepdim=True)
            flooded = affinity @ value.transpose(1, 2) / (total + 1e-6)
            trust = total / (total + self.doubt.exp())
            h, w = coverage.shape[2], coverage.shape[3]
            return flooded.transpose(1, 2).unflatten(2, (h, w)), trust.transpose(1, 2).unflatten(2, (h, w))


def _hinted_only(cells: Tensor) -> Tensor:
    """Of (B, C, n) cells those covered (by the last channel) in any picture, and an empty one, so that there is always one."""
    hinted = torch.nonzero(cells[:, -1].amax(0)).squeeze(1)
    return torch.cat([cells.index_select(2, hinted), torch.zeros_like(cells[:, :, :1])], 2)


def places(like: Tensor) -> Tensor:
    """(B, 2, h, w) coordinates of each pixel's centre, in units of the root of the picture's area."""
    ones = torch.ones_like(like)
    y, x = ones.cumsum(2) - 0.5, ones.cumsum(3) - 0.5
    area = ones.sum((2, 3), keepdim=True)
    return torch.cat([x, y], 1) / area.sqrt()
