"""What a generator found at its working size, carried to a photo of any size; for previews kept while both live."""

from __future__ import annotations

from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from engine.color import srgb_to_lab, to_srgb_small
from engine.guided import Enlarger, Guide, enlarger
from engine.photo import Photo

LARGEST_KEPT_PIXELS = 4_000_000

_kept: WeakKeyDictionary[object, WeakKeyDictionary[Photo, Enlarger]] = WeakKeyDictionary()
"""Owner -> photo -> what carries; it depends on no slider. Full-size ones would be too large to keep."""
_guides: WeakKeyDictionary[Photo, tuple[NDArray[np.float32], Guide]] = WeakKeyDictionary()
"""Photo -> its L* at the small size asked for last, and what the filter knows of it: another hint changes neither."""


def carrier(photo: Photo, owner: object, found: NDArray[np.generic], *, first_is_lightness: bool = False) -> Enlarger:
    """What carries the planes `found` (h, w, C), which belong to `owner` (a step's Analysis), to the size of `photo`.

    first_is_lightness: the first plane is an L* that replaces the photo's own. It is carried as its difference to that, and
    the difference comes out: a line through L* itself would be flat where luma is, and lose all detail finer than `found`.
    Squared error of L* at full size on four photographs faded by a curve at a short side of 128 pixels: 1.6 instead of 16.
    """
    kept = _kept.setdefault(owner, WeakKeyDictionary())
    carry = kept.get(photo)
    if carry is None:
        planes = found.astype(np.float32)
        height, width = planes.shape[:2]
        own, guide = _guide(photo, height, width)
        if first_is_lightness:
            planes[..., 0] -= own
        carry = enlarger(planes, guide, photo.height, photo.width)
        if photo.height * photo.width <= LARGEST_KEPT_PIXELS:
            kept[photo] = carry
    return carry


def _guide(photo: Photo, height: int, width: int) -> tuple[NDArray[np.float32], Guide]:
    kept = _guides.get(photo)
    if kept is None or kept[0].shape != (height, width):
        own = srgb_to_lab(to_srgb_small(photo, height, width))[..., 0]
        kept = _guides[photo] = own, Guide.of(own)
    return kept
