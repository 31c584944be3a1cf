"""Judges the generators of a run while they learn: on a few photos, the same each time.

Colourisers are judged as `evaluate` judges them. Restorers get what published figures are measured on, the frozen ageing with
its seeds from the files' names; photos are in colour, and at most as large as the run keeps its own.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from training import contract, evaluate, methods
from training.config import BETTER, ConfigError, RunConfig
from training.contract import Exportable
from training.judging import finding, restoring
from training.judging.degrading import Conditions, Degraded
from training.judging.pictures import Picture, photos_in
from training.judging.toning import toned
from training.loop import Judge, Judgement

SHEET = 12
"""Rows of three pictures on a sheet of samples: what was given, the answer, the aim."""
OF_PICTURES = ("psnr", "ssim", "delta_e")
OF_DAMAGE = ("psnr_damaged", "recall", "precision", "false_alarm")

_Judges = Callable[[Exportable, Sequence[Path], int], Judgement]
"""A generator, photos, and the short side to which larger ones are shrunk."""


def judge_of(config: RunConfig) -> Judge | None:
    """Judges a method's first generator on `evaluate_photos` of the validation photos; None where nothing judges its kind.

    Raises:
        ConfigError: there are no photos, or `best_by` is not among the figures.
    """
    method = methods.load(config.method)
    untrained = dataclasses.replace(config, generator=dataclasses.replace(config.generator, pretrained=False))
    name, network = next(iter(method.networks(untrained).items()))
    kind = method.exportable(name, network, config).kind
    if kind not in _BY_KIND:
        return None
    judged, figures = _BY_KIND[kind]
    usable = [figure for figure in figures if figure in BETTER]
    if config.best_by not in usable:
        raise ConfigError(f"best_by: {config.method} is judged by {', '.join(usable)}, not by {config.best_by}")
    files = photos_in(Path(config.data.validation), config.evaluate_photos)
    size = config.data.short_side_px
    return lambda networks: judged(method.exportable(name, networks[name], config), files, size)


def _coloured(exportable: Exportable, files: Sequence[Path], _: int) -> Judgement:
    """A colouriser, which works at a size of its own; the photos stay as large as they are."""
    report = evaluate.judge(evaluate.enlarged(contract.runner(exportable)), files, sheet=SHEET)
    return Judgement(report.figures, report.looks)


def _repaired(exportable: Exportable, files: Sequence[Path], size: int) -> Judgement:
    """OF_PICTURES of the whole repair, found and filled; psnr_damaged of the filling alone, the true damage told.

    The sheet has the whole repair on the left, and on the right what was found in the same photo beside what there was to find.
    """
    mend, look = contract.answers(exportable), contract.answers(contract.finder(exportable))

    def repair(worse: Degraded) -> Picture:
        return mend(worse.picture, _nothing(worse.picture, 2))["restored"]

    def fill(worse: Degraded) -> Picture:
        assert worse.damage is not None
        return mend(worse.picture, np.stack([worse.damage, ~worse.damage], -1).astype(np.float32))["restored"]

    def find(picture: Picture) -> NDArray[np.float32]:
        return look(picture, _nothing(picture))["found"][..., 0]

    each = SHEET // 2
    reports = restoring.judge({"repair": repair, "fill": fill}, "fill", files, size=size, sheet=each)
    repaired, filled = reports["repair"], reports["fill"].figures
    found = finding.judge({"find": find}, files, size=size, sheet=each)[0]["find"]
    looks = [row for beside in zip(repaired.looks, found.looks, strict=True) for row in beside]
    return Judgement(_told(repaired.figures, OF_PICTURES) | _told(filled | found.figures, OF_DAMAGE), looks)


def _cleaned(exportable: Exportable, files: Sequence[Path], size: int) -> Judgement:
    clean = contract.runner(exportable)

    def answer(worse: Degraded) -> Picture:
        return clean(worse.picture, _nothing(worse.picture))

    report = restoring.judge({"clean": answer}, "clean", files, size=size, sheet=SHEET, closely=True)["clean"]
    return Judgement(_told(report.figures, OF_PICTURES), report.looks)


def _toned(exportable: Exportable, files: Sequence[Path], size: int) -> Judgement:
    """Figures of prints that are faded but whole."""
    freshen = contract.runner(exportable)
    answer = toned(lambda small: freshen(small, _nothing(small)), exportable.working_size)
    report = restoring.judge({"tone": answer}, "tone", files, size=size, sheet=SHEET)["tone"]
    return Judgement(_told(report.figures, OF_PICTURES), report.looks)


def _upscaled(exportable: Exportable, files: Sequence[Path], size: int) -> Judgement:
    """Figures of the faithful answer: the detailed one is not meant to be nearest. The sheet has it on the right."""

    def at(style: float) -> restoring.Answer:
        enlarge = contract.answers(exportable, style)
        return lambda worse: enlarge(worse.picture, _nothing(worse.picture))["restored"]

    reports = restoring.judge(
        {"faithful": at(1.0), "detailed": at(0.0)}, "upscale-worn", files, size=size,
        conditions=Conditions(scale=exportable.scale), sheet=SHEET // 2, closely=True,
    )  # fmt: skip
    faithful, detailed = reports.values()
    looks = [row for beside in zip(faithful.looks, detailed.looks, strict=True) for row in beside]
    return Judgement(_told(faithful.figures, OF_PICTURES), looks)


_BY_KIND: Mapping[str, tuple[_Judges, tuple[str, ...]]] = {
    "colorize": (_coloured, OF_PICTURES),
    "repair": (_repaired, OF_PICTURES + OF_DAMAGE),
    "clean": (_cleaned, OF_PICTURES),
    "upscale": (_upscaled, OF_PICTURES),
    "tone": (_toned, OF_PICTURES),
}
"""A card's kind -> who judges it, and figures of it, of which those in BETTER can choose the best."""


def _nothing(picture: Picture, channels: int = 1) -> NDArray[np.float32]:
    """A guide that says nothing."""
    return np.zeros((*picture.shape[:2], channels), np.float32)


def _told(figures: Mapping[str, float], names: Sequence[str]) -> dict[str, float]:
    """The figures of these names and their intervals."""
    return {name + end: figures[name + end] for name in names for end in ("", "_low", "_high") if name + end in figures}
