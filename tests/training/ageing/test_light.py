"""Tones go where time takes them."""

from __future__ import annotations

import numpy as np
import pytest

from tests.training.ageing.prints import flat, shapes
from training.ageing import light
from training.ageing.noise import Array

RANDOM_SEED = 3


def aged(function: object, picture: Array, **settings: float) -> Array:
    return function(picture, np.random.default_rng(RANDOM_SEED), 0.4, **settings)  # type: ignore[operator]


@pytest.mark.parametrize("uneven", [0.0, 0.5])
def test_fading_lifts_blacks_and_lowers_whites(uneven: float) -> None:
    settings = {"blacks": 0.2, "whites": 0.15, "bend": 0, "uneven": uneven}
    assert 0.1 < float(aged(light.fading, flat(0), **settings).mean()) < 0.3
    assert 0.75 < float(aged(light.fading, flat(1), **settings).mean()) < 0.95
    picture = shapes()
    assert aged(light.fading, picture, **settings).std() < picture.std()


def test_uneven_fading_differs_over_the_print() -> None:
    settings = {"blacks": 0.2, "whites": 0.1, "bend": 0}
    assert float(np.ptp(aged(light.fading, flat(0), uneven=0, **settings))) < 1e-6
    assert float(np.ptp(aged(light.fading, flat(0), uneven=0.7, **settings))) > 0.05


def test_toning_keeps_the_order_of_tones_and_warms_the_mid_tones() -> None:
    ramp = np.linspace(0, 1, 64, dtype=np.float32)[None, :, None].repeat(2, 0).repeat(3, 2)
    sepia = aged(light.toning, ramp, warmth=0.8, redness=0.2, yellowing=0.3)[0]
    assert (np.diff(sepia, axis=0) >= 0).all()
    assert sepia[32, 0] > sepia[32, 1] > sepia[32, 2]
    assert sepia[0] == pytest.approx([0, 0, 0], abs=1e-6)


def test_yellowing_takes_blue_and_most_in_the_lights() -> None:
    for tone in (0.2, 0.9):
        yellow = aged(light.yellowing, flat(tone), amount=0.8, uneven=0)[0, 0]
        assert tone >= yellow[0] > yellow[1] > yellow[2]
        assert float(yellow[2]) == pytest.approx(tone * 0.704, abs=0.01)


def test_faded_cyan_leaves_a_red_cast() -> None:
    cast = aged(light.dye_fading, flat(0.4), cyan=0.5, magenta=0, yellow=0, stain=0)[0, 0]
    assert cast[0] > cast[1] + 0.1 and cast[1] == pytest.approx(cast[2])


def test_a_vignette_reaches_the_corners_and_spares_the_middle() -> None:
    for amount, sign in ((0.4, -1), (-0.4, 1)):
        change = (aged(light.vignette, flat(0.5), amount=amount) - 0.5)[..., 0]
        corners = [change[0, 0], change[0, -1], change[-1, 0], change[-1, -1]]
        assert max(corners, key=abs) * sign > 0.1 and abs(float(change[48, 64])) < 0.02


def test_stray_light_only_lightens() -> None:
    picture = shapes()
    lit = aged(light.leak, picture, amount=0.8)
    assert (lit >= picture - 1e-6).all() and float((lit - picture).max()) > 0.2


def test_uneven_light_keeps_the_mean() -> None:
    assert float(aged(light.uneven_light, flat(0.5), amount=0.1).mean()) == pytest.approx(0.5, abs=0.03)
