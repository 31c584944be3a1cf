"""Thin marks: as many, as dark and as thin as asked."""

from __future__ import annotations

import numpy as np
import pytest

from tests.training.ageing.prints import flat
from training.ageing import scratches
from training.ageing.strokes import Canvas, lumps, path, pressure


@pytest.mark.parametrize("dark", [0.0, 1.0])
def test_marks_are_light_or_dark_as_asked(dark: float) -> None:
    picture = flat(0.5, 128, 128)
    for marks in (
        scratches.scratches(
            picture, np.random.default_rng(1), 0.5, count=8, bundle=3, length=1, width=1.5, dark=dark
        ),
        scratches.dust(picture, np.random.default_rng(1), 0.5, count=80, size=0.8, dark=dark),
        scratches.hairs(picture, np.random.default_rng(1), 0.5, count=3, length=0.5, dark=dark),
    ):  # fmt: skip
        change = (marks.picture - picture)[marks.mask > 0.5]
        assert len(change) > 5
        assert (change < 0).all() if dark else (change > 0).all()


def test_scratches_are_thin() -> None:
    """A square of four units finds sound picture nearly everywhere along them."""
    marks = scratches.scratches(
        flat(0.5, 256, 256), np.random.default_rng(2), 1.0, count=3, bundle=1, length=1, width=1.5, dark=0
    )
    hurt = marks.mask > 0.3
    inside = hurt[4:-4, 4:-4]
    thick = inside & hurt[4:-4, :-8] & hurt[4:-4, 8:] & hurt[:-8, 4:-4] & hurt[8:, 4:-4]
    assert hurt.any() and thick.sum() < 0.05 * hurt.sum()


def test_more_dust_covers_more() -> None:
    few, many = (
        scratches.dust(flat(0.5), np.random.default_rng(3), 0.5, count=count, size=0.6, dark=0).mask.sum()
        for count in (10, 200)
    )
    assert many > 5 * few


def test_a_path_starts_where_told_and_is_as_long() -> None:
    line = path(np.random.default_rng(1), (10.0, 20.0), 0.3, 100.0, 4.0, 1.0, 0.2)
    assert line[0].tolist() == [10, 20]
    assert float(np.hypot(*np.diff(line, axis=0).T).sum()) == pytest.approx(100, rel=1e-3)


def test_pressure_falls_off_at_both_ends_and_breaks() -> None:
    press = np.mean([pressure(np.random.default_rng(seed), 40, 0.0) for seed in range(60)], 0)
    assert press[0] < 0.7 * press[20] > press[-1]
    assert np.mean([(pressure(np.random.default_rng(seed), 40, 0.7) == 0).mean() for seed in range(60)]) > 0.3


def test_a_canvas_covers_what_is_drawn() -> None:
    canvas = Canvas(20, 30)
    canvas.stroke(np.array([[5, 10], [25, 10]], np.float32), np.array([2.0]), np.array([1.0]))
    cover = canvas.cover()
    assert cover.shape == (20, 30) and cover[10, 15] > 0.4 and cover[:6].max() == 0 and cover[14:].max() == 0
    assert Canvas(5, 5).cover().max() == 0


def test_lumps_have_their_sizes() -> None:
    outlines = lumps(np.random.default_rng(1), np.array([1.0, 4.0], np.float32))
    reach = np.hypot(outlines[..., 0], outlines[..., 1]).max(1)
    assert outlines.shape == (2, 9, 2) and 0.5 < reach[0] < 2.5 < reach[1] < 8
    assert lumps(np.random.default_rng(1), np.zeros(0, np.float32)).shape == (0, 9, 2)
