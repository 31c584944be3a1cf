"""What was spilt or grew on the print: stains, water marks, foxing, mottling.

Seen in damaged/: stains multiply (tea, rust, olive mildew on IrishLate1800s), their coasts are lobed, and the pigment gathers in
a darker rim; ink, paint and glue cover what lies below. Water leaves a pale inside and thin nested tide lines. Foxing is rust-brown
spots of one to six pixels with a paler halo, in clusters, most visible in the lights. Mottling is a fine brown cloud (bzz_18).
"""

from __future__ import annotations

import math

import numpy as np

from training.ageing.damage import Damaged, colour, cover, seen, times
from training.ageing.noise import Array, blurred, fractal, quantile, step
from training.ageing.strokes import Canvas, lumps

LIQUIDS = (
    (0.80, 0.66, 0.42),  # tea, coffee
    (0.88, 0.76, 0.50),  # pale brown water
    (0.72, 0.69, 0.40),  # olive mildew
    (0.74, 0.50, 0.30),  # rust
    (0.86, 0.80, 0.74),  # grease
)
"""What white paper becomes under each, full strength (sRGB)."""

COVERS = (
    (0.10, 0.10, 0.22),  # ink
    (0.93, 0.92, 0.88),  # correction fluid, paint
    (0.62, 0.50, 0.30),  # old glue
    (0.22, 0.15, 0.10),  # tar, burnt
    (0.75, 0.74, 0.70),  # plaster, dried mud
)


Window = tuple[slice, slice]


def _blob(
    rng: np.random.Generator, height: int, width: int, radius_px: float, ragged: float, spread_px: float
) -> tuple[Window, Array]:
    """The window (rows, columns) of a lobed blob and in it (h, w) pixels inwards from its coast (negative outside).

    spread_px: how far outside the coast the window must reach.
    """
    x, y = rng.uniform(-0.05, 1.05) * width, rng.uniform(-0.05, 1.05) * height
    stretch, turn = rng.uniform(0.6, 1.6), rng.uniform(0, math.pi)
    reach = radius_px * (1 + 2.5 * ragged) * max(stretch, 1 / stretch) ** 0.5 + spread_px
    top, left = max(0, math.floor(min(y, height - 1) - reach)), max(0, math.floor(min(x, width - 1) - reach))
    bottom, right = min(height, math.ceil(max(y, 0) + reach) + 1), min(width, math.ceil(max(x, 0) + reach) + 1)
    down = (np.arange(top, bottom, dtype=np.float32) - np.float32(y))[:, None]
    across = np.arange(left, right, dtype=np.float32) - np.float32(x)
    cos, sin = np.float32(math.cos(turn)), np.float32(math.sin(turn))
    a = (across * cos + down * sin) * np.float32(stretch**0.5)
    b = (down * cos - across * sin) * np.float32(stretch**-0.5)
    lobes = np.clip(fractal(rng, bottom - top, right - left, max(6.0, 0.9 * radius_px), 5, 0.5), -2.5, 2.5)
    inwards = np.float32(radius_px) * (1 + np.float32(ragged) * lobes) - np.sqrt(a * a + b * b)
    return (slice(top, bottom), slice(left, right)), inwards


def stains(
    picture: Array, rng: np.random.Generator, unit_px: float, *, count: float, size: float, strength: float
) -> Array:
    """`count` see-through stains that multiply. size: radius of the largest, in short sides. strength 0..1."""
    height, width, channels = picture.shape
    worn = picture.copy()
    for _ in range(times(rng, count)):
        radius = max(4.0, 256 * unit_px * size * rng.beta(1.3, 2.5))
        soft = max(1.0, rng.uniform(0.5, 3) * unit_px)
        window, inwards = _blob(rng, height, width, radius, 0.22, soft)
        inside = step(inwards, -soft, soft)
        rim = np.exp(-np.abs(inwards - np.float32(soft)) / np.float32(rng.uniform(1.5, 5) * unit_px)) * inside
        cloud = np.clip(0.7 + 0.2 * fractal(rng, len(inwards), inwards.shape[1], 25 * unit_px, 3), 0.2, 1.2)
        wash = inside * cloud * np.float32(rng.uniform(0.3, 1)) + rim * np.float32(rng.uniform(0.1, 0.6))
        tint = colour(LIQUIDS[int(rng.integers(len(LIQUIDS)))], channels)
        worn[window] *= 1 + (np.minimum(1.4, wash) * np.float32(strength))[..., None] * (tint - 1)
    return np.clip(worn, 0, 1)


