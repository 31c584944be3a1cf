"""What is looked at: sheets of pictures, tables of figures, curves of runs. Figures alone do not see."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from training import history
from training.history import FIGURES, History

_SHOWN = ("psnr", "colourfulness", "psnr_damaged", "recall", "precision", "cycle_error")
"""Figures that have a panel of their own beside the losses."""


def sheet(looks: Sequence[NDArray[np.uint8]], path: Path, columns: int = 3) -> None:
    """Write rows of pictures of one size (H, W, 3) as one picture, `columns` beside each other."""
    blank = np.zeros_like(looks[0])
    padded = [*looks, *[blank] * (-len(looks) % columns)]
    rows = [np.concatenate(padded[start : start + columns], 1) for start in range(0, len(padded), columns)]
    Image.fromarray(np.concatenate(rows)).save(path)


def beside(pictures: Mapping[str, Image.Image], path: Path) -> None:
    """Write pictures beside each other on white, each under its name."""
    from PIL import ImageDraw, ImageFont

    border, gap, words = 12, 16, 28
    width = 2 * border + sum(picture.width for picture in pictures.values()) + gap * (len(pictures) - 1)
    height = 2 * border + words + max(picture.height for picture in pictures.values())
    whole = Image.new("RGB", (width, height), "#ffffff")
    pen, left = ImageDraw.Draw(whole), border
    for name, picture in pictures.items():
        pen.text((left, border), name, "#222222", ImageFont.load_default(18), anchor="la")
        whole.paste(picture, (left, border + words))
        left += picture.width + gap
    whole.save(path)


def table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Lines of text in columns: the first to the left, the others to the right; a rule under the header."""
    widths = [max(len(row[column]) for row in (header, *rows)) for column in range(len(header))]

    def line(cells: Sequence[str]) -> str:
        first, *others = (cell.rjust(width) for cell, width in zip(cells, widths, strict=True))
        return "  ".join([cells[0].ljust(len(first)), *others]).rstrip()

    return "\n".join([line(header), "─" * (sum(widths) + 2 * (len(widths) - 1)), *map(line, rows)])


def decimals_of(name: str) -> int:
    """After the point of a figure; more would be noise on a few hundred photos."""
    return 2 if name in ("psnr", "psnr_gain", "psnr_damaged", "delta_e", "frechet_raw") else 3


def with_interval(figures: Mapping[str, float], name: str) -> str:
    """“24.01 (23.66–24.37)” of a figure and its interval; “–” where there is none."""
    if name not in figures:
        return "–"
    decimals = decimals_of(name)
    low, high = figures.get(f"{name}_low"), figures.get(f"{name}_high")
    value = f"{figures[name]:.{decimals}f}"
    return value if low is None or high is None else f"{value} ({low:.{decimals}f}–{high:.{decimals}f})"


def figures_table(columns: Mapping[str, Mapping[str, float]], names: Sequence[str]) -> str:
    """One row each of those of `names` that anybody has, with its interval; a column for each who was judged."""
    shown = [name for name in names if any(name in figures for figures in columns.values())]
    rows = [[name, *(with_interval(figures, name) for figures in columns.values())] for name in shown]
    return table(["", *columns], rows)


def curve_table(curve: Sequence[Mapping[str, float]]) -> str:
    """A line for each point of a curve: the first of its numbers, then the others with their intervals."""
    place, *names = (name for name in curve[0] if not name.endswith(("_low", "_high")))
    rows = [[f"{point[place]:g}", *(with_interval(point, name) for name in names)] for point in curve]
    return table([place, *names], rows)


def curves(runs: Sequence[Path | History], path: Path) -> None:
    """Draw how runs learned, over minutes: a panel for each loss, then for those of _SHOWN that a run was judged by.

    runs: folders of runs, or logs. One run's PSNR is drawn with its 95 % interval; several have a colour each.

    Raises:
        ConfigError: a run or log cannot be read, or none has anything to draw.
    """
    from training import chart
    from training.config import ConfigError

    read = [run if isinstance(run, History) else history.read(run) for run in runs]
    colours = [chart.COLOURS[index % len(chart.COLOURS)] for index in range(len(read))]
    names = [name for run in read for name in (*run.losses, *(name for name in _SHOWN if name in run.figures))]
    figures = {name: place for place, name in enumerate(FIGURES) if any(name in run.figures for run in read)}
    names = sorted(dict.fromkeys(names), key=lambda name: (name in figures, figures.get(name, 0)))
    if not names:
        raise ConfigError(f"nothing to draw in the log of {', '.join(run.name for run in read) or 'any of them'}")
    panels = []
    for name in names:
        lines = [
            chart.Line(run.curve(name), colour, _band(run, name) if len(read) == 1 else ())
            for run, colour in zip(read, colours, strict=True)
        ]
        title = FIGURES[name] if name in figures else name.replace("_", " ")
        panels.append(chart.Panel(title, lines, 1.0 if name == "colourfulness" else None))
    legend = list(zip((run.name for run in read), colours, strict=True)) if len(read) > 1 else []
    chart.draw(panels, path, "minutes", legend)


def _band(run: History, name: str) -> list[tuple[float, float, float]]:
    lows, highs = run.curve(f"{name}_low"), run.curve(f"{name}_high")
    return [(minutes, low, high) for (minutes, low), (_, high) in zip(lows, highs, strict=True)]
