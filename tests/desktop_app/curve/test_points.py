"""Whatever a hand does to the points of a curve, the engine takes them as they are written."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_app.curve.points import HANDLES, added, drawn, handles_on, moved, read, removed, room_beside
from engine.tone_curve import MOST_POINTS, NEAREST, points_of, text_of

LIGHTNESS = st.floats(-30, 130)
DEEDS = st.lists(st.tuples(st.sampled_from(["add", "move", "remove"]), st.integers(0, 20), LIGHTNESS, LIGHTNESS))
STARTS = st.lists(st.floats(0, 100), min_size=33, max_size=33).map(sorted).map(np.array)


@given(STARTS, DEEDS)
def test_after_any_deeds_the_points_are_a_setting_and_are_read_back_as_they_were(start, deeds):
    points = handles_on(start)
    assert len(points) == HANDLES
    for deed, number, before, after in deeds:
        index = number % len(points)
        if deed == "add":
            grown = added(points, (before, after))
            points = grown[0] if grown is not None else points
        else:
            points = moved(points, index, (before, after)) if deed == "move" else removed(points, index)
        assert points_of(text_of(points)) == points == read(text_of(points))
    assert 2 <= len(points) <= MOST_POINTS


@given(
    st.lists(st.tuples(st.floats(0, 100), st.floats(0, 100)), min_size=2, max_size=16), st.integers(0, 15), LIGHTNESS
)
def test_a_curve_that_others_have_written_can_be_bent(written, index, to):
    """Points of a recipe lie anywhere; one of them moved, all of them are a setting still."""
    befores = np.maximum.accumulate(np.sort([before for before, _ in written]) / 2 + np.arange(len(written)))
    text = " ".join(f"{x:.3f}:{y:.3f}" for x, y in zip(befores, sorted(y for _, y in written), strict=True))
    try:
        points_of(text)
    except ValueError:
        return  # rounded to thousandths, two came too near
    points = moved(read(text), index % len(written), (to, to))
    assert points_of(text_of(points)) == points


def test_a_point_is_moved_to_where_it_is_put_and_no_farther_than_its_neighbours():
    points = read("0:0 40:30 60:70 100:100")
    assert moved(points, 1, (30.2, 44.44))[1] == (30.0, 44.4)
    assert moved(points, 1, (90, 90))[1] == (60 - NEAREST, 70)
    assert moved(points, 2, (-5, -5))[2] == (40 + NEAREST, 30)
    assert moved(points, 0, (-20, 50))[0] == (0, 30)
    assert moved(points, 3, (300, 300))[3] == (100, 100)


def test_a_point_is_added_where_there_is_room():
    points = read("0:0 40:30 100:100")
    assert added(points, (70, 65)) == ((*points[:2], (70, 65), points[2]), 2)
    assert added(points, (40.4, 31)) is None, "too near another one"
    full = tuple((float(i * 6), float(i * 6)) for i in range(MOST_POINTS))
    assert added(full, (3, 3)) is None
    assert added(read("20:10 100:100"), (5, 10)) == (read("5:10 20:10 100:100"), 0), "before the first one too"


def test_the_ends_stay():
    points = read("0:0 40:30 100:100")
    assert removed(points, 1) == (points[0], points[2])
    assert removed(points, 0) == removed(points, 2) == points


@pytest.mark.parametrize(("index", "place"), [(0, 20), (1, 70), (2, 70)])
def test_room_is_found_beside_a_point(index, place):
    assert room_beside(read("0:0 40:30 100:100"), index) == place


def test_handles_lie_on_the_automatic_curve():
    curve = np.linspace(0, 100, 33) ** 2 / 100
    assert [after for _, after in handles_on(curve)] == [0, 6.2, 25, 56.2, 100]
    np.testing.assert_allclose(drawn(handles_on(curve), np.array([25.0, 75.0])), [6.2, 56.2])
