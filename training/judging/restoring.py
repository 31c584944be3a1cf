"""Judges restoring generators and what they must beat: good photographs made worse, restored, compared with what they were."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from training import baselines, metrics
from training.config import ConfigError
from training.features import Backbone
from training.judging.degrading import TASKS, Conditions, Degraded
from training.judging.feature_figures import FeatureFigures
from training.judging.pictures import Picture, as_picture, as_tensor, look, of_short_side, read
from training.judging.reports import Progress, Report

Answer = Callable[[Degraded], Picture]
"""A photo made worse -> the picture restored, of the size of the true one."""

MEANS = ("psnr", "ssim", "delta_e", "psnr_gain", "ssim_gain", "psnr_damaged")
_TRUE = 1e-9


@dataclass(frozen=True)
class Judged:
    """One photo's figures. psnr_gain, ssim_gain: over what was shown. psnr_damaged: over its spoilt places alone.

    None: it was shown as it should be answered, so there was nothing to gain; it has no spoilt places.
    """

    name: str
    psnr: float
    ssim: float
    delta_e: float
    psnr_gain: float | None
    ssim_gain: float | None
    psnr_damaged: float | None


def judge(
    answers: Mapping[str, Answer],
    task: str,
    files: Sequence[Path],
    *,
    size: int = 0,
    conditions: Conditions | None = None,
    features: Backbone | None = None,
    timed: bool = False,
    sheet: int = 0,
    closely: bool = False,
    progress: Progress = iter,
) -> dict[str, Report]:
    """Judge every answer on the same photos. task: a key of TASKS. size: shrink to this short side where larger; 0: as they are.

    Figures: psnr (dB), ssim, delta_e (CIEDE2000), psnr_gain and ssim_gain over what was shown, for aged photos psnr_damaged, over
    the spoilt places alone; each with its 95 % bootstrap interval. features adds those of FeatureFigures, in units of the input's.
    timed: also seconds_per_mp, the median over photos of the time that a megapixel of what was shown took. sheet: how many photos
    to keep to look at; closely: not shrunk, since grain and fine detail are not seen otherwise.

    Raises:
        ConfigError: an answer has another size than the true picture.
    """
    reports: dict[str, Report] = {name: Report() for name in answers}
    seconds: dict[str, list[float]] = {name: [] for name in answers}
    collected = None if features is None else FeatureFigures(features)
    every = max(1, len(files) // sheet) if sheet else 0
    for index, file in enumerate(progress(iter(files))):
        photo = read(file)
        if 0 < size < min(photo.shape[1:]):
            photo = of_short_side(photo, size)
        worse = TASKS[task](as_picture(photo), file.name, conditions or Conditions())
        true, shown, results = as_tensor(worse.true), worse.shown, {}
        before, lab = (metrics.psnr(shown, true), metrics.ssim(shown, true)), metrics.lab_of(true)
        for name, answer in answers.items():
            began = time.perf_counter()
            answered = answer(worse)
            seconds[name].append((time.perf_counter() - began) / (worse.picture[..., 0].size / 1e6))
            results[name] = _checked(answered, worse, name)
            reports[name].photos.append(_of_photo(file.name, results[name], true, lab, before, worse.damage))
            if every and index % every == 0 and len(reports[name].looks) < sheet:
                reports[name].looks.append(look(shown, results[name], true, closely=closely))
        if collected is not None:
            collected.add(shown, true, results, worse.damage)
    for name, report in reports.items():
        random = np.random.default_rng(0)  # the same draws for all: their intervals can be laid beside each other
        report.figures = _means(report.photos, random)
        if timed:
            report.figures["seconds_per_mp"] = statistics.median(seconds[name])
        if collected is not None:
            report.figures |= collected.figures(name, random)
    return reports


def to_beat(task: str) -> tuple[dict[str, Answer], str]:
    """The task's baselines, and a sentence about those that cannot be had here, or ""."""
    known = BASELINES[task]
    try:
        baselines.opencv()
    except ConfigError as error:
        missing = sorted(known.keys() & OPENCVS)
        found = {name: answer for name, answer in known.items() if name not in OPENCVS}
        return found, f"Without {' and '.join(missing)}: {error}." if missing else ""
    return dict(known), ""


def _mask(worse: Degraded) -> NDArray[np.bool_]:
    return np.zeros(worse.picture.shape[:2], bool) if worse.damage is None else worse.damage


TELEA, NAVIER_STOKES, NON_LOCAL_MEANS = "Telea, true mask", "Navier-Stokes, true mask", "non-local means"
OPENCVS = frozenset({TELEA, NAVIER_STOKES, NON_LOCAL_MEANS})

_FILLED: dict[str, Answer] = {
    "aged input": lambda worse: worse.picture,
    TELEA: lambda worse: baselines.telea(worse.picture, _mask(worse)),
    NAVIER_STOKES: lambda worse: baselines.navier_stokes(worse.picture, _mask(worse)),
}
_OLD: dict[str, Answer] = _FILLED | {NON_LOCAL_MEANS: lambda worse: baselines.non_local_means(worse.picture)}
_ENLARGED: dict[str, Answer] = {"bicubic": lambda worse: baselines.bicubic(worse.picture, worse.scale)}

BASELINES: Mapping[str, Mapping[str, Answer]] = {
    "restore": _OLD,
    "repair": _OLD,
    "fill": _FILLED,
    "look-through": _FILLED,
    "tone": {"aged input": lambda worse: worse.picture},
    "denoise": {
        "noisy input": lambda worse: worse.picture,
        NON_LOCAL_MEANS: lambda worse: baselines.non_local_means(worse.picture, baselines.NOISE_OF_25),
    },
    "clean": {
        "worn input": lambda worse: worse.picture,
        NON_LOCAL_MEANS: lambda worse: baselines.non_local_means(worse.picture, baselines.NOISE_OF_WEAR),
    },
    "upscale": _ENLARGED,
    "upscale-worn": _ENLARGED,
}
"""What a generator must beat, for each task."""


def _checked(picture: Picture, worse: Degraded, name: str) -> Tensor:
    if picture.shape != worse.true.shape:
        raise ConfigError(
            f"{name} answers {picture.shape[1]} x {picture.shape[0]} pixels where this task wants"
            f" {worse.true.shape[1]} x {worse.true.shape[0]}: say --task or --scale as its card has it"
        )
    return as_tensor(picture)


def _of_photo(
    name: str,
    result: Tensor,
    true: Tensor,
    lab: Tensor,
    before: tuple[float, float],
    damage: NDArray[np.bool_] | None,
) -> Judged:
    spoilt = None if damage is None or not damage.any() else torch.from_numpy(damage)
    psnr, ssim = metrics.psnr(result, true), metrics.ssim(result, true)
    gained = before[1] < 1 - _TRUE
    return Judged(
        name,
        psnr,
        ssim,
        float(metrics.delta_e_2000(metrics.lab_of(result), lab).mean()),
        psnr - before[0] if gained else None,
        ssim - before[1] if gained else None,
        None if spoilt is None else metrics.psnr(result[:, spoilt], true[:, spoilt]),
    )


def _means(photos: Sequence[Judged], random: np.random.Generator) -> dict[str, float]:
    figures: dict[str, float] = {}
    for name in MEANS:
        values = [value for photo in photos if (value := getattr(photo, name)) is not None]
        if values:
            column = torch.tensor(values, dtype=torch.float64)
            figures[name] = float(column.mean())
            figures[f"{name}_low"], figures[f"{name}_high"] = metrics.interval(column, random)
    return figures
