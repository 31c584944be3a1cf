"""The way of a whole recipe through the app's own pipeline, as an answer that can be judged beside generators'."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from engine.marks import Marks
from engine.photo import Photo
from engine.pipeline import Pipeline
from training.judging.degrading import Degraded
from training.judging.pictures import Picture

if TYPE_CHECKING:
    from engine.pipeline import Loads
    from engine.recipe import Recipe
    from training.judging.restoring import Answer


def through_recipe(recipe: Recipe, loader: Loads) -> Answer:
    """`recipe` over each picture as an 8-bit RGB file, its generators from `loader`; damage that may be told is marked by brush.

    Raises, when it answers:
        EngineError: as the app would tell it.
    """
    pipeline = Pipeline(loader)

    def answer(worse: Degraded) -> Picture:
        photo = Photo((worse.picture * 255).round().clip(0, 255).astype(np.uint8))
        pixels = pipeline.run(photo, recipe, marks=_marks(worse)).photo.pixels
        share = pixels.astype(np.float32) / np.float32(np.iinfo(pixels.dtype).max)
        return np.repeat(share, 3, 2) if share.shape[2] == 1 else share

    return answer


def _marks(worse: Degraded) -> Marks | None:
    if not worse.told or worse.damage is None:
        return None
    damaged = worse.damage.astype(np.uint8) * np.uint8(255)
    return Marks(damaged, 255 - damaged)
