"""From how likely damage is to the places that are mended: a threshold, whole scratches, a rim, and the user's word."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.components import Components
from engine.marks import Marks
from engine.morphology import grown
from engine.progress import CancelToken

Mask = NDArray[np.bool_]
Plane = NDArray[np.uint8]
Shares = NDArray[np.float32]

SOFT_PX = 2
"""So wide the mended place runs out into its surroundings."""
RIM_OF_SIDE = 1 / 1000
"""Of the short side: so far beyond what was found damage still shows, blurred by lens and scanner; at least a pixel."""
_FAINTER = 0.6
"""How likely, beside the threshold, what is joined to a likelier place must be: so that a thin scratch stays whole."""


@dataclass(frozen=True, eq=False)
class DamageMask:
    """weight: uint8 (H, W), 0 outside the mask, 255 where all is replaced, less in the soft rim. share: of the photo that was
    found damaged, whatever was marked. too_much: more than is believed, so only marked places are in the mask."""

    weight: Plane
    share: float
    too_much: bool


def damage_mask(
    found: Plane | None,
    height: int,
    width: int,
    *,
    sensitivity: float,
    largest: float,
    marks: Marks | None,
    cancel: CancelToken,
    faces: Shares | None = None,
    surely: float = 0.0,
) -> DamageMask:
    """The mask of a photo of `height` x `width`.

    found: uint8 of any size, 255 surely damaged, None where nothing was looked for. sensitivity: above 0 to 1, 0.5 takes what
    is likelier damaged than not. largest: share of the photo above which what was found is not believed. marks: what is
    damaged is added, what is sound taken away. faces: of the size of `found`, how far each place lies in a face, 0..1; there
    only what is damaged as `surely` as that counts, and above 1 nothing that was not marked. Raises Cancelled.
    """
    core = np.zeros((height, width), bool)
    if found is not None:
        core = _likely(found, height, width, 255 * _threshold(sensitivity, faces, surely))
    cancel.check()
    share = float(core.mean())
    too_much = share > largest
    if too_much:
        core[:] = False
    sound = None
    if marks is not None:
        damaged, sound = marks.meant_at(height, width)
        core |= damaged
    cancel.check()
    weight = _weighted(core, max(1, round(min(height, width) * RIM_OF_SIDE)), cancel)
    if sound is not None:
        weight[sound] = 0
    return DamageMask(weight, share, too_much)


def _threshold(sensitivity: float, faces: Shares | None, surely: float) -> Shares:
    """How likely damage must be, of no dimensions or of those of `faces`."""
    everywhere = np.float32(0.9 - 0.8 * sensitivity)
    if faces is None:
        return np.array(everywhere)
    threshold: Shares = everywhere + faces * np.maximum(np.float32(surely) - everywhere, 0)
    return threshold


def _likely(found: Plane, height: int, width: int, threshold: Shares) -> Mask:
    """What is likely, and all that is faint and joined to it: hysteresis after J. Canny, "A Computational Approach to Edge
    Detection", IEEE PAMI 8 (1986)."""
    coarseness = -(-height // found.shape[0])
    if found.shape != (height, width):
        found, threshold = (_enlarged(plane, height, width) for plane in (found, threshold))
    likely = Components.of(found > _FAINTER * threshold).holding(found > threshold)
    # A pixel of a small map that is half damaged does not look it.
    return likely if coarseness == 1 else grown(likely, coarseness)


def _enlarged(plane: NDArray[Any], height: int, width: int) -> NDArray[Any]:
    from PIL import Image

    if not plane.ndim:
        return plane
    return np.asarray(Image.fromarray(plane).resize((width, height), Image.Resampling.BILINEAR))


def _weighted(core: Mask, rim_px: int, cancel: CancelToken) -> Plane:
    """255 on the core and its rim, falling over SOFT_PX beyond."""
    solid = grown(core, rim_px)
    weight = solid.astype(np.uint8)
    for _ in range(SOFT_PX):
        cancel.check()
        solid = grown(solid, 1)
        weight += solid
    weight *= 255 // (SOFT_PX + 1)
    return weight
