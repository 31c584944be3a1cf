"""Figures of a colouriser's answers: PSNR, CIEDE2000, colourfulness, kernel inception distance; float64 on (3, H, W) pictures."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from training.lab import srgb_to_lab


def lab_of(picture: Tensor) -> Tensor:
    """sRGB (3, H, W) 0..1 as Lab (3, H, W)."""
    return srgb_to_lab(picture[None])[0]


def psnr(result: Tensor, true: Tensor) -> float:
    """Peak signal to noise ratio in dB of two sRGB pictures 0..1; 100 for equal ones."""
    return float(-10 * torch.log10((result - true).square().mean().clamp_min(1e-10)))


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


def interval(values: Tensor, random: np.random.Generator, draws: int = 1000) -> tuple[float, float]:
    """95 % bootstrap interval of the mean of (n,) values."""
    means = values.numpy()[random.integers(0, len(values), (draws, len(values)))].mean(1)
    low, high = np.percentile(means, (2.5, 97.5))
    return float(low), float(high)


def kernel_interval(
    result: Tensor, grey: Tensor, true: Tensor, random: np.random.Generator, draws: int = 50
) -> tuple[float, float]:
    """95 % bootstrap interval of the kernel distance of results in units of grey's; features (n, d) of paired photos.

    A photo drawn twice would pair with itself, so each draw keeps one of it.
    """
    ratios = []
    for _ in range(draws):
        chosen = np.unique(random.integers(0, len(true), len(true)))
        ratios.append(kernel_distance(result[chosen], true[chosen]) / kernel_distance(grey[chosen], true[chosen]))
    low, high = np.percentile(ratios, (2.5, 97.5))
    return float(low), float(high)
