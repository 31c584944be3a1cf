"""Where a print was bent: creases and folds, folded corners, branching cracks, crazed emulsion.

Seen in damaged/: a crease is relief first, a lighter and a darker line side by side with soft shading about it, and the emulsion
has flaked off along some stretches, in angular crumbs or fibrous white (dip25_scanned), each stretch of another width. Corners
carry sheaves of thin lines that split and join (civi_0014). Cracks set out from an edge and fork (civi_emo3). Crazed emulsion is
a net of cells: white lines in the shadows, faint dark ones in the lights (jourdy_input3), which is one thing, paper beside shadow.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from training.ageing.damage import Damaged, cover, paper_colour, seen, shade, times
from training.ageing.noise import Array, blurred, fractal, quantile, resized, step, wander
from training.ageing.strokes import Canvas, path, pressure


@dataclass(frozen=True)
class Band:
    """The pixels near a wandering line across the picture, which its parts are computed for alone.

    index: (M,) into the flattened picture. beyond: (M,) signed distance from the line, pixels. along: (M,) whole pixels along it.
    length: how many of them there are.
    """

    index: NDArray[np.intp]
    beyond: Array
    along: NDArray[np.int32]
    length: int


def band(
    rng: np.random.Generator, height: int, width: int, centre: tuple[float, float], angle: float,
    swing_px: float, bends: int, reach_px: float,
) -> Band:  # fmt: skip
    """The band of `reach_px` about a line through `centre` (x, y) that swings `swing_px` to either side."""
    cos, sin = math.cos(angle), math.sin(angle)
    x = np.arange(width, dtype=np.float32) - np.float32(centre[0])
    y = (np.arange(height, dtype=np.float32) - np.float32(centre[1]))[:, None]
    across = (y * np.float32(cos) - x * np.float32(sin)).ravel()
    index = np.flatnonzero(np.abs(across) < reach_px + 2.5 * swing_px)
    half = math.ceil(math.hypot(height, width))
    along = (x * np.float32(cos) + y * np.float32(sin)).ravel()[index].astype(np.int32) + half
    line = wander(rng, 2 * half + 1, bends, 6) * np.float32(swing_px)
    beyond = across[index] - line.take(along, mode="clip")
    near = np.abs(beyond) < reach_px
    return Band(index[near], beyond[near], np.clip(along[near], 0, 2 * half), 2 * half + 1)


def field_of(height: int, width: int, index: NDArray[np.intp], values: Array) -> Array:
    field = np.zeros(height * width, np.float32)
    field[index] = values
    return field.reshape(height, width)


def creases(
    picture: Array, rng: np.random.Generator, unit_px: float, *, count: float, width: float, loss: float, relief: float
) -> Damaged:
    """`count` creases right across or from an edge inwards.

    width: of the flaked line, in units. loss: share of its length that has flaked. relief: how much the shading changes the light.
    """
    height, across = picture.shape[:2]
    worn = picture
    paper = paper_colour(picture, rng)
    crumbs = fractal(rng, height, across, max(2.2, 2.6 * unit_px), 2)
    for _ in range(times(rng, count)):
        centre = (rng.uniform(0.1, 0.9) * across, rng.uniform(0.1, 0.9) * height)
        angle = rng.choice([0.0, math.pi / 2]) + rng.normal(0, 0.25) if rng.random() < 0.6 else rng.uniform(0, math.pi)
        thick_px = max(0.9, rng.uniform(0.4, 1.4) * width * unit_px)
        soft_px = max(2.0, rng.uniform(2.5, 6) * unit_px)
        reach_px = max(3 * soft_px, 4 * thick_px)
        line = band(rng, height, across, centre, angle, rng.uniform(0.3, 3) * unit_px, 6, reach_px)
        worn = _crease(
            worn, rng, line, paper, crumbs, thick_px, soft_px, loss, relief * float(rng.choice([-1, 1])), unit_px
        )
    return Damaged(worn, seen(picture, worn))


def _crease(
    picture: Array, rng: np.random.Generator, line: Band, paper: Array, crumbs: Array, thick_px: float,
    soft_px: float, loss: float, relief: float, unit_px: float,
) -> Array:  # fmt: skip
    height, across = picture.shape[:2]
    alive = np.ones(line.length, np.float32)
    if rng.random() < 0.6:  # ends somewhere inside
        inside = rng.uniform(-0.25, 0.25) * min(height, across)
        ends = (np.arange(line.length) - line.length / 2 - inside) * rng.choice([-1, 1]) / (30 * unit_px)
        alive = step(ends.astype(np.float32), 0, 1)
    bent = np.clip(0.7 + 0.5 * wander(rng, line.length, 10, 3), 0.1, 1.3) * alive
    # Relief: a thin bright and a thin dark line side by side, and a wide soft slope on one side.
    at = line.beyond * np.float32(1 / thick_px)
    ridge = at * np.exp(-at * at)
    slope = np.tanh(at) * np.exp(-((line.beyond * np.float32(1 / soft_px)) ** 2)) * np.float32(0.35)
    light = (ridge + slope) * bent.take(line.along) * np.float32(relief)
    light[np.abs(light) < 0.006] = 0
    worn = shade(picture, field_of(height, across, line.index, light))
    # Loss: where it has flaked, each side of the line by itself, and crumbs about it.
    flaked = wander(rng, line.length, 9, 3) * np.float32(0.8) + np.float32(3.4 * loss - 1.7) - (1 - alive) * 5
    fine_px = max(20, line.length // max(3, round(2.2 * unit_px)))
    sides = [np.maximum(flaked + wander(rng, line.length, fine_px // 8, 4) * np.float32(0.8), -3) for _ in range(2)]
    open_ = np.where(line.beyond > 0, sides[0].take(line.along), sides[1].take(line.along))
    hold = np.abs(at) - np.minimum(open_, 2) + np.float32(0.3) * crumbs.ravel()[line.index]
    lost = step(hold, 0.3, -0.2)
    # A shadow at the crumbs' edge: the emulsion stands above the paper.
    rim = step(hold, 0.9, 0.2) * (1 - lost)
    worn = shade(worn, field_of(height, across, line.index, rim * np.float32(-0.22)))
    return cover(worn, field_of(height, across, line.index, lost), paper)


def corner_folds(
    picture: Array, rng: np.random.Generator, unit_px: float, *, corners: float, lines: float, reach: float
) -> Damaged:
    """Sheaves of about `lines` thin bright lines across `corners` of the four corners, up to `reach` short sides from them."""
    height, width = picture.shape[:2]
    canvas = Canvas(height, width)
    for corner in rng.permutation(4)[: min(4, times(rng, corners))].tolist():
        right, low = corner % 2, corner // 2
        apex = np.array([right * width, low * height], float)
        inwards = np.array([1 - 2 * right, 1 - 2 * low], float) / math.sqrt(2)
        middle = apex + inwards * 256 * unit_px * reach * rng.uniform(0.35, 1)
        heading = math.atan2(inwards[0], -inwards[1]) + rng.normal(0, 0.2)
        for _ in range(times(rng, lines)):
            long_px = 256 * unit_px * reach * rng.uniform(0.4, 1.6)
            line = path(
                rng, (middle[0], middle[1]), heading + rng.normal(0, 0.09), long_px, max(2.5, 3 * unit_px), rng.normal(0, 0.5), 0.12
            )  # fmt: skip
            line += middle - line[len(line) // 2] + rng.normal(0, 5 * unit_px, 2)
            press = pressure(rng, len(line) - 1, rng.uniform(0.1, 0.5))
            canvas.stroke(
                line, max(0.6, rng.uniform(0.3, 1.4) * unit_px) * (0.4 + 1.2 * press**2), press * rng.uniform(0.5, 1)
            )
    return _relieved(picture, rng, canvas.cover(), unit_px)


def _relieved(picture: Array, rng: np.random.Generator, lost: Array, unit_px: float) -> Damaged:
    """Paper where `lost`, and beside it, on the side away from the light, a shadow."""
    away = max(1, round(0.6 * unit_px))
    shadow = np.zeros_like(lost)
    shadow[away:, away:] = lost[:-away, :-away]
    shadow = blurred(shadow, max(0.5, 0.4 * unit_px))
    shadow[shadow < 0.02] = 0
    worn = shade(picture, shadow * np.float32(-rng.uniform(0.15, 0.45)))
    worn = cover(worn, lost, paper_colour(picture, rng))
    return Damaged(worn, seen(picture, worn))


def cracks(
    picture: Array, rng: np.random.Generator, unit_px: float, *, count: float, length: float, width: float, forks: float
) -> Damaged:
    """`count` cracks from the edges inwards, forking about `forks` times each. length in short sides, width in units."""
    height, across = picture.shape[:2]
    canvas = Canvas(height, across)
    for _ in range(times(rng, count)):
        start, heading = from_edge(rng, height, across)
        pieces = [(start, heading, 256 * unit_px * length * rng.uniform(0.3, 1), width * rng.uniform(0.5, 1.2))]
        for _ in range(1 + times(rng, forks)):
            begin, turn, long_px, wide = pieces[0] if len(pieces) == 1 else pieces[int(rng.integers(1, len(pieces)))]
            line = path(rng, begin, turn, max(6.0, long_px), max(2.0, 2.5 * unit_px), rng.normal(0, 0.8), 0.35)
            count_px = len(line) - 1
            thin = wide * unit_px * np.linspace(1, 0.35, count_px) * rng.uniform(0.6, 1.2, count_px)
            canvas.stroke(
                line, np.maximum(thin, 0.5).astype(np.float32), pressure(rng, count_px, rng.uniform(-0.3, 0.25))
            )
            for _ in range(3):
                fork = int(rng.integers(count_px // 4, count_px))
                aside = float(rng.choice([-1, 1])) * rng.uniform(0.3, 0.9)
                point = (float(line[fork, 0]), float(line[fork, 1]))
                pieces.append((point, turn + aside, long_px * rng.uniform(0.25, 0.6), wide * 0.7))
    return _relieved(picture, rng, canvas.cover(), unit_px)


def from_edge(rng: np.random.Generator, height: int, width: int) -> tuple[tuple[float, float], float]:
    """A point on the picture's border and a heading inwards."""
    side, at = int(rng.integers(0, 4)), rng.uniform(0.05, 0.95)
    start = [(at * width, 0.0), (width - 1.0, at * height), (at * width, height - 1.0), (0.0, at * height)][side]
    return start, math.pi / 2 + side * math.pi / 2 + rng.normal(0, 0.5)


