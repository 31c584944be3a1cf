"""What patches are compared by: their pixels, the colour about them and how lively it is there.

The pixels count by their principal components (Hertzmann et al. 2001, "Image Analogies"): a seventh of the numbers tells nearly
all.
Compared by pixels alone the smoothest patch is always the nearest, so the strength of the texture counts too (Newson et al. 2014,
"Video Inpainting of Complex Scenes", SIAM J. Imaging Sciences 7, arXiv 1503.05528); in a hole it is that of what lies round it.
"""

from __future__ import annotations

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from engine.guided import box_mean
from engine.halving import doubled, mean_of_fours, sum_of_fours
from engine.morphology import eroded

Array = NDArray[np.float32]
Mask = NDArray[np.bool_]
Places = tuple[NDArray[np.intp], NDArray[np.intp]]
"""Rows and columns, one of each for every place."""

RADIUS_PX = 3
SIDE_PX = 2 * RADIUS_PX + 1
COMPONENTS = 20
TEXTURE = 2.0
"""How much a difference in liveliness counts beside one in colour."""
_NEAR_PX = 3
"""Radius of the box, taken twice, over which colour and liveliness are means."""
_LEARNED_FROM = 4000
_AT_ONCE = 50_000


class PatchSpace:
    """The patches of one picture (h, w, 3), with a hole in it, as vectors."""

    def __init__(
        self, picture: Array, hole: Mask, guide: Array, sources: Places, targets: Places, guidance: float
    ) -> None:
        """hole: (h, w), where the picture is not known. guide: (h, w, 3), known everywhere: what colours the hole should have
        on the whole, which counts `guidance` times as much as the pixels. sources, targets: the middles of the patches that are
        taken, which touch no hole, and of those that are looked for."""
        some = tuple(places[:: max(1, len(places) // _LEARNED_FROM)] for places in sources)
        sample = _patches(_padded(picture), (some[0], some[1]))
        self._mean = sample.mean(0)
        _, vectors = np.linalg.eigh(np.cov(sample - self._mean, rowvar=False))
        self._components: Array = vectors[:, ::-1][:, :COMPONENTS].astype(np.float32)
        self._targets = targets
        scales = np.float32(SIDE_PX) * np.array([np.sqrt(guidance)] * 3 + [TEXTURE] * 2, np.float32)
        known, near = _near(picture, ~hole)
        self.of_sources: Array = np.zeros((*hole.shape, COMPONENTS + 5), np.float32)
        self.of_sources[sources] = np.concatenate([self._projected(picture, sources), near[sources] * scales], 1)
        wanted = np.concatenate([_near(guide, np.ones_like(hole))[1][..., :3], _spread(near[..., 3:], known)], 2)
        self._wanted: Array = wanted[targets] * scales
        # What patches of one texture differ by, were each pixel as far from its like as from the pixel beside it.
        self.usual: Array = SIDE_PX**2 * np.square(wanted[targets][:, 3:]).sum(1)

    def of_targets(self, picture: Array) -> Array:
        """(n, k): the patches that are looked for, as `picture` (h, w, 3) has them at present."""
        return np.concatenate([self._projected(picture, self._targets), self._wanted], 1)

    def _projected(self, picture: Array, places: Places) -> Array:
        padded, found = _padded(picture), []
        for first in range(0, len(places[0]), _AT_ONCE):
            rows, columns = (side[first : first + _AT_ONCE] for side in places)
            found.append((_patches(padded, (rows, columns)) - self._mean) @ self._components)
        return np.concatenate(found)


def _padded(picture: Array) -> Array:
    return np.pad(picture, [(RADIUS_PX, RADIUS_PX)] * 2 + [(0, 0)], "reflect")


def _patches(padded: Array, places: Places) -> Array:
    """(n, SIDE_PX² · 3): the patches round `places` of the picture that was padded."""
    found: Array = sliding_window_view(padded, (SIDE_PX, SIDE_PX), axis=(0, 1))[places].reshape(len(places[0]), -1)
    return found


def _near(picture: Array, known: Mask) -> tuple[Mask, Array]:
    """(h, w, 5): of what is known near each pixel, the mean colour and the mean steps across and down; and where anything is."""
    grey = picture.mean(2)
    steps = [np.abs(np.diff(grey, axis=axis, append=grey.take([-1], axis))) for axis in (1, 0)]
    inner = eroded(known, 1)
    planes = np.concatenate([picture * known[..., None], *(step[..., None] * inner[..., None] for step in steps)], 2)
    shares = np.stack([known] * 3 + [inner] * 2, 2).astype(np.float32)
    planes, shares = (box_mean(box_mean(each, _NEAR_PX), _NEAR_PX) for each in (planes, shares))
    return shares[..., 3] > 1e-3, (planes / np.maximum(shares, 1e-6)).astype(np.float32, copy=False)


def _spread(values: Array, known: Mask) -> Array:
    """(h, w, c) `values` with what is not `known` told by smaller sizes (pull and push: Gortler et al. 1996, "The Lumigraph")."""
    if known.all() or min(known.shape) == 1:
        return values
    half = _spread(mean_of_fours(values, known), sum_of_fours(known) > 0)
    larger = doubled(half, np.arange(known.shape[0]), np.arange(known.shape[1]))
    return np.where(known[..., None], values, larger)
