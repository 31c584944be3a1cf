"""Curves through points rise, go through them, and say what is wrong with points that make no curve."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.tone_curve import MOST_POINTS, NEAREST, STEPS, Point, contrasted, points_of, smooth, taken, text_of


@st.composite
def rising(draw: st.DrawFn) -> tuple[Point, ...]:
    count = draw(st.integers(2, MOST_POINTS))
    before = sorted(draw(st.lists(st.integers(0, 50), min_size=count, max_size=count, unique=True)))
    after = sorted(draw(st.lists(st.integers(0, 1000), min_size=count, max_size=count)))
    return tuple((2.0 * x, y / 10) for x, y in zip(before, after, strict=True))


@given(points=rising())
def test_a_curve_goes_through_its_points_and_never_falls(points: tuple[Point, ...]) -> None:
    np.testing.assert_allclose(smooth(points, np.array([x for x, _ in points])), [y for _, y in points], atol=1e-9)
    curve = smooth(points, np.linspace(0, 100, 801))
    assert (np.diff(curve) >= -1e-9).all()
    assert curve[0] == pytest.approx(points[0][1]) and curve[-1] == pytest.approx(points[-1][1])


@given(points=rising())
def test_points_survive_their_text(points: tuple[Point, ...]) -> None:
    assert points_of(text_of(points)) == points


def test_points_exactly_so_near_are_far_enough() -> None:
    assert len(points_of("0.4:0 1.4:5")) == 2


def test_no_text_is_no_points() -> None:
    assert points_of("") == ()


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("0:0 dark", "not written as"),
        ("0:0 50", "not written as"),
        ("0:0 nan:4", "between 0 and 100"),
        ("0:0 50:101", "between 0 and 100"),
        ("50:50", "2 to"),
        (" ".join(f"{5 * i}:{i}" for i in range(MOST_POINTS + 1)), "2 to"),
        ("0:10 50:5", "must rise"),
        (f"0:0 {NEAREST / 2}:5", "must rise"),
        ("50:0 20:30", "must rise"),
    ],
)
def test_points_that_make_no_curve_are_refused_with_a_reason(text: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        points_of(text)


@given(middle=st.floats(0, 100), contrast=st.floats(0, 1))
def test_contrast_keeps_black_and_white_and_rises(middle: float, contrast: float) -> None:
    curve = contrasted(np.linspace(0, 100, 401), middle, contrast)
    assert curve[0] == pytest.approx(0) and curve[-1] == pytest.approx(100)
    assert (np.diff(curve) >= -1e-9).all()


def test_contrast_darkens_the_dark_and_lightens_the_light() -> None:
    dark, middle, light = contrasted(np.array([25.0, 50.0, 75.0]), 50, 1.0)
    assert dark < 20 and middle == pytest.approx(50) and light > 80


def test_a_table_is_looked_up_in_and_outside_its_range() -> None:
    table = np.linspace(100, 0, STEPS + 1, dtype=np.float32)
    np.testing.assert_allclose(
        taken(table, np.array([[-5, 0, 25, 100, 104]], np.float32)), [[100, 100, 75, 0, 0]], atol=2e-3
    )