def crazing(
    picture: Array, rng: np.random.Generator, unit_px: float, *, cell: float, width: float, area: float
) -> Damaged:
    """A net of cracked emulsion over about `area` of the print. cell: size of its cells, width: of its lines, both in units.

    The lines are where a pixel is as far from the nearest of scattered points as from the second nearest (Worley, 1996).
    """
    height, across = picture.shape[:2]
    spacing_px = max(4.0, cell * unit_px)
    coarse = max(1.0, 1.3 * unit_px)  # any coarser, and the lines fall between its points
    rows, columns = max(2, round(height / coarse)), max(2, round(across / coarse))
    first, second = _two_nearest(rng, rows, columns, spacing_px / coarse)
    gap = resized(second - first, height, across) * np.float32(coarse)
    where = fractal(rng, height, across, 80 * unit_px, 3)
    start = quantile(where, 1 - area)
    open_ = step(where, start, start + 0.9)
    # The gap grows by up to two pixels a pixel away from the line between two cells.
    thick_px = np.float32(max(0.7, width * unit_px)) * (0.35 + 0.65 * open_)
    lost = np.clip(thick_px - gap * np.float32(0.6) + np.float32(0.3), 0, 1) * np.minimum(1, 3 * open_)
    lost[lost < 0.03] = 0
    return _relieved(picture, rng, lost * np.float32(rng.uniform(0.4, 0.9)), unit_px)


