"""A recipe answers through the app's pipeline, with 8 bits in and out, and is told by brush what it may know."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from engine.library import ModelLibrary
from engine.loader import Loader
from engine.marks import Marks
from engine.photo import Photo
from engine.pipeline import Outcome, Pipeline
from engine.recipe import Recipe, load
from engine.session import Device
from tests.onnx_files import write_freshener
from tests.training.photographs import picture
from training.judging.degrading import Degraded
from training.judging.through_recipe import through_recipe


@pytest.fixture
def photo() -> np.ndarray:
    return np.asarray(picture(1), np.float32) / 255


def loader(folder: Path) -> Loader:
    """With a generator that makes more contrast."""
    write_freshener(folder)
    return Loader(ModelLibrary([folder]), Device("cpu"))


def test_a_faded_photo_is_answered_fresher_and_a_switched_off_recipe_gives_it_back(
    photo: np.ndarray, tmp_path: Path
) -> None:
    faded = Degraded((photo * 0.5 + 0.25).astype(np.float32), photo)
    recipe = load("refresh")
    fresher = through_recipe(recipe, loader(tmp_path))(faded)
    assert fresher.dtype == np.float32 and fresher.shape == photo.shape
    assert np.ptp(fresher) > np.ptp(faded.picture) + 0.1
    same = through_recipe(recipe.with_enabled("tone", False), loader(tmp_path))(faded)
    assert float(np.abs(same - faded.picture).max()) <= 0.5 / 255 + 1e-6


def test_marks_are_told_only_where_the_task_says_so(
    photo: np.ndarray, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[Marks | None] = []
    run = Pipeline.run

    def listening(self: Pipeline, photo: Photo, recipe: Recipe, *, marks: Marks | None) -> Outcome:
        said.append(marks)
        return run(self, photo, recipe, marks=marks)

    monkeypatch.setattr(Pipeline, "run", listening)
    damage = np.zeros(photo.shape[:2], bool)
    damage[10:14] = True
    answer = through_recipe(load("refresh"), loader(tmp_path))
    for told in (True, False):
        answer(Degraded(photo, photo, damage=damage, told=told))
    marks, nothing = said
    assert nothing is None and marks is not None
    assert np.array_equal(marks.damaged == 255, damage) and np.array_equal(marks.sound == 255, ~damage)
