"""What style a photo's colours have: a short vector from its true chroma, which the generator is told while it learns."""

from __future__ import annotations

from itertools import pairwise

import torch
import torch.nn.functional as F
from torch import Tensor, nn


class StyleEncoder(nn.Module):
    """chroma a*/110, b*/110 (B, 2, h, w) and L* (B, 1, h, w) 0..100, both at 1/4 of the photo -> style (B, length), -1..1.

    The recognition network of a conditional variational autoencoder (Sohn et al. 2015; for colour Deshpande et al. 2017, arXiv
    1612.01958), with a bounded code instead of a prior: what colours the photo has where grey does not tell, weighted by the
    network's own attention over places.
    """

    def __init__(self, length: int, width: int = 48) -> None:
        super().__init__()
        widths = (3, width, width, width)
        self.see = nn.Sequential(
            *(
                nn.Sequential(nn.Conv2d(before, after, 3, 2, 1), nn.GroupNorm(4, after), nn.ReLU(inplace=True))
                for before, after in pairwise(widths)
            )
        )
        self.matters = nn.Conv2d(width, 1, 1)
        self.code = nn.Linear(width, length)

    def forward(self, chroma: Tensor, lightness: Tensor) -> Tensor:
        seen = self.see(torch.cat([4 * chroma, lightness / 50 - 1], 1))
        weight = F.softmax(self.matters(seen).flatten(2), 2)
        return torch.tanh(self.code((seen.flatten(2) * weight).sum(2)))