def spills(
    picture: Array, rng: np.random.Generator, unit_px: float, *, count: float, size: float
) -> Damaged:  # fmt: skip
    """`count` opaque stains: the picture below is lost. size: radius of the largest, in short sides."""
    height, width, channels = picture.shape
    share = np.zeros((height, width), np.float32)
    uneven = np.ones((height, width), np.float32)
    paint = colour(COVERS[int(rng.integers(len(COVERS)))], channels)
    for _ in range(times(rng, count)):
        radius = max(2.5, 256 * unit_px * size * rng.beta(1, 2.5))
        soft = max(0.7, rng.uniform(0.4, 1.6) * unit_px)
        window, inwards = _blob(rng, height, width, radius, rng.uniform(0.1, 0.3), soft)
        clouds = fractal(rng, len(inwards), inwards.shape[1], 11 * unit_px, 3)
        share[window] = np.maximum(share[window], step(inwards, -soft, soft) * np.clip(0.9 + 0.12 * clouds, 0, 1))
        uneven[window] = 1 - 0.05 * clouds
    share[share < 0.02] = 0
    worn = cover(picture, share, np.clip(paint * uneven[..., None], 0, 1))
    return Damaged(worn, share)


def water_marks(
    picture: Array, rng: np.random.Generator, unit_px: float, *, count: float, size: float, strength: float
) -> Array:
    """`count` tide lines: washed paler inside, thin dark nested rims. size: radius of the largest, in short sides."""
    height, width, channels = picture.shape
    worn = picture.copy()
    tint = colour((0.72, 0.58, 0.38), channels)
    for _ in range(times(rng, count)):
        window, inwards = _blob(rng, height, width, 256 * unit_px * size * rng.uniform(0.4, 1), 0.16, 3 * unit_px + 1.5)
        lines = np.zeros_like(inwards)
        depth = 0.0
        for _ in range(1 + int(rng.integers(0, 3))):
            # Sharp outwards, fading inwards: the pigment stops where the paper was dry.
            past = inwards - np.float32(depth)
            fade = np.float32(max(1.2, rng.uniform(1.5, 6) * unit_px))
            line = step(past, -1.2, 0.6) * np.exp(-np.maximum(past, 0) / fade)
            lines = np.maximum(lines, line * np.float32(rng.uniform(0.4, 1)))
            depth += rng.uniform(3, 14) * unit_px
        lines *= np.clip(0.75 + 0.45 * fractal(rng, len(inwards), inwards.shape[1], 40 * unit_px, 2), 0, 1.3)
        inside = step(inwards, -2 * unit_px, 6 * unit_px) * np.float32(0.15 * strength * rng.uniform(-0.4, 1))
        part = worn[window]
        part = part + inside[..., None] * (np.float32(0.8) - part)
        worn[window] = part * (1 + (lines * np.float32(strength))[..., None] * (tint - 1))
    return np.clip(worn, 0, 1)


def foxing(
    picture: Array, rng: np.random.Generator, unit_px: float, *, count: float, size: float, strength: float
) -> Damaged:
    """`count` rust spots in clusters. size: mean radius in units. strength 0..1 of the strongest.

    It enters the mask as far as it shows: what remains below is a picture, but no tone curve takes a spot away.
    """
    height, width = picture.shape[:2]
    canvas = Canvas(height, width)
    total = times(rng, count)
    nests = rng.uniform(0, 1, (1 + total // 12, 2)) * (width, height)
    which = rng.integers(0, len(nests), total)
    places = nests[which] + rng.standard_normal((total, 2)) * rng.uniform(15, 60, (total, 1)) * unit_px
    radii = np.maximum(0.6, rng.gamma(1.3, size / 1.3 * unit_px, total))
    canvas.blobs(
        lumps(rng, radii.astype(np.float32)) + places.astype(np.float32)[:, None],
        rng.uniform(0.25, 1, total).astype(np.float32),
    )
    core = canvas.cover()
    halo = blurred(core, max(1.0, 1.6 * size * unit_px)) * np.float32(0.6)
    halo[halo < 0.01] = 0
    amount = np.maximum(blurred(core, max(0.5, 0.4 * size * unit_px)), halo) * np.float32(strength)
    amount[amount < 0.006] = 0
    worn = picture * (1 + amount[..., None] * (colour((0.62, 0.42, 0.22), picture.shape[2]) - 1))
    return Damaged(worn, seen(picture, worn))


def mottling(
    picture: Array, rng: np.random.Generator, unit_px: float, *, strength: float, cell: float
) -> Array:  # fmt: skip
    """A fine yellow-brown cloud in places. cell: size of its lumps, in units."""
    height, width = picture.shape[:2]
    fine = fractal(rng, height, width, max(2.5, cell * unit_px), 3, 0.7)
    place = fractal(rng, height, width, 110 * unit_px, 3)
    where = step(place, quantile(place, 0.35), quantile(place, 0.95))
    amount = np.clip(0.35 + 0.3 * fine, 0, 1) * where * np.float32(strength)
    return np.clip(picture * (1 + amount[..., None] * (colour((0.78, 0.64, 0.36), picture.shape[2]) - 1)), 0, 1)
