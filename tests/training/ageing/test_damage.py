"""Damage touches what it covers and nothing else, and the mask says what."""

from __future__ import annotations

import numpy as np
import pytest

from tests.training.ageing.prints import flat, shapes
from training.ageing.damage import colour, cover, luma, paper_colour, seen, shade, times


def test_paint_reaches_only_what_is_covered() -> None:
    picture, share = shapes(), np.zeros((96, 128), np.float32)
    share[10:20, 30:40] = 1
    share[50:60, 30:40] = 0.5
    worn = cover(picture, share, np.array([0.9, 0.8, 0.7], np.float32))
    assert (worn[share == 0] == picture[share == 0]).all()
    assert worn[15, 35] == pytest.approx([0.9, 0.8, 0.7], abs=1e-6)
    assert worn[55, 35] == pytest.approx((picture[55, 35] + [0.9, 0.8, 0.7]) / 2, abs=1e-6)


def test_shade_multiplies_and_leaves_the_rest() -> None:
    picture, amount = flat(0.5), np.zeros((96, 128), np.float32)
    amount[0], amount[1], amount[2] = -0.2, 0.2, 5
    worn = shade(picture, amount)
    assert [float(row[0, 0]) for row in worn[:4]] == pytest.approx([0.4, 0.6, 1, 0.5])
    assert (worn[3:] == picture[3:]).all()


def test_only_what_can_be_seen_is_damage() -> None:
    """A white mark on white is none; a tenth of the range is full damage."""
    before = flat(0.5)
    after = before.copy()
    after[0], after[1], after[2] = 0.55, 0.6, 0.9
    assert seen(before, after)[:4, 0] == pytest.approx([0.5, 1, 1, 0], abs=1e-5)


def test_paper_has_the_lights_tint_and_is_light() -> None:
    sepia = shapes(channels=1) * np.array([1, 0.85, 0.6], np.float32)
    paper = paper_colour(sepia, np.random.default_rng(1))
    assert paper[0] > paper[1] > paper[2] and float(paper[0]) > 0.8
    grey = paper_colour(flat(0.2), np.random.default_rng(1))
    assert np.ptp(grey) < 1e-6 and float(grey[0]) > 0.8


def test_a_colour_of_one_channel_is_its_luma() -> None:
    assert colour((1.0, 0.0, 0.0), 1) == pytest.approx([0.2126])
    assert luma(flat(0.3)) == pytest.approx(0.3, abs=1e-6)


def test_a_count_has_its_mean() -> None:
    random = np.random.default_rng(1)
    counts = [times(random, 2.3) for _ in range(2000)]
    assert set(counts) == {2, 3} and np.mean(counts) == pytest.approx(2.3, abs=0.05)
