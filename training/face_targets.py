"""What each place of a face detector is to answer for, and the losses on it."""

from __future__ import annotations

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

from training.networks.face_net import STRIDES, places

REACH = ((0.0, 44.0), (30.0, 110.0), (80.0, 1e6))
"""The sizes of faces in pixels (root of the box's area) that each stride answers for; they overlap, as in FCOS."""
CENTRE, RIM = 0.2, 0.4
"""Places within so much of a side of the box's middle are to find the face; those out to the rim may find it or not."""


@dataclass(frozen=True)
class Targets:
    """For each of M places of a picture. found: (M,) bool; free: (M,) bool, neither to find nor to be quiet;
    rows: (M, 14) the box and landmarks to answer where `found`."""

    found: Tensor
    free: Tensor
    rows: Tensor


def assign(faces: Tensor, side: int) -> Targets:
    """faces (n, 15) in a square picture of `side` pixels: x, y, width, height, landmarks, and 1 for a sure face, 0 for a doubtful.

    Of two faces a place answers for the smaller one. A face too small to have a place near its middle gets the nearest one.
    """
    place = torch.cat([places(side // stride, side // stride, stride) for stride in STRIDES])
    count = torch.tensor([(side // stride) ** 2 for stride in STRIDES])
    low, high = (torch.tensor(REACH)[:, end].repeat_interleave(count) for end in (0, 1))
    stride = torch.tensor(STRIDES, dtype=torch.float32).repeat_interleave(count)
    if not len(faces):
        nowhere = torch.zeros(len(place), dtype=torch.bool)
        return Targets(nowhere, nowhere, torch.zeros(len(place), 14))
    sides = faces[:, 2:4]
    size, sure = sides.prod(1).sqrt(), faces[:, 14] > 0.5
    away = (place[:, None] - (faces[:, :2] + sides / 2)[None]).abs()  # (M, n, 2)
    suits = (size[None] >= low[:, None]) & (size[None] <= high[:, None])
    near = (away <= torch.maximum(CENTRE * sides[None], 0.5001 * stride[:, None, None])).all(-1)
    centre = near & suits & sure[None]
    owner_size = torch.where(centre, size[None], torch.inf)
    owner = owner_size.argmin(1)
    rim = (away <= torch.maximum(RIM * sides[None], stride[:, None, None])).all(-1) & sure[None]
    doubtful = (away <= sides[None] / 2).all(-1) & ~sure[None]
    found = centre.any(1)
    return Targets(found, (rim | doubtful).any(1) & ~found, faces[owner, :14])


def score_loss(logits: Tensor, found: Tensor, free: Tensor) -> Tensor:
    """Focal loss (Lin et al. 2017, arXiv 1708.02002: alpha 0.25, gamma 2) over places that are not free, for each found one."""
    target = found.float()
    plain = F.binary_cross_entropy_with_logits(logits, target, reduction="none")
    chance = torch.sigmoid(logits)
    wrong = torch.where(found, 1 - chance, chance)
    weight = torch.where(found, 0.25, 0.75) * wrong.square() * ~free
    return (weight * plain).sum() / found.sum().clamp_min(1)


def box_loss(answer: Tensor, wanted: Tensor) -> Tensor:
    """1 − generalised IoU of boxes (n, 4: x, y, width, height), the mean (Rezatofighi et al. 2019, arXiv 1902.09630)."""
    start, stop = torch.maximum(answer[:, :2], wanted[:, :2]), torch.minimum(_end(answer), _end(wanted))
    shared = (stop - start).clamp_min(0).prod(1)
    union = answer[:, 2:].prod(1) + wanted[:, 2:].prod(1) - shared
    around = (torch.maximum(_end(answer), _end(wanted)) - torch.minimum(answer[:, :2], wanted[:, :2])).prod(1)
    overlap = shared / union.clamp_min(1e-6) - (around - union) / around.clamp_min(1e-6)
    return (1 - overlap).sum() / max(len(answer), 1)


def landmark_loss(answer: Tensor, wanted: Tensor, sides: Tensor) -> Tensor:
    """Smooth L1 of landmarks (n, 10) in shares of the face's size, sides (n, 2); the mean."""
    size = sides.prod(1, keepdim=True).sqrt().clamp_min(1.0)
    return F.smooth_l1_loss(answer / size, wanted / size, beta=0.05, reduction="sum") / max(10 * len(answer), 1)


def _end(boxes: Tensor) -> Tensor:
    return boxes[:, :2] + boxes[:, 2:]
