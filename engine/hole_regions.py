"""Parts of a picture round its holes, that can be worked on one by one."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.components import Components

Mask = NDArray[np.bool_]

LEAST_MARGIN_PX, MOST_MARGIN_PX = 64, 1024
_GRID_PX = 16


@dataclass(frozen=True)
class Region:
    """A part of a picture, from even rows and columns on; bottom and right are the first outside."""

    top: int
    left: int
    bottom: int
    right: int


def regions_round(deep: Mask) -> list[Region]:
    """The parts of a picture round the places of `deep` (H, W), with surroundings as wide as the place is narrow; none overlaps
    another."""
    height, width = deep.shape
    boxes = Components.of(deep).boxes()
    margins = np.clip((boxes[:, 2:] - boxes[:, :2]).min(1, initial=MOST_MARGIN_PX), LEAST_MARGIN_PX, MOST_MARGIN_PX)
    boxes[:, :2] -= margins[:, None]
    boxes[:, 2:] += margins[:, None]
    grid = [-(-height // _GRID_PX), -(-width // _GRID_PX)]
    boxes = np.stack(
        [*(np.maximum(boxes[:, i] // _GRID_PX, 0) for i in (0, 1))]
        + [np.minimum(-(-boxes[:, i] // _GRID_PX), grid[i - 2]) for i in (2, 3)],
        1,
    )
    while True:
        painted = np.zeros(grid, bool)
        for top, left, bottom, right in boxes:
            painted[top:bottom, left:right] = True
        merged = Components.of(painted).boxes()
        if len(merged) == len(boxes):
            break
        boxes = merged
    return [
        Region(top, left, min(bottom, height), min(right, width))
        for top, left, bottom, right in (boxes * _GRID_PX).tolist()
    ]
