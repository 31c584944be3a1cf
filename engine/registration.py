"""Where each pixel of one scan lies in another scan of the same print, turned and scaled as it may be.

First coarsely: points that both show (SIFT: D. Lowe, 2004), and the homography that most pairs agree on (MAGSAC++: D. Barath et
al., arXiv 1912.05909); it knows no turn beforehand, so any will do. Then at full size: how far patches all over the print are
still off (phase correlation), a homography through them, and a smooth bend on top, since a flatbed's carriage does not run evenly
and an old print does not lie flat. The only file that knows OpenCV, which is in the extra `registration`.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.color import to_srgb_small
from engine.errors import PackageMissing, ScansDiffer
from engine.phase_correlation import shift_between
from engine.photo import Photo, Pixels
from engine.progress import CancelToken, Progress, Report, ignore

Plane = NDArray[np.float32]
Points = NDArray[np.float64]
"""(N, 2): x, y of pixels' middles, the first at 0."""

COARSE_PX = 1200
"""Long side at which points are looked for."""
FEATURES = 4000
LEAST_PAIRS = 12
LEAST_PATCHES = 16
LIKE_ENOUGH = 0.3
"""Correlation of the two, each place against its surroundings, from which on they show the same; unlike ones stay below 0.1."""
SCALES = (0.4, 2.5)
"""Pixels of the second scan a pixel of the first that still make sense to mix."""
STEEPEST = 1.6
"""How much larger one corner may be shown than another: a flatbed has nearly no perspective."""
PATCHES = 160
STRONG = 6.0
BENDABLE = 60
"""Patches from which on a bend is looked for."""
BEND = 9
"""Terms of the bend along a side: enough for the sway of a carriage; only JOINT of them go with those of the other side."""
JOINT = 4
WORTH_BENDING_PX, WORTH_BENDING = 0.08, 0.6
"""A bend must take so much of the places' error away, and leave at most this share: relief itself bends a fit a little."""
TILE_PX = 1024
OPPOSITE_DEG = 35.0


@dataclass(frozen=True, eq=False)
class Registration:
    """How the second scan lies on the first one's pixels.

    matrix: (3, 3), the homography from the first's pixels to the second's. bend: (2, BEND, BEND), what is added to x and y,
    pixels of the second: weights of polynomials in (y, x), or None. size: (height, width) of the first, other_size of the second.
    turn_deg: by how much the second is turned, 0..360, clockwise. scale: pixels of the second a pixel of the first.
    error_px: how uncertain the fit is, from the fits through either half of the places, pixels of the first; spread_px: how far
    single places that were left out of a fit lay off it (median); both nan if too few places were found. overlap: share of the
    first that the second shows. likeness: correlation of the two, each place against its surroundings, -1..1.
    """

    matrix: Points
    size: tuple[int, int]
    other_size: tuple[int, int]
    bend: Points | None = None
    turn_deg: float = 0.0
    scale: float = 1.0
    error_px: float = math.nan
    spread_px: float = math.nan
    overlap: float = 1.0
    likeness: float = 1.0

    @property
    def is_opposite(self) -> bool:
        """Whether the light came from the other side."""
        return abs(self.turn_deg - 180) <= OPPOSITE_DEG

    def places(self, x: NDArray[Any], y: NDArray[Any]) -> tuple[Points, Points]:
        """x and y in the second scan, (len(y), len(x)) each, of the columns `x` and rows `y` of the first."""
        to_x, to_y = _straight(self.matrix, np.asarray(x, np.float64), np.asarray(y, np.float64)[:, None])
        if self.bend is not None:
            rows, columns = _waves(y, self.size[0]), _waves(x, self.size[1])
            to_x += rows @ self.bend[0] @ columns.T
            to_y += rows @ self.bend[1] @ columns.T
        return to_x, to_y

    def at(self, points: Points) -> Points:
        """(N, 2): where the second scan shows each of the first one's `points` (N, 2: x, y)."""
        there = np.stack(_straight(self.matrix, points[:, 0], points[:, 1]), -1)
        if self.bend is not None:
            rows, columns = _waves(points[:, 1], self.size[0]), _waves(points[:, 0], self.size[1])
            there += np.einsum("ni,kij,nj->nk", rows, self.bend, columns)
        return there

    def shows(self, x: NDArray[Any], y: NDArray[Any]) -> NDArray[np.bool_]:
        """Whether the second scan shows the pixels in the columns `x` and rows `y`: (len(y), len(x))."""
        to_x, to_y = self.places(x, y)
        height, width = self.other_size
        return (to_x >= -0.5) & (to_x <= width - 0.5) & (to_y >= -0.5) & (to_y <= height - 0.5)

    def carried(self, pixels: Pixels, cancel: CancelToken | None = None) -> Pixels:
        """The second scan's `pixels` (H, W, C) on the first one's: (h, w, C) of the same depth; beyond its rim the rim goes on."""
        height, width = self.size
        laid = np.empty((height, width, pixels.shape[2]), pixels.dtype)
        if self.scale > 1.2:  # what is finer than the first one's pixels would come out as false patterns
            soft = opencv().GaussianBlur(pixels, (0, 0), 0.45 * math.sqrt(self.scale**2 - 1))
            pixels = soft.reshape(pixels.shape)
        for rows, columns in _tiles(height, width):
            if cancel is not None:
                cancel.check()
            to_x, to_y = self.places(np.arange(width)[columns], np.arange(height)[rows])
            laid[rows, columns] = _looked_up(pixels, to_x, to_y)
        return laid


