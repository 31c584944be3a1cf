"""The way that a photo takes in the app: found small by the engine's step, carried to full size along the photo's own luma."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from engine.generator import Generator
from engine.hints import Hint
from engine.photo import Photo
from engine.progress import CancelToken
from engine.steps.colorize import COLORIZE, ColorizeSettings
from engine.steps.step import Tools
from engine.working_shape import own_working_size, working_shape
from training import metrics
from training.judging.colouring import HINT_PX, Colouring, hint_places
from training.judging.pictures import as_picture, as_tensor, resized
from training.lab import lab_to_srgb


def through_app(generator: Generator, working_size: int = 0) -> Colouring:
    """`generator` in the engine's step colorize at its default settings, on the photo as an 8-bit grey file.

    working_size: as the step's setting, 0 for the generator's own. Hints are the user's: 8-bit colours at places that are
    those of the plain way where the step works at the same size, which it does but for strips and tiny photos.

    Raises:
        SettingInvalid: the step does not work at this size.
    """
    settings = ColorizeSettings(working_size=working_size)
    short_side = working_size or own_working_size(generator.card)

    def colour(shown: Tensor, true: Tensor, hints: int, seed: int) -> tuple[Tensor, float]:
        grey = (as_picture(shown)[..., :1] * 255).round().astype(np.uint8)
        height, width = shown.shape[1:]
        small = resized(true, *working_shape(height, width, short_side))
        given = _hints(small, hints, np.random.default_rng(seed))
        photo = Photo(grey)
        analysis = COLORIZE.analyse(photo, settings, Tools(generator=lambda kind: generator, hints=given))
        answer = COLORIZE.apply(photo, analysis, settings, CancelToken()).pixels
        lab = metrics.lab_of(as_tensor(answer.astype(np.float32) / np.float32(255)))
        return lab[1:], float((lab[0] - metrics.lab_of(shown)[0]).abs().mean())

    return colour


def _hints(true: Tensor, count: int, random: np.random.Generator) -> tuple[Hint, ...]:
    """Hints of the true colours of a photo at working size (3, h, w)."""
    height, width = true.shape[1:]
    lab = metrics.lab_of(true)
    hints = []
    for rows, columns in hint_places(height, width, count, random):
        colour = lab_to_srgb(lab[:, rows, columns].mean((1, 2))[None, :, None, None]).flatten()
        red, green, blue = (colour * 255).round().to(torch.int).tolist()
        x, y = ((places.start + HINT_PX / 2) / side for places, side in ((columns, width), (rows, height)))
        hints.append(Hint(x, y, f"#{red:02x}{green:02x}{blue:02x}", HINT_PX))
    return tuple(hints)
