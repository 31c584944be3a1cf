"""A contact sheet holds every picture in reading order, each with its word below."""

from __future__ import annotations

import numpy as np
import pytest

from engine.contactsheet import CELL_PX, GAP_PX, PAPER, WORD_PX, contact_sheet
from engine.photo import Photo


@pytest.mark.parametrize(("count", "columns", "rows"), [(1, 1, 1), (2, 2, 1), (3, 2, 2), (5, 3, 2), (9, 3, 3)])
def test_every_picture_is_there_in_reading_order(count: int, columns: int, rows: int) -> None:
    pictures = [Photo(np.full((30, 40, 3), 20 * n + 40, np.uint8)) for n in range(count)]
    sheet = contact_sheet(pictures, [str(n) for n in range(count)])
    height, width = CELL_PX * 3 // 4, CELL_PX
    assert sheet.width == GAP_PX + columns * (width + GAP_PX)
    assert sheet.height == GAP_PX + rows * (height + WORD_PX + GAP_PX)
    for place in range(count):
        top = GAP_PX + place // columns * (height + WORD_PX + GAP_PX)
        left = GAP_PX + place % columns * (width + GAP_PX)
        assert np.abs(sheet.pixels[top : top + height, left : left + width].astype(int) - 20 * place - 40).max() <= 1
        word = sheet.pixels[top + height : top + height + WORD_PX + GAP_PX, left : left + width]
        assert word.min() < 120 and np.median(word) == PAPER


def test_each_picture_needs_its_word() -> None:
    with pytest.raises(ValueError, match="zip"):
        contact_sheet([Photo(np.zeros((4, 4, 1), np.uint8))] * 2, ["one"])
