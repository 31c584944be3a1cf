"""The flood that hints must beat: the same hints spread over the same hint-free answer by likeness in L* and nearness alone."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor

from training import metrics
from training.judging.colouring import HINT_PX, Colouriser
from training.judging.pictures import as_picture, as_tensor
from training.lab import CHROMA_SCALE, lab_to_srgb

CELL_PX = 4
"""Hints are spread from cells of so many pixels' side, each with the mean of what lies in it."""


@dataclass(frozen=True)
class Flood:
    """How far hints flow. lightness: L* that weakens them; reach: the same as a share of the short side; fade: how much affinity
    a pixel must gather until half of the correction is made, 1 being that of a whole hint at its own place.
    """

    lightness: float
    reach: float
    fade: float


def flooded(colourise: Colouriser, flood: Flood) -> Colouriser:
    """`colourise` without hints, with them laid over its answer.

    Each pixel's correction of a*b* is the mean of (hint colour - hint-free answer at the hint), weighted with the affinities
    exp(-(ΔL*/lightness)² - (distance/reach)²), times total / (total + fade). The pixel keeps its L*.
    """

    def colour(image: NDArray[np.float32], guide: NDArray[np.float32]) -> NDArray[np.float32]:
        lab = metrics.lab_of(as_tensor(colourise(image, np.zeros_like(guide))))
        lab[0] = metrics.lab_of(as_tensor(image))[0]
        said = torch.from_numpy(guide.astype(np.float64)).permute(2, 0, 1)
        if bool(said[2].any()):
            lab[1:] += _correction(lab, said, flood)
        return as_picture(lab_to_srgb(lab[None])[0])

    return colour


def _correction(lab: Tensor, guide: Tensor, flood: Flood) -> Tensor:
    """(2, h, w): what is added to the a*b* of the hint-free answer `lab` (3, h, w) for the hints of `guide` (3, h, w)."""
    height, width = lab.shape[1:]
    mask = guide[2:]
    down, across = torch.meshgrid(
        torch.arange(height, dtype=lab.dtype), torch.arange(width, dtype=lab.dtype), indexing="ij"
    )
    wrong = CHROMA_SCALE * guide[:2] - lab[1:]
    summed = _cells(torch.cat([torch.ones_like(mask), lab[:1], down[None], across[None], wrong]) * mask)
    summed = summed[:, summed[0] > 0]
    counts, (light, row, column), wrong = summed[0], summed[1:4] / summed[0], summed[4:] / summed[0]
    reach, top = flood.reach * min(height, width), torch.zeros_like(lab[1:])
    total = torch.zeros_like(lab[0])
    for index, share in enumerate((counts / HINT_PX**2).tolist()):
        unlike = ((lab[0] - light[index]) / flood.lightness).square()
        unlike += ((down - row[index]) / reach).square() + ((across - column[index]) / reach).square()
        affinity = share * torch.exp(-unlike)
        total += affinity
        top += affinity * wrong[:, index, None, None]
    return top / (total + flood.fade)


def _cells(planes: Tensor) -> Tensor:
    """(C, h, w) -> (C, n): sums over cells of CELL_PX²; those at right and below may be smaller."""
    pooled = F.avg_pool2d(planes[None], CELL_PX, ceil_mode=True, count_include_pad=False, divisor_override=1)
    return pooled[0].flatten(1)


BEST = Flood(lightness=12.0, reach=0.35, fade=0.045)
"""The strongest of 24 pairs of lightness and reach, each with five fades, on 60 training photographs at short side 128 with 5 and
20 hints over colorize-lite0's hint-free answer, by the sum of both gains of PSNR: + 2.14 and + 3.96 dB. The top is flat: lightness
10 to 14, reach 0.28 to 0.45 and fade 0.02 to 0.1 lose at most 0.35 dB of the sum; with few hints farther is better (0.6: + 2.4 and
+ 3.5 dB), with many nearer."""