def register(first: Photo, second: Photo, report: Report = ignore, cancel: CancelToken | None = None) -> Registration:
    """Find how `second` lies on `first`, whichever way it is turned.

    Raises:
        PackageMissing: OpenCV is not installed. ScansDiffer: they do not show the same print, or in too different sizes.
    """
    token = cancel or CancelToken()
    opencv()
    report(Progress("Laying the scans over each other", 0.0))
    small_first, small_second = (_small(photo) for photo in (first, second))
    token.check()
    matrix = _coarse(small_first, small_second, first, second)
    found = _described(Registration(matrix, (first.height, first.width), (second.height, second.width)))
    found = replace(found, likeness=_likeness(found, small_first, small_second))
    if found.likeness < LIKE_ENOUGH or found.overlap < 0.25:
        raise ScansDiffer()
    if not SCALES[0] <= found.scale <= SCALES[1]:
        raise ScansDiffer.in_size(found.scale)
    reach = 3.0 * max(1.0, max(found.size) / COARSE_PX)
    for turn in range(3):
        report(Progress("Laying the scans over each other", (turn + 1) / 4))
        found = _refined(found, first, second, reach, token)
        reach = max(2.0, reach / 2)
    return _described(found)


def opencv() -> Any:
    """The module cv2. Raises PackageMissing where it is not installed."""
    try:
        import cv2
    except ImportError as error:
        raise PackageMissing("OpenCV", "registration", "laying two scans over each other") from error
    return cv2


def _small(photo: Photo) -> Plane:
    """(h, w) 0..1: the photo's green, spread to its own range; about COARSE_PX."""
    scale = min(1.0, COARSE_PX / max(photo.height, photo.width))
    height, width = max(1, round(photo.height * scale)), max(1, round(photo.width * scale))
    grey = to_srgb_small(photo, height, width)[..., 1]
    low, high = np.quantile(grey, (0.01, 0.99))
    spread: Plane = np.clip((grey - low) / max(float(high - low), 1e-3), 0, 1).astype(np.float32)
    return spread


def _coarse(one: Plane, other: Plane, first: Photo, second: Photo) -> Points:
    """The homography from points that both show. Raises ScansDiffer."""
    cv2 = opencv()
    finder = cv2.SIFT_create(nfeatures=FEATURES, contrastThreshold=0.02)
    evened = cv2.createCLAHE(clipLimit=3.0, tileGridSize=(8, 8))
    (points, signs), (others, other_signs) = (
        finder.detectAndCompute(evened.apply((plane * 255).astype(np.uint8)), None) for plane in (one, other)
    )
    if signs is None or other_signs is None or min(len(points), len(others)) < LEAST_PAIRS:
        raise ScansDiffer()
    pairs = [
        pair[0]
        for pair in cv2.BFMatcher(cv2.NORM_L2).knnMatch(signs, other_signs, k=2)
        if len(pair) == 2 and pair[0].distance < 0.8 * pair[1].distance
    ]
    if len(pairs) < LEAST_PAIRS:
        raise ScansDiffer()
    here = _at_full_size(np.array([points[p.queryIdx].pt for p in pairs]), one, first)
    there = _at_full_size(np.array([others[p.trainIdx].pt for p in pairs]), other, second)
    matrix, agreeing = cv2.findHomography(here, there, cv2.USAC_MAGSAC, 3.0 * max(1.0, second.width / other.shape[1]))
    if matrix is None or int(agreeing.sum()) < LEAST_PAIRS or not _is_flat(matrix, first):
        raise ScansDiffer()
    return np.asarray(matrix, np.float64)


def _at_full_size(points: Points, small: Plane, photo: Photo) -> Points:
    scale = np.array([photo.width / small.shape[1], photo.height / small.shape[0]])
    placed: Points = (points + 0.5) * scale - 0.5
    return placed


