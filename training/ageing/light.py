"""What light, air and the darkroom do to the tones: fading, toning and yellowing, faded dyes, uneven light.

Measured on the 65 photos of damaged/ (percentiles 1 and 99 of luma): blacks at 0.08 to 0.29 (median 0.15), whites at 0.62 to 0.99
(median 0.88); in old/ 0.06 and 0.94. Blue to green in the lights 0.69 to 1.0 (median 0.89); in the mid-tones blue to green 0.60 to
1.0 (0.86) and red to green 1.0 to 1.34 (1.10): yellowing multiplies, and the image silver itself is warmer than the paper.
"""

from __future__ import annotations

import numpy as np

from training.ageing.damage import colour, luma
from training.ageing.noise import Array, fractal, lookup

CURVE = np.linspace(0, 1, 4097)


def fading(
    picture: Array,
    rng: np.random.Generator,
    unit_px: float,
    *,
    blacks: float,
    whites: float,
    bend: float,
    uneven: float,
) -> Array:
    """Blacks lifted by `blacks`, whites lowered by `whites` (0..1), mid-tones bent; `uneven` of it varies over the print."""
    exponent = 2.0 ** rng.uniform(-bend, bend)
    if uneven <= 0.02:
        curve = (blacks + (1 - blacks - whites) * CURVE**exponent).astype(np.float32)
        return lookup(picture, curve)
    height, width = picture.shape[:2]
    bent = lookup(picture, (CURVE**exponent).astype(np.float32)) if bend > 0.02 else picture
    # Air comes in from the edges; the middle of an album page fades least.
    y = np.linspace(-1, 1, height, dtype=np.float32)[:, None]
    x = np.linspace(-1, 1, width, dtype=np.float32)
    edges = (y * y + x * x - np.float32(0.67)) * np.float32(rng.uniform(0, 1.2))
    amount = np.clip(1 + np.float32(uneven) * (0.6 * fractal(rng, height, width, 110 * unit_px, 3) + edges), 0, 1.7)[
        ..., None
    ]
    return np.clip(bent + amount * (blacks * (1 - bent) - whites * bent), 0, 1)


def toning(
    picture: Array, rng: np.random.Generator, unit_px: float, *, warmth: float, redness: float, yellowing: float
) -> Array:
    """A grey picture (H, W, C) in the colour of its silver and its paper.

    warmth: 0 neutral, 1 deep sepia in the mid-tones (below 0 blue, as gold toning). redness: -1 olive, 0 brown, 1 purple-red.
    yellowing: 0 white paper, 1 the yellowest seen (blue 0.69 of green). A picture of one channel darkens a little.
    """
    if picture.shape[2] == 1:
        return picture * np.float32(1 - 0.06 * yellowing)
    red = 1 - warmth * (0.30 + 0.22 * redness)
    blue = 1 + warmth * (0.62 - 0.22 * max(0.0, redness))
    green = 1 + warmth * 0.10 * redness
    paper = 1 - yellowing * np.array([0.02, 0.10, 0.37])
    curve = np.stack([CURVE**power for power in (red, green, blue)], -1) * paper
    return lookup(luma(picture), curve.astype(np.float32))


def yellowing(picture: Array, rng: np.random.Generator, unit_px: float, *, amount: float, uneven: float) -> Array:
    """Paper or varnish gone yellow: multiplies, so it shows most in the lights. amount: 1 is the yellowest seen."""
    height, width = picture.shape[:2]
    field = np.float32(amount) * np.clip(1 + uneven * fractal(rng, height, width, 120 * unit_px, 3), 0, 2)
    return picture * (1 + field[..., None] * (colour((0.98, 0.90, 0.63), picture.shape[2]) - 1))


def dye_fading(
    picture: Array,
    rng: np.random.Generator,
    unit_px: float,
    *,
    cyan: float,
    magenta: float,
    yellow: float,
    stain: float,
) -> Array:
    """A colour print whose dyes have faded by these shares, and whose base has stained (msold_*: magenta or orange casts).

    A dye's density is -log of the light it lets through; the share that is left of it is a power of that light.
    """
    if picture.shape[2] == 1:
        return picture
    left = (1 - cyan, 1 - magenta, 1 - yellow)
    base = 1 - stain * np.array([0.02, 0.08, 0.22])
    return np.stack(
        [lookup(picture[..., c], (base[c] * np.maximum(CURVE, 0.02) ** left[c]).astype(np.float32)) for c in range(3)],
        -1,
    )


def uneven_light(picture: Array, rng: np.random.Generator, unit_px: float, *, amount: float) -> Array:
    """A lamp from one side, a page that curls: brightness varies slowly by about `amount`."""
    height, width = picture.shape[:2]
    turn = rng.uniform(0, 2 * np.pi)
    slope = (np.linspace(-1, 1, height)[:, None] * np.sin(turn) + np.linspace(-1, 1, width) * np.cos(turn)).astype(
        np.float32
    )
    field = slope * np.float32(0.8) + np.float32(0.5) * fractal(rng, height, width, 150 * unit_px, 2)
    return np.clip(picture * (1 + np.float32(amount) * field)[..., None], 0, 1)


def vignette(picture: Array, rng: np.random.Generator, unit_px: float, *, amount: float) -> Array:
    """Corners darker by `amount` (below 0: paler, as portraits were burnt out), by an ellipse whose middle is a little off."""
    height, width = picture.shape[:2]
    y = (np.linspace(-1, 1, height, dtype=np.float32) - np.float32(rng.normal(0, 0.12)))[:, None]
    x = np.linspace(-1, 1, width, dtype=np.float32) - np.float32(rng.normal(0, 0.12))
    away = np.minimum((y * y + x * x) * np.float32(0.5), 1.2)
    fall = (away * away)[..., None] * np.float32(amount)
    return np.clip(picture * (1 - fall) if amount > 0 else picture - fall * (1 - picture), 0, 1)


def leak(picture: Array, rng: np.random.Generator, unit_px: float, *, amount: float) -> Array:
    """A soft streak or wedge of stray light from an edge (PuppyGify): added towards white."""
    height, width = picture.shape[:2]
    turn = rng.normal(0, 0.25) + rng.choice([0, np.pi / 2])
    y = (np.arange(height, dtype=np.float32) - np.float32(rng.uniform(0, height)))[:, None]
    x = np.arange(width, dtype=np.float32) - np.float32(rng.choice([0, width]))
    along = x * np.float32(np.cos(turn)) + y * np.float32(np.sin(turn))
    across = y * np.float32(np.cos(turn)) - x * np.float32(np.sin(turn))
    wide = np.float32(256 * unit_px * rng.uniform(0.02, 0.09)) * (1 + np.abs(along) * np.float32(1 / (300 * unit_px)))
    streak = np.exp(-((across / wide) ** 2) - np.abs(along) * np.float32(1 / (256 * unit_px * rng.uniform(0.25, 1))))
    return picture + (streak * np.float32(amount))[..., None] * (1 - picture)
