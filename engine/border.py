"""The even strips round a photo: paper, mount or scanner lid, which are not part of the picture."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Plane = NDArray[np.float32]

EVEN = 8.0
"""L* between the darkest and the lightest twentieth of a line that still counts as one shade."""
LIGHT = 78.0
DEEPEST = 5
"""A border takes at most a fifth of a side."""


@dataclass(frozen=True)
class Border:
    """How many pixels of each side are border, in pixels of the plane that was looked at."""

    top: int
    bottom: int
    left: int
    right: int

    def inside(self, height: int, width: int) -> tuple[slice, slice]:
        """Rows and columns of the picture itself."""
        return slice(self.top, height - self.bottom), slice(self.left, width - self.right)


def even_border(lightness: Plane) -> Border:
    """The lines at each side of (H, W) L* that hold one shade."""
    top, bottom = _even_lines(lightness), _even_lines(lightness[::-1])
    # Columns are judged between the strips above and below, which would make every column uneven.
    middle = lightness[top : lightness.shape[0] - bottom]
    return Border(top, bottom, _even_lines(middle.T), _even_lines(middle.T[::-1]))


def paper_border(lightness: Plane) -> Border | None:
    """The border if light paper runs round all four sides in one shade; a pale sky at the top alone is none."""
    found = even_border(lightness)
    if not min(found.top, found.bottom, found.left, found.right):
        return None
    shades = [
        float(np.median(strip))
        for strip in (
            lightness[: found.top],
            lightness[-found.bottom :],
            lightness[:, : found.left],
            lightness[:, -found.right :],
        )
    ]
    return found if min(shades) > LIGHT and max(shades) - min(shades) < 2 * EVEN else None


def on_paper(lightness: Plane) -> NDArray[np.bool_]:
    """(H, W): True on the white paper round a print, which has no colour to find."""
    border = paper_border(lightness)
    paper = np.full(lightness.shape, border is not None)
    if border is not None:
        paper[border.inside(*lightness.shape)] = False
    return paper


def _even_lines(lightness: Plane) -> int:
    """How many of the first rows hold one and the same shade; the rows of a picture itself seldom do."""
    most = lightness.shape[0] // DEEPEST
    if not most or not lightness.shape[1]:
        return 0
    low, middle, high = np.percentile(lightness[:most], (5, 50, 95), axis=1)
    uneven = np.flatnonzero((high - low > EVEN) | (np.abs(middle - middle[0]) > EVEN))
    return int(uneven[0]) if len(uneven) else most
