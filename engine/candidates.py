"""Several plausible colourings of one photo to choose from: the likeliest, then those that look most different."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.ciede2000 import colour_difference
from engine.photo import Photo
from engine.progress import part
from engine.steps.colorize import COLORIZE, ColorizeSettings, mark_of
from engine.steps.step import Analysis, Tools

Plane = NDArray[np.float32]

COUNTED = 0.2
"""Share of the pixels that make a difference: a dress changes its colour while sky, grass and faces rightly stay."""
COMPARED_PIXELS = 16_000


@dataclass(frozen=True, eq=False)
class Candidate:
    """A colouring of a photo. number, generator: the values of ColorizeSettings.candidate and candidate_of that give it.

    in_use: it is the one that the settings give already. analysis: as of the step.
    """

    number: int
    analysis: Analysis
    generator: str
    in_use: bool


def candidates(
    photo: Photo, settings: ColorizeSettings, tools: Tools, most: int = 8, smallest_difference: float = 4.0
) -> list[Candidate]:
    """The likeliest colouring, the one in use, and others up to `most`, each the one that differs most from all before it.

    photo: as the steps before `colorize` leave it. settings: those of the step, which say the one in use; `most` of 1 gives the
    likeliest alone, whatever they say. smallest_difference: CIEDE2000 in the mean over the fifth of the pixels that differ
    most, measured at working size on a grid of at most 16,000 pixels; a colouring that is nearer to one already chosen is left
    out, unless it is in use. Hints are followed. Only the likeliest where the generator has no styles; [] where the photo is
    left alone since it has colour already.

    Raises:
        Cancelled (it is asked for between runs and inside them), and what a generator raises. ValueError: `most` is below 1.
    """
    if most < 1:
        raise ValueError(f"most must be at least 1, not {most}")
    seen = COLORIZE.seen(photo, settings, tools)
    if seen is None:
        return []
    generator = tools.generator("colorize")
    in_use, mark = settings.candidate_for(generator), mark_of(generator.card)
    count = len(generator.styles) + 1 if most > 1 else 1
    found: list[Candidate] = []
    for number in range(count):
        tools.cancel.check()
        inside = Tools(
            tools.generator, tools.hints, part(tools.report, number / count, (number + 1) / count), tools.cancel
        )
        likeliest = found[0].analysis if found else None
        analysis = COLORIZE.coloured(seen, number, inside, likeliest)
        found.append(Candidate(number, analysis, mark, number == in_use))
    first = [0, in_use] if in_use and most > 1 else [0]
    colours = compared(seen.lightness, [candidate.analysis.arrays["chroma"] for candidate in found])
    return [found[place] for place in _farthest_first(colours, first, most, smallest_difference)]


def compared(lightness: Plane, chroma: Sequence[NDArray[np.generic]]) -> list[Plane]:
    """Lab (n, 3) of colourings, a*b* (h, w, 2) over the same L* (h, w), on the grid where they are compared."""
    step = max(1, math.ceil(math.sqrt(lightness.size / COMPARED_PIXELS)))
    own = lightness[::step, ::step, None]
    planes = [np.concatenate([own, plane[::step, ::step].astype(np.float32)], 2) for plane in chroma]
    return [plane.reshape(-1, 3) for plane in planes]


def _farthest_first(colours: list[Plane], first: list[int], most: int, smallest_difference: float) -> list[int]:
    """Places in `colours`; those in `first` come first, however near they are to each other."""
    chosen: list[int] = []
    nearest = np.full(len(colours), np.inf)
    while len(chosen) < min(most, len(colours)):
        for place, other in enumerate(colours if chosen else ()):
            if nearest[place] >= smallest_difference:  # what is too near to one stays out, whatever is chosen next
                nearest[place] = min(nearest[place], difference(colours[chosen[-1]], other))
        next_one = first[len(chosen)] if len(chosen) < len(first) else int(nearest.argmax())
        if len(chosen) >= len(first) and nearest[next_one] < smallest_difference:
            break
        chosen.append(next_one)
        nearest[next_one] = -np.inf  # it cannot be chosen again
    return chosen


def difference(one: Plane, other: Plane) -> float:
    """Mean CIEDE2000 over the fifth of the pixels (n, 3) in which two colourings differ most."""
    apart = colour_difference(one, other)
    count = max(1, round(COUNTED * apart.size))
    return float(np.partition(apart, apart.size - count)[apart.size - count :].mean())
