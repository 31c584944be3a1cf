"""What a colour photo would look like as an old black-and-white print, for colouring: the grey changes, nothing is lost.

The ageing recipe without what fills or hides parts of the picture: a colouriser sees photos after they were mended.
"""

from __future__ import annotations

import dataclasses

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from training.ageing.recipe import TRAINING, AgeingRecipe, age
from training.lab import CHROMA_SCALE, lab_to_srgb, srgb_to_lightness

HIDING = (
    "border", "missing", "tears", "holes", "spills", "roots", "crazing", "corner_folds", "worn_edges", "textures", "flakes",
    "rubbing", "leak", "halftone",
)  # fmt: skip


def _recipe() -> AgeingRecipe:
    kept = TRAINING.without(*HIDING)
    always = tuple(dataclasses.replace(t, chance=1.0 if t.kind == "film" else t.chance) for t in kept.treatments)
    return dataclasses.replace(kept, treatments=always, severity=(0.1, 1.0))


RECIPE = _recipe()
"""Always black-and-white film, of any blindness to red and green."""


def old_look(picture: NDArray[np.float32], rng: np.random.Generator) -> NDArray[np.float32]:
    """A colour photo (H, W, 3), sRGB 0..1, as an old print of the same shape; toned ones keep their tone."""
    return age(picture, rng, RECIPE).picture


def printed(lightness: Tensor, chroma: Tensor, rng: np.random.Generator) -> Tensor:
    """L* (1, H, W) 0..100 of an old print of the photo with this L* and a*b*/110 (2, H, W), rounded to bytes. About 20 ms."""
    colour = lab_to_srgb(torch.cat([lightness, CHROMA_SCALE * chroma])[None])[0].permute(1, 2, 0).numpy()
    old = old_look(colour, rng)
    old = np.repeat(old, 3, 2) if old.shape[2] == 1 else old
    seen = srgb_to_lightness(torch.from_numpy(old.astype(np.float32)).permute(2, 0, 1)[None])[0]
    return (seen * 2.55).round() / 2.55
