"""Makes the chroma of one thing one colour: where the network is in doubt, places that look alike to it agree.

Of a coat that could be red or blue, a network guesses one half so and the other so, for each place answers on its own. Here
every doubtful place takes the mean of the places that its features say are like it, nearer and surer ones counting more:
non-local means (Buades et al. 2005, doi 10.1109/CVPR.2005.38; as a layer, Wang et al. 2018, arXiv 1711.07971) of chroma, over
deep features in the place of grey patches, and sure ones weighted as in even_colour.py. What is known (skin, grass, sky) stays.
No weight is learned here: the features are those that the network colours by, and learn along.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor

from training.networks.even_colour import sureness
from training.networks.hint_flood import places

UNLIKE = 0.1
"""1 - cosine of features at which a place counts 1/e."""
FAR = 0.45
"""Distance, in roots of the picture's area, at which it counts 1/e."""
KNOWN, OPEN = 7.0 / 110, 12.0 / 110
"""Expected error, a*b*/110, up to which a place keeps its own colour, and from which on it takes the mean of its like."""
SAID = 0.1
"""Share of what a hint weighs in even_colour.py: whole, it coloured what only looked a little like the hinted thing."""
DEEPER = 1.2
"""Chroma of a mean of many guesses is paler than the guesses: what is open gets this much of it back."""


def alike_colour(
    guessed: Tensor, said: Tensor, features: Tensor, expected: Tensor, hinted: Tensor
) -> tuple[Tensor, Tensor]:
    """The two parts of which chroma a*b*/110 is the sum, each (B, 2, h, w), made alike where features (B, C, h/2, w/2) are.

    expected: the error to be expected at a place, a*b*/110, above 0; hinted: 0..1 where a colour was said, which stays; both
    (B, 1, h, w), and through neither is anything learned. Memory: (h·w/4)² numbers for each picture.
    """
    with torch.no_grad():
        open_to = ((expected - KNOWN) / (OPEN - KNOWN)).clamp(0, 1) * (1 - hinted)
        sure = sureness(expected, SAID * hinted)
    coarse_sure = F.avg_pool2d(sure, 2)
    both = torch.cat([guessed, said], 1)
    own = F.avg_pool2d(both * sure, 2) / coarse_sure
    with torch.autocast(features.device.type, enabled=False):
        weight = _affinity(features.float()) * coarse_sure.flatten(2)
        mean = (weight @ own.flatten(2).mT / weight.sum(2, keepdim=True)).mT.unflatten(2, own.shape[2:])
    change = F.interpolate(mean - F.avg_pool2d(both, 2), scale_factor=2.0, mode="bilinear", align_corners=False)
    both = both + open_to * change
    return both[:, :2] * (1 + (DEEPER - 1) * open_to), both[:, 2:]


def _affinity(features: Tensor) -> Tensor:
    """(B, n, n): how much each of the n = h·w places asks of each other one, 0..1, for features (B, C, h, w)."""
    look = F.normalize(features - features.mean((2, 3), keepdim=True), dim=1).flatten(2)
    place = places(features[:, :1]).flatten(2) / FAR
    # (1 - cosine)/UNLIKE + distance², as one product of widened vectors
    alone = place.square().sum(1, keepdim=True) + 0.5 / UNLIKE
    ones = torch.ones_like(alone)
    ask = torch.cat([look / UNLIKE, 2 * place, -alone, -ones], 1)
    answer = torch.cat([look, place, ones, alone], 1)
    return torch.exp(ask.mT @ answer)
