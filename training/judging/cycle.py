"""The cycle error of two generators: how far a photo is from itself after a way there and back (Zhu et al. 2017, CycleGAN)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

from engine.colourless import is_colourless
from engine.photo import Photo
from training import metrics
from training.judging.pictures import Picture, as_picture, as_tensor, look, of_short_side, read
from training.judging.reports import Progress, Report
from training.lab import lightness_to_grey

Way = Callable[[Picture], Picture]
"""One direction: a picture (h, w, 3) -> a picture of the same size."""


@dataclass(frozen=True)
class There:
    """One photo's way there and back. coloured: a colour photo, so faded first. cycle: mean |error| of sRGB 0..1.

    grey: the error of its own neutral grey: what a pair reaches that gives no colour back; 0 for grey photos.
    """

    name: str
    coloured: bool
    cycle: float
    grey: float


def judge(
    fade: Way,
    colourise: Way,
    files: Sequence[Path],
    *,
    size: int = 256,
    sheet: int = 0,
    progress: Progress = iter,
) -> Report:
    """Judge the pair at short side `size`: colour photos x as colourise(fade(x)), grey ones g as fade(colourise(g)).

    Figures: cycle_error (colour photos) and cycle_error_grey with their 95 % bootstrap intervals, how many photos each is of, and
    cycle_error_to_beat, the error of the colour photos' own grey. A pair can hide colours in its grey pictures (Chu et al. 2017,
    arXiv 1712.02950), so a small error alone does not show that colours are guessed: look at the sheet.
    """
    report = Report()
    every = max(1, len(files) // sheet) if sheet else 0
    for index, file in enumerate(progress(iter(files))):
        photo = of_short_side(read(file), size)
        coloured = not is_colourless(Photo((as_picture(photo) * 255).round().clip(0, 255).astype(np.uint8)))
        first, second = (fade, colourise) if coloured else (colourise, fade)
        there = first(as_picture(photo))
        back = as_tensor(second(there))
        grey = lightness_to_grey(metrics.lab_of(photo)[None, :1])[0]
        to_beat = float((grey - photo).abs().mean()) if coloured else 0.0
        report.photos.append(There(file.name, coloured, float((back - photo).abs().mean()), to_beat))
        if every and index % every == 0 and len(report.looks) < sheet:
            report.looks.append(look(photo, as_tensor(there), back))
    random = np.random.default_rng(0)
    colour = [photo for photo in report.photos if photo.coloured]
    grey_ones = [photo for photo in report.photos if not photo.coloured]
    report.figures = {"colour_photos": float(len(colour)), "grey_photos": float(len(grey_ones))}
    report.figures |= _mean("cycle_error", [photo.cycle for photo in colour], random)
    report.figures |= _mean("cycle_error_to_beat", [photo.grey for photo in colour], random)
    report.figures |= _mean("cycle_error_grey", [photo.cycle for photo in grey_ones], random)
    return report


def _mean(name: str, values: Sequence[float], random: np.random.Generator) -> dict[str, float]:
    """The mean and its interval; nothing for no values."""
    if not values:
        return {}
    column = torch.tensor(values, dtype=torch.float64)
    low, high = metrics.interval(column, random)
    return {name: float(column.mean()), f"{name}_low": low, f"{name}_high": high}
