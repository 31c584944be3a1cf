"""Figures of a generator's answers, as pure functions: of a picture against the true one, and of a set against the true set.

Pictures are sRGB 0..1, (3, H, W), float64. The features of a set of photos are (n, d), paired: row for row the same photo.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from training.lab import srgb_to_lab


def lab_of(picture: Tensor) -> Tensor:
    """sRGB (3, H, W) 0..1 as Lab (3, H, W)."""
    return srgb_to_lab(picture[None])[0]


def psnr(result: Tensor, true: Tensor) -> float:
    """Peak signal to noise ratio in dB of two sRGB pictures 0..1; 100 for equal ones."""
    return float(-10 * torch.log10((result - true).square().mean().clamp_min(1e-10)))


def ssim(result: Tensor, true: Tensor) -> float:
    """Structural similarity (Wang et al. 2004) of two sRGB pictures 0..1 of at least 11 x 11 pixels; 1 for equal ones.

    Gaussian window of 11 x 11, sigma 1.5, K = 0.01 and 0.03, only windows inside the picture; the mean of the three channels.
    Channels and not L*: a colouriser keeps L*, so that its structural similarity there would always be 1.
    """
    places = torch.arange(-5, 6, dtype=result.dtype)
    window = torch.exp(-(places**2) / (2 * 1.5**2))
    window = window / window.sum()

    def local_mean(pictures: Tensor) -> Tensor:
        across = F.conv2d(pictures[:, None], window.view(1, 1, 1, 11))
        return F.conv2d(across, window.view(1, 1, 11, 1))[:, 0]

    mean_x, mean_y, xx, yy, xy = local_mean(
        torch.cat([result, true, result * result, true * true, result * true])
    ).chunk(5)
    variances = xx - mean_x**2 + yy - mean_y**2
    covariance = xy - mean_x * mean_y
    likeness = (2 * mean_x * mean_y + 0.01**2) * (2 * covariance + 0.03**2)
    return float((likeness / ((mean_x**2 + mean_y**2 + 0.01**2) * (variances + 0.03**2))).mean())


def perceptual_distance(
    result: Sequence[Tensor], true: Sequence[Tensor], weights: Sequence[Tensor] | None, where: Tensor | None = None
) -> float:
    """Distance of two pictures' feature maps, each (1, C, h, w), as LPIPS has it (Zhang et al. 2018, arXiv 1801.03924).

    Each place's features are made one long; their squared difference is summed over channels, each times its learned weight
    (1, C, 1, 1), averaged over places and summed over layers. Without weights (None) every channel counts once.
    where: (H, W) of the picture, each place of a map counts by the mean of its part of it; None: all alike.
    """
    total = 0.0
    for layer, (first, second) in enumerate(zip(result, true, strict=True)):
        difference = (first / (first.norm(dim=1, keepdim=True) + 1e-10)) - (
            second / (second.norm(dim=1, keepdim=True) + 1e-10)
        )
        counted = difference.square() if weights is None else difference.square() * weights[layer]
        places = counted.sum(1)
        if where is None:
            total += float(places.mean())
        else:
            share = F.adaptive_avg_pool2d(where[None].to(places), places.shape[1:])
            total += float((places * share).sum() / share.sum())
    return total


def delta_e_2000(lab1: Tensor, lab2: Tensor) -> Tensor:
    """CIEDE2000 of two Lab pictures (3, H, W) -> (H, W), kL = kC = kH = 1 (Sharma, Wu & Dalal 2005)."""
    (l1, a1, b1), (l2, a2, b2) = lab1, lab2
    mean_c7 = ((torch.hypot(a1, b1) + torch.hypot(a2, b2)) / 2) ** 7
    g = 0.5 * (1 - torch.sqrt(mean_c7 / (mean_c7 + 25.0**7)))
    a1, a2 = a1 * (1 + g), a2 * (1 + g)
    c1, c2 = torch.hypot(a1, b1), torch.hypot(a2, b2)
    h1, h2 = torch.rad2deg(torch.atan2(b1, a1)) % 360, torch.rad2deg(torch.atan2(b2, a2)) % 360

    grey = c1 * c2 == 0
    hue_step = torch.where(grey, 0.0, (h2 - h1 + 180) % 360 - 180)
    halves = (h1 + h2) / 2
    around = torch.where(h1 + h2 < 360, halves + 180, halves - 180)
    mean_h = torch.where(grey, h1 + h2, torch.where((h1 - h2).abs() <= 180, halves, around))
    mean_l, mean_c = (l1 + l2) / 2, (c1 + c2) / 2

    t = (
        1
        - 0.17 * _cos(mean_h - 30)
        + 0.24 * _cos(2 * mean_h)
        + 0.32 * _cos(3 * mean_h + 6)
        - 0.20 * _cos(4 * mean_h - 63)
    )
    s_l = 1 + 0.015 * (mean_l - 50) ** 2 / torch.sqrt(20 + (mean_l - 50) ** 2)
    s_c, s_h = 1 + 0.045 * mean_c, 1 + 0.015 * mean_c * t
    turn = 60 * torch.exp(-(((mean_h - 275) / 25) ** 2))
    rotation = -torch.sin(torch.deg2rad(turn)) * 2 * torch.sqrt(mean_c**7 / (mean_c**7 + 25.0**7))
    d_l, d_c = (l2 - l1) / s_l, (c2 - c1) / s_c
    d_h = 2 * torch.sqrt(c1 * c2) * torch.sin(torch.deg2rad(hue_step) / 2) / s_h
    return torch.sqrt((d_l**2 + d_c**2 + d_h**2 + rotation * d_c * d_h).clamp_min(0))


def _cos(degrees: Tensor) -> Tensor:
    return torch.cos(torch.deg2rad(degrees))


def colourfulness(picture: Tensor) -> float:
    """M3 of an sRGB picture (3, H, W) 0..1, on the scale of 0..255 (Hasler & Suesstrunk 2003)."""
    red, green, blue = picture * 255
    red_green, yellow_blue = red - green, (red + green) / 2 - blue
    spread = torch.hypot(red_green.std(correction=0), yellow_blue.std(correction=0))
    return float(spread + 0.3 * torch.hypot(red_green.mean(), yellow_blue.mean()))


def kernel_distance(x: Tensor, y: Tensor) -> float:
    """Squared MMD of paired features (n, d), cubic kernel, without any diagonal (Binkowski et al. 2018, arXiv 1801.01401)."""

    def mean_kernel(p: Tensor, q: Tensor) -> Tensor:
        kernel = (p @ q.T / p.shape[1] + 1) ** 3
        return (kernel.sum() - kernel.trace()) / (len(kernel) * (len(kernel) - 1))

    return float(mean_kernel(x, x) + mean_kernel(y, y) - 2 * mean_kernel(x, y))


def frechet_distance(x: Tensor, y: Tensor) -> float:
    """Fréchet distance of the Gaussians fitted to two sets of features (n, d), (m, d) (Heusel et al. 2017, arXiv 1706.08500).

    Biased upwards with few photos, and the more so the more features: with n below some thousands it is larger than the distance
    of the distributions and falls as n grows (Chong & Forsyth 2020, arXiv 1911.07023). So compare it only at the same n, of the
    same photos, and rather as a ratio; the kernel distance has no such bias.
    """
    mean_x, mean_y = x.mean(0), y.mean(0)
    # The triangle of a QR decomposition has the set's covariance, and is no larger than (d, d) however many photos there are.
    x, y = ((each - each.mean(0)) / (len(each) - 1) ** 0.5 for each in (x, y))
    x, y = torch.linalg.qr(x, mode="r").R, torch.linalg.qr(y, mode="r").R
    # tr (Cx Cy)^½ with Cx = XᵀX, Cy = YᵀY is the sum of the singular values of X Yᵀ.
    both = torch.linalg.svdvals(x @ y.T).sum()
    return float((mean_x - mean_y).square().sum() + x.square().sum() + y.square().sum() - 2 * both)


def interval(values: Tensor, random: np.random.Generator, draws: int = 1000) -> tuple[float, float]:
    """95 % bootstrap interval of the mean of (n,) values."""
    means = values.numpy()[random.integers(0, len(values), (draws, len(values)))].mean(1)
    return _middle(means)


def ratio_interval(above: Tensor, below: Tensor, random: np.random.Generator, draws: int = 1000) -> tuple[float, float]:
    """95 % bootstrap interval of Σ above / Σ below of paired (n,) values."""
    chosen = random.integers(0, len(above), (draws, len(above)))
    return _middle(above.numpy()[chosen].sum(1) / below.numpy()[chosen].sum(1))


def kernel_interval(
    result: Tensor, shown: Tensor, true: Tensor, random: np.random.Generator, draws: int = 50
) -> tuple[float, float]:
    """95 % bootstrap interval of the kernel distance of results in units of the shown pictures'; features (n, d)."""
    return _middle(_ratios(kernel_distance, result, shown, true, random, draws))


