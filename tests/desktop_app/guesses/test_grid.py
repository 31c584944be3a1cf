"""Pictures of the contact sheet are as large as the room allows, and never too small to judge."""

from __future__ import annotations

import math

from hypothesis import given
from hypothesis import strategies as st

from desktop_app.guesses.grid import SMALLEST_PX, arrangement
from desktop_app.guesses.tile import CAPTION_PX, EDGE_PX
from desktop_app.theme.tokens import UNIT

sides = st.integers(240, 2600)


@given(st.integers(1, 8), sides, sides, st.floats(0.4, 2.5))
def test_pictures_can_be_judged_and_fit_across(count, width, height, shape):
    found = arrangement(count, width, height, shape)
    assert max(found.width, found.height) >= SMALLEST_PX - 1
    assert found.columns * (found.width + 2 * EDGE_PX + UNIT) - UNIT <= width


@given(st.integers(1, 8), sides, sides, st.floats(0.4, 2.5))
def test_nothing_is_scrolled_where_large_pictures_fit(count, width, height, shape):
    found = arrangement(count, width, height, shape)
    rows = math.ceil(count / found.columns)
    needed = rows * (found.height + EDGE_PX + CAPTION_PX + UNIT) - UNIT
    assert needed <= height or max(found.width, found.height) <= SMALLEST_PX * 1.25 + 1


def test_eight_of_a_landscape_stand_in_two_rows_of_the_usual_window():
    assert arrangement(8, 1100, 580, 1.5).columns == 4


def test_rows_and_columns_follow_the_shape_of_the_room():
    assert arrangement(4, 300, 1600, 1.0).columns == 1
    assert arrangement(4, 1200, 300, 1.0).columns == 4