def _is_flat(matrix: Points, photo: Photo) -> bool:
    """Whether a print on glass could be shown so: not mirrored, and no corner much larger than another."""
    corners = [(x, y) for x in (0, photo.width - 1) for y in (0, photo.height - 1)]
    areas = [float(np.linalg.det(_local(matrix, x, y))) for x, y in corners]
    return min(areas) > 0 and max(areas) < STEEPEST * min(areas)


def _local(matrix: Points, x: float, y: float) -> Points:
    """(2, 2): how a homography turns and scales at a point."""
    across, down, away = matrix @ np.array([x, y, 1.0])
    place = np.array([across, down]) / away
    local: Points = (matrix[:2, :2] - np.outer(place, matrix[2, :2])) / away
    return local


def _described(found: Registration) -> Registration:
    """With turn, scale and overlap, which follow from where things lie."""
    height, width = found.size
    local = _local(found.matrix, (width - 1) / 2, (height - 1) / 2)
    turn = math.degrees(math.atan2(local[1, 0] - local[0, 1], local[0, 0] + local[1, 1])) % 360
    shown = found.shows(np.linspace(0, width - 1, 64), np.linspace(0, height - 1, 64))
    scale = math.sqrt(max(float(np.linalg.det(local)), 1e-12))
    return replace(found, turn_deg=turn, scale=scale, overlap=float(shown.mean()))


def _likeness(found: Registration, one: Plane, other: Plane) -> float:
    """Correlation of the small pictures where both show something, each place against its surroundings."""
    cv2 = opencv()
    (height, width), (other_height, other_width) = one.shape, other.shape
    x = (np.arange(width) + 0.5) * (found.size[1] / width) - 0.5
    y = (np.arange(height) + 0.5) * (found.size[0] / height) - 0.5
    to_x, to_y = found.places(x, y)
    small_x = (to_x + 0.5) * (other_width / found.other_size[1]) - 0.5
    small_y = (to_y + 0.5) * (other_height / found.other_size[0]) - 0.5
    laid = _looked_up(other[..., None], small_x, small_y, exact=False)[..., 0]
    weight = found.shows(x, y)
    parts = []
    for plane in (one, laid):
        soft = cv2.GaussianBlur(plane, (0, 0), 1.5)
        away = soft - cv2.GaussianBlur(soft, (0, 0), 12)
        parts.append(away / (np.sqrt(cv2.GaussianBlur(away * away, (0, 0), 24)) + 0.02))
    if int(weight.sum()) < 64:
        return 0.0
    mine, its = (part[weight] for part in parts)
    return float(np.corrcoef(mine, its)[0, 1])


def _refined(found: Registration, first: Photo, second: Photo, reach: float, cancel: CancelToken) -> Registration:
    """`found` moved to where patches of the full-size scans meet; as it was where too few of them do."""
    here, there = _pairs(found, first, second, reach, cancel)
    if len(here) < LEAST_PATCHES:
        return found
    straight = replace(found, matrix=_homography(here, there, found.scale), bend=None)
    even = np.arange(len(here)) % 2 == 0
    halves = [(_fitted(found, here[half], there[half]), ~half) for half in (even, ~even)]
    flat_off, bent_off = (
        np.mean([_left_over(models[k], here[rest], there[rest]) for models, rest in halves]) for k in (0, 1)
    )
    is_bent = len(here) >= BENDABLE and bent_off < min(WORTH_BENDING * flat_off, flat_off - WORTH_BENDING_PX)
    model = _fitted(found, here, there)[1] if is_bent else straight
    one, other = (models[int(is_bent)].at(here) for models, _ in halves)
    # The fit through all places lies between those through either half, twice as near to the truth as they to each other.
    error = float(np.sqrt(np.mean((one - other) ** 2) * 2)) / 2 / found.scale
    return replace(model, error_px=error, spread_px=float(bent_off if is_bent else flat_off))


def _fitted(found: Registration, here: Points, there: Points) -> tuple[Registration, Registration]:
    """A homography through the pairs, and the same with a bend."""
    flat = replace(found, matrix=_homography(here, there, found.scale), bend=None)
    missing = there - flat.at(here)
    rows, columns = _waves(here[:, 1], found.size[0]), _waves(here[:, 0], found.size[1])
    down, right = np.nonzero(_TERMS)
    terms = rows[:, down] * columns[:, right]
    damping = np.diag(3e-4 * len(here) * (1.0 + down + right) ** 2)
    kept = np.ones(len(here), bool)
    for _ in range(4):  # what is far off the surface is left out the next time
        few = terms[kept]
        weights = np.linalg.solve(few.T @ few + damping, few.T @ missing[kept])
        off = np.hypot(*(missing - terms @ weights).T)
        kept = off <= max(4 * float(np.median(off)), 1e-3)
    bend = np.zeros((2, BEND, BEND))
    bend[:, down, right] = weights.T
    return flat, replace(flat, bend=bend)


