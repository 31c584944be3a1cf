"""How the picture was taken, printed and scanned: film response, blur, grain, halftone, resampling, JPEG.

Seen in old/: skies burnt out and lips and freckles dark before 1900 (film that saw blue alone), grain that is strongest in the
mid-tones and a little soft, never single pixels; scans are softened twice, by the lens and by shrinking, then sharpened or squeezed
by JPEG. Noise measured on flat parts of damaged/: deviation 0.002 to 0.017, median 0.005.
"""

from __future__ import annotations

import io
import math

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from training.ageing.damage import LUMA, luma
from training.ageing.noise import Array, bell, blurred, resized

PANCHROMATIC = np.array([0.27, 0.53, 0.20], np.float32)
ORTHOCHROMATIC = np.array([0.05, 0.52, 0.43], np.float32)
BLUE_SENSITIVE = np.array([0.02, 0.13, 0.85], np.float32)
"""Shares of linear red, green and blue that each kind of film sees: after about 1930, from about 1880, before."""


def film(picture: Array, rng: np.random.Generator, unit_px: float, *, blindness: float, exposure: float) -> Array:
    """The picture as black-and-white film saw it: (H, W, 1). blindness: 0 panchromatic, 0.5 orthochromatic, 1 blue-sensitive.

    exposure: stops, about the one that keeps the mean. A square stands for sRGB's curve.
    """
    if picture.shape[2] == 1:
        return picture
    kinds = (PANCHROMATIC, ORTHOCHROMATIC, BLUE_SENSITIVE)
    lower = min(1, int(2 * blindness))
    part = np.float32(2 * blindness - lower)
    weights = (1 - part) * kinds[lower] + part * kinds[lower + 1]
    linear = picture * picture
    seen = linear @ weights
    stride = max(1, min(seen.shape) // 64)
    level = float((linear[::stride, ::stride] @ LUMA).mean()) / max(1e-3, float(seen[::stride, ::stride].mean()))
    return np.minimum(np.sqrt(seen * np.float32(min(2.5, level) * 2**exposure)), 1)[..., None]


def blur(picture: Array, rng: np.random.Generator, unit_px: float, *, sigma: float, motion: float) -> Array:
    """Out of focus by `sigma`, shaken by `motion`, both in units (sigma at least half a pixel where there is any)."""
    soft = blurred(picture, max(0.5, sigma * unit_px) if sigma > 0 else 0.0)
    length = motion * unit_px
    if length < 1:
        return soft
    turn = rng.uniform(0, math.pi)
    height, width = picture.shape[:2]
    total = np.zeros_like(soft)
    taps = min(9, 2 * math.ceil(length / 2) + 1)
    for part in np.linspace(-0.5, 0.5, taps):
        down, right = round(part * length * math.sin(turn)), round(part * length * math.cos(turn))
        rows = np.clip(np.arange(height) + down, 0, height - 1)
        columns = np.clip(np.arange(width) + right, 0, width - 1)
        total += soft.take(rows, 0).take(columns, 1)
    return total / np.float32(taps)


def grain(
    picture: Array, rng: np.random.Generator, unit_px: float, *, amount: float, size: float, colour: float
) -> Array:
    """Film grain of deviation `amount` in the mid-tones, half that in black and white.

    size: of a grain, in units. colour: share that each channel has for itself; none at 0 and below.
    """
    height, width, channels = picture.shape
    size_px = size * unit_px

    def clumps(planes: int) -> Array:
        if size_px >= 1.6:
            rows, columns = (max(2, math.ceil(side * 1.4 / size_px)) for side in (height, width))
            soft = np.stack([resized(bell(rng, rows, columns), height, width, smooth=False) for _ in range(planes)], -1)
        else:
            raw = bell(rng, height + 1, (width + 1) * planes).reshape(height + 1, width + 1, planes)
            # Of each grain this much falls on its neighbours: a blur of two by two.
            shared = np.float32(min(0.5, 0.4 * size_px))
            down = raw[1:] * (1 - shared) + raw[:-1] * shared
            soft = np.asarray(down[:, 1:] * (1 - shared) + down[:, :-1] * shared, np.float32)
        return soft * np.float32(amount / max(1e-6, float(soft[::4, ::4].std())))

    speckle = clumps(1)
    own = max(0.0, colour) if channels == 3 else 0.0
    if own > 0.02:
        speckle = (speckle * np.float32(1 - own) + clumps(3) * np.float32(own)).astype(np.float32)
    light = luma(picture)[..., None]
    return np.clip(picture + speckle * (np.float32(0.5) + 2 * light * (1 - light)), 0, 1)


def halftone(
    picture: Array, rng: np.random.Generator, unit_px: float, *, pitch: float, contrast: float
) -> Array:  # fmt: skip
    """Printed with a screen of dots `pitch` pixels apart, turned by about 45 degrees. contrast: 0 no dots, 1 hard ones.

    The pitch is in pixels, at least 2.5: it comes from the scan, not from the print.
    """
    height, width = picture.shape[:2]
    step_px = max(2.5, pitch)
    turn = math.pi / 4 + rng.normal(0, 0.08)
    y = np.arange(height, dtype=np.float32)[:, None] * np.float32(2 * math.pi / step_px)
    x = np.arange(width, dtype=np.float32) * np.float32(2 * math.pi / step_px)
    # cos(a)cos(b) over the turned grid, from cosines of rows and of columns alone.
    cos, sin = np.float32(math.cos(turn)), np.float32(math.sin(turn))
    first = np.cos(y * sin) * np.cos(x * cos) - np.sin(y * sin) * np.sin(x * cos)
    second = np.cos(y * cos) * np.cos(x * sin) + np.sin(y * cos) * np.sin(x * sin)
    screen = (first + second)[..., None] * np.float32(0.25)
    dots = np.clip((picture + screen - 0.5) * np.float32(1 + 2.5 * contrast) + 0.5, 0.04, 0.97)
    return blurred(picture + np.float32(min(1.0, contrast)) * (dots - picture), 0.45)


def rescan(
    picture: Array, rng: np.random.Generator, unit_px: float, *, shrink: float, sharpen: float
) -> Array:  # fmt: skip
    """Scanned `shrink` times too small and enlarged again, then sharpened by `sharpen` (0..1; not at all below 0)."""
    height, width, channels = picture.shape
    size = max(2, round(width / shrink)), max(2, round(height / shrink))
    down = [Image.Resampling.BOX, Image.Resampling.BILINEAR, Image.Resampling.LANCZOS][int(rng.integers(3))]
    scanned = Image.fromarray(_bytes(picture)).resize(size, down).resize((width, height), Image.Resampling.BICUBIC)
    if sharpen > 0.02:
        # The picture plus what a binomial blur takes from it.
        ring = [-sharpen * weight / 16 for weight in (1, 2, 1, 2, 4, 2, 1, 2, 1)]
        ring[4] += 1 + sharpen
        scanned = scanned.filter(ImageFilter.Kernel((3, 3), ring, 1))
    return np.asarray(scanned, np.float32).reshape(height, width, channels) * np.float32(1 / 255)


def jpeg(picture: Array, rng: np.random.Generator, unit_px: float, *, quality: float) -> Array:
    """Through JPEG of this quality (1..95); colour at half resolution, as most programs write it."""
    file = io.BytesIO()
    Image.fromarray(_bytes(picture)).save(file, "JPEG", quality=round(quality))
    with Image.open(file) as opened:
        back = np.asarray(opened, np.float32) * np.float32(1 / 255)
    return back.reshape(picture.shape)


def _bytes(picture: Array) -> NDArray[np.uint8]:
    """Eight bits a channel: (H, W, 3), or (H, W) of a picture of one channel."""
    stored = (picture * 255 + np.float32(0.5)).astype(np.uint8)
    return stored[..., 0] if picture.shape[2] == 1 else stored
