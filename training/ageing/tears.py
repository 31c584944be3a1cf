"""Where paper is gone or parted: tears, pieces torn off, worn edges and corners, holes.

Seen in damaged/: a tear bares a band of white paper fibre, wide on one side and narrow on the other (bzz_23), ragged, with a shadow
along it and the two sides a little out of step. Behind a missing piece lies the scanner's lid: white, grey, seldom black. Edges are
worn to a ragged cream line of one to six pixels that widens at the rounded corners (dip25_scanned, msscratch_a).
"""

from __future__ import annotations

import math

import numpy as np

from training.ageing.creases import Band, band, field_of, from_edge
from training.ageing.damage import Damaged, cover, paper_colour, shade, times
from training.ageing.noise import Array, fractal, step, wander


def tears(
    picture: Array,
    rng: np.random.Generator,
    unit_px: float,
    *,
    count: float,
    length: float,
    width: float,
    offset: float,
) -> Damaged:
    """`count` tears from an edge inwards.

    length: of the longest, in short sides. width: of the bared fibre, in units. offset: of one side, in units.
    """
    height, across = picture.shape[:2]
    worn, mask = picture, np.zeros((height, across), np.float32)
    paper = paper_colour(picture, rng)
    for _ in range(times(rng, count)):
        start, heading = from_edge(rng, height, across)
        bare_px = max(1.2, rng.uniform(0.3, 1.0) * width * unit_px)
        shift_px = offset * unit_px * rng.uniform(0, 1)
        reach_px = 3 * bare_px + 8 * shift_px + 6
        line = band(rng, height, across, start, heading, rng.uniform(2, 7) * unit_px, 10, reach_px)
        end = 256 * unit_px * length * rng.uniform(0.35, 1)
        way = (np.arange(line.length) - line.length / 2).astype(np.float32)
        torn = np.sqrt(np.clip(1.2 * (1 - way / np.float32(end)), 0, 1)) * (way > -reach_px)
        worn = _parted(worn, mask, rng, line, torn, shift_px, min(bare_px, 2 * unit_px))
        share = _fibre(rng, line, torn, bare_px, height, across, unit_px)
        worn, mask = cover(worn, share, _fibrous(rng, paper, height, across)), np.maximum(mask, share)
    return Damaged(worn, mask)


def _parted(
    picture: Array, mask: Array, rng: np.random.Generator, line: Band, torn: Array, shift_px: float, lift_px: float
) -> Array:
    """One side of the tear moved along it, most beside it, and the shadow that the lifted side throws; both enter the mask."""
    height, width = picture.shape[:2]
    open_ = torn.take(line.along)
    fall = np.clip(1 - line.beyond / np.float32(8 * shift_px + 1e-3), 0, 1) * (line.beyond > 0) * open_
    move = rng.normal(0, 1, 2)
    move *= shift_px / max(1e-6, float(np.hypot(*move)))
    y, x = np.divmod(line.index, width)
    from_y = np.clip(np.rint(y + fall * move[0]), 0, height - 1).astype(np.intp)
    from_x = np.clip(np.rint(x + fall * move[1]), 0, width - 1).astype(np.intp)
    flat = picture.reshape(height * width, -1)
    moved = flat.copy()
    moved[line.index] = flat[from_y * width + from_x]
    shadow = np.exp(-np.abs(line.beyond + np.float32(0.5 * lift_px)) / np.float32(lift_px)) * open_ * 0.35
    shadow[(line.beyond > 0) | (shadow < 0.03)] = 0
    shifted = (from_y != y) | (from_x != x)
    hurt = np.maximum(shifted * np.float32(0.6), np.minimum(1, shadow * 3))
    np.maximum(mask, field_of(height, width, line.index, hurt), out=mask)
    return shade(moved.reshape(picture.shape), field_of(height, width, line.index, -shadow))


def _fibre(
    rng: np.random.Generator, line: Band, torn: Array, bare_px: float, height: int, width: int, unit_px: float
) -> Array:
    """(H, W) share of bared paper: a band whose two sides wander by themselves and are ragged."""
    ragged = fractal(rng, height, width, max(2.5, 3 * unit_px), 2).ravel()[line.index]
    ragged = ragged * np.float32(min(0.8 * unit_px, 0.12 * bare_px))
    upper = np.clip(0.5 + 0.8 * wander(rng, line.length, 12, 7), 0.1, 2.2) * torn * bare_px
    lower = np.clip(0.25 + 0.25 * wander(rng, line.length, 20, 7), 0.08, 1) * torn * bare_px
    side = np.where(line.beyond > 0, upper.take(line.along), lower.take(line.along))
    inside = side - np.abs(line.beyond) + ragged * (side > 0.3)
    return field_of(height, width, line.index, step(inside, -0.5, 0.5) * (side > 0.3))


def _fibrous(rng: np.random.Generator, paper: Array, height: int, width: int) -> Array:
    """(H, W, C) bare paper: felted, a little uneven."""
    felt = fractal(rng, height, width, 3.0, 1) * np.float32(0.025) + fractal(rng, height, width, 14.0, 2) * np.float32(
        0.025
    )
    return np.clip(paper * (1 + felt[..., None]), 0, 1)


