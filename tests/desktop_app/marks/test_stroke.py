"""A stroke covers a band of its brush's breadth, once, and the word said last counts."""

from __future__ import annotations

import numpy as np
import pytest

from desktop_app.marks.brush import LARGEST, SMALLEST, Brush, Tool
from desktop_app.marks.sheet import DAMAGED, SOUND, Box, MarkSheet
from desktop_app.marks.stroke import Point, Stroke

SHEET = MarkSheet(200, 400)
HARD = Brush(20 / 400, 0.0)


def whole(sheet: MarkSheet) -> np.ndarray:
    return sheet.read(Box(0, 0, sheet.height, sheet.width))


def painted(*points: tuple[float, float], tool=Tool.BRUSH, brush=HARD, sheet=SHEET) -> MarkSheet:
    stroke = Stroke(sheet, tool, brush, Point(*points[0]))
    for point in points[1:]:
        stroke.go_to(Point(*point))
    return stroke.finished()


def test_a_dot_is_a_disc_of_the_brush():
    damaged = whole(painted((0.5, 0.5)))[..., DAMAGED]
    rows, columns = np.nonzero(damaged > 127)
    assert (rows.min() + rows.max() + 1) / 2 == 100 and (columns.min() + columns.max() + 1) / 2 == 200
    assert abs(damaged.sum() / 255 - np.pi * 10**2) < 12
    assert set(np.unique(whole(painted((0.5, 0.5)))[..., SOUND])) == {0}


def test_a_line_has_the_same_breadth_all_along():
    damaged = whole(painted((0.2, 0.3), (0.8, 0.3)))[..., DAMAGED] / 255
    assert np.allclose(damaged[:, 100:300].sum(axis=0), 20, atol=0.6)


def test_soft_edges_fade_and_hard_ones_do_not():
    hard = whole(painted((0.5, 0.5)))[100, 200:, DAMAGED]
    soft = whole(painted((0.5, 0.5), brush=Brush(20 / 400, 1.0)))[100, 200:, DAMAGED].astype(int)
    assert np.count_nonzero((hard > 0) & (hard < 255)) <= 2
    assert np.count_nonzero((soft > 0) & (soft < 255)) >= 8
    assert (np.diff(soft) <= 0).all()


def test_going_over_a_place_again_adds_nothing():
    soft = Brush(20 / 400, 0.8)
    once = painted((0.2, 0.3), (0.8, 0.3), brush=soft)
    twice = painted((0.2, 0.3), (0.8, 0.3), (0.2, 0.3), brush=soft)
    assert np.array_equal(whole(once), whole(twice))


def test_the_word_said_last_counts():
    marked = painted((0.2, 0.5), (0.8, 0.5))
    erased = whole(painted((0.5, 0.2), (0.5, 0.8), tool=Tool.ERASER, sheet=marked))
    assert tuple(erased[100, 200]) == (0, 255) and tuple(erased[100, 100]) == (255, 0)
    again = whole(painted((0.2, 0.5), (0.8, 0.5), sheet=painted((0.5, 0.2), (0.5, 0.8), tool=Tool.ERASER)))
    assert tuple(again[100, 200]) == (255, 0)


@pytest.mark.parametrize("tool", list(Tool))
def test_what_a_stroke_shows_on_its_way_is_what_it_becomes(tool):
    stroke = Stroke(painted((0.1, 0.1), (0.9, 0.9)), tool, Brush(0.1, 0.5), Point(0.1, 0.9))
    seen = whole(painted((0.1, 0.1), (0.9, 0.9)))
    for box in (stroke.touched, stroke.go_to(Point(0.5, 0.5)), stroke.go_to(Point(0.9, 0.2))):
        seen[box.slices] = stroke.seen(box)
    assert np.array_equal(seen, whole(stroke.finished()))


def test_a_straight_line_follows_the_hand_and_leaves_nothing_behind():
    stroke = Stroke(SHEET, Tool.BRUSH, HARD, Point(0.2, 0.2))
    seen = whole(SHEET)
    for point in (Point(0.8, 0.9), Point(0.3, 0.9), Point(0.8, 0.2)):
        box = stroke.straight_to(point)
        seen[box.slices] = stroke.seen(box)
    assert np.array_equal(whole(stroke.finished()), whole(painted((0.2, 0.2), (0.8, 0.2))))
    assert np.array_equal(seen, whole(stroke.finished()))


def test_beside_the_photo_nothing_is_said():
    assert painted((-0.5, -0.5), (-0.5, 1.5)) is SHEET
    across = whole(painted((-0.5, 0.5), (1.5, 0.5)))[..., DAMAGED]
    assert (across[100] == 255).all()


def test_the_smallest_brush_still_says_something():
    damaged = whole(painted((0.3, 0.3), (0.6, 0.7), brush=Brush(SMALLEST, 1.0), sheet=MarkSheet(1000, 2000)))
    assert damaged[..., DAMAGED].max() > 200


def test_a_brush_stays_within_its_limits():
    brush = Brush()
    for _ in range(60):
        brush = brush.larger().softer()
    assert (brush.diameter, brush.softness) == (LARGEST, 1.0)
    for _ in range(90):
        brush = brush.larger(-1).softer(-1)
    assert (brush.diameter, brush.softness) == (SMALLEST, 0.0)
    assert Brush().larger().larger(-1).diameter == pytest.approx(Brush().diameter)
    assert Brush.from_text(Brush(0.05, 0.4).text) == Brush(0.05, 0.4)
    assert [Brush.from_text(text) for text in ("", "0.05", "a;b", "nan;0", "9;0.3")] == [Brush()] * 5
    assert Brush(0.01, 0.3).words(4000) == "40 px, 30 % soft"
