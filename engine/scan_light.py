"""Two scans of one print, one laid on the other, as light that can be compared: the scanner's tones and lamp taken out.

Pixel values are taken for sRGB's curve whatever the profile (those of scanners' profiles are near it), since only ratios of light
between the two scans count. Each scan goes half of the way to the other where they differ over large areas: a paper that curls is
too bright in one scan and too dark in the other, and neither is right.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.color import srgb_to_linear, to_srgb_small
from engine.guided import box_mean
from engine.photo import Photo, Pixels

Plane = NDArray[np.float32]

SMALL_PX = 512
"""Long side at which tones and light are compared."""
SPREAD_PX = 16
"""Half the window, at that size, over which the light of the two is made equal."""
_DAMPING = 1e-3


@dataclass(frozen=True, eq=False)
class Field:
    """A small plane (h, w) that stands for a large one of `height` x `width`, enlarged bilinearly some rows at a time."""

    plane: Plane
    height: int
    width: int

    def rows(self, top: int, bottom: int) -> Plane:
        """(bottom - top, width)."""
        down = np.clip((np.arange(top, bottom) + 0.5) * len(self.plane) / self.height - 0.5, 0, len(self.plane) - 1)
        before = down.astype(np.intp)
        after = np.minimum(before + 1, len(self.plane) - 1)
        share = (down - before).astype(np.float32)[:, None]
        narrow = self.plane[before] * (1 - share) + self.plane[after] * share
        count = narrow.shape[1]
        across = np.clip((np.arange(self.width) + 0.5) * count / self.width - 0.5, 0, count - 1)
        left = across.astype(np.intp)
        right_share = (across - left).astype(np.float32)
        wide: Plane = narrow[:, np.minimum(left + 1, count - 1)] - narrow[:, left]
        wide *= right_share
        wide += narrow[:, left]
        return wide


@dataclass(frozen=True, eq=False)
class ScanLight:
    """Both scans' light. first, second: pixels of one size, the second laid on the first. first_table (N,), second_tables (C, N):
    light of each pixel value, the second's with the first's tones. gain: what the first's light is divided and the second's
    multiplied by.
    """

    first: Pixels
    second: Pixels
    first_table: Plane
    second_tables: Plane
    gain: Field

    @classmethod
    def of(cls, first: Photo, second: Pixels, shown: Plane) -> ScanLight:
        """shown: any size, above 0 where the second scan shows something."""
        laid = Photo(_like(second, first.pixels.shape[2]))
        scale = min(1.0, SMALL_PX / max(first.height, first.width))
        size = max(1, round(first.height * scale)), max(1, round(first.width * scale))
        mine, its = (np.sqrt(srgb_to_linear(to_srgb_small(Photo(p), *size))) for p in (first.pixels, laid.pixels))
        seen = Field(shown, *size).rows(0, size[0]) > 0
        channels = first.pixels.shape[2]
        curves = [_curve(mine[..., c][seen], its[..., c][seen]) for c in range(channels)]
        table = np.sqrt(srgb_to_linear(np.linspace(0, 1, laid.maximum + 1)))
        tables = np.stack([np.maximum(curve(table), 0) ** 2 for curve in curves]).astype(np.float32)
        matched = np.stack([curves[c](its[..., c]) for c in range(channels)], -1).mean(2)
        gain = Field(_gain(mine[..., :channels].mean(2), np.maximum(matched, 0), seen), first.height, first.width)
        first_table = srgb_to_linear(np.linspace(0, 1, first.maximum + 1))
        return cls(first.pixels, laid.pixels, first_table, tables, gain)

    def rows(self, top: int, bottom: int) -> tuple[Plane, Plane]:
        """The light of both (n, W, C) in these rows."""
        gain = self.gain.rows(top, bottom)[..., None]
        mine = self.first_table.take(self.first[top:bottom])
        mine /= gain
        its = np.empty_like(mine)
        for channel, table in enumerate(self.second_tables):
            its[..., channel] = table.take(self.second[top:bottom, :, channel])
        its *= gain
        return mine, its


def _like(pixels: Pixels, channels: int) -> Pixels:
    """With as many channels: grey becomes three equal ones, colour its mean."""
    if pixels.shape[2] == channels:
        return pixels
    if channels == 3:
        return np.ascontiguousarray(np.broadcast_to(pixels, (*pixels.shape[:2], 3)))
    grey = np.empty((*pixels.shape[:2], 1), pixels.dtype)
    grey[..., 0] = pixels.mean(2, dtype=np.float32) + np.float32(0.5)
    return grey


def _curve(mine: Plane, its: Plane) -> np.polynomial.Polynomial:
    """The cubic by which `its` roots of light (n,) become `mine`; what lies far off (dust, creases) does not count."""
    powers = np.stack([its**k for k in range(4)], -1).astype(np.float64)
    wanted = (mine - its).astype(np.float64)
    kept = np.ones(len(its), bool)
    weights: NDArray[np.floating] = np.zeros(4)
    for _ in range(4 if len(its) > 16 else 0):
        some = powers[kept]
        # Damped towards no change: a flat picture says nothing of tones that it does not hold.
        weights = np.linalg.solve(some.T @ some + _DAMPING * len(some) * np.eye(4), some.T @ wanted[kept])
        off = np.abs(wanted - powers @ weights)
        kept = off <= max(3 * float(np.median(off)), 1e-4)
    return np.polynomial.Polynomial(weights + np.array([0.0, 1.0, 0.0, 0.0]))


def _gain(mine: Plane, its: Plane, seen: NDArray[np.bool_]) -> Plane:
    """(h, w): the root of how much brighter the first scan is, over large areas; 1 where only one shows anything."""
    both = np.stack([mine * seen, its * seen, seen.astype(np.float32)], -1).astype(np.float32)
    for _ in range(2):
        both = box_mean(both, SPREAD_PX)
    floor = np.float32(0.02) * both[..., 2] + np.float32(1e-4)
    gain: Plane = np.clip((both[..., 0] + floor) / (both[..., 1] + floor), 0.5, 2)
    return gain
