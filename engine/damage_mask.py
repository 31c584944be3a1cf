"""From how likely damage is to the places that are mended: a threshold, whole scratches, a rim, and the user's word."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.components import Components
from engine.face_regions import towards
from engine.marks import Marks
from engine.morphology import eroded, grown
from engine.progress import CancelToken

Mask = NDArray[np.bool_]
Plane = NDArray[np.uint8]
Regions = NDArray[np.float32]

SOFT_PX = 2
"""So wide the mended place runs out into its surroundings."""
RIM_OF_SIDE = 1 / 1000
"""Of the short side: so far beyond what was found damage still shows, blurred by lens and scanner; at least a pixel."""
THIN_OF_SIDE = 1 / 250
"""Of the short side: cracks and scratches on clothes are at most twice so wide, lace and frills are wider."""
_FAINTER = 0.6
"""How likely, beside the threshold, what is joined to a likelier place must be: so that a thin scratch stays whole."""
_NOWHERE: Regions = np.empty((0, 5), np.float32)
"""The regions of a photo without faces."""


@dataclass(frozen=True, eq=False)
class DamageMask:
    """weight: uint8 (H, W), 0 outside the mask, 255 where all is replaced, less in the soft rim. lost: bool (H, W), what somebody
    marked as damaged: nothing that stands there counts. share: of the photo that was found damaged, whatever was marked.
    too_much: more than is believed, so only marked places are in the mask."""

    weight: Plane
    lost: Mask
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
    faces: Regions | None = None,
    clothes: Regions | None = None,
) -> DamageMask:
    """The mask of a photo of `height` x `width`.

    found: uint8 of any size, 255 surely damaged, None where nothing was looked for. sensitivity: above 0 to 1, 0.5 takes what
    is likelier damaged than not. largest: share of the photo above which what was found is not believed. marks: what is
    damaged is added, what is sound taken away. faces: (n, 5) regions (face_regions.py), their number how likely damage must be
    on that face, where that is more than elsewhere; above 1 nothing counts there that was not marked. clothes: the same of what
    people wear, where only what is thin is taken for being joined to something likelier: cracks run on, and so does lace, but
    wider. A face before somebody's clothes is a face. Raises Cancelled.
    """
    core = np.zeros((height, width), bool)
    if found is not None:
        everywhere = 0.9 - 0.8 * sensitivity
        on_faces, on_clothes = (_NOWHERE if regions is None else regions for regions in (faces, clothes))
        core = _likely(found, height, width, everywhere, on_faces, on_clothes[on_clothes[:, 4] > everywhere])
    cancel.check()
    share = float(core.mean())
    too_much = share > largest
    if too_much:
        core[:] = False
    rim_px = max(1, round(min(height, width) * RIM_OF_SIDE))
    lost, sound = np.zeros_like(core), None
    if marks is not None:
        damaged, sound = marks.meant_at(height, width)
        core |= damaged
        lost = grown(damaged, rim_px + SOFT_PX)
    cancel.check()
    weight = _weighted(core, rim_px, cancel)
    if sound is not None:
        weight[sound] = 0
    return DamageMask(weight, lost, share, too_much)


def _likely(found: Plane, height: int, width: int, everywhere: float, faces: Regions, clothes: Regions) -> Mask:
    """What is likely, and all that is faint and joined to it: hysteresis after J. Canny, "A Computational Approach to Edge
    Detection", IEEE PAMI 8 (1986)."""
    rows, columns = found.shape
    place = (0, rows, rows, columns)
    threshold = np.array(everywhere, np.float32)
    if len(faces):
        threshold = towards(everywhere, faces[faces[:, 4] > everywhere], *place)
    if len(clothes):
        bare = 1 - towards(0.0, _whole(faces), *place)
        worn = bare * towards(0.0, clothes, *place)
        threshold = np.maximum(threshold, everywhere + bare * (towards(everywhere, clothes, *place) - everywhere))
    # Of whole numbers the same are above a number and above its floor; a byte a pixel is enough for that.
    sure, faint = (np.minimum(255 * share * threshold, 255).astype(np.uint8) for share in (1, _FAINTER))
    if len(clothes):
        wide = _wide(found > faint, max(1, round(min(rows, columns) * THIN_OF_SIDE)))
        alone = np.minimum(255 * worn, 255).astype(np.uint8)
        faint[wide] = np.maximum(faint, alone)[wide]
    coarseness = -(-height // rows)
    if found.shape != (height, width):
        found, sure, faint = (_enlarged(plane, height, width) for plane in (found, sure, faint))
    likely = Components.of(found > faint).holding(found > sure)
    # A pixel of a small map that is half damaged does not look it.
    return likely if coarseness == 1 else grown(likely, coarseness)


def _whole(regions: Regions) -> Regions:
    """The regions with 1 for their number."""
    return np.column_stack([regions[:, :4], np.ones(len(regions), np.float32)])


def _wide(places: Mask, thin_px: int) -> Mask:
    """Where `places` are wider than twice `thin_px` along rows and columns, and their ragged rim."""
    return grown(eroded(places, thin_px), thin_px + thin_px // 2)


def _enlarged(plane: Plane, height: int, width: int) -> Plane:
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
