"""Small words are smaller than the others, and never too small to read."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QFont

from desktop_app.theme.fonts import small


def test_points_become_fewer(qtbot):
    font = QFont("Sans", 20)
    assert small(font).pointSizeF() == pytest.approx(18)
    assert font.pointSizeF() == 20, "the font that was given stays"


@pytest.mark.parametrize(("pixels", "expected"), [(30, 27), (11, 10), (8, 10)])
def test_pixels_become_fewer_but_not_too_few(qtbot, pixels, expected):
    font = QFont("Sans")
    font.setPixelSize(pixels)
    assert small(font).pixelSize() == expected
