"""Film, lenses and scanners do what they did."""

from __future__ import annotations

import numpy as np
import pytest

from tests.training.ageing.prints import flat, shapes
from training.ageing import optics
from training.ageing.noise import Array

RANDOM_SEED = 3


def seen_by(blindness: float, rgb: tuple[float, float, float]) -> float:
    """A patch of one colour beside grey, so that the exposure is the same."""
    picture = flat(0.5, 64, 64)
    picture[:2, :2] = rgb
    return float(optics.film(picture, np.random.default_rng(RANDOM_SEED), 1, blindness=blindness, exposure=0)[0, 0, 0])


def test_old_film_sees_red_dark_and_blue_bright() -> None:
    red, blue = (0.8, 0.2, 0.2), (0.2, 0.2, 0.8)
    assert seen_by(0, red) > seen_by(0.5, red) > seen_by(1, red)
    assert seen_by(0, blue) < seen_by(0.5, blue) < seen_by(1, blue)


def test_every_film_sees_grey_as_grey() -> None:
    for blindness in (0.0, 0.3, 0.5, 0.9, 1.0):
        assert seen_by(blindness, (0.3, 0.3, 0.3)) == pytest.approx(0.3, abs=0.01)
    assert all(weights.sum() == pytest.approx(1) for weights in (optics.PANCHROMATIC, optics.ORTHOCHROMATIC))
    assert optics.BLUE_SENSITIVE.sum() == pytest.approx(1)


def test_exposure_counts_in_stops_of_light() -> None:
    picture = flat(0.4)
    brighter = optics.film(picture, np.random.default_rng(1), 1, blindness=0, exposure=1)
    assert float(brighter.mean()) == pytest.approx(0.4 * 2**0.5, abs=0.01)


def sharpness(picture: Array) -> float:
    return float(np.abs(np.diff(picture, axis=0)).mean() + np.abs(np.diff(picture, axis=1)).mean())


def test_blur_and_small_scans_soften_and_keep_the_mean() -> None:
    noise = np.random.default_rng(1).random((64, 64, 3), dtype=np.float32)
    for soft in (
        optics.blur(noise, np.random.default_rng(2), 1, sigma=1.0, motion=0),
        optics.blur(noise, np.random.default_rng(2), 1, sigma=0, motion=5),
        optics.rescan(noise, np.random.default_rng(2), 1, shrink=2, sharpen=0),
    ):
        assert sharpness(soft) < 0.7 * sharpness(noise)
        assert float(soft.mean()) == pytest.approx(float(noise.mean()), abs=0.01)


def test_sharpening_after_a_scan_sharpens() -> None:
    plain, sharp = (
        optics.rescan(shapes(), np.random.default_rng(2), 1, shrink=1.5, sharpen=amount) for amount in (0.0, 0.9)
    )
    assert sharpness(sharp) > sharpness(plain)


@pytest.mark.parametrize("size", [0.5, 1.2, 3.0])
def test_grain_has_its_deviation_and_is_strongest_in_the_mid_tones(size: float) -> None:
    def deviation(tone: float) -> float:
        picture = flat(tone, 128, 128, 1)
        return float(optics.grain(picture, np.random.default_rng(1), 1, amount=0.03, size=size, colour=0).std())

    assert deviation(0.5) == pytest.approx(0.03, rel=0.15)
    assert deviation(0.1) < 0.8 * deviation(0.5)


def test_coloured_grain_is_coloured() -> None:
    aged = optics.grain(flat(0.5), np.random.default_rng(1), 1, amount=0.05, size=1, colour=0.5)
    assert float(np.ptp(aged, axis=2).mean()) > 0.02


def test_halftone_dots_keep_the_tone() -> None:
    dots = optics.halftone(flat(0.4, channels=1), np.random.default_rng(1), 1, pitch=4, contrast=0.8)
    assert float(dots.std()) > 0.1 and float(dots.mean()) == pytest.approx(0.4, abs=0.06)


def test_worse_jpeg_is_further_away() -> None:
    picture = shapes() + np.random.default_rng(1).normal(0, 0.05, (96, 128, 3)).astype(np.float32)
    errors = [
        float(np.abs(optics.jpeg(np.clip(picture, 0, 1), np.random.default_rng(1), 1, quality=q) - picture).mean())
        for q in (20, 60, 95)
    ]
    assert errors[0] > errors[1] > errors[2]
