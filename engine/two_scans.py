"""Two scans of one print, the second turned by half a turn: a photo without its paper's texture, and where the print is damaged.

The lamp of a flatbed stands on one side. In the second scan the light comes from the other side of the print, so every slope that
was bright is dark, while the picture stays: the mean of the two shows the picture alone, as in photometric stereo (R. J. Woodham,
1980) with two lights. Where the two differ by much more than scanner and paper usually make them, there is a crease or a scratch;
where one differs and the other does not, there was dust on the glass, and the clean scan counts.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.color import from_srgb_like, linear_to_srgb, to_srgb
from engine.components import Components
from engine.marks import Marks
from engine.morphology import grown
from engine.photo import Photo, Pixels
from engine.progress import CancelToken, Progress, Report, ignore
from engine.registration import Registration
from engine.scan_light import Field, Plane, ScanLight

Mask = NDArray[np.bool_]

STRIP_ROWS = 128
MARGIN_PX = 6
FEATHER_PX = 4.0
"""Over so many pixels from the second scan's rim the mean goes over into the first scan alone."""
NOISE_CELL_PX = 32
LEAST_NOISE = 0.0025
DARKNESS = 0.25
"""Differences count in parts of the root of light and this: shading goes with the light, noise does not."""
STRONG, WEAK = 4.5, 2.25
"""Deviations of the usual difference from which on a place is damaged, and from which on it belongs to a damaged one."""
SMALLEST_PX = 8
EDGE_PX = 0.15
"""So far apart, beside twice the registration's error, the scans may lie at an edge of the picture without being different."""
BESIDE_PX = 2
ONE_SIDED = (0.25, 0.85)
"""Between these a difference comes from one scan: a crease is as much too bright in one as too dark in the other (0), dust is not
(0.5)."""
SURELY_ONE_SIDED = (0.38, 0.65)
GROUND_CELL_PX = 4


@dataclass(frozen=True, eq=False)
class TwoScans:
    """photo: the first scan's size, depth and profile. marks: where the print is damaged. damaged, dust: shares of the photo that
    are marked, and that were taken from one scan alone.
    """

    photo: Photo
    marks: Marks
    damaged: float
    dust: float


@dataclass(frozen=True, eq=False)
class _Difference:
    """Roots of light, (H, W) each. between: the first's less the second's, smoothed; nan where only the first shows anything.
    mean: of both. allowed: what the edges of the picture explain.
    """

    between: NDArray[np.float16]
    mean: NDArray[np.float16]
    allowed: NDArray[np.float16]


def combined(
    first: Photo, second: Photo, fit: Registration, report: Report = ignore, cancel: CancelToken | None = None
) -> TwoScans:
    """What two scans tell together; `fit` says how `second` lies on `first` (registration.register). About 25 bytes a pixel
    beside the two photos.
    """
    token = cancel or CancelToken()
    report(Progress("Comparing the scans", 0.0))
    laid = fit.carried(_in_space_of(second, first, token), token)
    shown = _shown(fit)
    light = ScanLight.of(first, laid, shown.plane)
    report(Progress("Comparing the scans", 0.4))
    difference = _difference(light, shown, fit, token)
    relief, dust_here, dust_there = _places(difference, token)
    report(Progress("Comparing the scans", 0.7))
    pixels = _mixed(first, light, shown, fit, dust_here, dust_there, token)
    damaged = relief.astype(np.uint8) * np.uint8(255)
    marks = Marks(damaged, np.zeros_like(damaged))
    dust = float(dust_here.mean() + dust_there.mean())
    return TwoScans(first.with_pixels(pixels), marks, float(relief.mean()), dust)


def _in_space_of(second: Photo, first: Photo, cancel: CancelToken) -> Pixels:
    """The second scan's pixels in the first one's space and depth; as they are where both have the same profile."""
    if second.metadata.icc == first.metadata.icc or first.has_one_channel or second.has_one_channel:
        return second.pixels
    pixels = np.empty(second.pixels.shape, first.pixels.dtype)
    for top in range(0, second.height, STRIP_ROWS):
        cancel.check()
        rows = slice(top, top + STRIP_ROWS)
        pixels[rows] = from_srgb_like(to_srgb(Photo(second.pixels[rows], None, second.metadata)), first)
    return pixels


