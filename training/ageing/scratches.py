"""Thin marks on the surface: scratches, rubbed places, dust, hairs.

Seen in damaged/ and damage_textures/: a scratch is a line of one or two pixels that presses unevenly, breaks off and goes on, with
a bright core and softer edges; most are light, since the picture is scraped off, some dark (dirt in a groove). They come in bundles
of one direction. Rubbed places are many short fibres. Dust is specks of one to three pixels, round or like commas, in drifts,
a few large ones among very many small; on old prints both light (on the negative) and dark (on the print).
"""

from __future__ import annotations

import math

import numpy as np
from PIL import Image

from training.ageing.damage import Damaged, cover, paper_colour, seen, times
from training.ageing.noise import Array, blurred, fractal, quantile, step
from training.ageing.strokes import Canvas, lumps, path, pressure


def scratches(
    picture: Array, rng: np.random.Generator, unit_px: float, *,
    count: float, bundle: float, length: float, width: float, dark: float,
) -> Damaged:  # fmt: skip
    """`count` groups of scratches, about `bundle` lines each.

    length: of the longest, in short sides of the print. width: of the widest, in units. dark: share of dark ones.
    """
    height, across = picture.shape[:2]
    light_canvas, dark_canvas = Canvas(height, across), Canvas(height, across)
    for _ in range(times(rng, count)):
        heading = rng.choice([math.pi / 2, rng.uniform(0, math.pi)])  # up and down is the way film and albums slide
        canvas = dark_canvas if rng.random() < dark else light_canvas
        x, y = rng.uniform(0, across), rng.uniform(0, height)
        for _ in range(1 + times(rng, rng.exponential(max(0.0, bundle - 1)))):
            long_px = 256 * unit_px * length * rng.beta(1, 2.2)
            line = path(
                rng, (x, y), heading + rng.normal(0, 0.04), max(long_px, 4), max(3, 5 * unit_px), rng.normal(0, 0.12)
            )
            line -= line[len(line) // 2] - line[0]
            press = pressure(rng, len(line) - 1, rng.uniform(0, 0.7))
            widths = max(0.6, unit_px * width * rng.beta(1, 2)) * (0.6 + 0.6 * press)
            canvas.stroke(line, widths, press * rng.uniform(0.4, 1))
            x += rng.normal(0, 9 * unit_px)
            y += rng.normal(0, 12 * unit_px)
    worn = _lit(picture, light_canvas.cover(), paper_colour(picture, rng), unit_px)
    worn = cover(worn, dark_canvas.cover(), picture * np.float32(rng.uniform(0.1, 0.5)))
    return Damaged(worn, seen(picture, worn))


def _lit(picture: Array, core: Array, paint: Array, unit_px: float) -> Array:
    """`paint` where the core is, and a softer, fainter edge about it."""
    edge = blurred(core, max(0.6, 0.5 * unit_px)) * np.float32(0.5)
    edge[edge < 0.008] = 0  # so that what lies beyond stays bit for bit
    return cover(picture, np.maximum(core, edge), paint)


def rubbing(
    picture: Array, rng: np.random.Generator, unit_px: float, *, area: float, opacity: float
) -> Damaged:  # fmt: skip
    """Places rubbed through, about `area` of the print, to streaks of one direction."""
    height, width = picture.shape[:2]
    turn = rng.normal(0, 0.15) + math.pi / 2 * rng.integers(0, 2) if rng.random() < 0.6 else rng.uniform(0, math.pi)
    long_px, thin_px = max(5.0, rng.uniform(6, 22) * unit_px), max(1.0, 0.8 * unit_px)
    streaks = _streaks(rng, height, width, turn, long_px, thin_px)
    streaks += np.float32(0.7) * _streaks(rng, height, width, turn, long_px * 0.3, thin_px)
    place = fractal(rng, height, width, 90 * unit_px, 5, 0.7)
    level = streaks + np.float32(1.3) * place
    loose = step(level, quantile(level, 1 - area), quantile(level, 1 - area * 0.3) + 0.4)
    # Dark places show it most: there is the most silver to lose.
    worn = cover(picture, loose * np.float32(opacity), paper_colour(picture, rng))
    return Damaged(worn, seen(picture, worn))


def _streaks(
    rng: np.random.Generator, height: int, width: int, turn: float, long_px: float, thin_px: float
) -> Array:  # fmt: skip
    """(H, W) noise drawn out to `long_px` in the direction `turn`, `thin_px` across."""
    reach = math.hypot(height, width)
    grid = rng.standard_normal((math.ceil(reach / long_px) + 3, math.ceil(reach / thin_px) + 3), dtype=np.float32)
    cos, sin = math.cos(turn), math.sin(turn)
    x, y = width / 2, height / 2
    place = (
        cos / thin_px, sin / thin_px, (reach / 2 - x * cos - y * sin) / thin_px + 1,
        -sin / long_px, cos / long_px, (reach / 2 + x * sin - y * cos) / long_px + 1,
    )  # fmt: skip
    drawn = Image.fromarray(grid).transform((width, height), Image.Transform.AFFINE, place, Image.Resampling.BILINEAR)
    return np.array(drawn, np.float32)


def dust(
    picture: Array, rng: np.random.Generator, unit_px: float, *, count: float, size: float, dark: float
) -> Damaged:
    """`count` specks and commas in drifts. size: mean radius in units. dark: share of dark ones."""
    height, width = picture.shape[:2]
    light_canvas, dark_canvas = Canvas(height, width), Canvas(height, width)
    total = times(rng, count)
    drifts = rng.uniform(0, 1, (1 + total // 25, 2)) * (width, height)
    of_drift = rng.integers(0, len(drifts), total)
    places = drifts[of_drift] + rng.standard_cauchy((total, 2)) * (30 * unit_px)
    alone = rng.random(total) < 0.4
    places[alone] = rng.uniform(0, 1, (int(alone.sum()), 2)) * (width, height)
    radii = np.maximum(0.45, rng.exponential(size * unit_px, total)).astype(np.float32)
    inside = (np.abs(places - np.array([width, height]) / 2) < np.array([width, height]) / 2 + 9).all(1)
    comma = rng.random(total) < 0.12
    outlines = lumps(rng, radii) + places.astype(np.float32)[:, None]
    strengths = rng.uniform(0.5, 1, total).astype(np.float32)
    is_dark = (rng.random(len(drifts)) < dark)[of_drift]
    for canvas, chosen in ((light_canvas, inside & ~is_dark), (dark_canvas, inside & is_dark)):
        canvas.blobs(outlines[chosen & ~comma], strengths[chosen & ~comma])
        for index in np.flatnonzero(chosen & comma).tolist():
            start, radius = (float(places[index, 0]), float(places[index, 1])), float(radii[index])
            line = path(rng, start, rng.uniform(0, 6.3), radius * 7, max(1.0, radius), rng.normal(0, 2))
            canvas.stroke(line, np.full(len(line) - 1, max(0.6, radius * 0.7)), pressure(rng, len(line) - 1, 0))
    worn = _lit(picture, light_canvas.cover(), paper_colour(picture, rng), unit_px)
    worn = cover(worn, dark_canvas.cover(), picture * np.float32(rng.uniform(0.1, 0.45)))
    return Damaged(worn, seen(picture, worn))


def hairs(
    picture: Array, rng: np.random.Generator, unit_px: float, *, count: float, length: float, dark: float
) -> Damaged:
    """`count` hairs and threads of lint, curled, with a soft shadow. length: of the longest, in short sides of the print."""
    height, width = picture.shape[:2]
    canvas = Canvas(height, width)
    for _ in range(times(rng, count)):
        start = (rng.uniform(0, width), rng.uniform(0, height))
        long_px = max(8.0, 256 * unit_px * length * rng.uniform(0.2, 1))
        line = path(rng, start, rng.uniform(0, 6.3), long_px, max(2.0, 3 * unit_px), rng.normal(0, 2.2))
        press = pressure(rng, len(line) - 1, 0.0)
        thick = max(0.6, rng.uniform(0.5, 1.3) * unit_px)
        canvas.stroke(line, thick * (0.7 + 0.5 * press), (0.5 + 0.5 * press) * rng.uniform(0.6, 1))
    hair = canvas.cover()
    is_dark = rng.random() < dark
    soft = blurred(hair, max(0.8, 1.2 * unit_px)) * np.float32(0.25)
    soft[soft < 0.008] = 0
    worn = cover(picture, soft, picture * np.float32(0.5)) if is_dark else picture
    paint = picture * np.float32(rng.uniform(0.1, 0.4)) if is_dark else paper_colour(picture, rng)
    worn = cover(worn, hair, paint)
    return Damaged(worn, seen(picture, worn))
