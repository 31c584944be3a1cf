"""Stains darken or cover; what is metallic shows in the shadows."""

from __future__ import annotations

import numpy as np

from tests.training.ageing.prints import flat
from training.ageing import emulsion, stains


def test_see_through_stains_only_darken_and_mostly_blue() -> None:
    picture = flat(0.8)
    stained = stains.stains(picture, np.random.default_rng(1), 0.4, count=3, size=0.5, strength=0.9)
    assert (stained <= picture + 1e-6).all()
    loss = (picture - stained).mean((0, 1))
    assert loss[2] > loss[1] > loss[0]


def test_spills_cover_and_say_where() -> None:
    spilt = stains.spills(flat(0.4), np.random.default_rng(1), 0.4, count=5, size=0.3)
    lost = spilt.mask > 0.8
    assert lost.mean() > 0.01
    assert float(np.abs(spilt.picture - 0.4).max(2)[lost].min()) > 0.05


def test_foxing_is_brown_and_enters_the_mask() -> None:
    spotted = stains.foxing(flat(0.8), np.random.default_rng(1), 0.4, count=60, size=2, strength=0.9)
    brown = spotted.picture[spotted.mask > 0.9].mean(0)
    assert brown[0] > brown[1] > brown[2] and 0 < (spotted.mask > 0.5).mean() < 0.5


def test_silvering_is_a_bluish_sheen_in_the_shadows_near_the_edges() -> None:
    dark, light = (
        emulsion.silvering(flat(tone), np.random.default_rng(1), 0.4, amount=0.5, reach=0.1) - tone
        for tone in (0.1, 0.9)
    )
    assert dark.mean() > 10 * light.mean() >= 0
    assert dark[:4].mean() > 4 * dark[40:56, 50:78].mean()
    assert dark[..., 2].mean() > dark[..., 0].mean()


def test_flakes_lose_about_the_area_asked() -> None:
    shares = [
        (emulsion.flakes(flat(0.4), np.random.default_rng(s), 0.4, area=0.1, size=20, cluster=0.5).mask > 0.5).mean()
        for s in range(10)
    ]
    assert 0.05 < np.mean(shares) < 0.15
