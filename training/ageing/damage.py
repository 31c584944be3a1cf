"""Laying damage onto a picture: what covers it, what shades it, and the mask that says where the picture is lost."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from training.ageing.noise import Array

LUMA = np.array([0.2126, 0.7152, 0.0722], np.float32)
VISIBLE = 0.1
"""A change of this much of the range counts as full damage where damage is thin: a white scratch on a white sky is none."""


@dataclass(frozen=True)
class Damaged:
    """A picture with damage on it.

    picture: (H, W, C) as given.
    mask: float32 (H, W), 0 where the picture is untouched bit for bit, 1 where it is lost.
    """

    picture: Array
    mask: Array


def unit_of(picture: Array) -> float:
    """Pixels per 1/256 of the short side, for a picture that is the whole print."""
    return min(picture.shape[:2]) / 256


def times(rng: np.random.Generator, count: float) -> int:
    """A whole number of things whose mean is `count`."""
    return math.floor(count + rng.random())


def colour(rgb: tuple[float, float, float], channels: int) -> Array:
    """An sRGB colour as (C,): its luma for a picture of one channel."""
    full = np.array(rgb, np.float32)
    return full if channels == 3 else (full @ LUMA)[None]


def luma(picture: Array) -> Array:
    """(H, W) of a picture (H, W, C)."""
    return picture[..., 0] if picture.shape[2] == 1 else picture @ LUMA


def paper_colour(picture: Array, rng: np.random.Generator) -> Array:
    """(C,) what shows where the emulsion is gone: the print's own highlights, lighter.

    Seen in damaged/: losses are cream on yellowed prints, pink on a red-toned one, grey-white on neutral ones, always one colour
    a print, and seldom pure white.
    """
    stride = max(1, min(picture.shape[:2]) // 32)
    sample = picture[::stride, ::stride].reshape(-1, picture.shape[2])
    brightness = sample.mean(1)
    lights = sample[brightness >= np.quantile(brightness, 0.9)].mean(0)
    tint = lights / max(float(lights.max()), 0.05)
    # Half the print's tint: the emulsion's stain is gone with it, the paper's own is not.
    return ((0.45 + 0.55 * tint) * np.float32(rng.uniform(0.84, 0.97))).astype(np.float32)


def cover(picture: Array, share: Array, paint: Array) -> Array:
    """`paint` (C,) or (H, W, C) over the picture, `share` (H, W) of it; where the share is 0 the pixel stays bit for bit.

    Only the covered pixels are worked on: damage is sparse, and memory is what the time goes into.
    """
    channels = picture.shape[2]
    index = np.flatnonzero(share != 0)  # of booleans: six times as fast
    worn = picture.copy().reshape(-1, channels)
    below = worn[index]
    laid = paint if paint.ndim == 1 else paint.reshape(-1, channels)[index]
    worn[index] = below + share.ravel()[index, None] * (laid - below)
    return worn.reshape(picture.shape)


def shade(picture: Array, amount: Array) -> Array:
    """The picture times 1 + `amount` (H, W): light falling on a relief. Never out of 0..1; untouched where the amount is 0."""
    index = np.flatnonzero(amount != 0)
    worn = picture.copy().reshape(-1, picture.shape[2])
    worn[index] = np.clip(worn[index] * (1 + amount.ravel()[index, None]), 0, 1)
    return worn.reshape(picture.shape)


def seen(before: Array, after: Array) -> Array:
    """Mask (H, W) of what a thin damage visibly changed: the mean change over the channels in units of VISIBLE."""
    channels = after.shape[2]
    change = np.abs(after - before) @ np.full(channels, 1 / (channels * VISIBLE), np.float32)
    return np.minimum(change, 1, out=change)
