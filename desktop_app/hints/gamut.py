"""Which a*, b* a screen can show at a lightness, as numbers and as a picture to pick from."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QColor, QImage

from engine.color import lab_to_srgb, srgb_to_lab

PLANE_LIGHTNESS = (40.0, 80.0)
"""Darker and lighter than this hardly any colour can be shown; a dark fold of a red dress still wants a red to pick."""
_INSIDE_TOLERANCE = 0.6
"""ΔE that 8-bit rounding at the gamut's edge stays below."""
_REACH = 128.0
"""No sRGB colour has a larger |a*| or |b*|."""
_ROOM = 6.0
"""Room for the marker around the outermost colours, in units of a*."""


def lab_of(colour: str) -> tuple[float, float, float]:
    """L*, a*, b* of "#rrggbb"."""
    code = QColor(colour)
    lab = srgb_to_lab(np.array([[code.redF(), code.greenF(), code.blueF()]], np.float32))[0]
    return float(lab[0]), float(lab[1]), float(lab[2])


def colour_at(lightness: float, a: float, b: float) -> str:
    """ "#rrggbb" of a colour at exactly that lightness: with less chroma where the screen cannot show it (as a photo shows it)."""
    return _code(lightness, *within(lightness, a, b))


def colour_keeping(lightness: float, a: float, b: float) -> str:
    """ "#rrggbb" that keeps a* and b*, as near to the lightness as the screen can show it: what a hint says."""
    lightnesses = np.arange(0, 101, dtype=np.float32)
    misses = _misses(lightnesses, np.full_like(lightnesses, a), np.full_like(lightnesses, b))
    allowed = max(_INSIDE_TOLERANCE, float(misses.min()) + 0.01)
    nearness = np.where(misses <= allowed, np.abs(lightnesses - lightness), np.inf)
    best = int(nearness.argmin())
    return _code(lightness if nearness[best] < 0.5 else float(best), a, b)


def within(lightness: float, a: float, b: float) -> tuple[float, float]:
    """a*, b* of the same hue with as much of the chroma as the screen can show at `lightness`."""
    shares = np.linspace(0, 1, 129, dtype=np.float32)
    inside = _misses(np.full_like(shares, lightness), a * shares, b * shares) <= _INSIDE_TOLERANCE
    inside[0] = True
    share = float(shares[np.flatnonzero(inside)[-1]]) if inside.any() else 0.0
    return a * share, b * share


def plane_lightness(lightness: float) -> float:
    """The lightness to draw the plane at for a place of the photo."""
    return min(max(lightness, PLANE_LIGHTNESS[0]), PLANE_LIGHTNESS[1])


@dataclass(frozen=True)
class Extent:
    """The square of the a*b* plane around all that can be shown at one lightness: its middle and half its side."""

    a: float
    b: float
    reach: float

    def to_unit(self, a: float, b: float) -> tuple[float, float]:
        """Place 0..1 in the square, from the left (less a*) and from the top (more b*)."""
        return (a - self.a) / self.reach / 2 + 0.5, (self.b - b) / self.reach / 2 + 0.5

    def to_ab(self, x: float, y: float) -> tuple[float, float]:
        """a*, b* at a place 0..1 from the left and from the top."""
        return self.a + (2 * x - 1) * self.reach, self.b - (2 * y - 1) * self.reach


@lru_cache(maxsize=64)
def extent_at(lightness: int) -> Extent:
    """The square for a whole L*."""
    axis = np.linspace(-_REACH, _REACH, 129, dtype=np.float32)
    a, b = np.meshgrid(axis, axis)
    inside = _misses(np.full_like(a, lightness), a, b) <= _INSIDE_TOLERANCE
    inside |= (a == 0) & (b == 0)
    sides = [(float(part[inside].min()), float(part[inside].max())) for part in (a, b)]
    reach = max(high - low for low, high in sides) / 2 + _ROOM
    return Extent(sum(sides[0]) / 2, sum(sides[1]) / 2, reach)


@lru_cache(maxsize=8)
def plane_image(lightness: int, side_px: int) -> QImage:
    """side × side pixels of `extent_at`: a* to the right, b* upwards, transparent where no screen colour is."""
    extent = extent_at(lightness)
    places = (np.arange(side_px, dtype=np.float32) + 0.5) / side_px
    across, down = np.meshgrid(places, places)
    a = extent.a + (2 * across - 1) * extent.reach
    b = extent.b - (2 * down - 1) * extent.reach
    level = np.full_like(a, lightness)
    rgb = lab_to_srgb(np.stack([level, a, b], -1))
    # A soft edge about one pixel wide: a miss grows by about the distance from the gamut.
    cover = np.clip(1 + (_INSIDE_TOLERANCE - _misses(level, a, b)) / (2 * extent.reach / side_px), 0, 1)
    image = QImage(side_px, side_px, QImage.Format.Format_ARGB32_Premultiplied)
    rows = np.frombuffer(image.bits(), np.uint8).reshape(side_px, side_px, 4)
    rows[..., :3] = np.round(rgb[..., ::-1] * cover[..., None] * 255)
    rows[..., 3] = np.round(cover * 255)
    return image


def _misses(lightness: NDArray[np.floating], a: NDArray[np.floating], b: NDArray[np.floating]) -> NDArray[np.float32]:
    """ΔE between each wanted colour and what the screen makes of it; 0 inside the gamut."""
    lab = np.stack([lightness, a, b], -1)
    return np.linalg.norm(srgb_to_lab(lab_to_srgb(lab)) - lab, axis=-1).astype(np.float32)


def _code(lightness: float, a: float, b: float) -> str:
    red, green, blue = (round(float(c) * 255) for c in lab_to_srgb(np.array([[lightness, a, b]], np.float32))[0])
    return f"#{red:02x}{green:02x}{blue:02x}"
