"""The grain of a photo laid over places that were filled: a fill is smooth, and on film or paper a smooth spot is seen at once.

Grain is a texture without figure, which its covariance says all about. So white noise is convolved with one flat, sound square of
the photo itself, less its mean and slopes (Galerne, Gousseau & Morel 2011, "Random Phase Textures: Theory and Synthesis", IEEE
Trans. Image Processing 20: the asymptotic discrete spot noise): the same size of grain, the same mixture of colours, no repeats.
How strong grain is depends on how dark a place is; that is told from the flattest squares of each brightness. And it is never
livelier than what stands round the place: of a sky that is burnt out no square tells, and the meadow's would be taken for it.
Where a filler looked through the damage some grain is there already; only the rest is laid.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.generator import Picture
from engine.surroundings import LUMA, at, liveliness
from engine.wavelet_bands import detail_bands, reach

Array = NDArray[np.float32]
Mask = NDArray[np.bool_]

TILE_PX = 256
SQUARE_PX = 32
BANDS = 3
MOST_SQUARES = 24
"""A side: of a large photo at most 24 × 24 squares are looked at, of a small one those that overlap by half."""
FEWEST_SQUARES = 8
SHADES = 6
FLATTEST_PERCENT = 15
"""Of the squares of a brightness: so many are as flat as paper, sky and walls are; the others have figure."""
BLOCK_PX, CALMEST_PERCENT, CALMEST_OF_GRAIN = 8, 10, 0.7
"""And grain is no stronger than the calmer blocks of a square show: stones, twigs and boards leave such between them. The last:
what these blocks have of the deviation of all where there is grain alone (0.73 if soft and grey, 0.94 if fine in colour)."""
CALMER_PERCENT = 25
HEAVIEST_TAILS = 1.0
"""Excess kurtosis of a square's detail: grain has about none, a few lines or edges on a flat ground have much."""
UNSEEN = 0.6 / 255
"""Weaker grain than this, as a standard deviation, nobody misses."""
STRONGEST = 3.0
"""How much stronger grain may be at one brightness than in the square that it was taken from."""
CLIPPED_SHARE = 0.03
"""Of a square's values that may be black or white: strong grain reaches both, but a burnt-out sky has lost it."""
OWN_PX = 32
"""In cells of this size it is looked how much grain what was filled has already."""
LIVELIER = 1.2
"""So much livelier than its surroundings a filled place may be: they are measured in a few cells."""


@dataclass(frozen=True, eq=False)
class FillGrain:
    """The grain of one photo. tile: (TILE_PX, TILE_PX, 3) sRGB, mean 0, meets itself at the edges. shades, strengths: how much of
    it belongs to a place as bright as that, ascending. round_about: the most of it that each cell of the photo may have."""

    tile: Array
    shades: Array
    strengths: Array
    round_about: Array

    def on(self, values: Array, rows: NDArray[np.intp], columns: NDArray[np.intp], share: float) -> Array:
        """(n, 3) sRGB 0..1 `values` of the places at `rows` and `columns` of the photo, ascending row by row, with `share` of its
        grain, not clipped."""
        strength = np.interp(values @ LUMA, self.shades, self.strengths).astype(np.float32)
        strength = np.minimum(strength, at(self.round_about, rows, columns))
        own = _steps(values @ LUMA, rows, columns) / np.abs(np.diff(self.tile @ LUMA, axis=1)).mean()
        strength = np.sqrt(np.maximum(strength**2 - own**2, 0)) * np.float32(share)  # variances add up
        grained: Array = values + self.tile[rows % TILE_PX, columns % TILE_PX] * strength[:, None]
        return grained


