"""Makes chroma even where the grey is even: a plain wall gets one colour, and the surest places say which.

What a network guesses of a plain background wavers, and the eye sees patches. So chroma is smoothed along the lines and columns of
the picture, as little across edges as in the fast global smoother (Min et al. 2014, IEEE TIP 23(12), doi
10.1109/TIP.2014.2366600): least squares with a penalty on differences of neighbours, small where their greys or colours differ.
Each place counts by how sure it is: smoothed(sure · chroma) / smoothed(sure), a normalised convolution (Knutsson & Westin 1993).

Each line is a tridiagonal system. Parallel cyclic reduction solves it (Hockney & Jesshope, Parallel Computers, 1981): a handful of
steps of whole pictures, which ONNX can say, where eliminating pixel after pixel is a loop.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor

GREY_EDGE, CHROMA_EDGE = 0.01, 0.055
"""Neighbours so different, in L*/100 and a*b*/110 at a quarter of the size, are joined 0.6 as strongly as alike ones."""
ROUNDS = 3
"""Along lines and columns in turn; each round with a quarter of the one before, so that no streaks stay."""
REDUCTIONS = 7
"""A place hears of others up to 2^7 places away; smoothing of `strength` 200 has faded to a thousandth before that."""
SURENESS = 2
"""The power to which the inverse of the expected error is taken; 2: as variances weigh."""
LEAST_DOUBT = 0.05
"""Of the picture's mean error: nothing is surer than this."""
HINTED = 1000.0
"""How many times a place counts whose colour was said."""


def even_colour(
    guessed: Tensor, said: Tensor, lightness: Tensor, expected: Tensor, hinted: Tensor, strength: float
) -> tuple[Tensor, Tensor]:
    """The two parts of which chroma a*b*/110 is the sum, evened alike, each (B, 2, h, w); through the rest, all (B, 1, h, w),
    nothing is learned.

    guessed, said: the network's share and that of hints, so that either can be made stronger afterwards. lightness: L*/100.
    expected: the error to be expected at a place, above 0, in any unit; hinted: 0..1 where a colour was said. strength: how much
    a difference of neighbours weighs against a place's own colour; 200 joins what lies ten places apart.
    """
    with torch.no_grad():
        sure = sureness(expected, hinted)
        look = torch.cat([lightness / GREY_EDGE, (guessed + said) / CHROMA_EDGE], 1)
        across, down = _likeness(look), _likeness(look.mT)
    spread = torch.cat([sure * guessed, sure * said, sure], 1)
    for this_round in range(ROUNDS):
        share = 1.5 * 4.0 ** (ROUNDS - 1 - this_round) / (4.0**ROUNDS - 1)
        spread = _smoothed(spread, share * strength * across)
        spread = _smoothed(spread.mT, share * strength * down).mT
    return spread[:, :2] / spread[:, 4:], spread[:, 2:4] / spread[:, 4:]


def sureness(expected: Tensor, hinted: Tensor) -> Tensor:
    """(B, 1, h, w), above 0: how much a place counts, for the error to be expected there and what was said, 0..1, like it."""
    usual = expected.mean((2, 3), keepdim=True)
    return (usual / (expected + LEAST_DOUBT * usual)) ** SURENESS * (1 + HINTED * hinted)


def _likeness(look: Tensor) -> Tensor:
    """(B, 1, h, w) 0..1: how alike each place and the next one on its line are in look (B, C, h, w); 0 for the last."""
    alike = torch.exp(-(look[..., 1:] - look[..., :-1]).square().sum(1, keepdim=True) / 2)
    return F.pad(alike, (0, 1))


def _smoothed(values: Tensor, next_weight: Tensor) -> Tensor:
    """u (B, C, h, w) where Σ (u - values)² + Σ weight · (u - next u)² is least, line by line."""
    before, after = -_moved(next_weight, 1), -next_weight
    extra = -before - after  # of the diagonal above 1: beyond the ends stand ones
    for step in range(REDUCTIONS):
        apart = 2**step
        system = torch.cat([before, extra, after, values], 1)
        left, right = _moved(system, apart), _moved(system, -apart)
        up, down = -before / (1 + left[:, 1:2]), -after / (1 + right[:, 1:2])
        extra = extra + up * left[:, 2:3] + down * right[:, :1]
        before, after = up * left[:, :1], down * right[:, 2:3]
        values = values + up * left[:, 3:] + down * right[:, 3:]
    return values / (1 + extra)


def _moved(x: Tensor, places: int) -> Tensor:
    """x moved along its lines, to the right where `places` is above 0, and zeros where nothing comes from."""
    return F.pad(x, (places, 0))[..., :-places] if places > 0 else F.pad(x, (0, -places))[..., -places:]