def _two_nearest(rng: np.random.Generator, rows: int, columns: int, spacing: float) -> tuple[Array, Array]:
    """(rows, columns) distances to the nearest and second nearest of seeds, one at random in each square of `spacing`.

    The grid is bent a little, so that the lines between the cells are not straight.
    """
    bent = fractal(rng, rows, columns, spacing * 1.5, 3) * np.float32(0.14 * spacing)
    y = np.arange(rows, dtype=np.float32)[:, None] + bent + np.float32(spacing)
    x = np.arange(columns, dtype=np.float32) + bent[::-1, ::-1] + np.float32(spacing)
    down, right = math.ceil(rows / spacing) + 4, math.ceil(columns / spacing) + 4
    seeds = rng.uniform(0, spacing, (2, down, right)).astype(np.float32)
    seed_y = (seeds[0] + np.arange(down, dtype=np.float32)[:, None] * np.float32(spacing)).ravel()
    seed_x = (seeds[1] + np.arange(right, dtype=np.float32) * np.float32(spacing)).ravel()
    row, column = (y * np.float32(1 / spacing)).astype(np.int32), (x * np.float32(1 / spacing)).astype(np.int32)
    own = row * right + column
    first = np.full((rows, columns), 1e6, np.float32)
    second = first.copy()
    for aside in [i * right + j for i in (-1, 0, 1) for j in (-1, 0, 1)]:
        to_y, to_x = seed_y.take(own + aside, mode="clip") - y, seed_x.take(own + aside, mode="clip") - x
        away = to_y * to_y + to_x * to_x
        np.minimum(second, np.maximum(first, away), out=second)
        np.minimum(first, away, out=first)
    return np.sqrt(first), np.sqrt(second)
