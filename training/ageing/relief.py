"""The relief of an old print under a scanner's lamp: paper, creases, scratches, curl, lit from one side, scanned any way round.

A flatbed's lamp stands fixed on one side, so a print that is scanned once more, turned by half a turn, has the light come from its
other side: every slope that was bright is dark. The picture itself stays. That is what `engine/two_scans.py` lives from, and what
these two scans are made for: its tests and figures, with the truth known.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from engine.color import linear_to_srgb, srgb_to_linear
from training.ageing.creases import band, field_of
from training.ageing.noise import Array, bell, blurred, fractal, wander
from training.ageing.strokes import Canvas, lumps, path, pressure

LAMP_FROM_DEG = -90.0
"""Where the lamp stands, seen from the scanner's middle, clockwise from the right: at the top."""
LAMP_DOWN_DEG = 45.0
AMBIENT = 0.25
"""The share of the light that comes from everywhere: the lamp is long and the lid is white."""
LID = 0.93
VISIBLE = 0.04
"""A change of the picture by this much (sRGB 0..1) through a crease or scratch is damage."""
CELL_PX = 48


@dataclass(frozen=True)
class Relief:
    """Heights above the flat print, in pixels, (H, W) each. paper: its texture and curl. wear: creases and scratches alone."""

    paper: Array
    wear: Array


@dataclass(frozen=True)
class Scan:
    """What the scanner saw of a print.

    picture: (h, w, C) sRGB 0..1. light_deg: where the lamp stood, as the print sees it. dust: (h, w) 0..1, how much dust on the
    glass covers. to_print: (3, 3), from the scan's pixels to the print's, before the carriage's wobble.
    """

    picture: Array
    light_deg: float
    dust: Array
    to_print: NDArray[np.float64]
    wobble_px: float = 0.0

    def places(self, x: NDArray[np.floating], y: NDArray[np.floating]) -> tuple[Array, Array]:
        """The print's x and y of places in the scan, arrays of one shape."""
        m = self.to_print
        swayed = y + self.wobble_px * np.sin(y * (2 * math.pi / (0.7 * len(self.picture))))
        away = m[2, 0] * x + m[2, 1] * swayed + m[2, 2]
        return (m[0, 0] * x + m[0, 1] * swayed + m[0, 2]) / away, (m[1, 0] * x + m[1, 1] * swayed + m[1, 2]) / away


def relief_of(
    rng: np.random.Generator, height: int, width: int, *, texture: float = 0.05, pitch_px: float = 9.0,
    regular: bool = False, creases: int = 2, scratches: int = 8, curl: float = 0.02,
) -> Relief:  # fmt: skip
    """A worn print's surface.

    texture: usual slope of the paper's grain, `pitch_px` from bump to bump, in a honeycomb if `regular`. curl: usual slope of the
    paper's waves. Creases run right across, a few pixels wide; scratches are one or two.
    """
    unit_px = min(height, width) / 256
    paper = _bumps(rng, height, width, pitch_px, regular) * np.float32(texture)
    if curl:
        paper += _of_slope(fractal(rng, height, width, 0.6 * min(height, width), 1)) * np.float32(curl)
    wear = np.zeros((height, width), np.float32)
    for _ in range(creases):
        centre = (rng.uniform(0.2, 0.8) * width, rng.uniform(0.2, 0.8) * height)
        wide = max(1.2, rng.uniform(0.5, 1.4) * unit_px)
        fold = band(rng, height, width, centre, rng.uniform(0, math.pi), unit_px, 6, 6 * wide)
        bent = (0.7 + 0.3 * wander(rng, fold.length, 10, 3)).take(fold.along)
        ridge = np.exp(-((fold.beyond / wide) ** 2)) * np.clip(bent, 0.2, 1.3) * rng.choice([-1, 1]) * wide * 0.45
        wear += field_of(height, width, fold.index, ridge.astype(np.float32))
    canvas = Canvas(height, width)
    for _ in range(scratches):
        start = (rng.uniform(0, width), rng.uniform(0, height))
        line = path(rng, start, rng.uniform(0, 2 * math.pi), 256 * unit_px * rng.uniform(0.15, 0.7), 4 * unit_px, 0.2)
        press = pressure(rng, len(line) - 1, 0.1)
        canvas.stroke(line, np.maximum(1.0, 0.5 * unit_px) * (0.5 + press), press)
    wear -= blurred(canvas.cover(), 0.6) * np.float32(0.8)
    return Relief(paper, wear)


