"""A sheet of marks is what was laid on it, shares what did not change, and is the engine's Marks again."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop_app.marks.sheet import LONG_SIDE_PX, SQUARE_PX, Box, MarkSheet
from engine.marks import Marks

SIDES = st.integers(1, 3 * SQUARE_PX)


@st.composite
def patches(draw):
    """A sheet's size and boxes in it, each with a seed for what is laid there."""
    height, width = draw(SIDES), draw(SIDES)
    boxes = []
    for _ in range(draw(st.integers(1, 4))):
        top, left = draw(st.integers(0, height - 1)), draw(st.integers(0, width - 1))
        bottom, right = draw(st.integers(top + 1, height)), draw(st.integers(left + 1, width))
        boxes.append((Box(top, left, bottom, right), draw(st.integers(0, 3))))
    return height, width, boxes


def pixels(box: Box, seed: int) -> np.ndarray:
    shape = (box.bottom - box.top, box.right - box.left, 2)
    return np.random.default_rng(seed).integers(0, 256, shape, dtype=np.uint8) if seed else np.zeros(shape, np.uint8)


@settings(max_examples=40, deadline=None)
@given(patches())
def test_what_is_laid_on_a_sheet_is_read_from_it(given_patches):
    """Beside a plain array that the same is laid on; older sheets stay as they were."""
    height, width, boxes = given_patches
    sheet, plain = MarkSheet(height, width), np.zeros((height, width, 2), np.uint8)
    whole = Box(0, 0, height, width)
    for box, seed in boxes:
        older, before = sheet, plain.copy()
        sheet = sheet.with_patch(box, pixels(box, seed))
        plain[box.slices] = pixels(box, seed)
        assert np.array_equal(older.read(whole), before)
        changed = np.zeros((height, width), bool)
        for part in sheet.changed_since(older):
            changed[part.slices] = True
        assert not (plain != before).any(axis=2)[~changed].any(), "what changed lies in the boxes that are told"
    assert np.array_equal(sheet.read(whole), plain)
    assert sheet.is_empty == (not plain.any())
    marks = sheet.marks()
    assert np.array_equal(marks.damaged, plain[..., 0]) and np.array_equal(marks.sound, plain[..., 1])
    assert np.array_equal(MarkSheet.of(marks).read(whole), plain)
    assert sheet.shares == pytest.approx(tuple(plain.mean(axis=(0, 1)) / 255))


def test_a_stroke_costs_what_it_touches():
    """Two hundred steps of undo over a whole preview must not take a gigabyte."""
    sheet = MarkSheet.empty_for(6000, 4000)
    assert (sheet.height, sheet.width) == (1333, LONG_SIDE_PX)
    sheets = [sheet]
    for step in range(200):
        left = 8 * step
        box = Box(300, left, 320, left + 20)
        sheets.append(sheets[-1].with_patch(box, pixels(box, 1)))
    different = {id(square): square.nbytes for each in sheets for square in each.squares.values()}
    assert sum(different.values()) < 20_000_000


def test_a_small_photo_has_a_sheet_of_its_own_size():
    assert (MarkSheet.empty_for(300, 200).height, MarkSheet.empty_for(300, 200).width) == (200, 300)


def test_a_sheet_knows_the_photos_that_it_fits():
    sheet = MarkSheet.empty_for(6000, 4000)
    assert sheet.fits(6000, 4000) and sheet.fits(3000, 2000)
    assert not sheet.fits(4000, 6000) and not sheet.fits(5000, 4000)


def test_a_mask_of_others_keeps_its_size():
    marks = Marks(np.full((30, 5000), 9, np.uint8), np.zeros((30, 5000), np.uint8))
    assert MarkSheet.of(marks).width == 5000
