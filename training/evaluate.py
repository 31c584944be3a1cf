"""Judges a colouriser on colour photographs: made grey, coloured again, compared with what they were.

Each photo is made grey (CIE L* kept, a* = b* = 0) and given to the generator with its short side at the working size; the
generator's a*, b* are enlarged bilinearly and laid over the photo's true L*. Figures are means over photos at their own size.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from training import metrics
from training.features import Backbone
from training.judging.colouring import Coloured, Colouring, Colouriser, coloured, enlarged
from training.judging.feature_figures import FeatureFigures
from training.judging.pictures import as_picture, look, photos_in, read, resized
from training.judging.reports import Progress, Report

__all__ = ["Colouriser", "Report", "as_picture", "enlarged", "grey", "judge", "photos_in", "read", "resized"]

Watcher = Callable[[str, Coloured], None]
"""Is told the name of each photo and what became of it: what gathers figures of its own from the same answers."""


@dataclass(frozen=True)
class Judged:
    """One photo's figures; `colour` and `true_colour` are Hasler & Suesstrunk's M3 of result and original."""

    name: str
    psnr: float
    ssim: float
    delta_e: float
    colour: float
    true_colour: float
    luma_error: float


def grey(image: NDArray[np.float32], guide: NDArray[np.float32]) -> NDArray[np.float32]:
    """The colouriser to beat: answers with what it was given."""
    return image


def judge(
    colouring: Colouring,
    files: Sequence[Path],
    *,
    hints: int = 0,
    luma: str = "lab",
    features: Backbone | None = None,
    sheet: int = 0,
    progress: Progress = iter,
    watchers: Sequence[Watcher] = (),
) -> Report:
    """Judge on `files` with `hints` true colours on 8-px squares at places seeded by the file's name.

    Figures: psnr (dB), ssim, delta_e (CIEDE2000), colourfulness (of the photos' = 1), luma_error (L*), each with its 95 %
    bootstrap interval as `…_low` and `…_high`; features adds those of FeatureFigures, in units of all-grey's, which need a few
    hundred photos. luma: what is shown, one of colouring.LUMAS; the answer's chroma is laid over the true L* all the same, and
    luma_error is against what was shown. sheet: how many photos to keep to look at.
    """
    report = Report()
    collected = None if features is None else FeatureFigures(features)
    every = max(1, len(files) // sheet) if sheet else 0
    for index, file in enumerate(progress(iter(files))):
        photo = coloured(colouring, read(file), luma, hints, zlib.crc32(file.name.encode()))
        true, result = photo.true, photo.result
        error = metrics.delta_e_2000(metrics.lab_of(result), photo.lab).mean()
        report.photos.append(
            Judged(
                file.name, metrics.psnr(result, true), metrics.ssim(result, true), float(error),
                metrics.colourfulness(result), metrics.colourfulness(true), photo.luma_error,
            )
        )  # fmt: skip
        for watcher in watchers:
            watcher(file.name, photo)
        if collected is not None:
            collected.add(photo.shown, true, {"result": result})
        if every and index % every == 0 and len(report.looks) < sheet:
            report.looks.append(look(photo.shown, result, true))
    random = np.random.default_rng(0)
    report.figures = _means(report.photos, random)
    if collected is not None:
        report.figures |= collected.figures("result", random)
    return report


def _means(photos: Sequence[Judged], random: np.random.Generator) -> dict[str, float]:
    names = [name for name in Judged.__annotations__ if name != "name"]
    columns = {name: torch.tensor([getattr(photo, name) for photo in photos], dtype=torch.float64) for name in names}
    figures = {name: float(columns[name].mean()) for name in ("psnr", "ssim", "delta_e", "luma_error")}
    figures["colourfulness"] = float(columns["colour"].sum() / columns["true_colour"].sum())
    for name in ("psnr", "delta_e"):
        figures[f"{name}_low"], figures[f"{name}_high"] = metrics.interval(columns[name], random)
    apart = np.random.default_rng(
        1
    )  # what is drawn from `random` next are the intervals of features, which are published
    for name in ("ssim", "luma_error"):
        figures[f"{name}_low"], figures[f"{name}_high"] = metrics.interval(columns[name], apart)
    low, high = metrics.ratio_interval(columns["colour"], columns["true_colour"], apart)
    return figures | {"colourfulness_low": low, "colourfulness_high": high}
