"""Photos are made worse in the way that is said, and the same way each time."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.training.photographs import picture
from training.ageing import judging_wear
from training.ageing.judging import judged
from training.ageing.textures import Textures
from training.config import ConfigError
from training.judging import degrading
from training.judging.degrading import Conditions
from training.judging.restoring import BASELINES


@pytest.fixture
def photo() -> np.ndarray:
    return np.asarray(picture(1, 75, 99), np.float32) / 255


def test_noise_has_the_strength_that_is_said(photo: np.ndarray) -> None:
    grey = np.full_like(photo, 0.5)
    full, half = (degrading.noisy(grey, "a.png", Conditions(strength)) for strength in (1.0, 0.5))
    assert float((full.picture - grey).std()) == pytest.approx(25 / 255, rel=0.02)
    assert float((half.picture - grey).std()) == pytest.approx(12.5 / 255, rel=0.02)
    assert full.picture.dtype == np.float32 and full.true is grey


def test_a_name_gives_the_same_noise_again_and_another_another(photo: np.ndarray) -> None:
    first, again, other = (degrading.noisy(photo, name, Conditions()).picture for name in ("a.png", "a.png", "b.png"))
    assert np.array_equal(first, again) and not np.array_equal(first, other)
    assert first.min() >= 0 and first.max() <= 1


@pytest.mark.parametrize("scale", [2, 4])
def test_a_shrunk_photo_fits_its_true_one(photo: np.ndarray, scale: int) -> None:
    worse = degrading.shrunk(photo, "a.png", Conditions(scale=scale))
    height, width = worse.picture.shape[:2]
    assert worse.true.shape == (height * scale, width * scale, 3) == (75 // scale * scale, 99 // scale * scale, 3)
    assert np.array_equal(worse.true, photo[: height * scale, : width * scale])
    assert worse.shown.shape == (3, *worse.true.shape[:2])
    assert float(np.abs(worse.shown.permute(1, 2, 0).numpy() - worse.true).mean()) < 0.02


def test_ageing_is_the_frozen_one_with_its_damage_as_a_mask(photo: np.ndarray) -> None:
    """The whole restoration aims at the print's first day, repair at the old print without its damage."""
    frozen = judged(photo, "d.png", 1.0)
    for task, aim in (("restore", frozen.fresh), ("repair", frozen.sound)):
        old = degrading.TASKS[task](photo, "d.png", Conditions())
        assert np.array_equal(old.picture, frozen.picture) and np.array_equal(old.true, aim)
        assert old.damage is not None and np.array_equal(old.damage, frozen.damage > 0.5)
    assert not np.array_equal(frozen.fresh, frozen.sound)


def test_damage_to_fill_is_told_with_its_soft_rim(photo: np.ndarray) -> None:
    frozen = judged(photo, "d.png", 1.0)
    told, blind = (degrading.TASKS[task](photo, "d.png", Conditions()) for task in ("fill", "repair"))
    assert told.told and not blind.told
    assert told.damage is not None and np.array_equal(told.damage, frozen.damage > 0.25)
    assert np.array_equal(told.picture, blind.picture) and np.array_equal(told.true, blind.true)


def test_what_is_told_may_be_looked_through_where_that_is_asked(photo: np.ndarray) -> None:
    lost, veiled = (degrading.TASKS[task](photo, "d.png", Conditions()) for task in ("fill", "look-through"))
    assert veiled.seen and veiled.told and not lost.seen
    assert veiled.damage is not None and np.array_equal(veiled.damage, lost.damage)


def test_a_faded_print_is_whole_and_to_be_answered_fresh(photo: np.ndarray) -> None:
    frozen, faded = judged(photo, "d.png", 1.0), degrading.faded(photo, "d.png", Conditions())
    assert np.array_equal(faded.picture, frozen.sound) and np.array_equal(faded.true, frozen.fresh)
    assert faded.damage is None and not np.array_equal(faded.picture, faded.true)


def test_the_users_textures_fall_on_aged_photos(photo: np.ndarray, tmp_path: Path) -> None:
    for index in range(5):
        Image.fromarray(np.eye(40, dtype=np.uint8) * 255).save(tmp_path / f"{index}.png")
    textures = Textures(tmp_path, judging=True)
    names = [f"{index}.png" for index in range(12)]
    plain, laid = (
        [degrading.aged(photo, name, Conditions(textures=each)).picture for name in names] for each in (None, textures)
    )
    assert 0 < sum(not np.array_equal(one, other) for one, other in zip(plain, laid, strict=True)) < len(names)


@pytest.mark.parametrize("scale", [1, 2])
def test_wear_is_on_the_small_picture_and_the_answer_is_faded_but_clean(photo: np.ndarray, scale: int) -> None:
    worse = degrading.worn(photo, "e.png", Conditions(scale=scale))
    faded = judging_wear.toned(photo, "e.png", 1.0)
    height, width = (side // scale for side in photo.shape[:2])
    assert np.array_equal(worse.true, faded[: height * scale, : width * scale])
    assert worse.picture.shape == (height, width, 3) and worse.damage is None and worse.scale == scale
    before = faded if scale == 1 else degrading.shrunk(faded, "e.png", Conditions(scale=scale)).picture
    assert np.array_equal(worse.picture, judging_wear.worn(before, "e.png", 1.0))
    assert not np.array_equal(worse.true, photo[: height * scale, : width * scale])


def test_half_the_strength_of_ageing_is_nearer_to_the_photo(photo: np.ndarray) -> None:
    """On the whole: chance decides what befalls each."""
    errors = []
    for strength in (1.0, 0.5):
        prints = [degrading.aged(photo, f"{index}.png", Conditions(strength)) for index in range(6)]
        errors.append(np.mean([np.abs(old.picture - old.true).mean() for old in prints]))
    assert errors[1] < errors[0]


def test_every_kind_that_answers_with_a_better_photo_has_a_task() -> None:
    kinds = ("repair", "tone", "clean", "upscale")
    assert {degrading.task_of(kind) for kind in kinds} == {"repair", "tone", "denoise", "upscale"}
    assert set(BASELINES) == set(degrading.TASKS) > degrading.ENLARGING
    assert degrading.task_of("colorize") == "colorize"
    with pytest.raises(ConfigError, match="kind age has no task"):
        degrading.task_of("age")
