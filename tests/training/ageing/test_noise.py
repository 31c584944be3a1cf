"""The shared textures have the statistics that the kinds of ageing count on, at any size."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from training.ageing.noise import bell, blurred, fractal, lookup, quantile, step, wander


def test_bell_noise_is_nearly_normal() -> None:
    noise = bell(np.random.default_rng(1), 128, 128)
    assert abs(float(noise.mean())) < 0.03
    assert float(noise.std()) == pytest.approx(1, abs=0.03)
    assert float((np.abs(noise) < 1).mean()) == pytest.approx(0.68, abs=0.03)


@settings(max_examples=25, deadline=None)
@given(height=st.integers(1, 90), width=st.integers(1, 90), cell=st.floats(1, 300), octaves=st.integers(1, 6))
def test_fractal_noise_of_any_size_is_finite_and_centred(height: int, width: int, cell: float, octaves: int) -> None:
    noise = fractal(np.random.default_rng(2), height, width, cell, octaves)
    assert noise.shape == (height, width) and noise.dtype == np.float32
    assert np.isfinite(noise).all() and abs(float(noise.mean())) < 0.3


def test_a_fractal_is_as_coarse_as_asked() -> None:
    """Neighbours differ less in large lumps than in small ones."""

    def roughness(cell: float) -> float:
        return float(np.abs(np.diff(fractal(np.random.default_rng(3), 128, 128, cell, 1))).mean())

    assert roughness(40) < 0.5 * roughness(10) < 0.25 * roughness(2.5) * 1.5


def test_a_wandering_line_neither_jumps_nor_stays() -> None:
    line = wander(np.random.default_rng(4), 400, 6, 3)
    assert line.shape == (400,)
    assert 0.3 < float(line.std()) < 2 and float(np.abs(np.diff(line)).max()) < 0.5


def test_a_step_rises_or_falls_between_its_ends() -> None:
    line = np.linspace(0, 1, 11, dtype=np.float32)
    rising = step(line, 0.2, 0.8)
    assert (rising[:3] == 0).all() and (rising[8:] == 1).all() and (np.diff(rising) >= 0).all()
    assert step(line, 0.8, 0.2) == pytest.approx(1 - rising, abs=1e-6)


@pytest.mark.parametrize("sigma", [0.1, 0.6, 1.7, 5.0])
def test_blurring_keeps_a_flat_picture_and_spreads_a_point(sigma: float) -> None:
    assert blurred(np.full((40, 50, 3), 0.3, np.float32), sigma) == pytest.approx(0.3, abs=1e-5)
    point = np.zeros((41, 41), np.float32)
    point[20, 20] = 1
    spread = blurred(point, sigma)
    assert float(spread.sum()) == pytest.approx(1, abs=0.05)
    wide = (spread * (np.arange(41) - 20) ** 2).sum() / spread.sum()
    assert float(np.sqrt(wide)) == pytest.approx(sigma if sigma > 0.2 else 0, rel=0.25)


def test_blurring_a_picture_smaller_than_the_blur() -> None:
    assert blurred(np.ones((1, 2, 3), np.float32), 4.0).shape == (1, 2, 3)


def test_a_curve_is_read_at_its_values_and_held_at_its_ends() -> None:
    curve = np.linspace(0, 2, 1001, dtype=np.float32)
    assert lookup(np.array([[-1, 0.25, 3]], np.float32), curve)[0] == pytest.approx([0, 0.5, 2], abs=2e-3)


def test_a_quantile_of_a_sample_is_near_the_whole_ones() -> None:
    field = bell(np.random.default_rng(5), 200, 300)
    assert quantile(field, 0.9) == pytest.approx(float(np.quantile(field, 0.9)), abs=0.1)
