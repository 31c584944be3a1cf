"""A transformer block over the places of a feature map: every place may look at every other one."""

from __future__ import annotations

import torch.nn.functional as F
from torch import Tensor, nn

HEAD = 16
"""Channels of one attention head."""


class AttentionBlock(nn.Module):
    """x (B, C, h, w) -> the same shape; C a multiple of HEAD. Begins as the identity.

    Vaswani et al. 2017 with the norms before (Xiong et al. 2020, arXiv 2002.04745). No positions are added: the convolutions
    around it know the edges of the picture, and any size can be looked at. Its layers are convolutions of 1x1, whose weights an
    exported file keeps by name, where it would turn a linear layer's over.
    """

    def __init__(self, channels: int, expansion: int = 2) -> None:
        super().__init__()
        self.heads = channels // HEAD
        self.before_looking, self.before_thinking = nn.LayerNorm(channels), nn.LayerNorm(channels)
        self.look = nn.Conv2d(channels, 3 * channels, 1)
        self.found = nn.Conv2d(channels, channels, 1)
        self.think = nn.Conv2d(channels, expansion * channels, 1)
        self.thought = nn.Conv2d(expansion * channels, channels, 1)
        for last in (self.found, self.thought):
            nn.init.zeros_(last.weight)
            assert last.bias is not None
            nn.init.zeros_(last.bias)

    def forward(self, x: Tensor) -> Tensor:
        asked = self.look(_over_channels(self.before_looking, x)).flatten(2).unflatten(1, (3, self.heads, HEAD))
        query, key, value = asked.transpose(3, 4).unbind(1)
        seen = F.scaled_dot_product_attention(query, key, value).transpose(2, 3).flatten(1, 2)
        x = x + self.found(seen.unflatten(2, (x.shape[2], x.shape[3])))
        return x + self.thought(F.gelu(self.think(_over_channels(self.before_thinking, x))))


def _over_channels(norm: nn.LayerNorm, x: Tensor) -> Tensor:
    return norm(x.permute(0, 2, 3, 1)).permute(0, 3, 1, 2)
