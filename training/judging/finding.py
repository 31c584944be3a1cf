"""Judges how a repairer finds damage: recall and precision by the width of the damage, false alarms, and the curve over thresholds.

Pixels are counted over all photos together. What must be found is what the frozen ageing calls damaged (SPOILT) and what can be
seen: its mask leaves thin damage out that changed nothing visible, and a flake of white paper on a white sky is left out here.
Found is right within TOLERANCE_PX of any damage, however faint. Recall is told by the width of the true damage; precision by the
width of what was found, since a false alarm has no other.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from training import metrics
from training.ageing.damage import VISIBLE
from training.ageing.judging import judged
from training.judging.degrading import SPOILT, Conditions
from training.judging.pictures import Picture, as_picture, as_tensor, look, of_short_side, read
from training.judging.reports import Progress, Report
from training.judging.widths import BANDS, TOLERANCE_PX, Mask, bands_of, within

Finder = Callable[[Picture], NDArray[np.float32]]
"""A picture (h, w, 3) -> the probability (h, w) that each pixel is damaged."""

FAINT = 0.1
"""From this share of loss on, calling a place damaged is no mistake."""
_ENDS = ("", "_low", "_high")
THRESHOLDS = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)


@dataclass(frozen=True)
class Counted:
    """One photo's pixels, at one threshold. Tuples: a number for each of BANDS, unless widths were not asked for, and last for all.

    damaged: what must be found; recalled: how much of it was. found: what was called damaged; right: how much of it is.
    pixels: of the photo. alarms, alarms_aged: called damaged in the photo itself, and in the print aged without any damage.
    """

    name: str
    pixels: int
    damaged: tuple[int, ...]
    recalled: tuple[int, ...]
    found: tuple[int, ...]
    right: tuple[int, ...]
    alarms: int
    alarms_aged: int


@dataclass
class _Tally:
    """What one finder found, by threshold."""

    counts: dict[float, list[Counted]] = field(default_factory=dict)

    def figures(self, threshold: float) -> dict[str, float]:
        counts, random = self.counts[threshold], np.random.default_rng(0)
        figures: dict[str, float] = {}
        names = [*(f"_{low}_{high}" for low, high in BANDS), ""][-len(counts[0].found) :]
        for part, name in enumerate(names):
            for word, of, over in (("recall", "recalled", "damaged"), ("precision", "right", "found")):
                above, below = ([getattr(count, key)[part] for count in counts] for key in (of, over))
                figures |= _ratio(f"{word}{name}", above, below, random)
        pixels = [count.pixels for count in counts]
        figures |= _ratio("false_alarm", [count.alarms for count in counts], pixels, random)
        figures |= _ratio("false_alarm_aged", [count.alarms_aged for count in counts], pixels, random)
        return figures | {"damaged": sum(count.damaged[-1] for count in counts) / sum(pixels)}


@dataclass(frozen=True, eq=False)
class _Truth:
    """A photo's damage. bands: what must be found, by width, and last all of it. near: where it may be said to be."""

    bands: list[Mask]
    near: Mask


def judge(
    finders: Mapping[str, Finder],
    files: Sequence[Path],
    *,
    size: int = 0,
    conditions: Conditions | None = None,
    threshold: float = 0.5,
    sheet: int = 0,
    progress: Progress = iter,
) -> tuple[dict[str, Report], dict[str, list[dict[str, float]]]]:
    """Judge every finder on the same photos, aged by the frozen ageing; its report, and its curve over THRESHOLDS.

    size: shrink to this short side where larger; 0: as they are. threshold: from what probability on a pixel counts as found.

    Figures, shares of pixels over all photos with their 95 % bootstrap interval over photos: recall, precision, both also by
    BANDS as recall_3_8 and so on (left out where nothing of that width is damaged, or found); false_alarm of the photos
    themselves and false_alarm_aged of the prints without their damage; damaged, how much there is to find.
    """
    conditions = conditions or Conditions()
    thresholds = sorted({*THRESHOLDS, threshold})
    tallies = {name: _Tally({each: [] for each in thresholds}) for name in finders}
    reports: dict[str, Report] = {name: Report() for name in finders}
    every = max(1, len(files) // sheet) if sheet else 0
    for index, file in enumerate(progress(iter(files))):
        photo = read(file)
        if 0 < size < min(photo.shape[1:]):
            photo = of_short_side(photo, size)
        picture = as_picture(photo)
        old = judged(picture, file.name, conditions.strength, conditions.textures)
        truth = _truth(old.damage, old.picture, old.sound)
        for name, finder in finders.items():
            maps = [finder(each) for each in (old.picture, picture, old.sound)]
            for each in thresholds:
                masks = [found >= each for found in maps]
                tallies[name].counts[each].append(_counted(file.name, truth, masks, by_width=each == threshold))
            if every and index % every == 0 and len(reports[name].looks) < sheet:
                grey = (np.repeat(each[..., None].astype(np.float32), 3, 2) for each in (maps[0], truth.bands[-1]))
                reports[name].looks.append(look(*map(as_tensor, (old.picture, *grey))))
    for name, report in reports.items():
        report.figures = tallies[name].figures(threshold)
        report.photos = list(tallies[name].counts[threshold])
    return reports, {name: [_point(tally, each) for each in THRESHOLDS] for name, tally in tallies.items()}


def _truth(damage: NDArray[np.float32], picture: Picture, sound: Picture) -> _Truth:
    change = np.abs(picture - sound).mean(2)
    seen = (damage > SPOILT) & within(change > SPOILT * VISIBLE, TOLERANCE_PX)
    return _Truth([*bands_of(seen), seen], within(damage > FAINT, TOLERANCE_PX))


def _counted(name: str, truth: _Truth, masks: Sequence[Mask], by_width: bool) -> Counted:
    found, alarms, alarms_aged = masks
    reached = within(found, TOLERANCE_PX)
    parts = [*bands_of(found), found] if by_width else [found]
    true = truth.bands[-len(parts) :]
    return Counted(
        name,
        found.size,
        tuple(int(band.sum()) for band in true),
        tuple(int((band & reached).sum()) for band in true),
        tuple(int(part.sum()) for part in parts),
        tuple(int((part & truth.near).sum()) for part in parts),
        int(alarms.sum()),
        int(alarms_aged.sum()),
    )


def _point(tally: _Tally, threshold: float) -> dict[str, float]:
    figures = tally.figures(threshold)
    names = (f"{name}{end}" for name in ("recall", "precision", "false_alarm", "false_alarm_aged") for end in _ENDS)
    return {"threshold": threshold} | {name: figures[name] for name in names if name in figures}


def _ratio(name: str, above: Sequence[int], below: Sequence[int], random: np.random.Generator) -> dict[str, float]:
    """Σ above / Σ below and its interval, drawn over the photos that have some of it; nothing where none has."""
    pairs = [(a, b) for a, b in zip(above, below, strict=True) if b]
    if not pairs:
        return {}
    over, under = (torch.tensor(column, dtype=torch.float64) for column in zip(*pairs, strict=True))
    low, high = metrics.ratio_interval(over, under, random)
    return {name: float(over.sum() / under.sum()), f"{name}_low": low, f"{name}_high": high}