def grain_of(picture: Picture, filled: Mask) -> FillGrain | None:
    """The grain of `picture` (H, W, 3), sRGB 0..1, outside the places that are `filled`; None where there is none to be seen, or
    no room to tell."""
    squares = [detail for place in _squares(filled) if (detail := _detail(picture[place])) is not None]
    if len(squares) < FEWEST_SQUARES:
        return None
    shades = np.array([shade for shade, _ in squares])
    levels = np.array([float(detail.std()) for _, detail in squares])
    calmest = np.array([_calmest(detail) for _, detail in squares])
    order = np.argsort(shades, kind="stable")
    bins = [part for part in np.array_split(order, min(SHADES, len(order) // 4)) if len(part)]
    flattest = [
        min(float(np.percentile(levels[part], FLATTEST_PERCENT)), float(np.percentile(calmest[part], FLATTEST_PERCENT)))
        for part in bins
    ]
    # Rather too little than figure taken for grain: the calmer of the brightnesses give it.
    typical = int(np.argmin(np.abs(levels - np.percentile(flattest, CALMER_PERCENT))))
    if levels[typical] < UNSEEN:
        return None
    strengths = np.minimum(np.array(flattest) / levels[typical], STRONGEST)
    middles = np.array([float(shades[part].mean()) for part in bins])
    tile = _spot_noise(squares[typical][1])
    own = float(liveliness(tile, np.zeros(tile.shape[:2], bool)).mean())
    most = liveliness(picture, filled) * np.float32(LIVELIER / own)
    return FillGrain(tile, middles.astype(np.float32), strengths.astype(np.float32), most)


def _steps(luma: Array, rows: NDArray[np.intp], columns: NDArray[np.intp]) -> Array:
    """(n,): the mean step from place to next place in the same row, within the cell of OWN_PX that a place lies in."""
    across = int(columns.max(initial=0)) // OWN_PX + 1
    cells = rows // OWN_PX * across + columns // OWN_PX
    beside = np.flatnonzero((rows[1:] == rows[:-1]) & (columns[1:] == columns[:-1] + 1))
    sums = np.bincount(cells[beside], np.abs(luma[beside + 1] - luma[beside]), int(cells.max(initial=0)) + 1)
    counts = np.bincount(cells[beside], minlength=len(sums))
    steps: Array = (sums / np.maximum(counts, 1)).astype(np.float32)[cells]
    return steps


def _squares(filled: Mask) -> list[tuple[slice, slice]]:
    """Sound squares spread evenly over the photo, with what the bands need round them."""
    side = SQUARE_PX + 2 * reach(BANDS)
    tops, lefts = (_starts(length, side) for length in filled.shape)
    places = [(slice(top, top + side), slice(left, left + side)) for top in tops for left in lefts]
    return [place for place in places if not filled[place].any()]


def _starts(length: int, side: int) -> list[int]:
    if length < side:
        return []
    count = min(MOST_SQUARES, 2 * length // side - 1)
    return [round(start) for start in np.linspace(0, length - side, count)]


def _detail(square: Array) -> tuple[float, Array] | None:
    """The mean luma of a square's inside, and its fine detail (SQUARE_PX, SQUARE_PX, 3); None where it is clipped or has figure."""
    edge = reach(BANDS)
    inside = square[edge:-edge, edge:-edge]
    if ((inside <= 0) | (inside >= 1)).mean() > CLIPPED_SHARE:
        return None
    planes = [np.add.reduce(detail_bands(np.ascontiguousarray(plane), BANDS)) for plane in np.moveaxis(square, 2, 0)]
    detail = np.stack(planes, -1)[edge:-edge, edge:-edge]
    if _tails(detail @ LUMA) > HEAVIEST_TAILS:
        return None
    return float((inside @ LUMA).mean()), detail - detail.mean((0, 1))


def _calmest(detail: Array) -> float:
    """The standard deviation of the calmer blocks of a square's detail, as that of all of it where it is grain alone."""
    blocks = detail.reshape(SQUARE_PX // BLOCK_PX, BLOCK_PX, SQUARE_PX // BLOCK_PX, BLOCK_PX, -1)
    return float(np.percentile(blocks.std((1, 3, 4)), CALMEST_PERCENT)) / CALMEST_OF_GRAIN


def _tails(detail: Array) -> float:
    """The excess kurtosis: 0 for normal noise, and for none at all."""
    away = detail.astype(np.float64) - detail.mean()
    variance = float((away**2).mean())
    return float((away**4).mean()) / variance**2 - 3 if variance > 0 else 0.0


def _spot_noise(spot: Array) -> Array:
    """White noise convolved with a spot, round the tile's edges; the spot's variance and covariances."""
    white = np.random.default_rng(0).standard_normal((TILE_PX, TILE_PX))
    padded = np.zeros((TILE_PX, TILE_PX, spot.shape[2]))
    padded[: spot.shape[0], : spot.shape[1]] = spot / np.sqrt(spot.shape[0] * spot.shape[1])
    spectrum = np.fft.rfft2(white)[..., None] * np.fft.rfft2(padded, axes=(0, 1))
    return np.fft.irfft2(spectrum, (TILE_PX, TILE_PX), axes=(0, 1)).astype(np.float32)
