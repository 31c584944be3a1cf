"""Tone curves that differ from place to place: what a generator made of a small copy of a photo, told so that any size can have it.

A channel's new value hangs on its old one and on the place: smoothly on both, so a few knots say it. That is the bilateral grid
of Chen, Adams, Wadhwa and Hasinoff (2016, "Bilateral guided upsampling", doi 10.1145/2980179.2982423), with each channel its own
guide.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float32]

KNOTS = 17
"""Along each curve, from value 0 to 1."""
NODES = 5
"""Places along a side at which the curves are told; between them they blend."""
STRAIGHT, ALIKE, KEPT = 3e-3, 1e-3, 1e-7
"""How much curves would rather be straight, like their neighbours', and the identity, where the two pictures say nothing."""
LOOKED_AT = 8_000
"""Pixels of the two pictures that are compared: more say nothing new."""
UNSEEN = 0.5 / 255
"""Half a step of 8 bits."""


@dataclass(frozen=True, eq=False)
class LocalCurves:
    """knots: float32 (C, KNOTS, NODES, NODES): new values at old values 0..1, at places from top to bottom and left to right."""

    knots: Array

    @classmethod
    def fitted(cls, before: Array, after: Array) -> LocalCurves:
        """The curves that make `after` of `before` as nearly as they can; both (h, w, C), 0..1. Regularised least squares."""
        height, width, channels = before.shape
        stride = max(1, round((height * width / LOOKED_AT) ** 0.5))
        old, new = before[::stride, ::stride], after[::stride, ::stride]
        rows, columns = (_hats(_spread(side)[::stride]) for side in (height, width))
        places = np.einsum("yi,xj->yxij", rows, columns).reshape(-1, NODES * NODES)
        smooth = _smoothness()
        knots = []
        for channel in range(channels):
            values = _hats(old[..., channel].ravel() * (KNOTS - 1), KNOTS)
            design = (values[:, :, None] * places[:, None]).reshape(len(values), -1).astype(np.float32)
            identity = np.repeat(np.linspace(0, 1, KNOTS), NODES * NODES)
            share = len(values)
            normal = (design.T @ design).astype(np.float64) / share + smooth
            aim = design.T @ (new[..., channel].ravel() - design @ identity).astype(np.float32) / share
            knots.append(identity + np.linalg.solve(normal, aim))
        return cls(np.array(knots, np.float32).reshape(channels, KNOTS, NODES, NODES))

    def applied(self, rows: Array, top: int, height: int) -> Array:
        """The new values of rows (n, W, C) of a picture of `height` rows, from row `top` on; clipped to 0..1."""
        count, width, channels = rows.shape
        across = _hats(_spread(width)).T.astype(np.float32)
        down = _hats(_spread(height)[top : top + count]).astype(np.float32)
        result = np.empty_like(rows)
        columns = np.arange(width, dtype=np.int32)
        for row in range(count):
            curves = (down[row] @ self.knots) @ across
            for channel in range(channels):
                place = rows[row, :, channel] * np.float32(KNOTS - 1)
                below = np.clip(place.astype(np.int32), 0, KNOTS - 2)
                place -= below
                below *= np.int32(width)
                below += columns
                flat = curves[channel].ravel()
                low = flat.take(below)
                below += np.int32(width)
                result[row, :, channel] = low + place * (flat.take(below) - low)
        return np.clip(result, 0, 1, out=result)

    @property
    def is_identity(self) -> bool:
        """Whether they change no value by half a step of 8 bits."""
        return bool(np.abs(self.knots - np.linspace(0, 1, KNOTS, dtype=np.float32)[:, None, None]).max() < UNSEEN)


def _spread(side: int) -> NDArray[np.float64]:
    """For each pixel along a side its place among the nodes, 0..NODES - 1."""
    return np.asarray((np.arange(side) + 0.5) * ((NODES - 1) / side), np.float64)


def _hats(places: NDArray[np.floating], count: int = NODES) -> NDArray[np.float64]:
    """(n, count): the share of each of its two neighbours among whole numbers 0..count - 1; straight on beyond the ends."""
    below = np.clip(np.floor(places), 0, count - 2).astype(np.intp)
    shares = np.zeros((len(places), count))
    lines = np.arange(len(places))
    shares[lines, below + 1] = places - below
    shares[lines, below] = 1 - (places - below)
    return shares


@cache
def _smoothness() -> NDArray[np.float64]:
    """What a departure from the identity costs: bends along the curves, differences between neighbours, and itself a little."""
    bends = np.zeros((KNOTS - 2, KNOTS))
    for knot in range(KNOTS - 2):
        bends[knot, knot : knot + 3] = 1, -2, 1
    steps = np.eye(NODES, k=1)[:-1] - np.eye(NODES)[:-1]
    same, along = np.eye(KNOTS), np.eye(NODES)
    costs = KEPT * np.eye(KNOTS * NODES * NODES)
    for weight, parts in (
        (STRAIGHT, (bends, along, along)),
        (ALIKE, (same, steps, along)),
        (ALIKE, (same, along, steps)),
    ):
        whole = np.kron(np.kron(*parts[:2]), parts[2])
        costs += weight / (NODES * NODES) * whole.T @ whole
    return costs
