"""How much noise a cleaner took out of a photo, told from its change: what it did where the cleaned photo is flat.

A photo that is textured everywhere looks noisy to whoever sees nothing but its own detail (noise_estimate.py): a third of sharp
photographs of buildings and meadows do. What a cleaner leaves of them is textured still, and in the few flat places it has changed
next to nothing; where grain lay, it has.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from engine.noise_estimate import BLOCK_PX, patch_places
from engine.overlaid import luma_of
from engine.packed_change import unpacked
from engine.photo import Photo
from engine.srgb_view import SrgbView

_FLATTEST_PERCENT = 10
"""Of the blocks of the cleaned photo: their median tells."""


def noise_taken(photo: Photo, change: NDArray[np.generic]) -> float:
    """The standard deviation of what a cleaner changed in the flattest places, in grey values of 255.

    change: (h, w, 1 or 3), packed (packed_change.py), of the photo at its own size; of three channels the root mean square
    counts. 0 for a photo smaller than a block.
    """
    seen = SrgbView(photo)
    flatness, taken = [], []
    for place in patch_places(photo.height, photo.width):
        difference = unpacked(change[place])
        cleaned = luma_of(seen[place]) + difference.mean(2, keepdims=True)
        flatness.append(_variances(cleaned).mean(-1))
        taken.append(_variances(difference).mean(-1))
    flat, of_change = np.concatenate(flatness), np.concatenate(taken)
    if not len(flat):
        return 0.0
    flattest = flat <= np.percentile(flat, _FLATTEST_PERCENT)
    return float(255 * np.sqrt(np.median(of_change[flattest])))


def _variances(plane: NDArray[np.float32]) -> NDArray[np.float64]:
    """(h, w, C) -> (n, C): the variance of each block."""
    height, width, channels = plane.shape[0] // BLOCK_PX, plane.shape[1] // BLOCK_PX, plane.shape[2]
    blocks = plane[: height * BLOCK_PX, : width * BLOCK_PX].reshape(height, BLOCK_PX, width, BLOCK_PX, channels)
    variances: NDArray[np.float64] = blocks.var((1, 3), dtype=np.float64)
    return variances.reshape(height * width, channels)
