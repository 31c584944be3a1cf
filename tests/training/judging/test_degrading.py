"""Photos are made worse in the way that is said, and the same way each time."""

from __future__ import annotations

import numpy as np
import pytest

from tests.training.photographs import picture
from training.ageing.judging import judged
from training.config import ConfigError
from training.judging import degrading


@pytest.fixture
def photo() -> np.ndarray:
    return np.asarray(picture(1, 75, 99), np.float32) / 255


def test_noise_has_the_strength_that_is_said(photo: np.ndarray) -> None:
    grey = np.full_like(photo, 0.5)
    full, half = (degrading.noisy(grey, "a.png", strength, 1) for strength in (1.0, 0.5))
    assert float((full.picture - grey).std()) == pytest.approx(25 / 255, rel=0.02)
    assert float((half.picture - grey).std()) == pytest.approx(12.5 / 255, rel=0.02)
    assert full.picture.dtype == np.float32 and full.true is grey


def test_a_name_gives_the_same_noise_again_and_another_another(photo: np.ndarray) -> None:
    first, again, other = (degrading.noisy(photo, name, 1.0, 1).picture for name in ("a.png", "a.png", "b.png"))
    assert np.array_equal(first, again) and not np.array_equal(first, other)
    assert first.min() >= 0 and first.max() <= 1


@pytest.mark.parametrize("scale", [2, 4])
def test_a_shrunk_photo_fits_its_true_one(photo: np.ndarray, scale: int) -> None:
    worse = degrading.shrunk(photo, "a.png", 1.0, scale)
    height, width = worse.picture.shape[:2]
    assert worse.true.shape == (height * scale, width * scale, 3) == (75 // scale * scale, 99 // scale * scale, 3)
    assert np.array_equal(worse.true, photo[: height * scale, : width * scale])
    assert worse.shown.shape == (3, *worse.true.shape[:2])
    assert float(np.abs(worse.shown.permute(1, 2, 0).numpy() - worse.true).mean()) < 0.02


def test_ageing_is_the_frozen_one_with_its_damage_as_a_mask(photo: np.ndarray) -> None:
    """The whole restoration aims at the print's first day, repair at the old print without its damage."""
    frozen = judged(photo, "d.png", 1.0)
    for task, aim in (("restore", frozen.fresh), ("repair", frozen.sound)):
        old = degrading.TASKS[task](photo, "d.png", 1.0, 1)
        assert np.array_equal(old.picture, frozen.picture) and np.array_equal(old.true, aim)
        assert old.damage is not None and np.array_equal(old.damage, frozen.damage > 0.5)
    assert not np.array_equal(frozen.fresh, frozen.sound)


def test_half_the_strength_of_ageing_is_nearer_to_the_photo(photo: np.ndarray) -> None:
    """On the whole: chance decides what befalls each."""
    errors = []
    for strength in (1.0, 0.5):
        prints = [degrading.aged(photo, f"{index}.png", strength, 1) for index in range(6)]
        errors.append(np.mean([np.abs(old.picture - old.true).mean() for old in prints]))
    assert errors[1] < errors[0]


def test_every_kind_that_answers_with_a_better_photo_has_a_task() -> None:
    assert {degrading.task_of(kind) for kind in ("repair", "tone", "clean", "upscale")} == set(degrading.TASKS)
    assert degrading.task_of("colorize") == "colorize"
    with pytest.raises(ConfigError, match="kind age has no task"):
        degrading.task_of("age")
