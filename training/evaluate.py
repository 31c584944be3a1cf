"""Judges a colouriser on colour photographs: made grey, coloured again, compared with what they were.

Each photo is made grey (CIE L* kept, a* = b* = 0) and given to the generator with its short side at the working size; the
generator's a*, b* are enlarged bilinearly and laid over the photo's true L*. Figures are means over photos at their own size.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from training import contract, metrics
from training.features import Backbone
from training.judging.feature_figures import FeatureFigures
from training.judging.pictures import as_picture, as_tensor, look, of_short_side, photos_in, read, resized
from training.judging.reports import Progress, Report
from training.lab import CHROMA_SCALE, lab_to_srgb, lightness_to_grey

__all__ = ["Colouriser", "Report", "as_picture", "grey", "judge", "photos_in", "read", "resized"]

HINT_PX = 8

Colouriser = contract.Runner
"""image (h, w, 3) sRGB 0..1 and guide (h, w, 3) -> restored (h, w, 3) sRGB 0..1."""


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
    colourise: Colouriser,
    files: Sequence[Path],
    *,
    size: int = 256,
    hints: int = 0,
    features: Backbone | None = None,
    sheet: int = 0,
    progress: Progress = iter,
) -> Report:
    """Judge on `files` at short side `size` with `hints` true colours on 8-px squares at places seeded by the file's name.

    Figures: psnr (dB), ssim, delta_e (CIEDE2000), colourfulness (of the photos' = 1), luma_error (L*), each with its 95 %
    bootstrap interval as `…_low` and `…_high`; features adds those of FeatureFigures, in units of all-grey's, which need a few
    hundred photos. sheet: how many photos to keep to look at.
    """
    report = Report()
    collected = None if features is None else FeatureFigures(features)
    every = max(1, len(files) // sheet) if sheet else 0
    for index, file in enumerate(progress(iter(files))):
        true = read(file)
        shown, result, luma_error = _colour(colourise, true, size, hints, zlib.crc32(file.name.encode()))
        error = metrics.delta_e_2000(metrics.lab_of(result), metrics.lab_of(true)).mean()
        report.photos.append(
            Judged(
                file.name, metrics.psnr(result, true), metrics.ssim(result, true), float(error),
                metrics.colourfulness(result), metrics.colourfulness(true), luma_error,
            )
        )  # fmt: skip
        if collected is not None:
            collected.add(shown, true, {"result": result})
        if every and index % every == 0 and len(report.looks) < sheet:
            report.looks.append(look(shown, result, true))
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


def _colour(colourise: Colouriser, true: Tensor, size: int, hints: int, seed: int) -> tuple[Tensor, Tensor, float]:
    """(what the generator is shown, at full size; the photo coloured; mean |L* error| at working size)."""
    lightness = metrics.lab_of(true)[:1]
    shown = lightness_to_grey(lightness[None])[0].expand(3, -1, -1)
    height, width = true.shape[1:]
    small = of_short_side(shown, size)
    guide = _hinted(of_short_side(true, size), hints, np.random.default_rng(seed))
    restored = colourise(as_picture(small), as_picture(guide))
    lab = metrics.lab_of(as_tensor(restored))
    luma_error = float((lab[0] - metrics.lab_of(small)[0]).abs().mean())
    result = lab_to_srgb(torch.cat([lightness, resized(lab[1:], height, width)])[None])[0]
    return shown, result, luma_error


def _hinted(true: Tensor, hints: int, random: np.random.Generator) -> Tensor:
    """The contract's guide (3, h, w) with `hints` squares of the true colour (3, h, w)."""
    h, w = true.shape[1:]
    chroma, guide = metrics.lab_of(true)[1:] / CHROMA_SCALE, torch.zeros(3, h, w, dtype=torch.float64)
    for _ in range(hints):
        y, x = int(random.integers(0, h - HINT_PX + 1)), int(random.integers(0, w - HINT_PX + 1))
        place = (slice(y, y + HINT_PX), slice(x, x + HINT_PX))
        guide[:2, *place] = chroma[:, *place].mean((1, 2), keepdim=True)
        guide[2, *place] = 1
    return guide
