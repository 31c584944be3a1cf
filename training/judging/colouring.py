"""One photo made grey and coloured again: what is shown, where hints lie, and the answer's chroma over the photo's own L*."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import torch
from torch import Tensor

from training import contract, metrics
from training.judging.pictures import as_picture, as_tensor, of_short_side, resized
from training.lab import CHROMA_SCALE, lab_to_srgb, lightness_to_grey, linear_to_srgb, srgb_to_linear

HINT_PX = 8
"""Side of the square of a hint, in pixels at working size."""
LUMAS = ("lab", "ortho")
"""What the generator is shown: the photo's own L*, or what orthochromatic film, blind to red, would have seen."""
ORTHOCHROMATIC = (0.0, 0.4, 0.6)
"""Shares of linear red, green, blue."""

Colouriser = contract.Runner
"""image (h, w, 3) sRGB 0..1 and guide (h, w, 3) -> restored (h, w, 3) sRGB 0..1."""

Colouring = Callable[[Tensor, Tensor, int, int], tuple[Tensor, float]]
"""A whole way from a grey photo to its colour: what is shown and the true photo (3, H, W), how many hints and the seed of their
places -> a*, b* (2, H, W), and the mean |L* error| of the answer."""


@dataclass(frozen=True, eq=False)
class Coloured:
    """A photo and its answer: true and shown (3, H, W) sRGB, lab of the true one, chroma (2, H, W) of the answer."""

    true: Tensor
    shown: Tensor
    lab: Tensor
    chroma: Tensor
    luma_error: float

    @cached_property
    def result(self) -> Tensor:
        """The answer: its chroma over the photo's true L*, (3, H, W) sRGB."""
        return self.saturated(1.0)

    def saturated(self, saturation: float) -> Tensor:
        """The answer with its chroma times `saturation`, (3, H, W) sRGB."""
        return lab_to_srgb(torch.cat([self.lab[:1], saturation * self.chroma])[None])[0]


def coloured(colouring: Colouring, true: Tensor, luma: str, hints: int, seed: int) -> Coloured:
    """`true` (3, H, W) shown in grey, see LUMAS, and coloured."""
    lab = metrics.lab_of(true)
    shown = grey_of(true, luma)
    chroma, luma_error = colouring(shown, true, hints, seed)
    return Coloured(true, shown, lab, chroma, luma_error)


def grey_of(true: Tensor, luma: str = "lab") -> Tensor:
    """The grey (3, H, W) that is shown of a photo (3, H, W): `luma` is one of LUMAS."""
    if luma == "ortho":
        weights = torch.tensor(ORTHOCHROMATIC, dtype=true.dtype)
        return linear_to_srgb(torch.einsum("c,chw->hw", weights, srgb_to_linear(true))).expand(3, -1, -1)
    return lightness_to_grey(metrics.lab_of(true)[None, :1])[0].expand(3, -1, -1)


def enlarged(colourise: Colouriser, size: int = 256) -> Colouring:
    """The generator's answer at short side `size`, its chroma enlarged bilinearly; nothing else is done to it."""

    def colour(shown: Tensor, true: Tensor, hints: int, seed: int) -> tuple[Tensor, float]:
        small = of_short_side(shown, size)
        guide = hinted(of_short_side(true, size), hints, np.random.default_rng(seed))
        lab = metrics.lab_of(as_tensor(colourise(as_picture(small), as_picture(guide))))
        luma_error = float((lab[0] - metrics.lab_of(small)[0]).abs().mean())
        return resized(lab[1:], *shown.shape[1:]), luma_error

    return colour


def hint_places(height: int, width: int, hints: int, random: np.random.Generator) -> list[tuple[slice, slice]]:
    """Rows and columns of so many squares of HINT_PX, anywhere in a picture of `height` x `width`; they may overlap."""
    places = []
    for _ in range(hints):
        y, x = int(random.integers(0, height - HINT_PX + 1)), int(random.integers(0, width - HINT_PX + 1))
        places.append((slice(y, y + HINT_PX), slice(x, x + HINT_PX)))
    return places


def hinted(true: Tensor, hints: int, random: np.random.Generator) -> Tensor:
    """The contract's guide (3, h, w) with `hints` squares of the true colour (3, h, w)."""
    chroma, guide = metrics.lab_of(true)[1:] / CHROMA_SCALE, torch.zeros_like(true)
    height, width = true.shape[1:]
    for place in hint_places(height, width, hints, random):
        guide[:2, *place] = chroma[:, *place].mean((1, 2), keepdim=True)
        guide[2, *place] = 1
    return guide
