"""The ageing that judges: one frozen recipe, its seeds taken from file names, never changed once figures were published with it.

Every figure of `repair`, `clean` and `tone` in docs/results is measured on pictures that `judged` aged. A better ageing
for judging is a new VERSION beside new figures; training's recipe is tuned elsewhere. A test pins what this one does.
"""

from __future__ import annotations

import zlib
from pathlib import PurePath

import numpy as np

from training.ageing.noise import Array
from training.ageing.recipe import Aged, AgeingRecipe, Treatment, age
from training.ageing.textures import Textures

VERSION = 1
STRENGTHS = (1.0, 0.5)
"""Full and half: both are told in every table."""

RECIPE = AgeingRecipe(
    severity=(0.45, 1.0),
    scale=(0.8, 1.25),
    treatments=(
        Treatment("film", 0.75, {"blindness": (0, 1), "exposure": (-0.3, 0.3)}),
        Treatment("border", 0.1, {"width": (5, 14)}),
        Treatment("blur", 0.6, {"sigma": (0.1, 1.0), "motion": (0, 1.2)}),
        Treatment("grain", 0.7, {"amount": (0.01, 0.06), "size": (0.5, 1.6), "colour": (-0.5, 0.5)}),
        Treatment("vignette", 0.25, {"amount": (-0.35, 0.45)}),
        Treatment("leak", 0.04, {"amount": (0.2, 0.7)}),
        Treatment("halftone", 0.04, {"pitch": (2.6, 4.5), "contrast": (0.2, 0.7)}),
        Treatment("surface", 0.12, {"amount": (0.02, 0.09), "pitch": (2.5, 8), "regular": (0, 1)}),
        Treatment("fading", 0.85, {"blacks": (0.05, 0.3), "whites": (0.0, 0.25), "bend": (0, 0.5), "uneven": (0, 0.7)}),
        Treatment("dye_fading", 0.7, {"cyan": (0, 0.6), "magenta": (0, 0.4), "yellow": (0, 0.6), "stain": (0, 1)}),
        Treatment("toning", 0.65, {"warmth": (-0.1, 0.9), "redness": (-0.25, 0.9), "yellowing": (0, 0.9)}),
        Treatment("yellowing", 0.25, {"amount": (0.1, 0.8), "uneven": (0, 0.6)}),
        Treatment("silvering", 0.08, {"amount": (0.2, 0.6), "reach": (0.03, 0.15)}),
        Treatment("mottling", 0.1, {"strength": (0.3, 0.9), "cell": (3, 14)}),
        Treatment("stains", 0.2, {"count": (1, 4), "size": (0.08, 0.45), "strength": (0.3, 0.9)}),
        Treatment("water_marks", 0.12, {"count": (1, 3), "size": (0.2, 0.7), "strength": (0.4, 1.0)}),
        Treatment("uneven_light", 0.2, {"amount": (0.03, 0.15)}),
        Treatment("foxing", 0.12, {"count": (8, 60), "size": (0.8, 2.2), "strength": (0.4, 0.9)}),
        Treatment("mould_spots", 0.06, {"area": (0.005, 0.05), "size": (2, 4)}),
        Treatment("roots", 0.04, {"count": (1, 4), "length": (0.3, 0.7), "width": (0.6, 2)}),
        Treatment("crazing", 0.08, {"cell": (14, 34), "width": (0.2, 0.8), "area": (0.1, 0.6)}),
        Treatment("rubbing", 0.12, {"area": (0.005, 0.05), "opacity": (0.4, 0.9)}),
        Treatment("flakes", 0.25, {"area": (0.005, 0.08), "size": (6, 26), "cluster": (0, 1)}),
        Treatment("flakes", 0.15, {"area": (0.004, 0.05), "size": (2, 5), "cluster": (0.2, 0.8)}),
        Treatment("scratches", 0.6, {"count": (2, 8), "bundle": (1, 6), "length": (0.2, 1), "width": (0.7, 2.2), "dark": (0, 0.4)}),
        Treatment("cracks", 0.2, {"count": (1, 4), "length": (0.2, 0.6), "width": (0.7, 2), "forks": (0, 5)}),
        Treatment("creases", 0.35, {"count": (1, 4), "width": (0.6, 3), "loss": (0.1, 0.9), "relief": (0.15, 0.5)}),
        Treatment("corner_folds", 0.15, {"corners": (1, 4), "lines": (2, 7), "reach": (0.08, 0.3)}),
        Treatment("spills", 0.1, {"count": (1, 5), "size": (0.02, 0.12)}),
        Treatment("worn_edges", 0.15, {"width": (0.8, 5), "corner": (0, 18)}),
        Treatment("tears", 0.15, {"count": (1, 2.5), "length": (0.4, 1.3), "width": (1.5, 14), "offset": (0, 2)}),
        Treatment("missing", 0.06, {"size": (0.1, 0.3), "fibre": (1, 7)}),
        Treatment("holes", 0.05, {"count": (1, 4), "size": (1, 5)}),
        Treatment("textures", 0.3, {"count": (1, 3), "dark": (0, 0.5)}),
        Treatment("dust", 0.7, {"count": (10, 120), "size": (0.3, 0.8), "dark": (0, 0.5)}),
        Treatment("hairs", 0.2, {"count": (1, 3), "length": (0.08, 0.4), "dark": (0, 1)}),
        Treatment("rescan", 0.5, {"shrink": (1, 2.0), "sharpen": (-0.5, 0.6)}),
        Treatment("grain", 0.3, {"amount": (0.002, 0.015), "size": (0.5, 0.9), "colour": (-0.5, 0.5)}),
        Treatment("jpeg", 0.6, {"quality": (45, 95)}),
    ),
)  # fmt: skip
"""Figures of its own: nothing here follows what training's recipe becomes."""


def judged(picture: Array, name: str, strength: float, textures: Textures | None = None) -> Aged:
    """A clean picture (float32 (H, W, 1 or 3), sRGB 0..1) aged as every judgement ages the photo of this file name.

    strength: one of STRENGTHS. textures: the user's own, loaded with judging=True; figures with and without them differ.
    """
    seed = zlib.crc32(PurePath(name).name.encode())
    return age(picture, np.random.default_rng([VERSION, seed]), RECIPE, strength, textures)
