"""What sRGB can show of a Lab colour: chroma bounded at its own hue and lightness, and the quick way to pixels."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from engine.color import TO_XYZ, WHITE, lab_to_srgb, linear_to_srgb

Plane = NDArray[np.float32]

LIGHTNESS_STEPS = 512
HUE_STEPS = 512
_SMALL = np.float32(1e-6)
_FROM_XYZ = np.linalg.inv(TO_XYZ).astype(np.float32)
_BEND = np.float32(6 / 29)


def _linear_rgb(lightness: Plane, a: Plane, b: Plane) -> list[Plane]:
    """Linear sRGB, not clipped, of Lab planes of any one shape."""
    fy = (lightness + np.float32(16)) * np.float32(1 / 116)
    powers = []
    for part, white in (
        (fy + a * np.float32(1 / 500), WHITE[0]),
        (fy, WHITE[1]),
        (fy - b * np.float32(1 / 200), WHITE[2]),
    ):
        bent = np.maximum(part, _BEND)
        # A cube above the bend and a line below it, without choosing per pixel: the line counts from the bend.
        line = part - bent
        line *= np.float32(108 / 841 * white)
        cube = bent * bent
        cube *= bent
        cube *= np.float32(white)
        cube += line
        powers.append(cube)
    channels = []
    for row in _FROM_XYZ:
        channel = powers[0] * row[0]
        for power, weight in zip(powers[1:], row[1:], strict=True):
            channel += power * weight
        channels.append(channel)
    return channels


@lru_cache(maxsize=1)
def chroma_limits() -> Plane:
    """(LIGHTNESS_STEPS + 1, HUE_STEPS + 1): the largest |a*| + |b*| inside sRGB at L* = 100·i / LIGHTNESS_STEPS.

    Hue runs once round the diamond |a*| + |b*| = 1 as -2..2 (`_hue`), which needs no arctangent. Found by bisection.
    """
    lightness = np.linspace(0, 100, LIGHTNESS_STEPS + 1, dtype=np.float32)[:, None]
    around = np.linspace(-2, 2, HUE_STEPS + 1, dtype=np.float32)[None, :]
    a, b = 1 - np.abs(around), np.where(around < 0, -1, 1) * (1 - np.abs(1 - np.abs(around)))
    low = np.zeros((LIGHTNESS_STEPS + 1, HUE_STEPS + 1), np.float32)
    high = np.full_like(low, 260)
    for _ in range(14):
        middle = (low + high) / 2
        rgb = _linear_rgb(np.broadcast_to(lightness, low.shape), middle * a, middle * b)
        inside = np.logical_and.reduce([(channel >= -1e-4) & (channel <= 1.0001) for channel in rgb])
        low, high = np.where(inside, middle, low), np.where(inside, high, middle)
    low[[0, -1]] = 0
    # A colour is looked up in the cell before it, so a cell holds what all of it and its neighbours in hue can show.
    low[:-1] = np.minimum(low[:-1], low[1:])
    around_too = np.stack([np.roll(low[:, :-1], shift, 1) for shift in (-1, 0, 1)]).min(0)
    return np.concatenate([around_too, around_too[:, :1]], 1).astype(np.float32)


def bound_chroma(lightness: Plane, a: Plane, b: Plane) -> None:
    """Make `a`, `b` smaller, in place and hue kept, where sRGB cannot show them at `lightness` (planes of one shape)."""
    extent = np.abs(a)
    extent += np.abs(b)
    extent += _SMALL
    hue = a / extent
    np.subtract(1, hue, out=hue)
    np.copysign(hue, b, out=hue)
    hue += np.float32(2)
    hue *= np.float32(HUE_STEPS / 4)
    hue += np.float32(0.5)
    row = lightness * np.float32(LIGHTNESS_STEPS / 100)
    np.clip(row, 0, LIGHTNESS_STEPS, out=row)
    place = row.astype(np.int32)
    place *= HUE_STEPS + 1
    place += hue.astype(np.int32)
    share = chroma_limits().take(place)
    share /= extent
    np.minimum(share, 1, out=share)
    a *= share
    b *= share


@lru_cache(maxsize=1)
def _codes() -> NDArray[np.uint8]:
    """8-bit sRGB of linear light 0..1 in 65536 steps; a step is at most a twentieth of a code."""
    return np.round(linear_to_srgb(np.arange(65536, dtype=np.float32) / 65535) * 255).astype(np.uint8)


def to_codes(
    lightness: Plane, a: Plane, b: Plane, dtype: np.dtype[np.uint8] | np.dtype[np.uint16]
) -> NDArray[np.generic]:
    """sRGB pixels (..., 3) of `dtype` for Lab planes that `bound_chroma` has seen; the last rounding's excess is clipped."""
    if dtype == np.uint16:
        rgb = lab_to_srgb(np.stack([lightness, a, b], -1))
        return np.round(rgb * 65535).astype(np.uint16)
    pixels = np.empty((*lightness.shape, 3), np.uint8)
    for index, channel in enumerate(_linear_rgb(lightness, a, b)):
        np.clip(channel, 0, 1, out=channel)
        channel *= np.float32(65535)
        channel += np.float32(0.5)
        pixels[..., index] = _codes().take(channel.astype(np.uint16))
    return pixels
