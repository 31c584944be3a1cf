"""Pictures to age in tests: soft shapes of known tones, made from sines, the same with every version of numpy."""

from __future__ import annotations

import numpy as np

from training.ageing.noise import Array


def shapes(height: int = 96, width: int = 128, channels: int = 3) -> Array:
    """Waves of every tone from 0.1 to 0.9; each channel its own, so that the picture is colourful."""
    y, x = np.mgrid[0:height, 0:width] / 64
    planes = [0.5 + 0.4 * np.sin(6 * x + phase) * np.cos(5 * y - phase) for phase in (0.0, 0.9, 2.1)[:channels]]
    return np.stack(planes, -1).astype(np.float32)


def flat(tone: float = 0.4, height: int = 96, width: int = 128, channels: int = 3) -> Array:
    """One tone, the same in each channel."""
    return np.full((height, width, channels), tone, np.float32)
