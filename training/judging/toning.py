"""A tone generator as an answer that can be judged: as the app uses it, of an 8-bit file."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from engine.photo import Photo
from engine.progress import CancelToken
from engine.steps.tone import TONE, ToneSettings, found
from training.judging.degrading import Degraded
from training.judging.pictures import Picture

if TYPE_CHECKING:
    from training.judging.restoring import Answer


def toned(generator: Callable[[Picture], Picture], working_px: int) -> Answer:
    """generator: a small picture -> as it should be. working_px: the short side at which it looks."""

    def answer(worse: Degraded) -> Picture:
        photo = Photo((worse.picture * 255).round().clip(0, 255).astype(np.uint8))
        analysis = found(photo, generator, working_px)
        return TONE.apply(photo, analysis, ToneSettings(), CancelToken()).pixels.astype(np.float32) / np.float32(255)

    return answer
