"""Figures agree with published data and with what they must be in plain cases."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor

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
    assert metrics.interval(values, np.random.default_rng(0)) == (low, high)


def test_structural_similarity_is_scikit_images() -> None:
    """To seven decimals with the window of the paper, on a photograph made worse in three ways."""
    from skimage.data import astronaut
    from skimage.metrics import structural_similarity

    true = astronaut()[:160, 120:300] / 255
    noisy = np.clip(true + np.random.default_rng(3).normal(0, 0.1, true.shape), 0, 1)
    dark, grey = true * 0.6, np.repeat(true.mean(2, keepdims=True), 3, 2)
    for worse in (noisy, dark, grey):
        expected = structural_similarity(
            worse, true, data_range=1.0, channel_axis=2, gaussian_weights=True, sigma=1.5, use_sample_covariance=False
        )
        first, second = (torch.from_numpy(picture).permute(2, 0, 1) for picture in (worse, true))
        assert metrics.ssim(first, second) == pytest.approx(expected, abs=1e-7)
        assert expected < 0.999
    assert metrics.ssim(second, second) == pytest.approx(1.0)


def drawn(count: int, spread: list[float], middle: float, seed: int) -> Tensor:
    random = torch.Generator().manual_seed(seed)
    return middle + torch.randn(count, len(spread), generator=random, dtype=torch.float64) * torch.tensor(spread)


@given(st.integers(0, 1000), st.integers(3, 30), st.integers(3, 30), st.integers(1, 12))
def test_frechet_distance_is_heusels_formula(seed: int, first: int, second: int, size: int) -> None:
    """Also with fewer photos than features, where the covariances have no inverse."""
    x, y = drawn(first, [1.0] * size, 0.0, seed), drawn(second, [2.0] * size, 0.5, seed + 1)
    covariances = [np.atleast_2d(np.cov(each.numpy(), rowvar=False)) for each in (x, y)]
    values, vectors = np.linalg.eigh(covariances[0])
    root = vectors * np.sqrt(values.clip(0)) @ vectors.T  # tr (AB)^½ = tr (A^½ B A^½)^½
    crossed = np.sqrt(np.linalg.eigvalsh(root @ covariances[1] @ root).clip(0)).sum()
    apart = float((x.mean(0) - y.mean(0)).square().sum())
    expected = apart + np.trace(covariances[0]) + np.trace(covariances[1]) - 2 * crossed
    assert metrics.frechet_distance(x, y) == pytest.approx(expected, rel=1e-5, abs=1e-5)


def test_frechet_distance_of_known_gaussians() -> None:
    """Spreads 1 and 2, middles 0 and 0.5 in each of eight features: 8 · (0.25 + 1) = 10. A set is at 0 from itself."""
    x, y = drawn(20_000, [1.0] * 8, 0.0, 1), drawn(20_000, [2.0] * 8, 0.5, 2)
    assert metrics.frechet_distance(x, y) == pytest.approx(10, rel=0.03)
    assert metrics.frechet_distance(x[:40], x[:40]) == pytest.approx(0, abs=1e-9)


def test_frechet_distance_of_few_photos_is_too_large() -> None:
    """Two sets of one distribution are at 0; the fewer photos, the more is said."""
    distances = [
        metrics.frechet_distance(drawn(n, [1.0] * 8, 0.0, 1), drawn(n, [1.0] * 8, 0.0, 2)) for n in (12, 100, 20_000)
    ]
    assert distances[0] > 5 * distances[1] > 0 and distances[1] > 5 * distances[2] > 0


def test_intervals_of_distances_lie_round_the_distance_in_units_of_what_was_shown() -> None:
    true = drawn(80, [1.0] * 6, 0.0, 1)
    shown, result = true + drawn(80, [0.5] * 6, 1.0, 2), true + drawn(80, [0.5] * 6, 0.5, 3)
    for distance, interval in (
        (metrics.kernel_distance, metrics.kernel_interval),
        (metrics.frechet_distance, metrics.frechet_interval),
    ):
        low, high = interval(result, shown, true, np.random.default_rng(0))
        assert low < distance(result, true) / distance(shown, true) < high < 1
        assert interval(shown, shown, true, np.random.default_rng(0)) == pytest.approx((1.0, 1.0))


def test_the_interval_of_a_ratio_is_of_sums_and_not_of_ratios() -> None:
    below = torch.linspace(1, 9, 60, dtype=torch.float64)
    above = 0.5 * below + 0.1 * torch.cos(torch.arange(60, dtype=torch.float64))
    low, high = metrics.ratio_interval(above, below, np.random.default_rng(0))
    assert low < float(above.sum() / below.sum()) < high
    assert high - low < 0.02


def test_perceptual_distance_compares_directions_and_counts_channels_by_their_weight() -> None:
    first = torch.zeros(1, 2, 4, 4)
    first[:, 0] = 3.0
    second = torch.zeros(1, 2, 4, 4)
    second[:, 1] = 0.5
    assert metrics.perceptual_distance([first], [7 * first], None) == pytest.approx(0)
    assert metrics.perceptual_distance([first], [second], None) == pytest.approx(2)
    assert metrics.perceptual_distance([first, first], [second, first], None) == pytest.approx(2)
    weights = [torch.tensor([0.25, 0.5]).view(1, 2, 1, 1)]
    assert metrics.perceptual_distance([first], [second], weights) == pytest.approx(0.75)


def test_perceptual_distance_of_a_part_counts_each_place_by_its_share_of_it() -> None:
    """Maps of 4 x 4 and 2 x 2 of a picture of 8 x 8, different in their left half alone."""
    first, second = torch.zeros(2, 1, 2, 4, 4)
    first[:, 0], second[:, 0] = 1.0, 1.0
    second[:, :, :, :2] = torch.tensor([0.0, 1.0]).view(1, 2, 1, 1)
    maps = [first, first[..., ::2, ::2]], [second, second[..., ::2, ::2]]

    def distance(where: torch.Tensor) -> float:
        return metrics.perceptual_distance(*maps, None, where)

    left = torch.zeros(8, 8, dtype=torch.bool)
    left[:, :4] = True
    assert distance(left) == pytest.approx(4) and distance(~left) == pytest.approx(0)
    assert distance(torch.ones(8, 8)) == pytest.approx(metrics.perceptual_distance(*maps, None)) == pytest.approx(2)
    few = torch.zeros(8, 8, dtype=torch.bool)
    few[0, 3], few[0, 4] = True, True
    assert distance(few) == pytest.approx(2)