_TERMS = np.fromfunction(lambda i, j: (np.maximum(i, j) < JOINT) | (np.minimum(i, j) == 0), (BEND, BEND))


def _waves(at: NDArray[Any], length: int) -> Points:
    """(N, BEND) Legendre polynomials of places along a side, which is -1..1."""
    along = 2 * np.asarray(at, np.float64) / max(1, length - 1) - 1
    return np.asarray(np.polynomial.legendre.legvander(along, BEND - 1), np.float64)


def _straight(m: Points, x: Points, y: Points) -> tuple[Points, Points]:
    away = m[2, 0] * x + m[2, 1] * y + m[2, 2]
    return (m[0, 0] * x + m[0, 1] * y + m[0, 2]) / away, (m[1, 0] * x + m[1, 1] * y + m[1, 2]) / away


def _homography(here: Points, there: Points, scale: float) -> Points:
    cv2 = opencv()
    matrix, agreeing = cv2.findHomography(here, there, cv2.USAC_MAGSAC, 1.5 * scale)
    if matrix is None:
        raise ScansDiffer()
    kept = agreeing.ravel() > 0
    exact, _ = cv2.findHomography(here[kept], there[kept], 0) if kept.sum() >= 8 else (matrix, None)
    return np.asarray(matrix if exact is None else exact, np.float64)


def _left_over(found: Registration, here: Points, there: Points) -> float:
    return float(np.median(np.hypot(*(found.at(here) - there).T))) / found.scale


def _pairs(
    found: Registration, first: Photo, second: Photo, reach: float, cancel: CancelToken
) -> tuple[Points, Points]:
    """Middles of patches of the first scan, and where the second shows them, of all patches that are certain."""
    height, width = found.size
    patch = 1 << max(6, min(8, int(math.log2(max(64.0, min(height, width) / 5)))))
    if min(height, width) < patch:
        return np.empty((0, 2)), np.empty((0, 2))
    step = max(patch / 2, math.sqrt(height * width / PATCHES))
    here, there = [], []
    for top, left in _corners(height, width, patch, step):
        cancel.check()
        x, y = np.arange(left, left + patch), np.arange(top, top + patch)
        if not found.shows(x[[0, -1]], y[[0, -1]]).all():
            continue
        mine = first.pixels[top : top + patch, left : left + patch].mean(2, dtype=np.float32)
        its = _looked_up(second.pixels, *found.places(x, y), exact=False).mean(2, dtype=np.float32)
        shift = shift_between(mine, its, reach, either_sign=found.is_opposite)
        if shift.strength >= STRONG and max(abs(shift.x), abs(shift.y)) < reach:
            middle = np.array([left + patch // 2, top + patch // 2], np.float64)
            here.append(middle)
            there.append(found.at((middle + np.array([shift.x, shift.y]))[None])[0])
    return np.array(here).reshape(-1, 2), np.array(there).reshape(-1, 2)


def _corners(height: int, width: int, patch: int, step: float) -> Iterator[tuple[int, int]]:
    for top in np.linspace(0, height - patch, max(1, round((height - patch) / step) + 1)):
        for left in np.linspace(0, width - patch, max(1, round((width - patch) / step) + 1)):
            yield int(top), int(left)


def _looked_up(pixels: NDArray[Any], to_x: Points, to_y: Points, exact: bool = True) -> Any:
    """`pixels` (H, W, C) at places (h, w), between pixels by Lanczos' weights, or in a sixth of the time by cubic ones; (h, w, C).

    Only the part that is needed is handed on: OpenCV's own coordinates end at 32,767 pixels, and are the more exact the smaller.
    """
    cv2 = opencv()
    height, width = pixels.shape[:2]
    left, top = (max(0, min(length - 1, int(place.min()) - 8)) for place, length in ((to_x, width), (to_y, height)))
    right, low = (max(1, min(length, int(place.max()) + 9)) for place, length in ((to_x, width), (to_y, height)))
    part = np.ascontiguousarray(pixels[top : max(low, top + 1), left : max(right, left + 1)])
    maps = (to_x - left).astype(np.float32), (to_y - top).astype(np.float32)
    weights = cv2.INTER_LANCZOS4 if exact else cv2.INTER_CUBIC
    laid = cv2.remap(part, *maps, weights, borderMode=cv2.BORDER_REPLICATE)
    return laid.reshape(*to_x.shape, pixels.shape[2])


def _tiles(height: int, width: int) -> Iterator[tuple[slice, slice]]:
    for top in range(0, height, TILE_PX):
        for left in range(0, width, TILE_PX):
            yield slice(top, top + TILE_PX), slice(left, left + TILE_PX)
