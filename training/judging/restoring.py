"""Judges restoring generators and what they must beat: good photographs made worse, restored, compared with what they were."""

from __future__ import annotations

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
from training.judging.degrading import TASKS, Degraded
from training.judging.feature_figures import FeatureFigures
from training.judging.pictures import Picture, as_picture, as_tensor, look, of_short_side, read
from training.judging.reports import Progress, Report

Answer = Callable[[Degraded], Picture]
"""A photo made worse -> the picture restored, of the size of the true one."""


@dataclass(frozen=True)
class Judged:
    """One photo's figures. psnr_damaged: over its spoilt places alone; None where there are none."""

    name: str
    psnr: float
    ssim: float
    delta_e: float
    psnr_damaged: float | None


def judge(
    answers: Mapping[str, Answer],
    task: str,
    files: Sequence[Path],
    *,
    size: int = 0,
    strength: float = 1.0,
    scale: int = 2,
    features: Backbone | None = None,
    sheet: int = 0,
    progress: Progress = iter,
) -> dict[str, Report]:
    """Judge every answer on the same photos. task: a key of TASKS. size: shrink to this short side where larger; 0: as they are.

    Figures: psnr (dB), ssim, delta_e (CIEDE2000), for aged photos psnr_damaged, over the spoilt places alone; each with its 95 %
    bootstrap interval. features adds those of FeatureFigures, in units of the input's.

    Raises:
        ConfigError: an answer has another size than the true picture.
    """
    reports = {name: Report() for name in answers}
    collected = None if features is None else FeatureFigures(features)
    every = max(1, len(files) // sheet) if sheet else 0
    for index, file in enumerate(progress(iter(files))):
        photo = read(file)
        if 0 < size < min(photo.shape[1:]):
            photo = of_short_side(photo, size)
        worse = TASKS[task](as_picture(photo), file.name, strength, scale)
        true, results = as_tensor(worse.true), {}
        for name, answer in answers.items():
            results[name] = _checked(answer(worse), worse, name)
            reports[name].photos.append(_of_photo(file.name, results[name], true, worse.damage))
            if every and index % every == 0 and len(reports[name].looks) < sheet:
                reports[name].looks.append(look(worse.shown, results[name], true))
        if collected is not None:
            collected.add(worse.shown, true, results)
    for name, report in reports.items():
        random = np.random.default_rng(0)  # the same draws for all: their intervals can be laid beside each other
        report.figures = _means(report.photos, random)
        if collected is not None:
            report.figures |= collected.figures(name, random)
    return reports


def to_beat(task: str) -> tuple[dict[str, Answer], str]:
    """The task's baselines, and a sentence about those that cannot be had here, or ""."""
    old: dict[str, Answer] = {
        "aged input": lambda worse: worse.picture,
        "Telea, true mask": lambda worse: baselines.telea(worse.picture, _mask(worse)),
        "non-local means": lambda worse: baselines.non_local_means(worse.picture),
    }
    known: dict[str, dict[str, Answer]] = {
        "restore": old,
        "repair": old,
        "denoise": {
            "noisy input": lambda worse: worse.picture,
            "non-local means": lambda worse: baselines.non_local_means(worse.picture, baselines.NOISE_OF_25),
        },
        "upscale": {"bicubic": lambda worse: baselines.bicubic(worse.picture, worse.scale)},
    }
    found, left_out = known[task], ""
    try:
        baselines.opencv()
    except ConfigError as error:
        opencvs = {"Telea, true mask", "non-local means"} & found.keys()
        found = {name: answer for name, answer in found.items() if name not in opencvs}
        left_out = f"Without {' and '.join(sorted(opencvs))}: {error}." if opencvs else ""
    return found, left_out


def _mask(worse: Degraded) -> NDArray[np.bool_]:
    return np.zeros(worse.picture.shape[:2], bool) if worse.damage is None else worse.damage


def _checked(picture: Picture, worse: Degraded, name: str) -> Tensor:
    if picture.shape != worse.true.shape:
        raise ConfigError(
            f"{name} answers {picture.shape[1]} x {picture.shape[0]} pixels where this task wants"
            f" {worse.true.shape[1]} x {worse.true.shape[0]}: say --task or --scale as its card has it"
        )
    return as_tensor(picture)


def _of_photo(name: str, result: Tensor, true: Tensor, damage: NDArray[np.bool_] | None) -> Judged:
    spoilt = None if damage is None or not damage.any() else torch.from_numpy(damage)
    return Judged(
        name,
        metrics.psnr(result, true),
        metrics.ssim(result, true),
        float(metrics.delta_e_2000(metrics.lab_of(result), metrics.lab_of(true)).mean()),
        None if spoilt is None else metrics.psnr(result[:, spoilt], true[:, spoilt]),
    )


def _means(photos: Sequence[Judged], random: np.random.Generator) -> dict[str, float]:
    figures: dict[str, float] = {}
    for name in ("psnr", "ssim", "delta_e", "psnr_damaged"):
        values = [value for photo in photos if (value := getattr(photo, name)) is not None]
        if values:
            column = torch.tensor(values, dtype=torch.float64)
            figures[name] = float(column.mean())
            figures[f"{name}_low"], figures[f"{name}_high"] = metrics.interval(column, random)
    return figures
