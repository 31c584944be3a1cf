"""Line charts on a light ground, drawn with Pillow: small panels beside each other, one quantity each."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#8c6d00", "#56b4e9", "#000000")
"""Told apart by colour-blind readers too (Okabe & Ito 2008; the yellow darkened for a white ground)."""

_GROUND, _INK, _QUIET, _GRID = "#ffffff", "#222222", "#666666", "#e4e4e4"
_PANEL_PX, _GAP_PX, _BORDER_PX = (372, 236), 20, 18
_LEFT_PX, _TOP_PX, _BOTTOM_PX = 50, 30, 24
_LEGEND_PX, _TEXT_PX, _TITLE_PX = 34, 13, 15
_FINE = 4  # lines are drawn so many times as large and shrunk: Pillow draws them without smoothing

Point = tuple[float, float]


@dataclass(frozen=True)
class Line:
    """One curve: points (x, y) in order of x; band: (x, low, high) laid under it."""

    points: Sequence[Point]
    colour: str
    band: Sequence[tuple[float, float, float]] = ()


@dataclass(frozen=True)
class Panel:
    """One quantity. level: a value to compare with, as a dashed line."""

    title: str
    lines: Sequence[Line]
    level: float | None = None


@dataclass(frozen=True)
class _Axis:
    low: float
    high: float
    ticks: Sequence[float] = field(default_factory=tuple)

    def share(self, value: float) -> float:
        return (value - self.low) / (self.high - self.low)


def draw(
    panels: Sequence[Panel], path: Path, x_title: str, legend: Sequence[tuple[str, str]] = (), columns: int = 3
) -> None:
    """Write `panels` as one PNG, at most `columns` beside each other. legend: (name, colour) of each kind of line.

    All panels share the x axis from 0. Panels without a point are drawn empty.
    """
    columns = max(1, min(columns, len(panels)))
    rows = -(-len(panels) // columns)
    top = _BORDER_PX + (_LEGEND_PX if legend else 0)
    width = 2 * _BORDER_PX + columns * _PANEL_PX[0] + (columns - 1) * _GAP_PX
    height = top + rows * _PANEL_PX[1] + (rows - 1) * _GAP_PX + _BORDER_PX + _TEXT_PX
    across = _axis([0.0] + [x for panel in panels for line in panel.lines for x, _ in line.points], 6, padded=False)
    places = [
        (
            _BORDER_PX + (index % columns) * (_PANEL_PX[0] + _GAP_PX),
            top + (index // columns) * (_PANEL_PX[1] + _GAP_PX),
        )
        for index in range(len(panels))
    ]
    fine = Image.new("RGB", (width * _FINE, height * _FINE), _GROUND)
    drawn = [_lines(ImageDraw.Draw(fine), panel, place, across) for panel, place in zip(panels, places, strict=True)]
    sheet = fine.resize((width, height), Image.Resampling.BOX)
    text = ImageDraw.Draw(sheet)
    for index, (panel, place, upwards) in enumerate(zip(panels, places, drawn, strict=True)):
        lowest = index + columns >= len(panels)
        _words(text, panel.title, place, across, upwards, x_title if lowest else "")
    _legend(text, legend)
    sheet.save(path)


def _lines(pen: ImageDraw.ImageDraw, panel: Panel, place: tuple[int, int], across: _Axis) -> _Axis:
    """Grid, bands, curves; returns the panel's upward axis."""
    values = [y for line in panel.lines for _, y in line.points]
    values += [bound for line in panel.lines for _, low, high in line.band for bound in (low, high)]
    upwards = _axis(values + ([panel.level] if panel.level is not None and values else []), 5, padded=True)
    left, top, right, bottom = _frame(place)

    def at(x: float, y: float) -> Point:
        return _FINE * (left + (right - left) * across.share(x)), _FINE * (bottom - (bottom - top) * upwards.share(y))

    for tick in upwards.ticks:
        pen.line([at(across.low, tick), at(across.high, tick)], _GRID, _FINE)
    for tick in across.ticks:
        x, y = at(tick, upwards.low)
        pen.line([(x, y), (x, y + 4 * _FINE)], _QUIET, _FINE)
    for line in panel.lines:
        if len(line.band) > 1:
            outline = [at(x, high) for x, _, high in line.band] + [at(x, low) for x, low, _ in reversed(line.band)]
            pen.polygon(outline, _pale(line.colour))
    if panel.level is not None:
        (begin, y), (end, _) = at(across.low, panel.level), at(across.high, panel.level)
        for start in range(int(begin), int(end), 10 * _FINE):
            pen.line([(start, y), (min(start + 5 * _FINE, end), y)], _QUIET, _FINE)
    pen.line([at(across.low, upwards.low), at(across.high, upwards.low)], _QUIET, _FINE)
    for line in panel.lines:
        points = [at(x, y) for x, y in line.points]
        if len(points) > 1:
            pen.line(points, line.colour, 2 * _FINE, joint="curve")
        for x, y in points[-1:]:
            pen.ellipse([x - 3 * _FINE, y - 3 * _FINE, x + 3 * _FINE, y + 3 * _FINE], line.colour)
    return upwards