def lit(picture: Array, height: Array, light_deg: float) -> Array:
    """The picture (H, W, C, sRGB 0..1) on a surface of those heights (H, W, pixels) that a lamp shines on, by Lambert's law."""
    down, right = np.gradient(height)
    turn, fall = math.radians(light_deg), math.tan(math.radians(LAMP_DOWN_DEG))
    facing = 1 + np.float32(fall) * (right * np.float32(math.cos(turn)) + down * np.float32(math.sin(turn))) * -1
    shade = np.maximum(facing, 0) / np.sqrt(1 + right * right + down * down)
    shade = np.float32(AMBIENT) + np.float32(1 - AMBIENT) * shade
    return linear_to_srgb(np.clip(srgb_to_linear(picture) * shade[..., None], 0, 1))


def damage_of(
    picture: Array, relief: Relief, light_degs: tuple[float, ...], visible: float = VISIBLE
) -> NDArray[np.bool_]:
    """(H, W): where creases and scratches change the picture by more than `visible` under any of these lights."""
    changes = [np.abs(lit(picture, relief.wear, light) - picture).mean(2) for light in light_degs]
    found: NDArray[np.bool_] = np.max(changes, 0) > visible
    return found


def scanned(
    picture: Array, relief: Relief, rng: np.random.Generator, *, turn_deg: float = 0.0, scale: float = 1.0,
    shift_px: tuple[float, float] = (0.0, 0.0), perspective: float = 0.0, wobble_px: float = 0.0,
    gamma: float = 1.0, gain: float = 1.0, noise: float = 0.006, dust: int = 0, margin_px: int = 0,
) -> Scan:  # fmt: skip
    """A scan of the print, turned clockwise by `turn_deg` about its middle, then scaled and shifted.

    perspective: how much larger one side is shown than the other. wobble_px: how unevenly the carriage ran. gamma, gain: of the
    scanner's tones. noise: its deviation, sRGB 0..1. dust: specks and hairs on the glass. margin_px: of lid about the print. With
    none of them the print's pixels are the scan's.
    """
    height, width = picture.shape[:2]
    turn = math.radians(turn_deg)
    cos, sin = math.cos(turn), math.sin(turn)
    tall = round(scale * (abs(height * cos) + abs(width * sin))) + 2 * margin_px
    wide = round(scale * (abs(width * cos) + abs(height * sin))) + 2 * margin_px
    to_middle = np.array([[1, 0, -(width - 1) / 2], [0, 1, -(height - 1) / 2], [0, 0, 1]])
    leaning = np.array([[1, 0, 0], [0, 1, 0], [0, perspective / height, 1]])
    turned = np.array([[scale * cos, -scale * sin, 0], [scale * sin, scale * cos, 0], [0, 0, 1]])
    placed = np.array([[1, 0, (wide - 1) / 2 + shift_px[0]], [0, 1, (tall - 1) / 2 + shift_px[1]], [0, 0, 1]])
    to_print = np.linalg.inv(placed @ turned @ leaning @ to_middle)
    light_deg = LAMP_FROM_DEG - turn_deg
    empty = Scan(
        np.zeros((tall, wide, 1), np.float32), light_deg, np.zeros((tall, wide), np.float32), to_print, wobble_px
    )
    shown = lit(picture, relief.paper + relief.wear, light_deg)
    plain = np.allclose(to_print, np.eye(3)) and not wobble_px
    laid = shown if plain else _placed(shown, empty)
    laid = np.clip(laid, 0, 1) ** np.float32(gamma) * np.float32(gain)
    cover, colour = _dust(rng, tall, wide, dust, min(height, width) / 256)
    laid = laid + cover[..., None] * (colour[..., None] - laid)
    for channel in range(laid.shape[2]):
        laid[..., channel] += bell(rng, tall, wide) * np.float32(noise)
    return Scan(np.clip(laid, 0, 1), light_deg, cover, to_print, wobble_px)


