"""The table of everything that time can do: which function, what grows with the strength, what must be filled."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from training.ageing import creases, emulsion, light, optics, paper, scratches, stains, tears, writing


@dataclass(frozen=True)
class Kind:
    """One kind of ageing.

    function: (picture, rng, unit_px, *, settings) -> picture, or Damaged where `fills`.
    grows: settings that grow with the strength, each from the value at which it does nothing.
    fills: it loses the picture, and the mask says where. fresh: it belongs to the picture's first day (film, border), not to time.
    colours: it needs three channels to show its colour. scaled: its sizes follow the recipe's scale, as those of damage do and
    those of lenses and scanners do not. only: which pictures it befalls.
    """

    function: Callable[..., Any]
    grows: Mapping[str, float] = field(default_factory=dict)
    fills: bool = False
    fresh: bool = False
    colours: bool = False
    scaled: bool = True
    only: Literal["any", "grey", "colour"] = "any"

    @property
    def settings(self) -> frozenset[str]:
        """The names of the function's own settings."""
        parameters = inspect.signature(self.function).parameters.values()
        return frozenset(p.name for p in parameters if p.kind is inspect.Parameter.KEYWORD_ONLY)


KINDS: Mapping[str, Kind] = {
    "film": Kind(optics.film, fresh=True, only="colour", scaled=False),
    "beads": Kind(writing.beads, fresh=True),
    "writing": Kind(writing.writing, fresh=True),
    "border": Kind(paper.border, fresh=True),
    "blur": Kind(optics.blur, {"sigma": 0, "motion": 0}, scaled=False),
    "grain": Kind(optics.grain, {"amount": 0}, scaled=False),
    "halftone": Kind(optics.halftone, {"contrast": 0}, scaled=False),
    "surface": Kind(paper.surface, {"amount": 0}, scaled=False),
    "vignette": Kind(light.vignette, {"amount": 0}),
    "leak": Kind(light.leak, {"amount": 0}),
    "dye_fading": Kind(light.dye_fading, dict.fromkeys(("cyan", "magenta", "yellow", "stain"), 0), only="colour"),
    "fading": Kind(light.fading, {"blacks": 0, "whites": 0, "bend": 0}),
    "toning": Kind(light.toning, {"warmth": 0, "yellowing": 0}, colours=True, only="grey"),
    "yellowing": Kind(light.yellowing, {"amount": 0}, colours=True),
    "silvering": Kind(emulsion.silvering, {"amount": 0}, colours=True),
    "mottling": Kind(stains.mottling, {"strength": 0}, colours=True),
    "stains": Kind(stains.stains, {"strength": 0}, colours=True),
    "water_marks": Kind(stains.water_marks, {"strength": 0}, colours=True),
    "uneven_light": Kind(light.uneven_light, {"amount": 0}),
    "foxing": Kind(stains.foxing, {"count": 0}, fills=True, colours=True),
    "mould_spots": Kind(emulsion.mould_spots, {"area": 0}, fills=True, colours=True),
    "roots": Kind(emulsion.roots, {"count": 0}, fills=True),
    "crazing": Kind(creases.crazing, {"area": 0}, fills=True),
    "rubbing": Kind(scratches.rubbing, {"area": 0}, fills=True),
    "scratches": Kind(scratches.scratches, {"count": 0}, fills=True),
    "cracks": Kind(creases.cracks, {"count": 0}, fills=True),
    "creases": Kind(creases.creases, {"count": 0}, fills=True),
    "corner_folds": Kind(creases.corner_folds, {"corners": 0}, fills=True),
    "flakes": Kind(emulsion.flakes, {"area": 0}, fills=True),
    "spills": Kind(stains.spills, {"count": 0}, fills=True, colours=True),
    "worn_edges": Kind(tears.worn_edges, {"width": 0, "corner": 0}, fills=True),
    "tears": Kind(tears.tears, {"count": 0}, fills=True),
    "missing": Kind(tears.missing, {"size": 0}, fills=True),
    "holes": Kind(tears.holes, {"count": 0}, fills=True),
    "dust": Kind(scratches.dust, {"count": 0}, fills=True),
    "hairs": Kind(scratches.hairs, {"count": 0}, fills=True),
    "rescan": Kind(optics.rescan, {"shrink": 1, "sharpen": 0}, scaled=False),
    "jpeg": Kind(optics.jpeg, {"quality": 95}, scaled=False),
}
"""In the order in which they befall a photograph."""

TEXTURES = "textures"
"""The kind whose function is the user's own Textures; left out where there are none."""
TEXTURE_SETTINGS = frozenset({"count", "dark"})
TEXTURE_SPARABLE = frozenset({"size"})
"""Settings that a recipe may leave out: the frozen one is older than they are."""
