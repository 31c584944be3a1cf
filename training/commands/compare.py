"""`autochrome-train compare`: what runs reached, in a table, on a sheet of their samples, as curves."""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from training.history import History

OTHERWISE_SAID = ("name", "title", "terms", "limits", "trained_on")
"""Keys of a configuration that say what it is called and not what it does."""


def add(commands: Any) -> None:
    """The words of this command."""
    compare = commands.add_parser("compare", help="what runs reached: a table, a sheet of samples, curves")
    compare.set_defaults(command=run)
    compare.add_argument("runs", type=Path, nargs="+", metavar="RUN", help="a run's folder, or a log.jsonl")
    compare.add_argument(
        "--sheet", type=Path, metavar="FILE.png", help="the last samples of each run beside each other"
    )
    compare.add_argument("--curves", type=Path, metavar="FILE.png", help="losses and figures over minutes")


def run(options: argparse.Namespace) -> int:
    from training import history, report

    read = [history.read(path) for path in options.runs]
    print(_reached(read))
    if differences := _differences(read):
        print(f"\n{differences}")
    if options.sheet:
        _sheet(read, options.sheet)
    if options.curves:
        report.curves([run for run in read if run.lines], options.curves)
    return 0


def _reached(runs: Sequence[History]) -> str:
    """One row a run; its figures as judged last, and the best of each in brackets."""
    from training import report
    from training.history import FIGURES

    names = [name for name in FIGURES if name != "luma_error" and any(name in run.figures for run in runs)]
    rows = []
    for run in runs:
        cells = [run.name, str(run.config.get("method", "–"))]
        if run.lines:
            minutes = f"{run.lines[-1]['elapsed_s'] / 60:.1f}"
            cells += [f"{run.steps:,}", minutes, f"{run.photos:,}", *(_last_and_best(run, name) for name in names)]
        else:
            cells += ["no log yet", "–", "–", *("–" for _ in names)]
        rows.append(cells)
    return report.table(
        ["run", "method", "steps", "minutes", "photos seen", *(f"{name} (best)" for name in names)], rows
    )


def _last_and_best(run: History, name: str) -> str:
    from training.report import decimals_of

    if name not in run.figures:
        return "–"
    decimals = decimals_of(name)
    return f"{run.last(name):.{decimals}f} ({run.best(name):.{decimals}f})"


def _differences(runs: Sequence[History]) -> str:
    """One row a key of the configuration in which the runs differ; "" if they do not."""
    from training import report

    known = [run for run in runs if run.config]
    tables = [_flat(run.config) for run in known]
    keys = sorted({key for table in tables for key in table} - set(OTHERWISE_SAID))
    rows = []
    for key in keys:
        values = [json.dumps(table[key], ensure_ascii=False) if key in table else "–" for table in tables]
        if len(set(values)) > 1:
            rows.append([key, *(value if len(value) <= 40 else f"{value[:39]}…" for value in values)])
    return report.table(["differs", *(run.name for run in known)], rows) if rows else ""


def _flat(table: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    """Dotted names -> plain values."""
    found: dict[str, Any] = {}
    for key, value in table.items():
        found |= _flat(value, f"{prefix}{key}.") if isinstance(value, dict) else {prefix + key: value}
    return found


def _sheet(runs: Sequence[History], path: Path) -> None:
    from PIL import Image

    from training import report
    from training.config import ConfigError

    pictures = {}
    for run in runs:
        if run.sample is not None:
            with Image.open(run.sample) as opened:
                pictures[f"{run.name}, step {int(run.sample.stem):,}"] = opened.convert("RGB")
    if not pictures:
        raise ConfigError("none of these runs has samples: they come when a run with validation photos is judged")
    report.beside(pictures, path)
