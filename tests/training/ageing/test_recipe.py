"""A recipe ages a picture by lot, the same for the same seed, and tells what is lost, what is sound, what was fresh."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.training.ageing.prints import flat, shapes
from training.ageing.recipe import MOST_SETTINGS, TRAINING, Aged, AgeingRecipe, Treatment, age
from training.config import ConfigError

WHOLE = dataclasses.replace(TRAINING, severity=(1.0, 1.0), scale=(1.0, 1.0))


def aged(seed: int, strength: float = 1.0, recipe: AgeingRecipe = WHOLE, channels: int = 3) -> Aged:
    return age(shapes(channels=channels), np.random.default_rng(seed), recipe, strength)


def test_no_strength_returns_the_picture_bit_for_bit() -> None:
    picture = shapes()
    same = age(picture, np.random.default_rng(1), TRAINING, 0.0)
    assert same.picture is picture and same.sound is picture and same.fresh is picture
    assert same.damage.max() == 0 and same.done == ()


@settings(max_examples=12, deadline=None)
@example(height=2, width=2, channels=1, seed=999_997, strength=1.0)  # a piece smaller than its rim is missing
@given(
    height=st.integers(2, 80), width=st.integers(2, 80), channels=st.sampled_from([1, 3]),
    seed=st.integers(0, 10**6), strength=st.floats(0.05, 1),
)  # fmt: skip
def test_any_picture_keeps_its_shape_and_range(
    height: int, width: int, channels: int, seed: int, strength: float
) -> None:
    picture = shapes(height, width, channels)
    before = picture.copy()
    answer = age(picture, np.random.default_rng(seed), TRAINING, strength)
    assert (picture == before).all()
    for state in (answer.picture, answer.sound, answer.fresh):
        assert state.shape == picture.shape and state.dtype == np.float32
        assert float(state.min()) >= 0 and float(state.max()) <= 1
    assert answer.damage.shape == (height, width) and answer.damage.dtype == np.float32


def test_the_same_seed_gives_the_same_print() -> None:
    first, second = aged(5), aged(5)
    assert first.done == second.done
    assert (first.picture == second.picture).all() and (first.damage == second.damage).all()
    assert not np.array_equal(aged(6).picture, first.picture)


def test_half_strength_is_the_same_fate_milder() -> None:
    full, half = ([aged(seed, strength) for seed in range(20)] for strength in (1.0, 0.5))
    assert [one.done for one in full] == [one.done for one in half]
    assert sum(one.damage.mean() for one in half) < 0.8 * sum(one.damage.mean() for one in full)
    assert sum(np.abs(one.picture - one.fresh).mean() for one in half) < 0.8 * sum(
        np.abs(one.picture - one.fresh).mean() for one in full
    )


def test_outside_the_damage_the_print_is_the_sound_one() -> None:
    """Bit for bit, as long as no scan or JPEG smears one into the other."""
    recipe, damaged = WHOLE.without("rescan", "jpeg"), 0
    for seed in range(12):
        one = aged(seed, recipe=recipe)
        untouched = one.damage == 0
        assert (one.picture[untouched] == one.sound[untouched]).all()
        damaged += int((one.damage > 0.5).sum())
    assert damaged > 200


def test_after_a_scan_the_print_is_nearly_the_sound_one_outside_the_damage() -> None:
    recipe = WHOLE.only("scratches", "dust", "rescan", "jpeg")
    one = aged(3, recipe=recipe)
    assert {"scratches", "dust", "rescan", "jpeg"} == set(one.done) and (one.damage > 0.5).any()
    far = one.damage < 0.02
    assert float(np.abs(one.picture - one.sound)[far].mean()) < 0.01


def test_fresh_is_the_picture_or_its_grey() -> None:
    """Film makes it grey; nothing that time does shows in it."""
    grey = aged(1, recipe=WHOLE.only("film", "fading", "scratches", "jpeg"))
    assert float(np.ptp(grey.fresh, axis=2).max()) < 1e-6 and float(grey.fresh.std()) > 0.1
    colour = aged(1, recipe=WHOLE.only("fading", "scratches", "jpeg"))
    assert (colour.fresh == shapes()).all()


def test_a_grey_photo_gets_no_dyes_and_a_colour_photo_no_toning() -> None:
    both = WHOLE.only("toning", "dye_fading", "film")
    assert aged(1, recipe=both).done == ("film", "toning")
    assert aged(1, recipe=both.without("film")).done == ("dye_fading",)
    assert aged(1, recipe=both, channels=1).done == ("toning",)


def test_one_kind_does_not_move_another() -> None:
    """Without dust the scratches lie where they lay: each treatment has its own lot."""
    quiet = tuple(
        dataclasses.replace(t, chance=1.0 if t.kind == "scratches" else 0.0) for t in WHOLE.treatments
    )  # fmt: skip
    dusty = tuple(dataclasses.replace(t, chance=1.0) if t.kind == "dust" else t for t in quiet)
    alone = aged(4, recipe=dataclasses.replace(WHOLE, treatments=quiet))
    with_dust = aged(4, recipe=dataclasses.replace(WHOLE, treatments=dusty))
    assert with_dust.done == ("scratches", "dust")
    assert (with_dust.damage >= alone.damage - 1e-6).all() and with_dust.damage.sum() > alone.damage.sum()


def test_scale_makes_damage_coarser() -> None:
    def share(scale: float) -> float:
        recipe = dataclasses.replace(WHOLE.only("creases"), scale=(scale, scale))
        return float(np.mean([aged(seed, recipe=recipe).damage.mean() for seed in range(6)]))

    assert share(4.0) > 1.5 * share(1.0)


def test_only_and_without_choose_treatments() -> None:
    assert {t.kind for t in TRAINING.only("dust", "jpeg").treatments} == {"dust", "jpeg"}
    assert all(t.chance == 1 for t in TRAINING.only("dust").treatments)
    assert {t.kind for t in TRAINING.without("dust").treatments} == {t.kind for t in TRAINING.treatments} - {"dust"}


@pytest.mark.parametrize(
    ("treatment", "says"),
    [
        (Treatment("rust", 0.5, {}), "no kind “rust”"),
        (Treatment("jpeg", 0.5, {"quality": (40, 90), "speed": (0, 1)}), "exactly the settings quality"),
        (Treatment("jpeg", 0.5, {}), "exactly the settings quality"),
        (Treatment("jpeg", 1.5, {"quality": (40, 90)}), "not between 0 and 1"),
        (Treatment("jpeg", 0.5, {"quality": (90, 40)}), "ends below its start"),
    ],
)
def test_a_recipe_that_cannot_be_done_is_refused(treatment: Treatment, says: str) -> None:
    with pytest.raises(ConfigError, match=says):
        AgeingRecipe((treatment,))


def test_no_kind_has_more_settings_than_are_drawn() -> None:
    assert max(len(treatment.settings) for treatment in TRAINING.treatments) <= MOST_SETTINGS


def test_textures_are_left_out_where_there_are_none() -> None:
    one = age(flat(), np.random.default_rng(1), WHOLE.only("textures"))
    assert one.done == () and (one.picture == flat()).all()


def test_sparing_a_kind_moves_no_other() -> None:
    """Every seed does the same kinds in the same order, but for those that are spared; damage-free means no damage."""
    for seed in range(12):
        spared = aged(seed, recipe=WHOLE.sparing("grain", "jpeg"))
        assert spared.done == tuple(kind for kind in aged(seed).done if kind not in ("grain", "jpeg"))
        assert aged(seed, recipe=WHOLE.sparing_damage()).damage.max() == 0
