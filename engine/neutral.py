"""Neutral greys: their lightness and their sRGB values, by table."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from engine.color import lab_to_srgb, srgb_to_lab

Plane = NDArray[np.float32]

_STEPS = 65535


@lru_cache(maxsize=1)
def _grey_table() -> Plane:
    """The sRGB value of grey for L* in steps of 100/65535."""
    light = np.linspace(0, 100, _STEPS + 1, dtype=np.float32)
    nothing = np.zeros_like(light)
    return np.ascontiguousarray(lab_to_srgb(np.stack([light, nothing, nothing], -1))[:, 0])


@lru_cache(maxsize=1)
def _light_table() -> Plane:
    """L* of the grey of an sRGB value in steps of 1/65535."""
    values = np.linspace(0, 1, _STEPS + 1, dtype=np.float32)
    return np.ascontiguousarray(srgb_to_lab(np.stack([values] * 3, -1))[:, 0])


def grey_of(light: Plane) -> Plane:
    """The sRGB values 0..1 of neutral greys of L* `light`, any shape; by table, to 1/65535 of the range."""
    return _grey_table().take(_place(light, np.float32(_STEPS / 100)))


def light_of(grey: Plane) -> Plane:
    """L* of neutral greys of sRGB values 0..1, any shape; the inverse of `grey_of`."""
    return _light_table().take(_place(grey, np.float32(_STEPS)))


def _place(values: Plane, steps: np.float32) -> NDArray[np.uint16]:
    place = values * steps
    place += np.float32(0.5)
    np.clip(place, 0, _STEPS, out=place)
    return place.astype(np.uint16)
