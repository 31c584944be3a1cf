"""A plot's places and points agree, and a hand takes hold of what it sees."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPointF

from desktop_app.curve.plot import HANDLE_PX, SAMPLES, Plot

PLOT = Plot.within(226, 177, 17)
POINTS = ((0.0, 0.0), (50.0, 80.0), (100.0, 100.0))


@given(st.floats(-50, 150), st.floats(-50, 150))
def test_a_place_stands_for_its_point(before, after):
    found = PLOT.point(PLOT.place((before, after)))
    np.testing.assert_allclose(found, (before, after), atol=1e-9)


def test_dark_is_left_and_below_and_every_handle_is_seen_whole():
    dark, light = PLOT.place((0, 0)), PLOT.place((100, 100))
    assert dark.x() < light.x() and dark.y() > light.y()
    whole = PLOT.field.adjusted(HANDLE_PX, HANDLE_PX, -HANDLE_PX, -HANDLE_PX)
    assert whole.contains(dark) and whole.contains(light)
    assert PLOT.words.top() == PLOT.field.bottom() and PLOT.words.bottom() == 177


def test_the_nearest_handle_within_reach_is_taken():
    spot = PLOT.place(POINTS[1])
    assert PLOT.handle_at(POINTS, spot + QPointF(6, 6)) == 1
    assert PLOT.handle_at(POINTS, spot + QPointF(0, 20)) is None
    assert PLOT.handle_at((), spot) is None


def test_a_curve_is_taken_where_it_is_nearest():
    spot = PLOT.place((30, 30))
    before, after = PLOT.on_curve(SAMPLES, spot + QPointF(0, 3))
    assert before == after and 28 <= before <= 30
    assert PLOT.on_curve(SAMPLES, spot + QPointF(0, 30)) is None


def test_a_little_beside_the_plot_is_not_out_of_it():
    edge = QPointF(PLOT.area.right(), PLOT.area.center().y())
    assert not PLOT.is_out(edge + QPointF(10, 0))
    assert PLOT.is_out(edge + QPointF(40, 0))
