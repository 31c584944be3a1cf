"""Large holes filled small first: what lies deep inside is found at half the size, and there again at half of that.

A generator that looks a few pixels round a place cannot fill what is far from everything known. At 1/2, 1/4, … a hole grows
narrow; what is found there is enlarged and taken as known, and only the rim between it and the picture is filled at full size.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.components import Components
from engine.filling import Filling
from engine.generator import Picture
from engine.morphology import eroded
from engine.progress import Report, part

Array = NDArray[np.float32]
Mask = NDArray[np.bool_]

RIM_PX = 12
"""A place of a hole further than this from what is known, along rows and columns, is filled at half the size."""
LEAST_MARGIN_PX, MOST_MARGIN_PX = 64, 1024
_SMALLEST_PX = 2
_GRID_PX = 16
_STRIP_ROWS = 256


@dataclass(frozen=True)
class Region:
    """A part of a picture, from even rows and columns on; bottom and right are the first outside."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(frozen=True, eq=False)
class WithDeepPlaces:
    """A picture (H, W, 3) whose deep places are known: `deep` (H, W) says where, `halves` what, at half the size of each region."""

    picture: Picture
    deep: Mask
    halves: tuple[tuple[Region, Array], ...]

    @property
    def shape(self) -> tuple[int, ...]:
        return self.picture.shape

    def __getitem__(self, place: tuple[slice, slice]) -> Array:
        seen = self.picture[place]
        deep = self.deep[place]
        if not deep.any():
            return seen
        rows, columns = (np.arange(side.start, side.stop) for side in place)
        for region, half in self.halves:
            down = (rows >= region.top) & (rows < region.bottom)
            across = (columns >= region.left) & (columns < region.right)
            if down.any() and across.any():
                inside = np.ix_(down, across)
                doubled = _doubled(half, rows[down] - region.top, columns[across] - region.left)
                seen[inside] = np.where(deep[inside][..., None], doubled, seen[inside])
        return seen


def with_deep_places(picture: Picture, mask: Mask, filling: Filling, report: Report) -> WithDeepPlaces:
    """`picture` (H, W, 3) with the deep places of `mask` (H, W) filled and all else as it was. Raises as Filling.values."""
    deep = eroded(mask, RIM_PX)
    regions = _regions(deep)
    halves = []
    for number, region in enumerate(regions):
        inside = part(report, number / len(regions), (number + 1) / len(regions))
        half, half_mask = _halved(picture, mask, region)
        halves.append((region, _filled(half, half_mask, filling, inside)))
    return WithDeepPlaces(picture, deep, tuple(halves))


def _filled(image: Array, mask: Mask, filling: Filling, report: Report) -> Array:
    """`image` (h, w, 3) with all of `mask` filled, from the smallest size up."""
    known: Picture = image
    unknown = mask
    if min(mask.shape) > _SMALLEST_PX:
        deep = eroded(mask, RIM_PX)
        if deep.any():
            whole = Region(0, 0, *mask.shape)
            half = _filled(*_halved(image, mask, whole), filling, part(report, 0.0, 0.5))
            known, unknown = WithDeepPlaces(image, deep, ((whole, half),)), mask & ~deep
            report = part(report, 0.5, 1.0)
    filled = image.copy()
    filled[mask] = filling.values(known, mask, unknown, report)
    return filled


def _regions(deep: Mask) -> list[Region]:
    """The parts of a picture round its deep places, with surroundings as wide as the place is narrow; none overlaps another."""
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


def _halved(picture: Picture, mask: Mask, region: Region) -> tuple[Array, Mask]:
    """Half the size: each pixel the mean of the known ones of its four; unknown where fewer than two are known."""
    parts = [_strip_halved(picture, mask, region, top) for top in range(region.top, region.bottom, _STRIP_ROWS)]
    return np.concatenate([image for image, _ in parts]), np.concatenate([unknown for _, unknown in parts])


def _strip_halved(picture: Picture, mask: Mask, region: Region, top: int) -> tuple[Array, Mask]:
    place = slice(top, min(top + _STRIP_ROWS, region.bottom)), slice(region.left, region.right)
    known = (~mask[place]).astype(np.float32)[..., None]
    seen = picture[place] * known
    odd = [(0, side % 2) for side in known.shape[:2]]
    seen, known = (np.pad(values, [*odd, (0, 0)]) for values in (seen, known))
    sums, counts = (
        values[::2, ::2] + values[1::2, ::2] + values[::2, 1::2] + values[1::2, 1::2] for values in (seen, known)
    )
    return (sums / np.maximum(counts, 1)).astype(np.float32, copy=False), counts[..., 0] < 2


def _doubled(half: Array, rows: NDArray[np.intp], columns: NDArray[np.intp]) -> Array:
    """Those rows and columns of `half` (h, w, 3) enlarged twice, bilinearly with centres aligned."""

    def between(values: Array, places: NDArray[np.intp], axis: int) -> Array:
        nearest = places // 2
        other = np.clip(nearest + np.where(places % 2, 1, -1), 0, values.shape[axis] - 1)
        mixed: Array = values.take(nearest, axis) * np.float32(0.75) + values.take(other, axis) * np.float32(0.25)
        return mixed

    return between(between(half, rows, 0), columns, 1)
