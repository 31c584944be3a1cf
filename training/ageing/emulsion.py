"""What happens to the emulsion itself: flakes lost, silvering, mould.

Seen in damaged/: flaked places are islands in clusters, hard-edged and with fractal coasts, all of the paper's one colour, from
crumbs of two pixels to a fifth of the print (bzz_16, jourdy_input). Silver comes to the surface of the shadows towards the edges
as a bluish sheen. Mould is dark pin-points in dense, ragged drifts (bzz_25), or pale threads that branch like roots (bzz_14).
"""

from __future__ import annotations

import math

import numpy as np

from training.ageing.damage import Damaged, colour, cover, luma, paper_colour, seen, shade, times
from training.ageing.noise import Array, bell, fractal, quantile, step
from training.ageing.strokes import Canvas, path


def flakes(
    picture: Array, rng: np.random.Generator, unit_px: float, *, area: float, size: float, cluster: float
) -> Damaged:
    """Islands of lost emulsion over about `area` of the print.

    size: of the largest islands, in units. cluster: 0 spread evenly, 1 nearly all in a few places.
    """
    height, width = picture.shape[:2]
    coast = fractal(rng, height, width, max(2.2, size * unit_px), 6, 0.62)
    place = fractal(rng, height, width, 100 * unit_px, 2)
    level = coast + np.float32(2.2 * cluster) * place
    edge = quantile(level, 1 - area)
    share = step(level, edge - 0.05, edge + 0.12)
    share[share < 0.02] = 0
    # The emulsion's broken edge throws a thin shadow, into the island on one side and beyond it on the other.
    away = max(1, round(0.5 * unit_px))
    shadow = np.zeros_like(share)
    shadow[away:, away:] = np.abs(share[away:, away:] - share[:-away, :-away]) * np.float32(rng.uniform(0.05, 0.25))
    shadow[shadow < 0.02] = 0
    grain = bell(rng, height, width) * np.float32(0.012)
    paper = paper_colour(picture, rng) * (1 + grain[..., None])
    worn = cover(picture, share * np.float32(rng.uniform(0.8, 1)), np.clip(paper, 0, 1))
    return Damaged(shade(worn, -shadow), np.maximum(share, np.minimum(1, shadow * 3)))


def silvering(
    picture: Array, rng: np.random.Generator, unit_px: float, *, amount: float, reach: float
) -> Array:  # fmt: skip
    """Metallic bluish sheen in the shadows near the edges. amount: of light added to black. reach: inwards, in short sides."""
    height, width = picture.shape[:2]
    y, x = np.arange(height, dtype=np.float32), np.arange(width, dtype=np.float32)
    inwards = np.minimum(np.minimum(y, height - 1 - y)[:, None], np.minimum(x, width - 1 - x))
    uneven = fractal(rng, height, width, 60 * unit_px, 4)
    near = np.exp(-inwards * np.float32(1 / (256 * unit_px * reach))) * np.clip(0.75 + 0.5 * uneven, 0, 1.6)
    dark = 1 - luma(picture)
    sheen = colour((0.82, 0.96, 1.12), picture.shape[2])
    return np.clip(picture + (near * dark * dark * np.float32(amount))[..., None] * sheen, 0, 1)


def mould_spots(
    picture: Array, rng: np.random.Generator, unit_px: float, *, area: float, size: float
) -> Damaged:  # fmt: skip
    """Dark ragged pin-points in drifts over about `area` of the print. size: of a point, in units."""
    height, width = picture.shape[:2]
    fine = fractal(rng, height, width, max(2.2, size * unit_px), 2, 0.7)
    place = fractal(rng, height, width, 70 * unit_px, 4, 0.6)
    level = fine + np.float32(1.4) * place
    edge = quantile(level, 1 - area)
    share = step(level, edge, edge + 0.7) * np.float32(rng.uniform(0.6, 0.95))
    dirt = colour((0.16, 0.13, 0.10), picture.shape[2])
    worn = cover(picture, share, picture * np.float32(0.25) + dirt * np.float32(0.5))
    return Damaged(worn, seen(picture, worn))


def roots(
    picture: Array, rng: np.random.Generator, unit_px: float, *, count: float, length: float, width: float
) -> Damaged:
    """Pale threads of fungus that set out from an edge and branch again and again. length in short sides, width in units."""
    height, across = picture.shape[:2]
    canvas = Canvas(height, across)
    side = int(rng.integers(0, 4))
    for _ in range(times(rng, count)):
        at = rng.uniform(0, 1)
        start = [(at * across, 0.0), (across - 1.0, at * height), (at * across, height - 1.0), (0.0, at * height)][side]
        heading = math.pi / 2 * (1 + side) + rng.normal(0, 0.5)
        threads = [
            (start, heading, 256 * unit_px * length * rng.uniform(0.5, 1), width * unit_px * rng.uniform(0.6, 1.3))
        ]
        for _ in range(9):
            begin, turn, long_px, thick = threads.pop(0)
            line = path(rng, begin, turn, max(6.0, long_px), max(2.0, 3 * unit_px), rng.normal(0, 1.2), 0.1)
            pieces = len(line) - 1
            taper = np.maximum(thick * np.linspace(1, 0.4, pieces), 0.4).astype(np.float32)
            canvas.stroke(line, taper, np.linspace(1, 0.4, pieces, dtype=np.float32))
            for _ in range(2):
                fork = int(rng.integers(pieces // 5, pieces))
                point = (float(line[fork, 0]), float(line[fork, 1]))
                threads.append((point, turn + rng.normal(0, 0.55), long_px * rng.uniform(0.35, 0.7), thick * 0.65))
    worn = cover(picture, canvas.cover() * np.float32(rng.uniform(0.3, 0.75)), paper_colour(picture, rng))
    return Damaged(worn, seen(picture, worn))
