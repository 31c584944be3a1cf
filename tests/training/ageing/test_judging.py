"""The ageing that judges is frozen: figures of different months can be compared only as long as these numbers stand.

Should a test here fail after a change to a kind of ageing, the change belongs into settings of training's recipe, or into a new
VERSION with new figures beside the old; it never belongs into these numbers. (Newer numpy or Pillow may also fail them: then the
published figures must be taken anew.) Block means, not hashes: rounding differs between processors.
"""

from __future__ import annotations

import dataclasses
import zlib

import numpy as np
import pytest

from tests.training.ageing.pinned import KIND_PRINTS, PRINTS, RECIPE_CRC
from tests.training.ageing.prints import shapes
from training.ageing import recipe
from training.ageing.judging import RECIPE, STRENGTHS, VERSION, judged
from training.ageing.kinds import KINDS

NAMES = ("a.jpg", "kodim05.png", "photo 3.webp", "urban100_017.jpg")
TOLERANCE = 1e-3


def blocks(field: np.ndarray) -> list[float]:
    """Means of a picture's 4 x 4 blocks; (H, W) or (H, W, C)."""
    rows = np.array_split(field, 4)
    return [float(block.mean()) for row in rows for block in np.array_split(row, 4, axis=1)]


def figures_of(name: str, strength: float) -> list[float]:
    """16 block means of the aged picture, its three channels' means, the mean of its mask and of its sound state."""
    one = judged(shapes(160, 192), name, strength)
    return [
        *blocks(one.picture),
        *one.picture.mean((0, 1)).tolist(),
        float(one.damage.mean()),
        float(one.sound.mean()),
    ]


def kind_figures(name: str) -> list[float]:
    """One kind alone, three times, each setting at the upper end of its range: change of each quarter, and mean of the mask."""
    ranges = next(treatment.settings for treatment in RECIPE.treatments if treatment.kind == name)
    upper = {setting: high for setting, (_, high) in ranges.items()}
    picture = np.round(shapes(160, 192) * 4) / 4
    change, masks = np.zeros((160, 192), np.float32), []
    for seed in range(3):
        answer = KINDS[name].function(picture, np.random.default_rng(seed), 0.8, **upper)
        change += np.abs((answer.picture if KINDS[name].fills else answer) - picture).mean(2)
        masks.append(float(answer.mask.mean()) if KINDS[name].fills else 0.0)
    quarters = [float(half.mean()) for row in np.array_split(change, 2) for half in np.array_split(row, 2, axis=1)]
    return [*quarters, float(np.mean(masks))]


def test_this_is_version_1() -> None:
    assert VERSION == 1 and STRENGTHS == (1.0, 0.5)


@pytest.mark.parametrize(("name", "strength"), PRINTS)
def test_judged_pictures_stay_what_they_were(name: str, strength: float) -> None:
    assert figures_of(name, strength) == pytest.approx(PRINTS[name, strength], abs=TOLERANCE)


@pytest.mark.parametrize("name", KIND_PRINTS)
def test_each_kind_stays_what_it_was(name: str) -> None:
    """All of those that judge: a photo meets only some."""
    assert kind_figures(name) == pytest.approx(KIND_PRINTS[name], rel=0.01, abs=5e-5)


def test_every_kind_is_pinned_by_something_that_shows() -> None:
    """A kind that happened to do nothing in its pinned picture would not be pinned."""
    assert set(KIND_PRINTS) == {treatment.kind for treatment in RECIPE.treatments} & set(KINDS)
    for name, figures in KIND_PRINTS.items():
        assert max(figures[:4]) > 1e-3, name
        assert (figures[4] > 1e-3) == KINDS[name].fills, name


def test_the_recipe_stays_what_it_was() -> None:
    """Every chance and range; a setting that none of the pinned pictures drew is pinned here."""
    written = repr([(t.kind, t.chance, sorted(t.settings.items())) for t in RECIPE.treatments])
    written += repr((RECIPE.severity, RECIPE.scale))
    assert zlib.crc32(written.encode()) == RECIPE_CRC


def test_training_may_be_tuned_without_moving_judgement(monkeypatch: pytest.MonkeyPatch) -> None:
    before = judged(shapes(), "a.jpg", 1.0)
    monkeypatch.setattr(recipe, "TRAINING", dataclasses.replace(recipe.TRAINING, severity=(0.0, 0.0)))
    assert (judged(shapes(), "a.jpg", 1.0).picture == before.picture).all()
    assert RECIPE is not recipe.TRAINING


def test_the_file_name_decides_and_not_its_folder() -> None:
    here, there, other = (judged(shapes(), name, 1.0).picture for name in ("a.jpg", "set/a.jpg", "b.jpg"))
    assert (here == there).all() and not np.array_equal(here, other)


def test_no_strength_leaves_the_picture() -> None:
    assert (judged(shapes(), "a.jpg", 0.0).picture == shapes()).all()