def frechet_interval(
    result: Tensor, shown: Tensor, true: Tensor, random: np.random.Generator, draws: int = 50
) -> tuple[float, float]:
    """95 % bootstrap interval of the Fréchet distance of results in units of the shown pictures'; features (n, d).

    A draw has fewer distinct photos than the set and so a larger distance; the draws give the width, the whole set the place.
    """
    value = frechet_distance(result, true) / frechet_distance(shown, true)
    ratios = _ratios(frechet_distance, result, shown, true, random, draws)
    return _middle(ratios + value - ratios.mean())


def _ratios(
    distance: Callable[[Tensor, Tensor], float],
    result: Tensor,
    shown: Tensor,
    true: Tensor,
    random: np.random.Generator,
    draws: int,
) -> np.ndarray:
    """`distance` of results to the true over that of the shown, of `draws` drawn sets of photos.

    A photo drawn twice would pair with itself, so each draw keeps one of it.
    """
    ratios = []
    for _ in range(draws):
        chosen = np.unique(random.integers(0, len(true), len(true)))
        ratios.append(distance(result[chosen], true[chosen]) / distance(shown[chosen], true[chosen]))
    return np.array(ratios)


def _middle(values: np.ndarray) -> tuple[float, float]:
    """The bounds of the middle 95 %."""
    low, high = np.percentile(values, (2.5, 97.5))
    return float(low), float(high)
