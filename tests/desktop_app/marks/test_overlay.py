"""The mask over the compare view: on the original's side, true to marks and findings, gone with its switch."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPointF
from PySide6.QtGui import QColor

from desktop_app.marks.brush import Brush, Tool
from desktop_app.marks.sheet import Box, MarkSheet
from desktop_app.marks.stroke import Point, Stroke
from desktop_app.marks.tint import MaskPicture

EMPTY = MarkSheet.empty_for(600, 400)


@pytest.fixture
def seen(qtbot, view, mask):
    """The mask switched on over a window that is shown; the colour at a place of the photo."""
    view.show()
    qtbot.waitExposed(view)
    mask.switch(True)

    def colour(x: float, y: float) -> QColor:
        return view.grab().toImage().pixelColor(view.photo_to_widget(QPointF(x, y)).toPoint())

    return colour


def is_damaged(colour: QColor) -> bool:
    return colour.red() - colour.blue() > 30


def is_sound(colour: QColor) -> bool:
    return colour.blue() - colour.red() > 30


def marked(sheet: MarkSheet, box: Box, damaged: int, sound: int) -> MarkSheet:
    patch = np.zeros((box.bottom - box.top, box.right - box.left, 2), np.uint8)
    patch[:] = damaged, sound
    return sheet.with_patch(box, patch)


UPPER, LOWER = Box(80, 0, 140, 600), Box(260, 0, 320, 600)
BOTH = marked(marked(EMPTY, UPPER, 255, 0), LOWER, 0, 255)


def test_marks_are_tinted_on_the_side_of_the_original(mask, seen):
    mask.show_sheet(BOTH)
    assert is_damaged(seen(0.25, 0.275)) and is_sound(seen(0.25, 0.725))
    assert not is_damaged(seen(0.75, 0.275)) and not is_sound(seen(0.75, 0.725))
    assert not is_damaged(seen(0.25, 0.5))


def test_the_side_follows_the_line(view, mask, seen):
    mask.show_sheet(BOTH)
    view.set_divider(0.9)
    assert is_damaged(seen(0.75, 0.275))
    view.set_after(None)
    assert is_damaged(seen(0.95, 0.275)), "with one picture there is one side"


def test_undo_paints_only_what_was_different(mask, seen):
    mask.show_sheet(BOTH)
    seen(0.25, 0.275)
    mask.show_sheet(marked(EMPTY, UPPER, 255, 0))
    assert is_damaged(seen(0.25, 0.275)) and not is_sound(seen(0.25, 0.725))
    mask.show_sheet(EMPTY)
    assert not is_damaged(seen(0.25, 0.275))


def test_what_was_found_is_tinted_and_gives_way_to_sound(mask, seen):
    found = np.full((20, 30), 255, np.uint8)
    mask.show_sheet(EMPTY)
    mask.show_found(found)
    assert is_damaged(seen(0.25, 0.725))
    mask.show_sheet(BOTH)
    assert is_sound(seen(0.25, 0.725)) and is_damaged(seen(0.25, 0.5))
    found_only, said = seen(0.25, 0.5), seen(0.25, 0.275)
    assert said.red() - said.blue() > found_only.red() - found_only.blue() + 20, "what is marked is stronger"
    mask.show_found(None)
    assert not is_damaged(seen(0.25, 0.5))


def test_it_goes_with_its_switch_and_while_the_original_is_looked_at(view, mask, seen):
    mask.show_sheet(BOTH)
    assert mask.legend.isVisible()
    view.show_original_alone(True)
    assert not is_damaged(seen(0.25, 0.275)) and not mask.legend.isVisible()
    view.show_original_alone(False)
    assert is_damaged(seen(0.25, 0.275))
    mask.switch(False)
    assert not is_damaged(seen(0.25, 0.275)) and not mask.legend.isVisible()


def test_a_stroke_on_the_restored_side_is_tinted_until_the_answer(mask, seen):
    mask.show_sheet(EMPTY)
    stroke = Stroke(EMPTY, Tool.BRUSH, Brush(0.1, 0.0), Point(0.75, 0.5))
    mask.show_stroke(stroke.touched, stroke)
    assert is_damaged(seen(0.75, 0.5))
    mask.keep_stroke(stroke.finished())
    mask.show_sheet(stroke.finished())
    assert is_damaged(seen(0.75, 0.5))
    mask.answered(mask._sheet)
    assert not is_damaged(seen(0.75, 0.5))


def test_of_quick_strokes_each_is_tinted_until_its_own_answer(mask, seen):
    """Also one that is still being painted, and one that is given up takes no other with it."""
    mask.show_sheet(EMPTY)
    sheets = [EMPTY]
    for y in (0.2, 0.5):
        stroke = Stroke(sheets[-1], Tool.BRUSH, Brush(0.1, 0.0), Point(0.75, y))
        mask.show_stroke(stroke.touched, stroke)
        sheets.append(stroke.finished())
        mask.keep_stroke(sheets[-1])
        mask.show_sheet(sheets[-1])
    at_hand = Stroke(sheets[-1], Tool.BRUSH, Brush(0.1, 0.0), Point(0.75, 0.8))
    mask.show_stroke(at_hand.touched, at_hand)
    mask.answered(sheets[1])
    assert [is_damaged(seen(0.75, y)) for y in (0.2, 0.5, 0.8)] == [False, True, True]
    mask.forget_stroke(at_hand)
    assert [is_damaged(seen(0.75, y)) for y in (0.2, 0.5, 0.8)] == [False, True, False]
    mask.answered(EMPTY)
    assert is_damaged(seen(0.75, 0.5)), "an answer of before both says nothing of either"
    mask.answered(sheets[2])
    assert not is_damaged(seen(0.75, 0.5))


def test_a_stroke_is_seen_even_where_the_mask_is_switched_off(mask, seen):
    mask.show_sheet(BOTH)
    mask.switch(False)
    stroke = Stroke(BOTH, Tool.BRUSH, Brush(0.1, 0.0), Point(0.25, 0.5))
    mask.show_stroke(stroke.touched, stroke)
    assert is_damaged(seen(0.25, 0.5)) and not is_damaged(seen(0.1, 0.275))
    assert not mask.legend.isVisible()
    mask.forget_stroke(stroke)
    assert not is_damaged(seen(0.25, 0.5))


def test_another_photo_starts_afresh(mask, seen):
    mask.show_sheet(BOTH)
    mask.show_sheet(None)
    assert not mask.isVisible()
    mask.show_sheet(MarkSheet.empty_for(600, 410))
    assert not is_damaged(seen(0.25, 0.275))


def test_the_legend_says_its_words(mask, seen):
    mask.show_sheet(BOTH)
    said = mask.legend.accessibleDescription().lower()
    assert [word for word in ("found", "damaged", "sound") if word not in said] == []


@pytest.mark.parametrize("size", [(5000, 2600), (4001, 999)])
def test_a_mask_finer_than_the_screen_keeps_its_thin_lines(size):
    """The picture is coarser; a line of one pixel is still there."""
    width, height = size
    sheet = marked(MarkSheet(height, width), Box(100, 0, 101, width), 255, 0)
    picture = MaskPicture(sheet, None, sheet.read)
    assert max(picture.image.width(), picture.image.height()) <= 2000
    step = -(-width // 2000)
    assert picture.image.pixelColor(picture.image.width() // 2, 100 // step).alpha() > 150
    gap = Box(100, 17, 101, 40)
    picture.show(gap, marked(sheet, gap, 0, 0).read)
    assert picture.image.pixelColor(25 // step, 100 // step).alpha() == 0
    assert picture.image.pixelColor(17 // step - 1, 100 // step).alpha() > 150
    assert picture.image.pixelColor(40 // step + 1, 100 // step).alpha() > 150


def test_an_answer_in_the_middle_of_a_stroke_leaves_the_stroke_tinted(mask, seen):
    mask.show_sheet(EMPTY)
    stroke = Stroke(EMPTY, Tool.BRUSH, Brush(0.1, 0.0), Point(0.25, 0.5))
    mask.show_stroke(stroke.touched, stroke)
    before = seen(0.25, 0.5)
    mask.show_found(np.full((20, 30), 160, np.uint8))
    assert is_damaged(seen(0.25, 0.2)) and seen(0.25, 0.5) == before
