"""The paper a print is on: its white border and its surface texture; neither is damage.

Seen in damaged/ and old/: borders of two to eight per cent, white or cream, now and then with a thin dark line; silk or honeycomb
paper whose pattern of five to nine pixels is strong in the mid-tones (bzz_17), linen, and rough drawing paper (civi_*).
"""

from __future__ import annotations

import math

import numpy as np

from training.ageing.noise import Array, bell, blurred, step


def border(picture: Array, rng: np.random.Generator, unit_px: float, *, width: float) -> Array:
    """A white margin of `width` units about the picture, a little unequal; it is part of the print, not damage."""
    height, across = picture.shape[:2]
    margins = np.maximum(1, width * unit_px * rng.uniform(0.7, 1.3, 4))
    y, x = np.arange(height, dtype=np.float32), np.arange(across, dtype=np.float32)
    down = np.minimum(y - margins[0], height - 1 - margins[1] - y)[:, None]
    right = np.minimum(x - margins[2], across - 1 - margins[3] - x)
    inwards = np.minimum(down, right).astype(np.float32)
    white = step(inwards, 0.6, -0.6)[..., None]
    edge = picture
    if rng.random() < 0.3:  # a dark rim, where the negative's edge was printed along
        dark = np.exp(-np.abs(inwards) / np.float32(max(0.8, 0.8 * unit_px)))[..., None] * np.float32(
            rng.uniform(0.3, 0.9)
        )
        edge = picture * (1 - dark)
    return edge + white * (np.float32(rng.uniform(0.88, 0.99)) - edge)


def surface(
    picture: Array, rng: np.random.Generator, unit_px: float, *, amount: float, pitch: float, regular: float
) -> Array:
    """The relief of the paper under a lamp from one side: brightness varies by about `amount`.

    pitch: pixels between bumps, at least 2.5. regular: above 0.5 a honeycomb or linen, else rough paper.
    """
    height, width = picture.shape[:2]
    pitch_px = max(2.5, pitch)
    if regular > 0.5:
        angles = (0, math.pi / 3, 2 * math.pi / 3) if rng.random() < 0.6 else (0, math.pi / 2)
        turn = rng.uniform(0, math.pi)
        y = np.arange(height, dtype=np.float32)[:, None] * np.float32(2 * math.pi / pitch_px)
        x = np.arange(width, dtype=np.float32) * np.float32(2 * math.pi / pitch_px)
        bumps = np.zeros((height, width), np.float32)
        for angle in angles:
            down, right = y * np.float32(math.sin(angle + turn)), x * np.float32(math.cos(angle + turn))
            bumps += np.cos(down) * np.cos(right) - np.sin(down) * np.sin(right)
        bumps *= np.float32(1 / len(angles))
    else:
        felt = blurred(bell(rng, height, width), 0.35 * pitch_px)
        bumps = np.zeros_like(felt)
        bumps[1:, 1:] = felt[1:, 1:] - felt[:-1, :-1]
        bumps *= np.float32(0.6 / max(1e-6, float(bumps.std())))
    # Neither black nor white shows a texture.
    lit = bumps[..., None] * np.float32(amount) * (np.float32(0.25) + 3 * picture * (1 - picture))
    return np.clip(picture + lit * np.float32(0.7), 0, 1)