def missing(
    picture: Array, rng: np.random.Generator, unit_px: float, *, size: float, fibre: float
) -> Damaged:  # fmt: skip
    """A corner or a bite out of an edge is gone. size: of the piece, in short sides. fibre: width of the bared rim, in units."""
    height, width = picture.shape[:2]
    short = 256 * unit_px
    if rng.random() < 0.7:
        middle = np.array([rng.integers(0, 2) * width, rng.integers(0, 2) * height], float)
        radii = short * size * rng.uniform(0.6, 1.6, 2)
    else:
        (x, y), _ = from_edge(rng, height, width)
        middle, radii = np.array([x, y]), short * size * rng.uniform(0.5, 1.1, 2)
    radii = np.maximum(radii, 1e-3)
    y_part = ((np.arange(height, dtype=np.float32) - middle[1]) / radii[1])[:, None]
    x_part = (np.arange(width, dtype=np.float32) - middle[0]) / radii[0]
    # Between a straight cut (sum) and a round one (norm), in pixels outwards from the torn line.
    away = 0.5 * (np.abs(x_part) + np.abs(y_part)) + 0.5 * np.sqrt(x_part**2 + y_part**2) - 1
    away = away.astype(np.float32) * np.float32(radii.min())
    away += fractal(rng, height, width, 40 * unit_px, 5, 0.55) * np.float32(min(4.5 * unit_px, 0.3 * radii.min()))
    rim_px = np.maximum(
        0.8,
        np.float32(min(fibre * unit_px, 0.5 * radii.min()))
        * np.clip(0.8 + 0.8 * fractal(rng, height, width, 30 * unit_px, 4), 0.1, 3),
    )
    share = step(away - rim_px, 0.5, -0.5)
    lid = np.full(picture.shape[2], rng.choice([0.97, 0.9, 0.75, 0.5, 0.05], p=[0.4, 0.25, 0.15, 0.1, 0.1]), np.float32)
    shadow = np.exp(-np.maximum(away - rim_px, 0) / np.float32(2 * unit_px)) * (1 - share) * np.float32(0.3)
    shadow[shadow < 0.03] = 0
    worn = shade(picture, -shadow)
    worn = cover(worn, share, _fibrous(rng, paper_colour(picture, rng), height, width))
    hollow = step(away, 0.5, -0.5)
    # The paper throws a shadow onto the lid.
    worn = cover(worn, hollow, lid * (1 - 0.35 * np.exp(np.minimum(away, 0) / np.float32(3 * unit_px)))[..., None])
    return Damaged(worn, np.maximum(share, np.minimum(1, shadow * 3)))


def worn_edges(
    picture: Array, rng: np.random.Generator, unit_px: float, *, width: float, corner: float
) -> Damaged:  # fmt: skip
    """Edges rubbed to the paper, about `width` units deep, unevenly; corners rounded by up to `corner` units."""
    height, across = picture.shape[:2]
    radius = max(1.0, corner * unit_px * rng.uniform(0.2, 1))
    y = np.arange(height, dtype=np.float32)
    x = np.arange(across, dtype=np.float32)
    from_y, from_x = np.minimum(y, height - 1 - y)[:, None], np.minimum(x, across - 1 - x)
    # Each side by its own use: what was held or stood on is worn most.
    spared = 1 / rng.uniform(0.2, 1.4, 4).astype(np.float32)
    sides = np.minimum(y * spared[0], (height - 1 - y) * spared[1])[:, None]
    nearest = np.minimum(sides, np.minimum(x * spared[2], (across - 1 - x) * spared[3]))
    round_y, round_x = np.maximum(radius - from_y, 0), np.maximum(radius - from_x, 0)
    both = (round_y > 0) & (round_x > 0)
    inside = np.where(both, radius - np.sqrt(round_y**2 + round_x**2), nearest).astype(np.float32)
    ragged = fractal(rng, height, across, 50 * unit_px, 6, 0.6)
    depth = width * unit_px * np.clip(0.35 + 0.75 * ragged, 0, 4) + np.where(both, 0.6 * width * unit_px, 0)
    share = step(inside - depth.astype(np.float32), 0, -1.2)
    worn = cover(picture, share, _fibrous(rng, paper_colour(picture, rng), height, across))
    lid = np.full(picture.shape[2], rng.choice([0.96, 0.85, 0.06]), np.float32)
    outside = step(inside, 0.5, -0.5) * both
    return Damaged(cover(worn, outside, lid), np.maximum(share, outside))


def holes(picture: Array, rng: np.random.Generator, unit_px: float, *, count: float, size: float) -> Damaged:
    """`count` holes: pins, insects, fire. size: mean radius in units. A dark or charred rim, behind it the lid."""
    height, width = picture.shape[:2]
    worn, mask = picture, np.zeros((height, width), np.float32)
    lid = np.full(picture.shape[2], rng.choice([0.97, 0.85, 0.05]), np.float32)
    for _ in range(times(rng, count)):
        radius = max(1.0, unit_px * rng.gamma(3, size / 3))
        x, y = rng.uniform(0, width), rng.uniform(0, height)
        reach = math.ceil(2 * radius + 6)
        top, left = max(0, int(y) - reach), max(0, int(x) - reach)
        part = np.s_[top : int(y) + reach + 1, left : int(x) + reach + 1]
        away_y = (np.arange(height, dtype=np.float32) - np.float32(y))[part[0]][:, None]
        away_x = (np.arange(width, dtype=np.float32) - np.float32(x))[part[1]]
        away = np.sqrt(away_y**2 + (away_x * np.float32(rng.uniform(0.7, 1.3))) ** 2) - np.float32(radius)
        away += fractal(rng, len(away), away.shape[1], max(3.0, radius), 3) * np.float32(0.15 * radius)
        rim = step(away, 0.5 * radius + 1.5, 0.2) * np.float32(0.8)
        hollow = step(away, 0.6, -0.6)
        piece = cover(worn[part], rim, worn[part] * np.float32(rng.uniform(0.25, 0.8)))
        worn = worn.copy() if worn is picture else worn
        worn[part] = cover(piece, hollow, lid)
        mask[part] = np.maximum(mask[part], np.maximum(rim, hollow))
    return Damaged(worn, mask)
