"""How wrong the colour of a place may be: what the map of the colouriser's contract is made of."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from training.networks.conv_block import block

OF_COLOUR = 0.46
"""Share of its own chroma that a guess may be wrong by besides; fitted on 104 training photos, saturation 1.15, so that as much
error is expected as there is: 15.2 of 15.0 a*b* in the mean."""


class Doubt(nn.Module):
    """How large an error is to be expected, (B, 1, h, w), of what the last layers see and say, (B, width + 3, h, w), and of what
    stands there as the layers at half that size know it, (B, things, h/2, w/2): of clothes less is known than of grass."""

    def __init__(self, width: int, things: int) -> None:
        super().__init__()
        self.look = block(width + 3, width // 2)
        self.thing = nn.Conv2d(things, width // 2, 1)
        nn.init.zeros_(self.thing.weight)
        assert self.thing.bias is not None
        nn.init.zeros_(self.thing.bias)
        self.think = nn.Sequential(block(width // 2, width // 2), nn.Conv2d(width // 2, 1, 3, padding=1))

    def forward(self, seen: Tensor, things: Tensor) -> Tensor:
        larger = F.interpolate(self.thing(things), scale_factor=2, mode="bilinear", align_corners=False)
        return self.think(self.look(seen) + larger)


def doubt_of_answer(expected: Tensor, guessed: Tensor) -> Tensor:
    """The logarithm of the error to be expected of an answer, (B, 1, h, w), from that of the network's own guess.

    expected: the network's word for it, learned from guesses before doubtful places agree. guessed: chroma a*b*/110 (B, 2, h, w)
    after that, without what hints say, and not yet saturated, on which a map must not depend. Both errors are taken for
    independent.
    """
    of_colour = OF_COLOUR * guessed.norm(dim=1, keepdim=True)
    return 0.5 * torch.log(torch.exp(2 * expected) + of_colour.square())
