"""Figures agree with published data and with what they must be in plain cases."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from training import metrics

SHARMA = [  # pairs 1, 7, 13, 17, 25 and 34 of Sharma, Wu & Dalal 2005, table 1
    ((50.0, 2.6772, -79.7751), (50.0, 0.0, -82.7485), 2.0425),
    ((50.0, 0.0, 0.0), (50.0, -1.0, 2.0), 2.3669),
    ((50.0, -0.0010, 2.4900), (50.0, 0.0009, -2.4900), 4.8045),
    ((50.0, 2.5, 0.0), (73.0, 25.0, -18.0), 27.1492),
    ((60.2574, -34.0099, 36.2677), (60.4626, -34.1751, 39.4387), 1.2644),
    ((2.0776, 0.0795, -1.1350), (0.9033, -0.0636, -0.5514), 0.9082),
]


@pytest.mark.parametrize(("first", "second", "expected"), SHARMA)
def test_ciede2000_of_the_published_pairs(first: tuple, second: tuple, expected: float) -> None:
    pair = [torch.tensor(colour, dtype=torch.float64).view(3, 1, 1) for colour in (first, second)]
    assert float(metrics.delta_e_2000(*pair)) == pytest.approx(expected, abs=1e-4)


def test_psnr_of_a_known_difference() -> None:
    true = torch.full((3, 8, 8), 0.5, dtype=torch.float64)
    assert metrics.psnr(true + 0.1, true) == pytest.approx(20.0)
    assert metrics.psnr(true, true) == pytest.approx(100.0)


def test_grey_has_no_colourfulness_and_red_much() -> None:
    grey = torch.rand(1, 8, 8, dtype=torch.float64).expand(3, -1, -1)
    red = torch.zeros(3, 8, 8, dtype=torch.float64)
    red[0] = 1
    assert metrics.colourfulness(grey) == pytest.approx(0, abs=1e-9)
    assert metrics.colourfulness(red) == pytest.approx(0.3 * (255**2 + 127.5**2) ** 0.5)


def test_kernel_distance_is_zero_for_equal_sets_and_grows() -> None:
    features = torch.randn(40, 16, generator=torch.Generator().manual_seed(1), dtype=torch.float64)
    near, far = (metrics.kernel_distance(features, features + step) for step in (0.5, 1.0))
    assert metrics.kernel_distance(features, features) == pytest.approx(0, abs=1e-9)
    assert 0 < near < far


def test_the_interval_holds_the_mean() -> None:
    values = torch.randn(200, generator=torch.Generator().manual_seed(2), dtype=torch.float64)
    low, high = metrics.interval(values, np.random.default_rng(0))
    assert low < float(values.mean()) < high
    assert high - low == pytest.approx(2 * 1.96 / 200**0.5, rel=0.2)