def _shown(fit: Registration) -> Field:
    """0 at the second scan's rim and beyond, 1 from FEATHER_PX inside on."""
    height, width = fit.size
    down, across = -(-height // 8), -(-width // 8)
    y = (np.arange(down) + 0.5) * (height / down) - 0.5
    x = (np.arange(across) + 0.5) * (width / across) - 0.5
    to_x, to_y = fit.places(x, y)
    rim = np.minimum(np.minimum(to_x, fit.other_size[1] - 1 - to_x), np.minimum(to_y, fit.other_size[0] - 1 - to_y))
    return Field(np.clip(rim / (FEATHER_PX * fit.scale), 0, 1).astype(np.float32), height, width)


def _strips(height: int, cancel: CancelToken) -> Iterator[tuple[int, int, int, int]]:
    """Rows from top to bottom, and those with a margin about them."""
    for top in range(0, height, STRIP_ROWS):
        cancel.check()
        bottom = min(top + STRIP_ROWS, height)
        yield top, bottom, max(0, top - MARGIN_PX), min(height, bottom + MARGIN_PX)


def _difference(light: ScanLight, shown: Field, fit: Registration, cancel: CancelToken) -> _Difference:
    height, width = light.first.shape[:2]
    between, mean, allowed = (np.empty((height, width), np.float16) for _ in range(3))
    for top, bottom, above, below in _strips(height, cancel):
        mine, its = (np.sqrt(part.mean(2)) for part in light.rows(above, below))
        inner = slice(top - above, bottom - above)
        apart = _smooth(np.where(shown.rows(above, below) >= 1, mine - its, np.float32(np.nan)), 1)
        both = _smooth((mine + its) * np.float32(0.5), 1)
        down, right = np.gradient(both) if len(both) > 1 and width > 1 else (both * 0, both * 0)
        steep = np.hypot(down, right) * np.float32(EDGE_PX + 2 * np.nan_to_num(fit.error_px, nan=0.5))
        between[top:bottom], mean[top:bottom], allowed[top:bottom] = apart[inner], both[inner], steep[inner]
    return _Difference(between, mean, allowed)


def _smooth(plane: Plane, times: int) -> Plane:
    """Binomial weights 1 2 1 down and across, `times` over."""
    for _ in range(times):
        for axis in (0, 1):
            wide = np.pad(plane, [(1, 1) if i == axis else (0, 0) for i in (0, 1)], "edge")
            length = plane.shape[axis]
            low, middle, high = (wide[k : k + length] if axis == 0 else wide[:, k : k + length] for k in range(3))
            plane = (low + high + 2 * middle) * np.float32(0.25)
    return plane


def _places(found: _Difference, cancel: CancelToken) -> tuple[Mask, Mask, Mask]:
    """Where the print has relief, where only the first scan shows something, and where only the second does."""
    height, width = found.between.shape
    usual = Field(_usual(found), height, width)
    weak, strong = (np.empty((height, width), bool) for _ in range(2))
    for top, bottom, _, _ in _strips(height, cancel):
        over = np.abs(found.between[top:bottom].astype(np.float32)) - found.allowed[top:bottom]
        over /= usual.rows(top, bottom) * (found.mean[top:bottom] + np.float32(DARKNESS))
        weak[top:bottom], strong[top:bottom] = over > WEAK, over > STRONG
    parts = Components.of(weak)
    index, labels = _pixels(parts)
    is_strong = np.bincount(labels, strong.ravel()[index], parts.count) > 0
    kept = is_strong & (np.bincount(labels, minlength=parts.count) >= SMALLEST_PX)
    index, own = index[kept[labels]], labels[kept[labels]]
    mask = np.zeros((height, width), bool)
    mask.ravel()[index] = True
    within, labels = _pixels(Components.of(grown(mask, BESIDE_PX)))
    together = labels[np.searchsorted(within, index)]
    apart = found.between.ravel()[index].astype(np.float32)
    above_ground = found.mean.ravel()[index] - _ground(found.mean, grown(mask, 2), index)
    # The bright and the dark side of a crease lie apart, and only together tell that it is one; dust tells by itself.
    alone, joint = (_sides(labels, apart, above_ground) for labels in (own, together))
    side = np.where(_is_between(np.abs(alone), SURELY_ONE_SIDED), alone, joint)
    is_dust = _is_between(np.abs(side), ONE_SIDED)
    places = []
    for chosen in (~is_dust, is_dust & (side > 0), is_dust & (side < 0)):
        place = np.zeros((height, width), bool)
        place.ravel()[index[chosen]] = True
        places.append(grown(place, 2))
    relief, here, there = places
    return relief, here & ~relief, there & ~relief & ~here


def _sides(labels: NDArray[np.int64], apart: Plane, above_ground: Plane) -> NDArray[np.float64]:
    """For each pixel how much of its component's difference comes from one scan: 0.5 the first alone, 0 both, -0.5 the second."""
    both, squares = np.bincount(labels, apart * above_ground), np.bincount(labels, apart * apart)
    return (both / np.maximum(squares, 1e-12))[labels]


def _is_between(values: NDArray[np.float64], ends: tuple[float, float]) -> NDArray[np.bool_]:
    return (values > ends[0]) & (values < ends[1])


def _pixels(parts: Components) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The flat index of every pixel of the components, and its component."""
    lengths = parts.ends - parts.starts
    within = np.arange(int(lengths.sum())) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    places = np.repeat(parts.starts, lengths) + within
    return places - places // (parts.width + 1), np.repeat(parts.labels, lengths)


def _usual(found: _Difference) -> Plane:
    """(h, w): the deviation of the relative difference in cells, from medians, so that damage does not count."""
    height, width = found.between.shape
    rows, columns = max(1, height // NOISE_CELL_PX), max(1, width // NOISE_CELL_PX)
    cells = np.zeros((rows, columns), np.float32)
    strips = (np.array_split(plane, rows) for plane in (found.between, found.mean))
    for row, (between, mean) in enumerate(zip(*strips, strict=True)):
        relative = np.abs(between) / (mean + np.float16(DARKNESS))
        for column, cell in enumerate(np.array_split(relative, columns, 1)):
            known = cell[np.isfinite(cell)]
            cells[row, column] = np.median(known) if known.size else 0
    near = np.lib.stride_tricks.sliding_window_view(np.pad(cells, 2, "edge"), (5, 5))
    usual: Plane = np.maximum(1.4826 * np.median(near, (2, 3)), LEAST_NOISE).astype(np.float32)
    return usual


def _ground(mean: NDArray[np.float16], left_out: Mask, index: NDArray[np.int64]) -> Plane:
    """(len(index),): the mean of both scans round places of the flat index, from as near as there is something not `left_out`."""
    width = mean.shape[1]
    kept = np.where(left_out, np.float16(0), mean)
    total, count = (_cell_sums(part) for part in (kept, ~left_out))
    enough = np.float32(GROUND_CELL_PX**2)
    for _ in range(max(count.shape).bit_length()):
        wide_total, wide_count = (_summed(part) for part in (total, count))
        few = count < enough
        total, count = np.where(few, wide_total, total), np.where(few, wide_count, count)
    ground: Plane = (total / np.maximum(count, 1)).astype(np.float32)
    near: Plane = ground[index // width // GROUND_CELL_PX, index % width // GROUND_CELL_PX]
    return near


def _cell_sums(plane: NDArray[np.float16] | Mask) -> Plane:
    """(⌈H/cell⌉, ⌈W/cell⌉): sums over square cells."""
    down, right = (np.arange(0, side, GROUND_CELL_PX) for side in plane.shape)
    rows = [plane[top : top + GROUND_CELL_PX].sum(0, dtype=np.float32) for top in down]
    return np.stack([np.add.reduceat(row, right) for row in rows]).astype(np.float32, copy=False)


def _summed(cells: Plane) -> Plane:
    """Sums over 3 x 3 cells."""
    for axis in (0, 1):
        wide = np.pad(cells, [(1, 1) if i == axis else (0, 0) for i in (0, 1)])
        length = cells.shape[axis]
        low, middle, high = (wide.take(range(k, k + length), axis) for k in range(3))
        cells = low + middle + high
    return cells


def _mixed(
    first: Photo, light: ScanLight, shown: Field, fit: Registration, dust_here: Mask, dust_there: Mask, cancel: CancelToken
) -> Pixels:  # fmt: skip
    """The first scan's pixels with half of the difference taken away; with all of it, or none, where one scan shows dust."""
    pixels = np.empty_like(first.pixels)
    blur_px = 0.6 * np.sqrt(max(0.0, 1 / fit.scale**2 - 1))
    for top, bottom, above, below in _strips(first.height, cancel):
        mine, its = light.rows(above, below)
        share = np.full(mine.shape[:2], 0.5, np.float32)
        share[dust_here[above:below]], share[dust_there[above:below]] = 1, 0
        share *= shown.rows(above, below)
        change = its - mine
        # The finer scan's detail stays: the other does not hold it, so there it is no difference of light.
        for channel in range(change.shape[2] if blur_px > 0.2 else 0):
            change[..., channel] = _smooth(change[..., channel], max(1, round(2 * blur_px**2)))
        mine += change * share[..., None]
        inner = slice(top - above, bottom - above)
        gain = light.gain.rows(top, bottom)[..., None]
        alone = shown.rows(top, bottom)[..., None]
        mixed = mine[inner] * (gain * (1 - alone) + alone)
        values = linear_to_srgb(np.clip(mixed, 0, 1))
        values *= np.float32(first.maximum)
        values += np.float32(0.5)
        pixels[top:bottom] = values.astype(first.pixels.dtype)
    return pixels