def _placed(shown: Array, scan: Scan) -> Array:
    """The lit print as the scan's pixels show it, cell by cell (within one, places follow a bilinear mapping); lid beyond it."""
    tall, wide = scan.picture.shape[:2]
    cells = []
    for top in range(0, tall, CELL_PX):
        for left in range(0, wide, CELL_PX):
            low, right = min(top + CELL_PX, tall), min(left + CELL_PX, wide)
            # Pillow counts from a pixel's corner, and takes corners in the order north-west, south-west, south-east, north-east.
            x, y = scan.places(np.array([left, left, right, right]) - 0.5, np.array([top, low, low, top]) - 0.5)
            quad = tuple(float(value) for pair in zip(x + 0.5, y + 0.5, strict=True) for value in pair)
            cells.append(((left, top, right, low), quad))
    planes = []
    for channel in range(shown.shape[2]):
        # The lid lies on all sides, so that what is beyond the print is found there.
        framed = np.pad(shown[..., channel], 4, constant_values=LID)
        moved = [(box, tuple(value + 4 for value in quad)) for box, quad in cells]
        plane = Image.fromarray(framed).transform(
            (wide, tall), Image.Transform.MESH, moved, Image.Resampling.BICUBIC, fillcolor=LID
        )
        planes.append(np.asarray(plane, np.float32))
    return np.stack(planes, -1)


def _dust(rng: np.random.Generator, height: int, width: int, count: int, unit_px: float) -> tuple[Array, Array]:
    """How much of each pixel is covered by specks and hairs on the glass, and how bright they are: (H, W) each."""
    canvas, colour = Canvas(height, width), np.full((height, width), 0.95, np.float32)
    if not count:
        return np.zeros((height, width), np.float32), colour
    radii = (0.5 + rng.exponential(0.8, count)).astype(np.float32) * np.float32(max(1.0, 0.7 * unit_px))
    middles = rng.uniform(0, 1, (count, 1, 2)).astype(np.float32) * np.array([width, height], np.float32)
    canvas.blobs(lumps(rng, radii) + middles, np.full(count, 0.9, np.float32))
    light = canvas.cover()
    hairs = Canvas(height, width)
    for _ in range(math.ceil(count / 12)):
        start = (rng.uniform(0, width), rng.uniform(0, height))
        line = path(rng, start, rng.uniform(0, 2 * math.pi), rng.uniform(20, 70) * unit_px, 2 * unit_px, 1.2)
        widths = np.full(len(line) - 1, max(1.0, 0.5 * unit_px), np.float32)
        hairs.stroke(line, widths, np.full(len(line) - 1, 0.85, np.float32))
    dark = hairs.cover()
    return np.maximum(light, dark), np.where(dark > light, np.float32(0.15), colour)


def _bumps(rng: np.random.Generator, height: int, width: int, pitch_px: float, regular: bool) -> Array:
    """The paper's grain, its usual slope 1."""
    if not regular:
        return _of_slope(blurred(bell(rng, height, width), 0.3 * pitch_px))
    turn = rng.uniform(0, math.pi)
    y, x = np.arange(height, dtype=np.float32)[:, None], np.arange(width, dtype=np.float32)
    waves = np.zeros((height, width), np.float32)
    for angle in (0, math.pi / 3, 2 * math.pi / 3):
        along = x * np.float32(math.cos(angle + turn)) + y * np.float32(math.sin(angle + turn))
        waves += np.cos(along * np.float32(2 * math.pi / pitch_px))
    return _of_slope(waves)


def _of_slope(field: Array) -> Array:
    """The field times what makes its usual slope 1 pixel a pixel."""
    right = np.gradient(field, axis=1)
    return field * np.float32(1 / max(1e-9, float(np.sqrt((right * right).mean()))))
