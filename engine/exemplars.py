"""Wide holes drawn from what the picture has elsewhere: grass goes on as grass, a brick wall as bricks.

A generator of this size fills what is wide with a smooth mean. That tells well how bright and of what colour a place is, and
nothing of its texture. So patches of the picture itself are laid into the hole, from a small size up, such as agree with each
other, with what lies round the hole and, on the whole, with what the generator said (neighbour_field.py).
"""

from __future__ import annotations

import hashlib

import numpy as np
from numpy.typing import NDArray

from engine.generator import Picture
from engine.halving import mean_of_fours, sum_of_fours
from engine.hole_regions import regions_round
from engine.kept import KeptArrays
from engine.morphology import eroded, grown
from engine.neighbour_field import NeighbourField
from engine.patch_space import RADIUS_PX, PatchSpace
from engine.progress import CancelToken, Progress, Report, part

Array = NDArray[np.float32]
Mask = NDArray[np.bool_]

WIDE_PX = 3
"""A place is wide where a square of twice so many pixels a side and one more lies in the hole."""
CORE_PX = 5
"""The smallest size is the one at which nothing of a hole is further than this from what is known."""
ROUNDS = (6, 4, 3, 2)
"""Of searching and voting, at the smallest size, the next, …; the last number stands for all larger ones."""
GUIDANCE = (2.0, 1.0, 0.5)
"""How much the generator's word counts beside the patch's own pixels, likewise."""
LAST_SPREAD_PX = 0.7
"""At last the patch that is centred on a pixel counts nearly alone: the mean of many has lost half of the grain."""
MOST_SEARCHED = 60_000
"""Patches; of a hole with more at a size, what was found at half the size is only drawn at this one."""
FEWEST_SOURCES = 400
SMALLEST_PX = 24
STAGE = "Drawing wide holes"


def wide_places(mask: Mask) -> Mask:
    """The places of `mask` (H, W) that are not narrow: a scratch beside a hole is the generator's."""
    return mask & grown(eroded(mask, WIDE_PX), WIDE_PX)


def drawn(
    picture: Picture,
    mask: Mask,
    values: Array,
    wide: Mask,
    barred: Mask,
    kept: KeptArrays,
    cancel: CancelToken,
    report: Report,
) -> Array:
    """(n, 3) sRGB 0..1: `values` of the n places of `mask` (H, W), row by row, with the `wide` ones among them drawn anew.

    picture: (H, W, 3). barred: (H, W), places of which nothing is taken: an eye in a cheek is worse than a smooth cheek. kept:
    what was drawn lately, taken again where all that shaped it is the same. The same picture always gives the same result.
    Raises Cancelled.
    """
    values = values.copy()
    ends = np.concatenate([[0], mask.sum(1).cumsum()])
    regions = regions_round(wide)
    for number, region in enumerate(regions):
        cancel.check()
        inside_report = part(report, number / len(regions), (number + 1) / len(regions))
        rows, columns = slice(region.top, region.bottom), slice(region.left, region.right)
        image = picture[rows, columns].copy()
        inside = np.zeros_like(mask[rows])
        inside[:, columns] = mask[rows, columns]
        band = values[ends[region.top] : ends[region.bottom]]  # a view
        chosen = inside[mask[rows]]
        image[mask[rows, columns]] = band[chosen]
        anew = _known_or_drawn(image, wide[rows, columns], barred[rows, columns], kept, cancel, inside_report)
        band[chosen] = anew[mask[rows, columns]]
    report(Progress(STAGE, 1.0))
    return values


def _known_or_drawn(
    image: Array, hole: Mask, barred: Mask, kept: KeptArrays, cancel: CancelToken, report: Report
) -> Array:
    digest = hashlib.blake2b(repr(("exemplars", image.shape)).encode(), digest_size=16)
    for values in (np.ascontiguousarray(image), np.packbits(hole), np.packbits(barred)):
        digest.update(values.data)
    known = kept.get(digest.digest())
    if known is None:
        known = _drawn(image, hole, barred, cancel, report)[hole]
        kept.put(digest.digest(), known)
    result = image.copy()
    result[hole] = known
    return result


def _drawn(image: Array, hole: Mask, barred: Mask, cancel: CancelToken, report: Report) -> Array:
    """`image` (h, w, 3), filled by the generator, with its `hole` drawn from patches; as it is where there are too few for it."""
    random = np.random.default_rng(0)
    sizes = _sizes(image, hole, barred, cancel)
    if not sizes or np.count_nonzero(sizes[-1][1]) > MOST_SEARCHED:
        return image
    smaller: NeighbourField | None = None
    for step, (guide, unknown, free) in enumerate(reversed(sizes)):
        cancel.check()
        inside = part(report, *_shares(step, len(sizes)))
        field = NeighbourField(unknown, free, random, smaller)
        cancel.check()
        result = guide.copy()
        if smaller is not None:
            field.vote(result, cancel)
        if smaller is None or len(field.targets[0]) <= MOST_SEARCHED:
            guidance, rounds = (each[min(step, len(each) - 1)] for each in (GUIDANCE, ROUNDS))
            space = PatchSpace(guide, unknown, guide, field.sources, field.targets, guidance)
            for number in range(int(rounds)):
                inside(Progress(STAGE, number / rounds))
                field.search(space, result, cancel)
                field.vote(result, cancel)
        smaller = field
    assert smaller is not None
    smaller.vote(result, cancel, LAST_SPREAD_PX)
    return result


def _shares(step: int, steps: int) -> tuple[float, float]:
    """Where a size's part of the work begins and ends: each has four times the pixels of the one before, and half the rounds."""
    return (2.0**step - 1) / (2.0**steps - 1), (2.0 ** (step + 1) - 1) / (2.0**steps - 1)


def _sizes(image: Array, hole: Mask, barred: Mask, cancel: CancelToken) -> list[tuple[Array, Mask, Mask]]:
    """The image, its hole and the middles of patches that may be taken at full size, at half, …, until the hole is narrow and
    small; none that has too few to take."""
    sizes = list[tuple[Array, Mask, Mask]]()
    while (
        min(hole.shape) >= SMALLEST_PX and np.count_nonzero(free := ~grown(hole | barred, RADIUS_PX)) >= FEWEST_SOURCES
    ):
        cancel.check()
        sizes.append((image, hole, free))
        if not eroded(hole, CORE_PX).any() and np.count_nonzero(hole) <= MOST_SEARCHED:
            break
        image, hole, barred = mean_of_fours(image), sum_of_fours(hole) > 0, sum_of_fours(barred) > 0
    return sizes
