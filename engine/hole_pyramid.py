"""Large holes filled small first: what lies deep inside is found at half the size, and there again at half of that.

A generator that looks a few pixels round a place cannot fill what is far from everything known. At 1/2, 1/4, … a hole grows
narrow; what is found there is enlarged and taken as known, and only the rim between it and the picture is filled at full size.
Where the generator may look through the damage, as through a veil, each size adds the detail that only it can show.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.filling import Filling
from engine.generator import Picture
from engine.halving import REACH_PX, doubled, finest, mean_of_fours, sum_of_fours
from engine.hole_regions import Region, regions_round
from engine.morphology import eroded, grown
from engine.progress import Report, part

Array = NDArray[np.float32]
Mask = NDArray[np.bool_]

RIM_PX = 12
"""A place of a hole further than this from what is known, along rows and columns, is filled at half the size."""
DEEP_SHARE = 0.3
"""Of the work, what smaller sizes take."""
MOST_GAIN = 4.0
"""The detail below a veil is at most so much livelier than what shows through it."""
FADED_PX = 48
"""From this depth on only smaller sizes tell the tone of what is looked through."""
_FADE_STEP_PX = 3
_SMALLEST_PX = 2
_STRIP_ROWS = 256


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
        seen = seen.copy()  # of an array it is a view
        rows, columns = (np.arange(side.start, side.stop) for side in place)
        for region, half in self.halves:
            down = (rows >= region.top) & (rows < region.bottom)
            across = (columns >= region.left) & (columns < region.right)
            if down.any() and across.any():
                inside = np.ix_(down, across)
                larger = doubled(half, rows[down] - region.top, columns[across] - region.left)
                seen[inside] = np.where(deep[inside][..., None], larger, seen[inside])
        return seen


def mended(picture: Picture, mask: Mask, seen: Mask, filling: Filling, report: Report) -> Array:
    """(n, 3) sRGB 0..1 for the n places of `mask` (H, W), row by row, of `picture` (H, W, 3).

    seen: those of `mask` that the generator may look through. Raises as Filling.values.
    """
    deep = eroded(mask, RIM_PX)
    regions = regions_round(deep)
    halves, share = [], DEEP_SHARE if regions else 0.0
    for number, region in enumerate(regions):
        inside = part(report, share * number / len(regions), share * (number + 1) / len(regions))
        half = _halved(picture, mask, seen, region)
        halves.append((region, _filled(*half, filling, inside)))
    whole = WithDeepPlaces(picture, deep, tuple(halves))
    return _with_detail(picture, whole, mask, seen, filling, part(report, share, 1.0))


def _filled(image: Array, mask: Mask, seen: Mask, filling: Filling, report: Report) -> Array:
    """`image` (h, w, 3) with all of `mask` filled, from the smallest size up."""
    whole = WithDeepPlaces(image, np.zeros_like(mask), ())
    if min(mask.shape) > _SMALLEST_PX:
        deep = eroded(mask, RIM_PX)
        if deep.any():
            region = Region(0, 0, *mask.shape)
            half = _filled(*_halved(image, mask, seen, region), filling, part(report, 0.0, DEEP_SHARE))
            whole = WithDeepPlaces(image, deep, ((region, half),))
            report = part(report, DEEP_SHARE, 1.0)
    filled = image.copy()
    filled[mask] = _with_detail(image, whole, mask, seen, filling, report)
    return filled


def _with_detail(
    picture: Picture, whole: WithDeepPlaces, mask: Mask, seen: Mask, filling: Filling, report: Report
) -> Array:
    """(n, 3) for the places of `mask`: the rim filled at this size, what is deep from `whole`.

    Where it may be looked through, what this size shows by itself counts at the rim, and fades with the depth into what the
    smaller sizes say, with the detail that only this one sees: two opinions of a veil must not meet at an edge.
    """
    through = whole.deep & seen
    if not through.any():
        return filling.values(whole, mask, mask & ~whole.deep, seen, report)
    near = mask & seen & grown(through, RIM_PX + REACH_PX)
    other = mask & ~near
    values = np.empty((np.count_nonzero(mask), 3), np.float32)
    values[other[mask]] = filling.values(whole, other, mask & ~whole.deep, seen, part(report, 0.0, 0.5))
    looked_at = filling.values(picture, near, mask, seen, part(report, 0.5, 1.0))
    values[near[mask]] = looked_at
    share = _depth(mask, through)[:, None]
    inside = through[mask]
    values[inside] += share * (_from_below(picture, whole, looked_at, near, through) - values[inside])
    return values


def _depth(mask: Mask, places: Mask) -> Array:
    """(n,) for `places` in `mask`: 0 within RIM_PX of its edge, rising to 1 at FADED_PX."""
    steps = range(RIM_PX, FADED_PX, _FADE_STEP_PX)
    depth = np.zeros(np.count_nonzero(places), np.float32)
    left = eroded(mask, RIM_PX)
    for _ in steps:
        depth += left[places]
        left = eroded(left, _FADE_STEP_PX)
    return depth / np.float32(len(steps))


def _from_below(picture: Picture, whole: WithDeepPlaces, values: Array, mask: Mask, places: Mask) -> Array:
    """(m, 3) for `places`: what `whole` has there, with the detail that half the size does not show.

    The detail is that of `picture` with `values` (n, 3) at the places of `mask`; never more than MOST_GAIN times what stands
    there: where the picture shows nothing, nothing was seen.
    """
    ends = np.concatenate([[0], mask.sum(1).cumsum()])
    strips = [np.empty((0, 3), np.float32)]
    for top in range(0, len(mask), _STRIP_ROWS):
        bottom = min(top + _STRIP_ROWS, len(mask))
        inside = places[top:bottom]
        if not inside.any():
            continue
        first, last = max(0, top - REACH_PX), min(bottom + REACH_PX, len(mask))
        here, across = slice(top - first, bottom - first), slice(0, mask.shape[1])
        image = picture[first:last, across].copy()
        most = MOST_GAIN * np.abs(finest(image, here)[inside])
        image[mask[first:last]] = values[ends[first] : ends[last]]
        strips.append(whole[top:bottom, across][inside] + finest(image, here)[inside].clip(-most, most))
    return np.concatenate(strips)


def _halved(picture: Picture, mask: Mask, seen: Mask, region: Region) -> tuple[Array, Mask, Mask]:
    """Half the size: each pixel the mean of the known ones of its four; unknown where fewer than two are known.

    Third: which of the unknown ones may be looked through, those all of whose four are known or may; they are the mean of all.
    """
    parts = [_strip_halved(picture, mask, seen, region, top) for top in range(region.top, region.bottom, _STRIP_ROWS)]
    image, unknown, through = (np.concatenate(planes) for planes in zip(*parts, strict=True))
    return image, unknown, through


def _strip_halved(picture: Picture, mask: Mask, seen: Mask, region: Region, top: int) -> tuple[Array, Mask, Mask]:
    place = slice(top, min(top + _STRIP_ROWS, region.bottom)), slice(region.left, region.right)
    known, shown = ~mask[place], ~mask[place] | seen[place]
    unknown = sum_of_fours(known) < 2
    through = unknown & (sum_of_fours(~shown) == 0)
    taken = known | np.repeat(np.repeat(through, 2, 0), 2, 1)[: known.shape[0], : known.shape[1]]
    return mean_of_fours(picture[place], taken), unknown, through
