"""Writing and beads are where they are said to be: lines near the edges, equal round marks in rows."""

from __future__ import annotations

import numpy as np
import pytest
from skimage.measure import label

from tests.training.ageing.prints import flat
from training.ageing.writing import beads, writing


def inked(seed: int, **settings: float) -> np.ndarray:
    """(H, W): where a grey print of 256 × 320 was changed by writing."""
    picture = flat(0.5, 256, 320)
    return np.abs(writing(picture, np.random.default_rng(seed), 1.0, **settings) - picture).max(2)


def test_writing_is_thin_and_leaves_most_of_the_print_alone() -> None:
    changed = np.mean([(inked(seed, lines=1, size=12) > 0.1).mean() for seed in range(8)])
    assert 0.001 < changed < 0.05


def test_larger_letters_are_taller() -> None:
    def tall(size: float) -> float:
        return float(np.mean([(inked(seed, lines=1, size=size) > 0.1).any(1).sum() for seed in range(12)]))

    assert tall(24) > 1.5 * tall(8)


def test_captions_stand_mostly_below() -> None:
    rows = sum(inked(seed, lines=1, size=8).sum(1) for seed in range(30))
    assert rows[128:].sum() > 1.5 * rows[:128].sum() > 0


@pytest.mark.parametrize("channels", [1, 3])
def test_ink_is_light_or_dark_and_never_coloured(channels: int) -> None:
    picture = flat(0.5, 96, 128)[..., :channels]
    both = [writing(picture, np.random.default_rng(seed), 1.0, lines=2, size=10) for seed in range(12)]
    assert all(np.ptp(each, axis=2).max() < 1e-6 for each in both)
    assert min(each.min() for each in both) < 0.3 and max(each.max() for each in both) > 0.7


def test_beads_are_many_and_as_large_as_said() -> None:
    picture = flat(0.2, 256, 320)
    strung = beads(picture, np.random.default_rng(3), 1.0, rows=3, size=3)
    sizes = np.bincount(label(np.abs(strung - picture).max(2) > 0.2).ravel())[1:]
    assert len(sizes) >= 6 and 5 < np.median(sizes) < 200
