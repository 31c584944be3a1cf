"""How noisy a photo is, told from the photo alone: the finest detail of its flattest places, in grey values of 255.

Detail is what the first two à-trous bands hold (wavelet_bands.py): one band alone is blind to the grain of scanned film, which is
soft over two or three pixels. Flat places are found as they measure: blocks whose detail is no larger than noise of the level
found so far would make it (John Immerkær, "Fast Noise Variance Estimation", 1996, takes all places and so counts texture as noise).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.color import to_srgb
from engine.photo import Photo
from engine.wavelet_bands import detail_bands, reach

Plane = NDArray[np.float32]

PATCH_PX = 96
MOST_PATCHES = 9
"""A side: at most 9 × 9 patches of a large photo are looked at, 0.7 megapixels."""
BLOCK_PX = 8
BANDS = 2
_DETAIL_OF_WHITE_NOISE = 0.9786
"""Standard deviation of the first two bands together, of white noise of standard deviation 1."""
_INDEPENDENT = 24
"""Values in the detail of a block that vary freely, for how far its variance strays."""
_STRAYS = 2.0
_FLATTEST_PERCENT = 10
_ROUNDS = 20
_CLIPPED_SHARE = (0.02, 0.25)
"""Of a block's pixels that may be black or white: usually, and in a photo so noisy that most blocks have some."""
_LEAST_CLIPPED_PERCENT = 20
_FEWEST_BLOCKS = 8

_MIXTURES = ((0.299, 0.587, 0.114), (2**-0.5, 0.0, -(2**-0.5)), (6**-0.5, -2 * 6**-0.5, 6**-0.5))
"""Luma, and two mixtures of R, G, B without grey in them; of length 1, so that independent noise keeps its level."""


@dataclass(frozen=True)
class NoiseLevel:
    """Standard deviations in grey values of 255, in sRGB. luma: of brightness. chroma: of colour; 0 in a grey photo.

    Noise of level s that is the same in all channels is luma s, chroma 0; of its own in each it is luma 0.67 s, chroma s.
    """

    luma: float
    chroma: float


def noise_of(photo: Photo) -> NoiseLevel:
    """The noise in `photo`, in whatever size it is given: shrinking a photo takes noise out of it.

    Measured on four sample photographs with white noise of standard deviation 2 to 40 added: right within 15 % and 1.2 grey
    values, most of which is their own. 0 for what has no place that is neither textured nor clipped.
    """
    blocks = np.concatenate([_blocks(patch) for patch in _patches(photo)])
    lowest, highest = _CLIPPED_SHARE
    clipped = blocks[:, 3]
    limit = min(highest, max(lowest, float(np.percentile(clipped, _LEAST_CLIPPED_PERCENT)))) if len(blocks) else 0.0
    luma, first, second = (_flat_level(blocks[clipped <= limit, plane]) for plane in range(3))
    return NoiseLevel(luma, float(np.hypot(first, second) / np.sqrt(2)))


def _patches(photo: Photo) -> list[Plane]:
    """(h, w, 3) sRGB 0..1 of each of `patch_places`."""
    return [
        to_srgb(Photo(photo.pixels[place], None, photo.metadata)) for place in patch_places(photo.height, photo.width)
    ]


def patch_places(height: int, width: int) -> list[tuple[slice, slice]]:
    """Rows and columns of squares that lie evenly over a photo; of a small one the whole."""
    rows, columns = min(height, PATCH_PX), min(width, PATCH_PX)
    return [(slice(top, top + rows), slice(left, left + columns)) for top in _starts(height) for left in _starts(width)]


def _starts(side: int) -> list[int]:
    count = min(MOST_PATCHES, max(1, side // PATCH_PX))
    return [round(start) for start in np.linspace(0, max(0, side - PATCH_PX), count)]


def _blocks(patch: Plane) -> NDArray[np.float64]:
    """(n, 4): of each block of a patch the variance of the detail of the three mixtures, and the share that is clipped."""
    edge = reach(BANDS) if min(patch.shape[:2]) > 4 * reach(BANDS) else 0
    inner = slice(edge, -edge or None)
    red, green, blue = np.ascontiguousarray(np.moveaxis(patch, -1, 0))
    columns = []
    for weights in _MIXTURES:
        mixed = sum(np.float32(weight) * channel for weight, channel in zip(weights, (red, green, blue), strict=True))
        detail = np.add.reduce(detail_bands(mixed, BANDS))[inner, inner]
        columns.append(_block_means(detail * detail) * (255 / _DETAIL_OF_WHITE_NOISE) ** 2)
    clipped = (patch.min(2) <= 0) | (patch.max(2) >= 1)
    return np.stack([*columns, _block_means(clipped[inner, inner].astype(np.float32))], 1)


def _block_means(plane: Plane) -> NDArray[np.float64]:
    height, width = (side // BLOCK_PX for side in plane.shape)
    blocks = plane[: height * BLOCK_PX, : width * BLOCK_PX].reshape(height, BLOCK_PX, width, BLOCK_PX)
    means: NDArray[np.float64] = blocks.mean((1, 3), dtype=np.float64)
    return means.ravel()


def _flat_level(variances: NDArray[np.float64]) -> float:
    """The standard deviation of noise: from the flattest blocks upwards, the mean of all that stray no further than noise does."""
    if len(variances) < _FEWEST_BLOCKS:
        return 0.0
    level = float(np.percentile(variances, _FLATTEST_PERCENT))
    furthest = 1 + _STRAYS * np.sqrt(2 / _INDEPENDENT)
    for _ in range(_ROUNDS):
        mean = float(variances[variances <= level * furthest].mean()) if level > 0 else 0.0
        if mean <= level * 1.0001:
            break
        level = mean
    return float(np.sqrt(level))
