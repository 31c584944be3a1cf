"""The styles worth trying: centres of the codes that training photos have, learned while they pass by."""

from __future__ import annotations

import torch
from torch import Tensor

RATE = 0.02
MILDER = 0.6
"""Of a photo's own code: the centres of codes are photos of one strong tint, and whole ones tinted everything (looked at)."""


@torch.no_grad()
def move(centres: Tensor, codes: Tensor) -> None:
    """Bring the nearest of `centres` (n, K) a step towards each of MILDER `codes` (m, K); a centre of zeros takes the next one.

    Online k-means (MacQueen 1967) with a constant rate, because the codes' encoder learns too and its codes move.
    """
    for code in MILDER * codes:
        unused = torch.nonzero(~centres.any(1))
        if len(unused):
            centres[unused[0, 0]] = code
        else:
            nearest = (centres - code).square().sum(1).argmin()
            centres[nearest].lerp_(code, RATE)
