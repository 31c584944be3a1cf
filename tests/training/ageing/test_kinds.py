"""Every kind of ageing does what it says and nothing else."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.training.ageing.prints import flat, shapes
from training.ageing import judging, recipe
from training.ageing.damage import Damaged, unit_of
from training.ageing.kinds import KINDS, TEXTURES
from training.ageing.noise import Array

RANGES = {treatment.kind: treatment.settings for treatment in reversed(recipe.TRAINING.treatments)}
FILLING = [name for name, kind in KINDS.items() if kind.fills]


def settings_of(name: str, part: float = 0.6) -> dict[str, float]:
    return {key: low + part * (high - low) for key, (low, high) in RANGES[name].items()}


def done(name: str, picture: Array, seed: int = 1, **changed: float) -> Any:
    """The kind's answer with the settings of training, a little above their middle."""
    given_ = {**settings_of(name), **changed}
    return KINDS[name].function(picture, np.random.default_rng(seed), unit_of(picture), **given_)


def picture_of(answer: Any) -> Array:
    return answer.picture if isinstance(answer, Damaged) else answer


SINCE_JUDGING = {"beads", "writing"}
"""Kinds that came after the recipe that judges was frozen."""


def test_both_recipes_know_every_kind() -> None:
    assert {treatment.kind for treatment in recipe.TRAINING.treatments} == {*KINDS, TEXTURES}
    assert {treatment.kind for treatment in judging.RECIPE.treatments} == {*KINDS, TEXTURES} - SINCE_JUDGING


@pytest.mark.parametrize("name", KINDS)
@settings(max_examples=4, deadline=None)
@given(height=st.integers(2, 50), width=st.integers(2, 50), channels=st.sampled_from([1, 3]), seed=st.integers(0, 999))
def test_any_picture_keeps_its_shape_and_range(name: str, height: int, width: int, channels: int, seed: int) -> None:
    """Odd and tiny sizes too; the picture given is never changed."""
    picture = shapes(height, width, channels)
    picture.flags.writeable = False
    answer = done(name, picture, seed)
    aged = picture_of(answer)
    assert aged.shape == (height, width, 1 if name == "film" else channels)
    assert aged.dtype == np.float32 and np.isfinite(aged).all()
    assert float(aged.min()) >= -1e-6 and float(aged.max()) <= 1 + 1e-6
    if isinstance(answer, Damaged):
        assert answer.mask.shape == (height, width) and answer.mask.dtype == np.float32
        assert float(answer.mask.min()) >= 0 and float(answer.mask.max()) <= 1


@pytest.mark.parametrize("name", KINDS)
def test_the_same_seed_gives_the_same_picture(name: str) -> None:
    picture = shapes()
    assert (picture_of(done(name, picture, 7)) == picture_of(done(name, picture, 7))).all()


@pytest.mark.parametrize("name", KINDS)
def test_every_kind_changes_a_picture(name: str) -> None:
    """Within a few tries: a single scratch may fall beside the print."""
    picture = np.round(shapes() * 4) / 4  # sharp edges, or a blur would find nothing to soften
    changed = [np.abs(picture_of(done(name, picture, seed)) - picture).max() > 0.01 for seed in range(6)]
    assert any(changed)


@pytest.mark.parametrize("name", [name for name, kind in KINDS.items() if kind.grows])
def test_a_kind_of_no_strength_does_next_to_nothing(name: str) -> None:
    """Less than what eight bits and the best JPEG take away, in the mean."""
    picture = shapes(channels=1) if KINDS[name].only == "grey" else shapes()
    weakest = done(name, picture, **KINDS[name].grows)
    limit = 0.01 if name == "jpeg" else 0.003
    assert float(np.abs(picture_of(weakest) - picture).mean()) < limit
    if isinstance(weakest, Damaged):
        assert float(weakest.mask.mean()) < 0.03


@pytest.mark.parametrize("name", FILLING)
def test_the_mask_says_where_the_picture_is_lost(name: str) -> None:
    """Where it is 0 every bit stays; where it is 1 the picture has visibly changed, or paper lies over it."""
    picture, found = flat(0.4), 0
    for seed in range(6):
        answer = done(name, picture, seed)
        untouched = answer.mask == 0
        assert (answer.picture[untouched] == picture[untouched]).all()
        lost = answer.mask > 0.95
        found += int(lost.sum())
        if lost.any():
            assert float(np.abs(answer.picture - picture).mean(2)[lost].mean()) > 0.05
    assert found > 5


@pytest.mark.parametrize("name", [name for name, kind in KINDS.items() if not kind.colours])
def test_grey_stays_grey(name: str) -> None:
    """Only kinds that say so bring colour; grain and dyes have settings for it."""
    if name == "dye_fading":
        return
    grey = np.repeat(shapes(channels=1), 3, 2)
    aged = picture_of(done(name, grey, **({"colour": 0} if name == "grain" else {})))
    assert float(np.ptp(aged, axis=2).max()) < 0.01


@pytest.mark.parametrize("name", ["scratches", "flakes", "creases", "tears", "dust", "stains"])
def test_damage_is_as_large_on_the_print_at_every_size(name: str) -> None:
    """Two and a half times the pixels a side, and about the same share of the print is changed."""

    def share(picture: Array) -> float:
        aged = [np.abs(picture_of(done(name, picture, seed)) - picture).max(2) > 0.03 for seed in range(5)]
        return float(np.mean(aged))

    small, large = share(flat(0.4, 256, 256)), share(flat(0.4, 640, 640))
    assert 0.3 < large / small < 1.6
