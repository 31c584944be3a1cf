"""What people put on a photograph or wear in it, and what is easily taken for scratches and spots: writing, beads and buttons.

Seen in old/ and damaged/: captions in white or black ink, written on the negative along its lower edge; studio names in print;
dates and dedications by hand; strings of pearls, rows of buttons, studs of chairs. All of it is picture, none of it damage.
"""

from __future__ import annotations

import math
import string

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from training.ageing.damage import cover, times
from training.ageing.noise import Array
from training.ageing.strokes import DETAIL, Canvas, path, pressure

LETTERS = string.ascii_lowercase * 2 + string.ascii_uppercase + string.digits
LOOPS = 14
"""Points of one written letter."""


def writing(picture: Array, rng: np.random.Generator, unit_px: float, *, lines: float, size: float) -> Array:
    """`lines` lines of print or handwriting, `size` units high, in light or dark ink, mostly near the upper or lower edge."""
    height, width = picture.shape[:2]
    inked = picture
    for _ in range(times(rng, lines)):
        tall = max(5.0, size * unit_px * rng.uniform(0.7, 1.3))
        letters = int(rng.integers(3, 28))
        edge = rng.beta(1, 3) * 0.5
        middle = (edge if rng.random() < 0.3 else 1 - edge) * height
        start = (rng.uniform(-0.1, 0.7) * width, middle)
        tilt = rng.normal(0, 0.04)
        share = (_printed if rng.random() < 0.5 else _written)(rng, height, width, start, tall, letters, tilt)
        dark = rng.random() < 0.5
        paint = np.full(picture.shape[2], rng.uniform(0, 0.25) if dark else rng.uniform(0.8, 1), np.float32)
        inked = cover(inked, share * np.float32(rng.uniform(0.6, 1)), paint)
    return inked


def _printed(
    rng: np.random.Generator, height: int, width: int, start: tuple[float, float], tall: float, letters: int, tilt: float
) -> Array:  # fmt: skip
    """(H, W): the share of each pixel that print covers."""
    words = "".join(LETTERS[index] if rng.random() > 0.16 else " " for index in rng.integers(0, len(LETTERS), letters))
    if rng.random() < 0.4:
        words = words.upper()
    font = ImageFont.load_default(tall * DETAIL)
    sheet = Image.new("L", (width * DETAIL, height * DETAIL))
    ImageDraw.Draw(sheet).text((start[0] * DETAIL, start[1] * DETAIL), words, 255, font, anchor="lm")
    turned = sheet.rotate(-math.degrees(tilt), Image.Resampling.BILINEAR, center=(start[0] * DETAIL, start[1] * DETAIL))
    return np.asarray(turned.reduce(DETAIL), np.float32) * np.float32(1 / 255)


def _written(
    rng: np.random.Generator, height: int, width: int, start: tuple[float, float], tall: float, letters: int, tilt: float
) -> Array:  # fmt: skip
    """(H, W): the share that a hand's strokes cover: loops that lean, some long, with a lift of the pen now and then."""
    canvas = Canvas(height, width)
    lean, thick = rng.uniform(-0.1, 0.6), max(0.7, tall * rng.uniform(0.05, 0.12))
    wide = tall * rng.uniform(0.3, 0.5)
    for first in range(0, letters, 6):
        count = int(rng.integers(2, 7))
        turns = np.arange(count * LOOPS + 1, dtype=np.float32) * np.float32(2 * math.pi / LOOPS)
        high = np.repeat(rng.choice([0.28, 0.34, 0.8], count, p=[0.5, 0.3, 0.2]), LOOPS)
        high = np.append(high, high[-1]) * tall
        up = (
            high
            * (1 - np.cos(turns))
            / 2
            * np.where(np.repeat(rng.random(count + 1) < 0.15, LOOPS)[: len(high)], -0.7, 1)
        )
        along = start[0] + first * wide * 1.15 + turns * (wide / (2 * math.pi)) + wide * 0.45 * np.sin(turns)
        along = along + up * lean
        line = np.stack([along, start[1] - up + (along - start[0]) * math.tan(tilt)], -1).astype(np.float32)
        press = pressure(rng, len(line) - 1, 0.0)
        canvas.stroke(line, thick * (0.6 + 0.6 * press), 0.7 + 0.3 * press)
    return canvas.cover()


def beads(picture: Array, rng: np.random.Generator, unit_px: float, *, rows: float, size: float) -> Array:
    """`rows` strings of equal beads, buttons or studs of radius `size` units, each with a light and a shaded side."""
    height, width = picture.shape[:2]
    strung = picture
    for _ in range(times(rng, rows)):
        radius = max(0.8, size * unit_px * rng.uniform(0.5, 1.5))
        apart = radius * rng.uniform(2.1, 6)
        count = int(rng.integers(3, 24))
        start = (rng.uniform(0, width), rng.uniform(0, height))
        line = path(rng, start, rng.uniform(0, 2 * math.pi), apart * count, apart, rng.normal(0, 1.2))
        light, shade = Canvas(height, width), Canvas(height, width)
        corners = np.linspace(0, 2 * math.pi, 9, endpoint=False)
        disc = np.stack([np.cos(corners), np.sin(corners)], -1) * radius
        whole = np.ones(len(line), np.float32)
        shade.blobs((line[:, None] + disc * 1.25 + radius * 0.3).astype(np.float32), whole)
        light.blobs((line[:, None] + disc).astype(np.float32), whole)
        tone = np.float32(rng.uniform(0.55, 1))
        strung = cover(strung, shade.cover() * np.float32(rng.uniform(0, 0.7)), strung * np.float32(0.3))
        strung = cover(
            strung, light.cover() * np.float32(rng.uniform(0.6, 1)), np.full(picture.shape[2], tone, np.float32)
        )
    return strung
