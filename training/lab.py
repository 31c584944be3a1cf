"""CIE Lab (D65) of sRGB in torch: the same constants as engine.color, differentiable, and exportable to ONNX."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

CHROMA_SCALE = 110.0
"""a* and b* are divided by this wherever a network sees them (DESIGN: the contract's `guide`)."""

_WHITE = (0.95047, 1.0, 1.08883)
_TO_XYZ = ((0.4124564, 0.3575761, 0.1804375), (0.2126729, 0.7151522, 0.0721750), (0.0193339, 0.1191920, 0.9503041))
_FROM_XYZ = tuple(map(tuple, np.linalg.inv(np.array(_TO_XYZ)).tolist()))
_KAPPA = 7.787037037

Matrix = tuple[tuple[float, ...], ...]


def _matrix(rows: Matrix, image: Tensor) -> Tensor:
    """(3, 3) times the channels of (B, 3, H, W)."""
    weight = torch.tensor(rows, dtype=image.dtype, device=image.device)
    return torch.nn.functional.conv2d(image, weight[:, :, None, None])


def _channels(values: tuple[float, float, float], image: Tensor) -> Tensor:
    return torch.tensor(values, dtype=image.dtype, device=image.device).view(1, 3, 1, 1)


def srgb_to_linear(image: Tensor) -> Tensor:
    """sRGB 0..1 to linear light 0..1."""
    return torch.where(image <= 0.04045, image / 12.92, ((image.clamp_min(0.04045) + 0.055) / 1.055) ** 2.4)


def linear_to_srgb(image: Tensor) -> Tensor:
    """Linear light to sRGB 0..1, clipped."""
    image = image.clamp(0, 1)
    return torch.where(image <= 0.0031308, image * 12.92, 1.055 * image.clamp_min(0.0031308) ** (1 / 2.4) - 0.055)


def _f(t: Tensor) -> Tensor:
    return torch.where(t > 0.008856451679, t.clamp_min(0.008856451679) ** (1 / 3), t * _KAPPA + 16 / 116)


def srgb_to_lab(image: Tensor) -> Tensor:
    """(B, 3, H, W) sRGB 0..1 to L* 0..100, a*, b*."""
    f = _f(_matrix(_TO_XYZ, srgb_to_linear(image)) / _channels(_WHITE, image))
    x, y, z = f[:, 0:1], f[:, 1:2], f[:, 2:3]
    return torch.cat([116 * y - 16, 500 * (x - y), 200 * (y - z)], 1)


def srgb_to_lightness(image: Tensor) -> Tensor:
    """(B, 3, H, W) sRGB 0..1 to L* (B, 1, H, W), 0..100."""
    red, green, blue = _TO_XYZ[1]
    linear = srgb_to_linear(image)
    return 116 * _f(red * linear[:, 0:1] + green * linear[:, 1:2] + blue * linear[:, 2:3]) - 16


def grey_to_lightness(grey: Tensor) -> Tensor:
    """Neutral sRGB, one channel (B, 1, H, W) 0..1, to L* 0..100; the inverse of `lightness_to_grey`."""
    return 116 * _f(srgb_to_linear(grey)) - 16


def lab_to_srgb(lab: Tensor) -> Tensor:
    """(B, 3, H, W) L* 0..100, a*, b* to sRGB clipped to 0..1."""
    y = (lab[:, 0:1] + 16) / 116
    f = torch.cat([y + lab[:, 1:2] / 500, y, y - lab[:, 2:3] / 200], 1)
    t = torch.where(f > 6 / 29, f**3, (f - 16 / 116) / _KAPPA)
    return linear_to_srgb(_matrix(_FROM_XYZ, t * _channels(_WHITE, lab)))


def lightness_to_grey(lightness: Tensor) -> Tensor:
    """L* (B, 1, H, W) to the neutral sRGB of that lightness, one channel 0..1."""
    y = (lightness + 16) / 116
    return linear_to_srgb(torch.where(y > 6 / 29, y**3, (y - 16 / 116) / _KAPPA))
