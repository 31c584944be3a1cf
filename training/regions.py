"""Connected regions of a mask: what a person would call the object at a place."""

from __future__ import annotations

import torch.nn.functional as F
from torch import Tensor, zeros_like


def connected(inside: Tensor, seed: tuple[slice, slice]) -> Tensor:
    """The part of the mask `inside` (H, W) that touches `seed` through its own pixels (8 neighbours)."""
    reached = zeros_like(inside)
    reached[seed] = inside[seed]
    while True:
        grown = (F.max_pool2d(reached[None].float(), 3, 1, 1)[0] > 0) & inside
        if bool((grown == reached).all()):
            return grown
        reached = grown
