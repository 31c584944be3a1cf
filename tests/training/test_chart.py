"""Charts show their lines where the numbers are, and take any numbers."""

from __future__ import annotations

import math
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from training import chart
from training.chart import Line, Panel

BLUE, RED = chart.COLOURS[:2]


def places_of(file: Path, colour: str) -> tuple[np.ndarray, np.ndarray]:
    """Rows and columns of the pixels that are close to a colour."""
    wanted = [int(colour[start : start + 2], 16) for start in (1, 3, 5)]
    with Image.open(file) as opened:
        return np.nonzero(np.abs(np.asarray(opened, int) - wanted).sum(-1) < 30)


def test_a_rising_line_ends_in_the_upper_right_of_its_panel(tmp_path: Path) -> None:
    chart.draw([Panel("up", [Line([(0, 1), (10, 5)], BLUE)])], tmp_path / "up.png", "minutes")
    rows, columns = places_of(tmp_path / "up.png", BLUE)
    with Image.open(tmp_path / "up.png") as opened:
        width, height = opened.size
    right, left = columns > 0.9 * width, columns < 0.25 * width
    assert rows[right].max() < 0.35 * height and rows[left].min() > 0.55 * height


def test_panels_stand_beside_and_below_each_other_with_their_own_lines(tmp_path: Path) -> None:
    panels = [Panel(str(index), [Line([(0, 0), (5, index)], (BLUE, RED)[index % 2])]) for index in range(4)]
    chart.draw(panels, tmp_path / "four.png", "minutes", [("first", BLUE), ("second", RED)], columns=2)
    with Image.open(tmp_path / "four.png") as opened:
        width = opened.size[0]
    blue, red = places_of(tmp_path / "four.png", BLUE)[1], places_of(tmp_path / "four.png", RED)[1]
    below_the_legend = places_of(tmp_path / "four.png", RED)[0] > 60
    assert blue.max() < width / 2 < red[below_the_legend].min()


def test_a_band_lies_under_its_line_and_a_level_across_the_panel(tmp_path: Path) -> None:
    line = Line([(0, 2), (9, 2)], BLUE, [(0, 1, 3), (9, 1, 3)])
    chart.draw([Panel("band", [line], level=2.5)], tmp_path / "band.png", "minutes")
    with Image.open(tmp_path / "band.png") as opened:
        pixels = np.asarray(opened)
    pale = (np.abs(pixels.astype(int) - chart._pale(BLUE)).sum(-1) < 6).sum()
    assert pale > 0.25 * pixels.shape[0] * pixels.shape[1]


numbers = st.floats(-1e9, 1e9) | st.floats(-1e-9, 1e-9)


@settings(max_examples=12, deadline=None)
@given(st.lists(st.lists(st.tuples(st.floats(0, 1e6), numbers), max_size=6), min_size=1, max_size=2))
def test_any_numbers_can_be_drawn(curves: list[list[tuple[float, float]]]) -> None:
    """No points, one, equal ones, tiny and huge ones."""
    panels = [Panel("any", [Line(sorted(points), BLUE)]) for points in curves]
    with TemporaryDirectory() as folder:
        chart.draw(panels, Path(folder) / "any.png", "minutes")
        with Image.open(Path(folder) / "any.png") as opened:
            assert np.asarray(opened).std() > 0


@settings(max_examples=50)
@given(st.floats(-1e6, 1e6), st.floats(1e-3, 1e6))
def test_ticks_are_round_numbers_within_the_axis_told_apart_by_their_labels(low: float, length: float) -> None:
    axis = chart._axis([low, low + length], 5, padded=True)
    assert 3 <= len(axis.ticks) <= 8
    assert axis.low - 1e-6 * length <= min(axis.ticks) and max(axis.ticks) <= axis.high + 1e-6 * length
    step = (axis.ticks[1] - axis.ticks[0]) / 10 ** math.floor(math.log10(axis.ticks[1] - axis.ticks[0]) + 1e-9)
    assert step == pytest.approx(min((1, 2, 2.5, 5, 10), key=lambda nice: abs(nice - step)), rel=1e-3)
    if length > 1e-4 * abs(low):
        assert len(set(chart._labels(axis.ticks))) == len(axis.ticks)


def test_the_font_has_every_sign_of_a_label() -> None:
    """Pillow's own has no typographer's minus: it would draw a box."""
    font = chart._font(13)
    missing = bytes(font.getmask("\ue000"))
    signs = set("".join(label for low in (-2e-4, -3.0, -1e-9, 1e7) for label in chart._labels([low, 0.0, -low])))
    assert {"-", ".", "0"} <= signs
    assert [sign for sign in signs if bytes(font.getmask(sign)) == missing] == []
