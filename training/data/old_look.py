"""What a colour photo would look like as an old black-and-white print, for colouring: the grey changes, nothing is lost.

The ageing recipe without what fills or hides parts of the picture: a colouriser sees photos after they were mended.
"""

from __future__ import annotations

import dataclasses

import numpy as np
from numpy.typing import NDArray

from training.ageing.recipe import TRAINING, AgeingRecipe, age

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
