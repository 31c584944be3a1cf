"""What a run left behind: its configuration, its log, its samples; read for comparing, never written."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from training.config import BETTER, ConfigError

FIGURES = {
    "psnr": "PSNR, dB",
    "ssim": "SSIM",
    "delta_e": "CIEDE2000",
    "colourfulness": "colourfulness (photos: 1)",
    "psnr_damaged": "PSNR of damage, dB",
    "recall": "damage found (all: 1)",
    "precision": "found that is damage (all: 1)",
    "false_alarm": "called damaged in good photos",
    "luma_error": "L* error",
    "kid": "kernel distance (input: 1)",
    "frechet": "Fréchet distance (input: 1)",
    "perceptual": "perceptual distance",
    "cycle_error": "cycle error, colour photos",
    "cycle_error_grey": "cycle error, grey photos",
    "reach": "way of a hint in its object (all: 1)",
    "at_hint": "way at the hint itself (all: 1)",
    "ring": "way round the hint (all: 1)",
    "ring_90": "share with 0.9 of that way",
    "stray": "CIEDE2000 of what a hint is not for",
    "certainty": "certainty, rank correlation",
    "certainty_by_chroma": "the same of chroma alone",
    "certainty_gain": "certainty above chroma's",
    "faces_delta_e": "CIEDE2000 of faces",
    "faces_dark": "CIEDE2000 of dark faces",
    "faces_middle": "CIEDE2000 of middle faces",
    "faces_light": "CIEDE2000 of light faces",
    "faces_spread": "spread of dark to light faces",
}
"""The figures of judging in the order in which they are shown, and what they are called over a chart."""

_LOSSES = ("perceptual", "certainty")
"""Names of figures that only `evaluate` gives: in a run's log the losses of the same names stand."""
_MORE = ("reach", "at_hint", "ring", "ring_90", "certainty", "certainty_by_chroma", "certainty_gain")
_SIGNS = BETTER | dict.fromkeys(_MORE, 1) | {"kid": -1, "cycle_error": -1}
"""1: more is better. Of figures that are not named less is, and colourfulness is best at 1."""
_BESIDE = ("step", "elapsed_s", "share", "photos", "frechet_raw", "colour_photos", "grey_photos", "cycle_error_to_beat")
"""Numbers of a log's line that are neither figures nor losses."""


@dataclass(frozen=True)
class History:
    """One run. config: its RunConfig as a table. lines: those of log.jsonl that were written when it was judged."""

    name: str
    config: Mapping[str, Any]
    lines: tuple[Mapping[str, Any], ...]
    sample: Path | None = None
    """The last sheet of samples."""

    @property
    def figures(self) -> tuple[str, ...]:
        """The judged figures that the log has."""
        return tuple(name for name in FIGURES if name not in _LOSSES and any(name in line for line in self.lines))

    @property
    def losses(self) -> tuple[str, ...]:
        """The losses that the log has, in the log's order."""
        names = dict.fromkeys(name for line in self.lines for name, value in line.items() if _is_number(value))
        others = {*FIGURES, *_BESIDE}.difference(_LOSSES)
        return tuple(name for name in names if _plain(name) not in others)

    @property
    def steps(self) -> int:
        """How many there were when it was judged last."""
        return int(self.lines[-1]["step"])

    @property
    def photos(self) -> int:
        """How many the steps saw, the same one again counted again."""
        return int(self.lines[-1].get("photos", self.steps * self.config.get("batch", 0)))

    def last(self, name: str) -> float:
        """The figure as it was judged last; NaN if it never was."""
        return next((value for _, value in reversed(self.curve(name))), math.nan)

    def best(self, name: str) -> float:
        """The best that the figure was: the largest, the smallest, or for colourfulness the nearest to 1; NaN if none."""
        values = [value for _, value in self.curve(name)]
        if not values:
            return math.nan
        if name == "colourfulness":
            return min(values, key=lambda value: abs(value - 1))
        return max(values, key=lambda value: _SIGNS.get(name, -1) * value)

    def curve(self, name: str) -> list[tuple[float, float]]:
        """(minutes, value) of every line that has it and where it is a finite number."""
        found = [(line["elapsed_s"] / 60, line[name]) for line in self.lines if _is_number(line.get(name))]
        return [(minutes, float(value)) for minutes, value in found if math.isfinite(value)]


def read(path: Path) -> History:
    """The history of a run's folder, or of a log (`log.jsonl`, `NAME.jsonl`) alone; without lines where there is no log yet.

    Raises:
        ConfigError: `path` is neither, or its configuration or log is damaged.
    """
    if path.is_file():
        return History(path.parent.name if path.stem == "log" else path.stem, {}, _lines(path))
    settings, log = path / "config.json", path / "log.jsonl"
    if not settings.is_file() and not log.is_file():
        raise ConfigError(f"{path} is no run: it has neither config.json nor log.jsonl")
    try:
        config = json.loads(settings.read_text("utf-8")) if settings.is_file() else {}
    except ValueError as error:
        raise ConfigError(f"{settings} is damaged: {error}") from error
    sheets = [sheet for sheet in path.glob("samples/*.png") if sheet.stem.isdigit()]
    last = max(sheets, key=lambda sheet: int(sheet.stem), default=None)
    return History(path.resolve().name, config, _lines(log) if log.is_file() else (), last)


def _lines(log: Path) -> tuple[Mapping[str, Any], ...]:
    """The judged lines of a log, those that have a step and a time.

    What a later lease did again from its checkpoint stands for what was done before; a last line that was cut off is left out.
    """
    written = log.read_text("utf-8").splitlines()
    found: list[Mapping[str, Any]] = []
    for number, text in enumerate(written, 1):
        try:
            line = json.loads(text)
        except ValueError as error:
            if number == len(written):
                break
            raise ConfigError(f"{log} is damaged in line {number}") from error
        if isinstance(line, dict) and _is_number(line.get("step")) and _is_number(line.get("elapsed_s")):
            found = [earlier for earlier in found if earlier["step"] < line["step"]] + [line]
    return tuple(found)


def _plain(name: str) -> str:
    return name.removesuffix("_low").removesuffix("_high")


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
