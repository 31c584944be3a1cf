"""What is done to a good photograph so that a restoring generator can be judged on it; the same for the same file name."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from torch import Tensor

from training.baselines import bicubic
from training.config import ConfigError
from training.judging.pictures import Picture, as_picture, as_tensor, resized

if TYPE_CHECKING:
    from training.ageing.recipe import Aged
    from training.ageing.textures import Textures

NOISE = 25 / 255
"""Standard deviation of the noise to be taken out: the middle one of the three that papers report."""
SPOILT = 0.5
"""Where damage counts: between 0, sound, and 1, lost."""
TOLD_FROM = 0.25
"""From where on damage is told to who fills it. Lower than SPOILT, so that its soft rim goes too: of 0.5, 0.25, 0.1, 0.02, and of
0.5 grown by one or two pixels, this one serves Telea and Navier-Stokes best (25.3 dB at 0.25; 25.0 and 24.6 at 0.5)."""


@dataclass(frozen=True)
class Conditions:
    """How photos are made worse. strength: of the ageing or the noise, 0..1. scale: how much smaller the picture is.

    textures: the user's own damage, loaded for judging, or None.
    """

    strength: float = 1.0
    scale: int = 1
    textures: Textures | None = None


@dataclass(frozen=True, eq=False)
class Degraded:
    """A photo made worse. picture: what the generator gets, (h, w, 3); true: what it should answer, (scale·h, scale·w, 3).

    damage: (h, w), where the picture is spoilt beyond tone and grain; None where a task has no such places.
    told: whether who answers may know the damage, and that there is no other. seen: and may look through it.
    """

    picture: Picture
    true: Picture
    scale: int = 1
    damage: NDArray[np.bool_] | None = None
    told: bool = False
    seen: bool = False

    @property
    def shown(self) -> Tensor:
        """The picture at the size of the answer, (3, H, W)."""
        return as_tensor(bicubic(self.picture, self.scale) if self.scale > 1 else self.picture)


def aged(true: Picture, name: str, conditions: Conditions) -> Degraded:
    """As an old print, by the frozen ageing that judges; to be answered as on its first day, in grey if its film was."""
    old = _judged(true, name, conditions)
    return Degraded(old.picture, old.fresh, damage=old.damage > SPOILT)


def spoilt(true: Picture, name: str, conditions: Conditions) -> Degraded:
    """The same print; to be answered as old as it is, but without its damage."""
    old = _judged(true, name, conditions)
    return Degraded(old.picture, old.sound, damage=old.damage > SPOILT)


def faded(true: Picture, name: str, conditions: Conditions) -> Degraded:
    """The same print, undamaged; to be answered as on its first day."""
    old = _judged(true, name, conditions)
    return Degraded(old.sound, old.fresh)


def marked(true: Picture, name: str, conditions: Conditions) -> Degraded:
    """The same print and the same answer, its damage told: what is judged is the filling alone."""
    old = _judged(true, name, conditions)
    return Degraded(old.picture, old.sound, damage=old.damage > TOLD_FROM, told=True)


def veiled(true: Picture, name: str, conditions: Conditions) -> Degraded:
    """As `marked`, and who fills may look at what is left below the damage."""
    return replace(marked(true, name, conditions), seen=True)


def noisy(true: Picture, name: str, conditions: Conditions) -> Degraded:
    """With white noise of strength · NOISE, clipped to 0..1 as a file would hold it."""
    random = np.random.default_rng(zlib.crc32(name.encode()))
    noise = random.standard_normal(true.shape, np.float32) * np.float32(NOISE * conditions.strength)
    return Degraded((true + noise).clip(0, 1), true)


def shrunk(true: Picture, name: str, conditions: Conditions) -> Degraded:
    """A `scale`-th as large, Pillow's bicubic filter; the photo is cut at right and below to a multiple of the scale first."""
    scale = conditions.scale
    height, width = (side // scale for side in true.shape[:2])
    true = true[: height * scale, : width * scale]
    small = resized(as_tensor(true), height, width, Image.Resampling.BICUBIC).clamp(0, 1)
    return Degraded(as_picture(small), true, scale)


def worn(true: Picture, name: str, conditions: Conditions) -> Degraded:
    """Faded, then shrunk by the scale, then blurred, grainy and through JPEG; to be answered as faded, but sharp and clean.

    Faded, since that is what a print is whose grain is to go; not to be unfaded, since that is another generator's work and would
    drown every other difference.
    """
    from training.ageing import judging_wear

    faded = judging_wear.toned(true, name, conditions.strength)
    small = shrunk(faded, name, conditions) if conditions.scale > 1 else Degraded(faded, faded)
    return Degraded(judging_wear.worn(small.picture, name, conditions.strength), small.true, small.scale)


def _judged(true: Picture, name: str, conditions: Conditions) -> Aged:
    from training.ageing.judging import judged

    return judged(true, name, conditions.strength, conditions.textures)


TASKS: dict[str, Callable[[Picture, str, Conditions], Degraded]] = {
    "restore": aged,
    "repair": spoilt,
    "fill": marked,
    "look-through": veiled,
    "tone": faded,
    "denoise": noisy,
    "clean": worn,
    "upscale": shrunk,
    "upscale-worn": worn,
}
"""Word of the command line -> (true picture, name of the photo, conditions) -> the photo made worse."""

TOLD = frozenset({"fill", "look-through"})
"""Tasks whose damage is told."""

ENLARGING = frozenset({"upscale", "upscale-worn"})
"""Tasks whose answer is larger than the picture."""

TASK_OF_KIND = {"colorize": "colorize", "repair": "repair", "tone": "tone", "clean": "denoise", "upscale": "upscale"}
"""A card's kind -> the task on which it is judged unless another is asked for."""


def task_of(kind: str) -> str:
    """Raises ConfigError for a kind that has no task."""
    if kind not in TASK_OF_KIND:
        raise ConfigError(
            f"a generator of kind {kind} has no task of its own: say --task, or --cycle for a pair of them"
        )
    return TASK_OF_KIND[kind]
