"""The wear that judges is frozen, for the same reasons as the ageing that judges: see test_judging.py."""

from __future__ import annotations

import numpy as np
import pytest

from tests.training.ageing.prints import shapes
from training.ageing.judging import RECIPE
from training.ageing.judging_wear import TONES, VERSION, WEAR, toned, worn
from training.ageing.kinds import KINDS

PRINTS: dict[tuple[str, float], list[float]] = {
    ("a.jpg", 1.0): [0.5071, 0.5083, 0.5187, 0.5186, 0.5132, 0.0193, 0.0244],
    ("a.jpg", 0.5): [0.5297, 0.5303, 0.5421, 0.5422, 0.5361, 0.0089, 0.0113],
    ("kodim05.png", 1.0): [0.4055, 0.4064, 0.4137, 0.4113, 0.4091, 0.0091, 0.0115],
    ("photo 3.webp", 1.0): [0.542, 0.5385, 0.5444, 0.5351, 0.54, 0.0091, 0.0115],
}
"""What version 1 makes of one picture: never edited."""


def figures_of(name: str, strength: float) -> list[float]:
    """Four quarters' means of the tones and of what wear does to them, and how much that is."""
    fresh = shapes(96, 128)
    faded = toned(fresh, name, strength)
    old = worn(faded, name, strength)
    quarters = [float(q.mean()) for half in np.array_split(faded, 2) for q in np.array_split(half, 2, axis=1)]
    return [*quarters, float(old.mean()), float(np.abs(old - faded).mean()), float((old - faded).std())]


def test_this_is_version_1() -> None:
    assert VERSION == 1


@pytest.mark.parametrize(("name", "strength"), PRINTS)
def test_a_name_and_a_strength_give_what_they_gave(name: str, strength: float) -> None:
    assert figures_of(name, strength) == pytest.approx(PRINTS[name, strength], abs=1e-3)


def test_every_photo_has_all_the_wear_in_the_frozen_recipes_ranges() -> None:
    assert [treatment.kind for treatment in WEAR.treatments] == ["blur", "grain", "grain", "jpeg"]
    assert [treatment.kind for treatment in TONES.treatments] == ["film", "fading"]
    frozen = {(t.kind, tuple(sorted(t.settings.items()))) for t in RECIPE.treatments}
    for treatment in (*WEAR.treatments, *TONES.treatments):
        assert (treatment.kind, tuple(sorted(treatment.settings.items()))) in frozen
        assert treatment.chance == (0.75 if treatment.kind == "film" else 1)


def test_nothing_is_damaged_and_no_strength_changes_nothing() -> None:
    fresh = shapes(96, 128)
    assert worn(fresh, "a.jpg", 0) is fresh and toned(fresh, "a.jpg", 0) is fresh
    assert toned(fresh, "photos/a.jpg", 1.0).tolist() == toned(fresh, "a.jpg", 1.0).tolist()
    assert not any(KINDS[treatment.kind].fills for treatment in (*WEAR.treatments, *TONES.treatments))


def test_film_and_fading_are_the_prints_and_not_the_wears() -> None:
    """Worn or not, a print is as faded; and half the strength is half way."""
    fresh = shapes(96, 128)
    change = [float(np.abs(worn(fresh, "b.jpg", strength) - fresh).mean()) for strength in (1.0, 0.5)]
    assert 0 < change[1] < change[0] < 0.1
    assert abs(float((worn(fresh, "b.jpg", 1.0) - fresh).mean())) < 0.01
