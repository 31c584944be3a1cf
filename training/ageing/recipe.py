"""A recipe of ageing: which kinds, how often and how strongly, and `age`, which does it to one picture."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from training.ageing.damage import unit_of
from training.ageing.kinds import KINDS, TEXTURE_SETTINGS, TEXTURE_SPARABLE, TEXTURES, Kind
from training.ageing.noise import Array
from training.ageing.textures import Textures
from training.config import ConfigError

Range = tuple[float, float]
MOST_SETTINGS = 8
"""No kind has more settings than this."""


@dataclass(frozen=True)
class Treatment:
    """One kind of ageing in a recipe.

    kind: a name of KINDS, or "textures". chance: 0..1, how many photos it befalls.
    settings: for each setting of the kind the range that it is drawn from, evenly.
    """

    kind: str
    chance: float
    settings: Mapping[str, Range]


@dataclass(frozen=True)
class AgeingRecipe:
    """Treatments in the order in which they are done; a kind may come twice.

    severity: each photo's own share of the strength. scale: size of the damage over what suits the picture as a whole print,
    drawn evenly in its logarithm: 2 makes of the picture a quarter of a print.

    Raises:
        ConfigError: A kind or setting that there is not, one that is missing, or a chance or range out of order.
    """

    treatments: tuple[Treatment, ...]
    severity: Range = (1.0, 1.0)
    scale: Range = (1.0, 1.0)

    def __post_init__(self) -> None:
        for treatment in self.treatments:
            if treatment.kind not in KINDS and treatment.kind != TEXTURES:
                raise ConfigError(
                    f"ageing: there is no kind “{treatment.kind}”; there are {', '.join(KINDS)}, {TEXTURES}"
                )
            known = TEXTURE_SETTINGS if treatment.kind == TEXTURES else KINDS[treatment.kind].settings
            given = set(treatment.settings) - (TEXTURE_SPARABLE if treatment.kind == TEXTURES else set())
            if given != known:
                raise ConfigError(f"ageing: “{treatment.kind}” needs exactly the settings {', '.join(sorted(known))}")
            if not 0 <= treatment.chance <= 1:
                raise ConfigError(
                    f"ageing: the chance of “{treatment.kind}” is {treatment.chance}, not between 0 and 1"
                )
            wrong = [name for name, (low, high) in treatment.settings.items() if not low <= high]
            if wrong:
                raise ConfigError(f"ageing: the range of “{treatment.kind}.{wrong[0]}” ends below its start")

    def only(self, *kinds: str) -> AgeingRecipe:
        """The treatments of these kinds alone, each always done."""
        kept = tuple(dataclasses.replace(t, chance=1.0) for t in self.treatments if t.kind in kinds)
        return dataclasses.replace(self, treatments=kept)

    def sparing(self, *kinds: str) -> AgeingRecipe:
        """These kinds never, and every other exactly as it would have been: for the same picture with and without them."""
        return dataclasses.replace(
            self,
            treatments=tuple(dataclasses.replace(t, chance=0.0) if t.kind in kinds else t for t in self.treatments),
        )

    def sparing_damage(self) -> AgeingRecipe:
        """Everything that does not have to be filled: light, tone, grain, stains that let the picture through."""
        return self.sparing(TEXTURES, *(name for name, kind in KINDS.items() if kind.fills))

    def without(self, *kinds: str) -> AgeingRecipe:
        """All treatments but those of these kinds."""
        return dataclasses.replace(self, treatments=tuple(t for t in self.treatments if t.kind not in kinds))


@dataclass(frozen=True)
class Aged:
    """What became of a picture; all of its shape.

    picture: as time left it. damage: float32 (H, W), 0 sound to 1 lost: what must be filled.
    sound: aged in the same way but for that damage: what filling aims at. fresh: on its first day, in grey if the recipe chose
    black-and-white film: what the whole restoration aims at. done: the kinds, in order.
    """

    picture: Array
    damage: Array
    sound: Array
    fresh: Array
    done: tuple[str, ...]


def age(
    picture: Array,
    rng: np.random.Generator,
    recipe: AgeingRecipe,
    strength: float = 1.0,
    textures: Textures | None = None,
) -> Aged:
    """Do to `picture` (float32 (H, W, 1 or 3), sRGB 0..1) what the recipe says.

    The same generator state, recipe and strength give the same result; another strength gives the same kinds, weaker and fewer.
    Strength 0 returns the picture itself.
    """
    height, width, channels = picture.shape
    nothing = np.zeros((height, width), np.float32)
    if strength <= 0:
        return Aged(picture, nothing, picture, picture, ())
    amount = strength * rng.uniform(*recipe.severity)
    scale = math.exp(rng.uniform(*np.log(recipe.scale)))
    # Drawn for every treatment, done or not: so one kind's luck never moves another's.
    count = len(recipe.treatments)
    lots, draws, seeds = rng.random(count), rng.random((count, MOST_SETTINGS)).tolist(), rng.integers(0, 2**62, count)
    print_ = _Print(picture, nothing, scale)
    for index in np.flatnonzero(lots < [t.chance for t in recipe.treatments]).tolist():
        treatment = recipe.treatments[index]
        ranges = sorted(treatment.settings.items())
        settings = {n: low + (high - low) * part for (n, (low, high)), part in zip(ranges, draws[index], strict=False)}
        kind = KINDS.get(treatment.kind) or (textures and Kind(textures.lay, {"count": 0}, fills=True))
        if kind:
            print_.undergo(treatment.kind, kind, _grown(kind, settings, amount), int(seeds[index]))
    return print_.aged(channels)


def _grown(kind: Kind, settings: dict[str, float], amount: float) -> dict[str, float]:
    """The settings at a strength: each that grows goes `amount` of the way from where it does nothing."""
    return {n: kind.grows[n] + (v - kind.grows[n]) * amount if n in kind.grows else v for n, v in settings.items()}


class _Print:
    """A photograph while it ages: what it is, what it would be without damage, what it was."""

    def __init__(self, picture: Array, nothing: Array, scale: float) -> None:
        self._worn = self._sound = self._fresh = picture
        self._mask = nothing
        self._unit_px = unit_of(picture)
        self._scale = scale
        self._may_colour = picture.shape[2] == 3
        self._grey = _is_grey(picture)
        self._done: list[str] = []

    def undergo(self, name: str, kind: Kind, settings: dict[str, float], seed: int) -> None:
        """One kind: damage falls on the worn print alone, everything else on the sound one too, with the same draws."""
        if kind.only != "any" and (kind.only == "grey") != self._grey:
            return

        unit_px = self._unit_px * (self._scale if kind.scaled else 1)

        def do(picture: Array) -> Any:  # an Array, or Damaged where the kind fills
            # The print's own colours are there before what stains it.
            whole = _in_colour(picture) if kind.colours and self._may_colour else picture
            return kind.function(whole, np.random.default_rng(seed), unit_px, **settings)

        spotless = self._worn is self._sound
        after = do(self._worn)
        if kind.fills:
            self._worn = after.picture
            if self._worn.shape != self._sound.shape:
                self._sound = _in_colour(self._sound)
            self._mask = np.maximum(self._mask, after.mask)
        else:
            self._worn = after
            self._sound = after if spotless else do(self._sound)
            if kind.fresh:
                self._fresh = self._sound
            if name == "rescan":  # softens the damage's edge with it
                spread = kind.function(self._mask[..., None], np.random.default_rng(seed), unit_px, **settings)
                self._mask = spread[..., 0]
        self._grey = self._grey or name == "film"
        self._done.append(name)

    def aged(self, channels: int) -> Aged:
        whole: dict[int, Array] = {}
        for state in (self._worn, self._sound, self._fresh):
            if id(state) not in whole:
                whole[id(state)] = np.clip(state if state.shape[2] == channels else _in_colour(state), 0, 1)
        return Aged(
            picture=whole[id(self._worn)], damage=np.clip(self._mask, 0, 1), sound=whole[id(self._sound)],
            fresh=whole[id(self._fresh)], done=tuple(self._done),
        )  # fmt: skip


def _in_colour(picture: Array) -> Array:
    return np.concatenate([picture] * 3, 2) if picture.shape[2] == 1 else picture


def _is_grey(picture: Array) -> bool:
    sample = picture[::8, ::8]
    return bool((sample.max(2) - sample.min(2)).max() < 0.02)


TRAINING = AgeingRecipe(
    severity=(0.25, 1.0),
    scale=(0.7, 2.5),
    treatments=(
        Treatment("film", 0.8, {"blindness": (0, 1), "exposure": (-0.3, 0.4)}),
        Treatment("beads", 0.08, {"rows": (1, 4), "size": (0.6, 3)}),
        Treatment("writing", 0.12, {"lines": (1, 3), "size": (5, 22)}),
        Treatment("border", 0.1, {"width": (4, 16)}),
        Treatment("blur", 0.5, {"sigma": (0.1, 1.1), "motion": (0, 1.6)}),
        Treatment("grain", 0.6, {"amount": (0.005, 0.06), "size": (0.5, 1.6), "colour": (-0.5, 0.5)}),
        Treatment("vignette", 0.3, {"amount": (-0.4, 0.5)}),
        Treatment("leak", 0.04, {"amount": (0.2, 0.8)}),
        Treatment("halftone", 0.05, {"pitch": (2.6, 5), "contrast": (0.2, 0.8)}),
        Treatment("surface", 0.15, {"amount": (0.01, 0.09), "pitch": (2.5, 9), "regular": (0, 1)}),
        Treatment("fading", 0.75, {"blacks": (0.02, 0.3), "whites": (0, 0.25), "bend": (0, 0.6), "uneven": (0, 0.7)}),
        Treatment("dye_fading", 0.6, {"cyan": (0, 0.6), "magenta": (0, 0.4), "yellow": (0, 0.6), "stain": (0, 1)}),
        Treatment("toning", 0.6, {"warmth": (-0.1, 0.9), "redness": (-0.25, 0.9), "yellowing": (0, 0.9)}),
        Treatment("yellowing", 0.25, {"amount": (0.1, 0.8), "uneven": (0, 0.6)}),
        Treatment("silvering", 0.08, {"amount": (0.2, 0.7), "reach": (0.03, 0.15)}),
        Treatment("mottling", 0.1, {"strength": (0.2, 0.9), "cell": (3, 14)}),
        Treatment("stains", 0.18, {"count": (1, 4), "size": (0.05, 0.5), "strength": (0.2, 0.9)}),
        Treatment("water_marks", 0.1, {"count": (1, 3), "size": (0.2, 0.8), "strength": (0.4, 1.0)}),
        Treatment("uneven_light", 0.2, {"amount": (0.03, 0.15)}),
        Treatment("foxing", 0.1, {"count": (5, 70), "size": (0.7, 2.2), "strength": (0.3, 0.9)}),
        Treatment("mould_spots", 0.05, {"area": (0.005, 0.06), "size": (2, 4)}),
        Treatment("roots", 0.02, {"count": (1, 4), "length": (0.2, 0.7), "width": (0.6, 2)}),
        Treatment("crazing", 0.07, {"cell": (10, 34), "width": (0.2, 0.8), "area": (0.1, 0.6)}),
        Treatment("rubbing", 0.12, {"area": (0.005, 0.05), "opacity": (0.3, 0.9)}),
        Treatment("flakes", 0.2, {"area": (0.003, 0.08), "size": (6, 26), "cluster": (0, 1)}),
        Treatment("flakes", 0.12, {"area": (0.004, 0.05), "size": (2, 5), "cluster": (0.2, 0.8)}),  # worn all over
        Treatment("scratches", 0.5, {"count": (1, 8), "bundle": (1, 6), "length": (0.1, 1), "width": (0.7, 2.2), "dark": (0, 0.4)}),
        Treatment("cracks", 0.15, {"count": (1, 4), "length": (0.1, 0.6), "width": (0.6, 2), "forks": (0, 5)}),
        Treatment("creases", 0.28, {"count": (1, 4), "width": (0.5, 3), "loss": (0, 0.9), "relief": (0.1, 0.5)}),
        Treatment("corner_folds", 0.15, {"corners": (1, 4), "lines": (2, 7), "reach": (0.08, 0.3)}),
        Treatment("spills", 0.07, {"count": (1, 5), "size": (0.01, 0.12)}),
        Treatment("worn_edges", 0.15, {"width": (0.8, 5), "corner": (0, 18)}),
        Treatment("tears", 0.1, {"count": (1, 2.5), "length": (0.3, 1.3), "width": (1.5, 14), "offset": (0, 2)}),
        Treatment("missing", 0.05, {"size": (0.08, 0.3), "fibre": (1, 7)}),
        Treatment("holes", 0.04, {"count": (1, 4), "size": (1, 5)}),
        Treatment(TEXTURES, 0.5, {"count": (1, 3), "dark": (0, 0.5), "size": (0.8, 3)}),
        Treatment("dust", 0.55, {"count": (5, 120), "size": (0.25, 0.8), "dark": (0, 0.5)}),
        Treatment("hairs", 0.15, {"count": (1, 3), "length": (0.05, 0.4), "dark": (0, 1)}),
        Treatment("rescan", 0.5, {"shrink": (1, 2.2), "sharpen": (-0.5, 0.6)}),
        Treatment("grain", 0.3, {"amount": (0.002, 0.015), "size": (0.5, 0.9), "colour": (-0.5, 0.5)}),
        Treatment("jpeg", 0.5, {"quality": (40, 95)}),
    ),
)  # fmt: skip
"""The recipe that training starts from: drawn from what the photos of old/ and damaged/ show, each file's docstring says what."""
