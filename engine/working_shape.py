"""The size at which a generator is shown a photo: its own working size or the user's, bounded for strips and tiny photos."""

from __future__ import annotations

import math

from engine.card import Card

USUAL_WORKING_SIZE = 256
SMALLEST_WORKING_SIZE = 64
SMALLEST_PX = 8
LARGEST_ENLARGEMENT = 2.0
LARGEST_AREA = 4
LARGEST_PADDED_PIXELS = 512 * 512 * 3 // 2
PADDED_TO_PX = 32
"""Generators pad the sides up to about this, and their memory grows with the square of the padded area."""


def own_working_size(card: Card) -> int:
    """The short side in pixels that a generator was trained for, at least 64; 256 where its card names none."""
    return max(SMALLEST_WORKING_SIZE, card.working_size or USUAL_WORKING_SIZE)


def working_shape(height: int, width: int, working_size: int) -> tuple[int, int]:
    """Height and width in pixels at which a photo of `height` x `width` is shown to the generator.

    The short side becomes `working_size`; a strip or panorama gets less, so that its area with both sides rounded up to 32
    stays within 4 · working_size² and LARGEST_PADDED_PIXELS; a tiny photo is at most doubled; no side is below 8.
    """
    most = min(LARGEST_AREA * working_size**2, LARGEST_PADDED_PIXELS)
    scale = min(working_size / min(height, width), most / PADDED_TO_PX / max(height, width), LARGEST_ENLARGEMENT)
    scale = min(scale, math.sqrt(most / (height * width)))
    while True:
        down, across = (max(SMALLEST_PX, round(side * scale)) for side in (height, width))
        if _padded(down) * _padded(across) <= most:
            return down, across
        scale *= 0.99


def _padded(side: int) -> int:
    return -(-side // PADDED_TO_PX) * PADDED_TO_PX
