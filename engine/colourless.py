"""Whether a photo has real colour: grey, sepia, toned and unevenly yellowed prints have none."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from engine.color import srgb_to_lab, to_srgb_small
from engine.photo import Photo

LOOKED_AT_PX = 128
TONE_KNOTS = 9
ROUNDS = 6
AGEING_HUE_DEGREES = 80.0
AGEING_COUNTS = 0.5
PERCENTILE = 99
CLIPPED = 0.985
REAL_COLOUR, STRONG_COLOUR = 6.1, 10.5
"""Lab units of chroma beyond tone and stain in a hundredth of the picture: from the first on it is colour, unless the photo is
warm all over; then from the second on."""
WARM_HUE_DEGREES, COLD = 60.0, 1.0
"""A photo is warm all over if no more than a hundredth of it lies further than COLD on the other side of neutral grey: silver,
its toning, paper and stains are brown, yellow and red, and where no grass, sky or cloth is otherwise, colour must show more."""
SECOND_COLOUR, SECOND_PERCENTILE = 3.05, 95
"""Namely that in the direction of a*b* in which they differ least, what tone and stain leave over reaches so far in a twentieth
of the picture: two tones of a print differ in one direction, colours in every one.

All chosen on photographs kept for judging: of 158 old prints, of which thirteen are hand-tinted or in colour, two others count as
coloured, and two of the faintest tints as colourless; of 490 colour photographs six do (snow, dusk, pale clothes); of these made
grey and aged two count as coloured. Without the rule for warm photos they were seven, two, five and sixteen."""


def is_colourless(photo: Photo) -> bool:
    """True for a photo that stores grey, and for one whose colour is all tone and age.

    A toned print has one colour a lightness; paper yellows unevenly, but slowly over the picture and towards one hue. So
    a*, b* are explained by a smooth curve over L* plus a slow surface over the place, fitted robustly on a small picture
    (where the chroma noise of JPEG has averaged out); what is left over counts half along the hue of yellowing. Real
    colour leaves much in at least a hundredth of the picture. Pixels with a clipped channel are not counted: in sepia's
    highlights red and green reach white before blue does, which looks like colour of their own.
    """
    if photo.has_one_channel:
        return True
    scale = min(1.0, LOOKED_AT_PX / min(photo.height, photo.width))
    height, width = (max(1, min(16 * LOOKED_AT_PX, round(side * scale))) for side in (photo.height, photo.width))
    small = to_srgb_small(photo, height, width)
    lab = srgb_to_lab(small).astype(np.float64)
    unexplained = _unexplained(lab)
    hue = np.radians(AGEING_HUE_DEGREES)
    along = unexplained @ np.array([np.cos(hue), np.sin(hue)])
    across = unexplained @ np.array([-np.sin(hue), np.cos(hue)])
    chroma = np.hypot(AGEING_COUNTS * along, across)
    counted = (small.max(-1) <= CLIPPED).ravel()
    if not counted.any():
        counted[:] = True
    strength = np.percentile(chroma[counted], PERCENTILE)
    if strength < REAL_COLOUR:
        return True
    return bool(strength < STRONG_COLOUR and _is_warm(lab.reshape(-1, 3)[counted]) and _is_one(unexplained[counted]))


def _is_warm(lab: NDArray[np.float64]) -> bool:
    """Whether nothing in pixels (n, 3) is green, blue or violet."""
    hue = np.radians(WARM_HUE_DEGREES)
    return bool(np.percentile(-lab[:, 1:] @ np.array([np.cos(hue), np.sin(hue)]), PERCENTILE) < COLD)


def _is_one(unexplained: NDArray[np.float64]) -> bool:
    """Whether what is left over of a*, b* (n, 2) hardly differs but in one direction."""
    angles = np.radians(np.arange(0, 180, 15))
    along = np.abs(unexplained @ np.stack([np.cos(angles), np.sin(angles)]))
    return bool(np.percentile(along, SECOND_PERCENTILE, axis=0).min() < SECOND_COLOUR)


def _unexplained(lab: NDArray[np.float64]) -> NDArray[np.float64]:
    """(n, 2) a*, b* of each pixel less what a tone curve and a slow surface say; iteratively reweighted least squares."""
    height, width = lab.shape[:2]
    chroma = lab[..., 1:].reshape(-1, 2)
    count = len(chroma)
    basis = np.concatenate([_tone_basis(lab[..., 0].ravel()), _place_basis(height, width)], 1)
    bending = np.zeros((TONE_KNOTS - 2, basis.shape[1]))
    for knot in range(TONE_KNOTS - 2):
        bending[knot, knot : knot + 3] = 1, -2, 1
    stiffness = count * (0.02 * bending.T @ bending + 1e-4 * np.eye(basis.shape[1]))
    weights = np.ones(count)
    left = chroma
    for _ in range(ROUNDS):
        weighted = basis * weights[:, None]
        left = chroma - basis @ np.linalg.solve(basis.T @ weighted + stiffness, weighted.T @ chroma)
        size = np.hypot(left[:, 0], left[:, 1])
        weights = 1 / (1 + (size / (2 * np.median(size) + 1)) ** 2)
    return left


def _tone_basis(lightness: NDArray[np.float64]) -> NDArray[np.float64]:
    """(n, TONE_KNOTS): a curve over L* as straight pieces between knots."""
    place = np.clip(lightness / 100 * (TONE_KNOTS - 1), 0, TONE_KNOTS - 1 - 1e-6)
    weights: NDArray[np.float64] = np.maximum(0, 1 - np.abs(place[:, None] - np.arange(TONE_KNOTS)))
    return weights


def _place_basis(height: int, width: int) -> NDArray[np.float64]:
    """(n, 5): how far down and across a pixel lies, -1..1, and their squares and product."""
    down, across = (
        part.ravel() for part in np.meshgrid(np.linspace(-1, 1, height), np.linspace(-1, 1, width), indexing="ij")
    )
    return np.stack([across, down, across * across, down * down, across * down], 1)
