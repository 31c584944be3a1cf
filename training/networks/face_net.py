"""A small anchor-free face detector: depthwise-separable convolutions, answers at strides 8, 16 and 32.

After YuNet (Wu, Peng & Yu 2023), FCOS (Tian et al. 2019, arXiv 1904.01355: every place of a map answers for the face round it)
and FPN (Lin et al. 2017, arXiv 1612.03144: coarse maps are added to finer ones). One head serves all three strides, so that
what is learned of small faces helps large ones.
"""

from __future__ import annotations

import math

import torch
import torch.nn.functional as F
from torch import Tensor, nn

STRIDES = (8, 16, 32)
NUMBERS = 15
"""What a place answers: offset of the box's middle and logarithm of its sides, five landmarks' offsets, all in strides; a logit."""
_RARE = 0.01
"""The score that every place starts with (Lin et al. 2017, arXiv 1708.02002): nearly all places show no face."""
_USUAL_STRIDES = 3.5
"""How many strides wide a face is whose size suits its stride."""


class FaceNet(nn.Module):
    """grey (B, 1, H, W) 0..1, H and W multiples of 32 -> rows (B, M, 15): boxes x, y, width, height, landmarks, in pixels, and
    the score's logit; M is the number of places at all strides, finest first, row by row.

    widths: channels at 1/2, 1/4, 1/8, 1/16, 1/32. width: channels of what is joined.
    """

    def __init__(self, widths: tuple[int, ...] = (8, 24, 64, 96, 128), width: int = 64) -> None:
        super().__init__()
        half, quarter, *levels = widths
        self.stem = nn.Sequential(
            nn.Conv2d(1, half, 3, 2, 1, bias=False), nn.BatchNorm2d(half), nn.ReLU(inplace=True),
            _separable(half, quarter, 2), _separable(quarter, quarter),
        )  # fmt: skip
        self.levels = nn.ModuleList(
            nn.Sequential(_separable(before, here, 2), _separable(here, here), _separable(here, here))
            for before, here in zip((quarter, *levels), levels, strict=False)
        )
        self.lateral = nn.ModuleList(_pointwise(here, width) for here in levels)
        self.joined = nn.ModuleList(_separable(width, width) for _ in levels)
        last = nn.Conv2d(width, NUMBERS, 1)
        self.head = nn.Sequential(
            nn.Conv2d(width, width, 3, 1, 1, groups=width), nn.Conv2d(width, width, 1), nn.ReLU(inplace=True), last,
        )  # fmt: skip
        nn.init.normal_(last.weight, std=0.01)
        assert last.bias is not None
        with torch.no_grad():
            last.bias.zero_()
            last.bias[2:4] = math.log(_USUAL_STRIDES)
            last.bias[-1] = math.log(_RARE / (1 - _RARE))

    def forward(self, grey: Tensor) -> Tensor:
        x: Tensor = self.stem(4 * grey - 2)
        seen = []
        for level, lateral in zip(self.levels, self.lateral, strict=True):
            x = level(x)
            seen.append(lateral(x))
        for finer in (1, 0):
            seen[finer] = seen[finer] + F.interpolate(seen[finer + 1], scale_factor=2.0, mode="nearest")
        answers = (self.head(joined(part)) for joined, part in zip(self.joined, seen, strict=True))
        return torch.cat([_rows(answer, stride) for answer, stride in zip(answers, STRIDES, strict=True)], 1)


def places(height: int, width: int, stride: int) -> Tensor:
    """(height · width, 2): x, y in pixels of the middle of every place of a map, row by row."""
    down = torch.arange(height, dtype=torch.float32)[:, None].expand(height, width)
    across = torch.arange(width, dtype=torch.float32)[None].expand(height, width)
    return stride * (torch.stack([across, down], -1).reshape(-1, 2) + 0.5)


def _rows(answer: Tensor, stride: int) -> Tensor:
    """A head's answer (B, 15, h, w) as rows (B, h · w, 15) in pixels."""
    place = places(answer.shape[2], answer.shape[3], stride).to(answer.device)
    answer = answer.flatten(2).transpose(1, 2)
    middle = place + stride * answer[..., :2]
    sides = stride * torch.exp(answer[..., 2:4].clamp(-3, 5))
    marks = place.repeat(1, 5) + stride * answer[..., 4:14]
    return torch.cat([middle - sides / 2, sides, marks, answer[..., 14:]], -1)


def _separable(channels: int, into: int, stride: int = 1) -> nn.Sequential:
    """A depthwise and a pointwise convolution (Howard et al. 2017, arXiv 1704.04861), one norm behind both, as in YuNet."""
    depthwise = nn.Conv2d(channels, channels, 3, stride, 1, groups=channels, bias=False)
    return nn.Sequential(depthwise, *_pointwise(channels, into))


def _pointwise(channels: int, into: int) -> nn.Sequential:
    return nn.Sequential(nn.Conv2d(channels, into, 1, bias=False), nn.BatchNorm2d(into), nn.ReLU(inplace=True))
