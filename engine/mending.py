"""What is put in the place of damage: the generator's word, and in wide places that show nothing pieces of the picture itself."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from engine import exemplars, hole_pyramid
from engine.filling import Filling
from engine.generator import Picture
from engine.progress import Report, part

Array = NDArray[np.float32]
Mask = NDArray[np.bool_]

GENERATED_SHARE = 0.5
"""Of the work where wide places are drawn."""


def mended(
    picture: Picture, mask: Mask, seen: Mask, wide: Mask, barred: Mask, filling: Filling, report: Report
) -> Array:
    """(n, 3) sRGB 0..1 for the n places of `mask` (H, W), row by row, of `picture` (H, W, 3).

    seen: those that the generator may look through. wide: those that are drawn from the picture itself (exemplars.wide_places).
    barred: places of which nothing is taken for that.
    Raises as Filling.values.
    """
    if not wide.any():
        return hole_pyramid.mended(picture, mask, seen, filling, report)
    values = hole_pyramid.mended(picture, mask, seen, filling, part(report, 0.0, GENERATED_SHARE))
    return exemplars.drawn(
        picture, mask, values, wide, barred, filling.kept, filling.cancel, part(report, GENERATED_SHARE, 1.0)
    )