def _words(
    text: ImageDraw.ImageDraw, title: str, place: tuple[int, int], across: _Axis, upwards: _Axis, x_title: str
) -> None:
    """Title, numbers on the axes, the x axis's title."""
    left, top, right, bottom = _frame(place)
    text.text((place[0], place[1]), title, _INK, _font(_TITLE_PX), anchor="la")
    for tick, label in zip(upwards.ticks, _labels(upwards.ticks), strict=True):
        text.text(
            (left - 6, bottom - (bottom - top) * upwards.share(tick)), label, _QUIET, _font(_TEXT_PX), anchor="rm"
        )
    for tick, label in zip(across.ticks, _labels(across.ticks), strict=True):
        text.text((left + (right - left) * across.share(tick), bottom + 7), label, _QUIET, _font(_TEXT_PX), anchor="ma")
    if x_title:
        text.text((right, bottom + 7 + _TEXT_PX + 5), x_title, _QUIET, _font(_TEXT_PX), anchor="ra")


def _legend(text: ImageDraw.ImageDraw, legend: Sequence[tuple[str, str]]) -> None:
    x = _BORDER_PX
    for name, colour in legend:
        middle = _BORDER_PX + _TITLE_PX // 2
        text.rectangle([x, middle - 1, x + 22, middle + 1], colour)
        text.text((x + 29, middle), name, _INK, _font(_TITLE_PX), anchor="lm")
        x += 29 + int(text.textlength(name, _font(_TITLE_PX))) + 26


def _frame(place: tuple[int, int]) -> tuple[int, int, int, int]:
    """Left, top, right, bottom of the drawing area in pixels."""
    return place[0] + _LEFT_PX, place[1] + _TOP_PX, place[0] + _PANEL_PX[0] - 4, place[1] + _PANEL_PX[1] - _BOTTOM_PX


def _axis(values: Sequence[float], about: int, *, padded: bool) -> _Axis:
    """Round ticks, about so many, over the values; padded: a little room at both ends."""
    low, high = (min(values), max(values)) if values else (0.0, 1.0)
    if high - low < 1e-9 * max(abs(low), abs(high), 1e-9):
        low, high = (low - 0.5 * max(abs(low), 1e-3), high + 0.5 * max(abs(high), 1e-3)) if padded else (low, low + 1)
    if padded:
        room = 0.06 * (high - low)
        low, high = low - room, high + room
    power = 10.0 ** math.floor(math.log10((high - low) / about))

    def numbers(step: float) -> range:
        return range(math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9) + 1)

    step = min((nice * power for nice in (1, 2, 2.5, 5, 10)), key=lambda step: abs(len(numbers(step)) - about))
    return _Axis(low, high, [round(number * step, 12) for number in numbers(step)])


def _labels(ticks: Sequence[float]) -> list[str]:
    """The ticks as words, all with as many decimals as one of them needs."""
    for decimals in range(7):
        if all(abs(tick - round(tick, decimals)) < 1e-9 * max(1.0, abs(tick)) for tick in ticks):
            return [f"{tick:.{decimals}f}" for tick in ticks]
    return [f"{tick:.0e}" for tick in ticks]


def _pale(colour: str) -> tuple[int, int, int]:
    """A sixth of the colour on white."""
    red, green, blue = (255 - (255 - int(colour[start : start + 2], 16)) // 6 for start in (1, 3, 5))
    return red, green, blue


def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(size)
