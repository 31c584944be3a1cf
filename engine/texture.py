"""What of the brightness that cleaning takes away is fine texture, not noise: the part that can be given back on its own.

Noise is everywhere alike, texture is where cloth, hair and skin are. So each of the finest à-trous bands of what was taken away is
weighted by how far its energy nearby stands above what is usual in this photo (after the multiresolution support of Jean-Luc
Starck, Fionn Murtagh, "Image restoration with noise suppression using the wavelet transform", 1994: coefficients that noise
explains are no signal). Blotches and JPEG's squares lie in coarser bands and never come back.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from engine.guided import box_mean
from engine.overlaid import luma_of
from engine.packed_change import Depth, Packed, empty, packed, unpacked
from engine.progress import CancelToken
from engine.wavelet_bands import detail_bands, reach

Plane = NDArray[np.float32]

BANDS = 2
NEARBY = 4
"""Radius in pixels of what counts as nearby."""
ABOVE_USUAL = 2.0
"""How many times the usual energy is still noise: the mean over a window of noise strays."""
STRIP_PIXELS = 1 << 18
_LOOKED_AT_ROWS = 16
_STRIPS_LOOKED_AT = 24
_USUAL_OF_NOISE = 1 / 0.6745
"""Standard deviation of normal noise for the median of its size."""


def texture_of(change: Packed, cancel: CancelToken) -> Packed:
    """(H, W, 1), packed alike: the part of a packed change (H, W, 1 or 3) that is brightness of fine texture.

    Laid over the photo together with the change, negated, it gives that texture back; 1 byte a pixel for 8 bits, worked out strip
    by strip. Raises Cancelled.
    """
    height, width = change.shape[:2]
    depth: Depth = 8 if change.dtype == np.int8 else 16
    usual = _usual_energy(change)
    texture = empty((height, width, 1), depth)
    rows, margin = max(1, STRIP_PIXELS // width), reach(BANDS) + NEARBY
    for top in range(0, height, rows):
        cancel.check()
        first, bottom = max(0, top - margin), min(height, top + rows)
        bands = _bands(change[first : min(height, bottom + margin)])
        found = sum(_beyond_noise(band, energy) for band, energy in zip(bands, usual, strict=True))
        texture[top:bottom, :, 0] = packed(np.asarray(found)[top - first : bottom - first], depth)
    return texture


def _bands(change: NDArray[np.generic]) -> list[Plane]:
    return detail_bands(luma_of(unpacked(change))[..., 0], BANDS)


def _usual_energy(change: Packed) -> list[float]:
    """Of each band, from the median over strips spread evenly over the photo: most places of a photo are no texture."""
    height = change.shape[0]
    count = max(1, min(_STRIPS_LOOKED_AT, height // _LOOKED_AT_ROWS))
    tops = np.linspace(0, max(0, height - _LOOKED_AT_ROWS), count).astype(int)
    strips = [_bands(change[top : top + _LOOKED_AT_ROWS]) for top in tops]
    sizes = [np.concatenate([np.abs(strip[band]).ravel() for strip in strips]) for band in range(BANDS)]
    return [(float(np.median(size)) * _USUAL_OF_NOISE) ** 2 for size in sizes]


def _beyond_noise(band: Plane, usual: float) -> Plane:
    """The band, weighted by the share of its energy nearby that is more than noise: Wiener's rule."""
    energy = box_mean((band * band)[..., None], NEARBY)[..., 0]
    share = 1 - np.float32(ABOVE_USUAL * usual) / np.maximum(energy, np.float32(1e-12))
    weighted: Plane = band * np.maximum(share, 0, out=share)
    return weighted
