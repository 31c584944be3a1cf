"""A crop shows the whole face and a little round it, square, and never what is not in the photo."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop_app.faces.crops import crops, square
from engine.faces import Face
from engine.photo import Photo

MARKS = ((0.0, 0.0),) * 5


@given(st.integers(1, 400), st.integers(1, 400), st.data())
@settings(max_examples=100, deadline=None)
def test_the_square_lies_in_the_photo_and_holds_the_face(height: int, width: int, data):
    left, top = data.draw(st.floats(0, width)), data.draw(st.floats(0, height))
    wide, tall = data.draw(st.floats(0, width - left)), data.draw(st.floats(0, height - top))
    x, y, side = square(Face((left, top, wide, tall), MARKS, 0.9), height, width)
    assert side >= 1 and x >= 0 and y >= 0 and x + side <= width and y + side <= height
    assert side == min(height, width) or (x <= left + 1 and x + side >= left + wide - 1)
    assert side == min(height, width) or (y <= top + 1 and y + side >= top + tall - 1)


@pytest.mark.parametrize("channels", [1, 3])
def test_the_picture_is_that_part_of_the_photo(channels):
    pixels = np.zeros((100, 200, channels), np.uint8)
    pixels[30:70, 100:140] = 200
    (image,) = crops(Photo(pixels), [Face((100.0, 30.0, 40.0, 40.0), MARKS, 0.9)], 96)
    assert (image.width(), image.height()) == (96, 96)
    assert image.pixelColor(48, 48).red() == 200 and image.pixelColor(1, 1).red() == 0
