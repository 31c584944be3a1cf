"""The wear that judges cleaners: blur, grain, fading and JPEG without damage, frozen as judging.py is and never changed afterwards.

It is the lens, the film, the fading and the scanner of judging.py's recipe, each ranging as there; but here every photo has all
of them (black-and-white film, which is no wear, as often as there). A better one is a new VERSION beside new figures.
"""

from __future__ import annotations

import dataclasses
import zlib
from pathlib import PurePath

import numpy as np

from training.ageing.judging import RECIPE
from training.ageing.noise import Array
from training.ageing.recipe import AgeingRecipe, age

VERSION = 1


def _always(*kinds: str) -> AgeingRecipe:
    """The frozen recipe's treatments of these kinds, each always done; film as often as there."""
    treatments = tuple(t if t.kind == "film" else dataclasses.replace(t, chance=1.0) for t in RECIPE.treatments)
    return dataclasses.replace(RECIPE, treatments=tuple(t for t in treatments if t.kind in kinds))


TONES = _always("film", "fading")
"""What a cleaner must leave as it is."""
WEAR = _always("blur", "grain", "jpeg")
"""What it must take away: blur, the film's grain, the scanner's noise, JPEG."""


def toned(picture: Array, name: str, strength: float) -> Array:
    """A clean picture (float32 (H, W, 1 or 3), sRGB 0..1) on its film and faded, as every judgement has the photo of this name."""
    return age(picture, _random(name, 0), TONES, strength).picture


def worn(picture: Array, name: str, strength: float) -> Array:
    """A picture blurred, grainy, noisy and through JPEG, as every judgement has the photo of this name.

    After the fading, since grain was measured on faded scans: what it is there is what it shall be here.
    """
    return age(picture, _random(name, 1), WEAR, strength).picture


def _random(name: str, part: int) -> np.random.Generator:
    return np.random.default_rng([VERSION, zlib.crc32(PurePath(name).name.encode()), part])
