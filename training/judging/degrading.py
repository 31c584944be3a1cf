"""What is done to a good photograph so that a restoring generator can be judged on it; the same for the same file name."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from torch import Tensor

from training.baselines import bicubic
from training.config import ConfigError
from training.judging.pictures import Picture, as_picture, as_tensor, resized

NOISE = 25 / 255
"""Standard deviation of the noise to be taken out: the middle one of the three that papers report."""
SPOILT = 0.5
"""Where damage counts: between 0, sound, and 1, lost."""


@dataclass(frozen=True, eq=False)
class Degraded:
    """A photo made worse. picture: what the generator gets, (h, w, 3); true: what it should answer, (scale·h, scale·w, 3).

    damage: (h, w), where the picture is spoilt beyond tone and grain; None where a task has no such places.
    """

    picture: Picture
    true: Picture
    scale: int = 1
    damage: NDArray[np.bool_] | None = None

    @property
    def shown(self) -> Tensor:
        """The picture at the size of the answer, (3, H, W)."""
        return as_tensor(bicubic(self.picture, self.scale) if self.scale > 1 else self.picture)


def aged(true: Picture, name: str, strength: float, scale: int) -> Degraded:
    """As an old print, by the frozen ageing that judges; to be answered as on its first day, in grey if its film was."""
    from training.ageing.judging import judged

    old = judged(true, name, strength)
    return Degraded(old.picture, old.fresh, damage=old.damage > SPOILT)


def spoilt(true: Picture, name: str, strength: float, scale: int) -> Degraded:
    """The same print; to be answered as old as it is, but without its damage."""
    from training.ageing.judging import judged

    old = judged(true, name, strength)
    return Degraded(old.picture, old.sound, damage=old.damage > SPOILT)


def noisy(true: Picture, name: str, strength: float, scale: int) -> Degraded:
    """With white noise of strength · NOISE, clipped to 0..1 as a file would hold it."""
    random = np.random.default_rng(zlib.crc32(name.encode()))
    noise = random.standard_normal(true.shape, np.float32) * np.float32(NOISE * strength)
    return Degraded((true + noise).clip(0, 1), true)


def shrunk(true: Picture, name: str, strength: float, scale: int) -> Degraded:
    """A `scale`-th as large, Pillow's bicubic filter; the photo is cut at right and below to a multiple of `scale` first."""
    height, width = (side // scale for side in true.shape[:2])
    true = true[: height * scale, : width * scale]
    small = resized(as_tensor(true), height, width, Image.Resampling.BICUBIC).clamp(0, 1)
    return Degraded(as_picture(small), true, scale)


TASKS: dict[str, Callable[[Picture, str, float, int], Degraded]] = {
    "restore": aged,
    "repair": spoilt,
    "denoise": noisy,
    "upscale": shrunk,
}
"""Word of the command line -> (true picture, name of the photo, strength 0..1, scale) -> the photo made worse."""

TASK_OF_KIND = {"colorize": "colorize", "repair": "repair", "tone": "restore", "clean": "denoise", "upscale": "upscale"}
"""A card's kind -> the task on which it is judged unless another is asked for."""


def task_of(kind: str) -> str:
    """Raises ConfigError for a kind that has no task."""
    if kind not in TASK_OF_KIND:
        raise ConfigError(
            f"a generator of kind {kind} has no task of its own: say --task, or --cycle for a pair of them"
        )
    return TASK_OF_KIND[kind]
