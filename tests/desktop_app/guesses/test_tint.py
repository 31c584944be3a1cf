"""The guess map as a picture: clear where sure, tinted where likely, hatched as well where guessed."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QColor, QImage

from desktop_app.guesses.tint import GUESSED, LIKELY, SURE, guess_picture, layer, sample

RED = QColor("#ee6c3f")
SIZE = QSize(60, 40)


def pixels(image: QImage) -> np.ndarray:
    """(h, w, 4): blue, green, red, alpha, premultiplied."""
    return np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.width(), 4).copy()


def test_sure_places_stay_as_they_are(qtbot):
    assert not pixels(sample(SURE, SIZE, RED, 1.0)).any()


def test_likely_and_guessed_differ_without_their_colour(qtbot):
    """Hatching makes one uneven; the other is one even tint."""
    grey = {
        name: pixels(sample(sure, SIZE, RED, 1.0)).astype(float).mean(-1)
        for name, sure in (("likely", LIKELY), ("guessed", GUESSED))
    }
    assert grey["likely"].min() > 0 and grey["likely"].std() < 1
    assert grey["guessed"].std() > 10


@given(st.lists(st.floats(0, 1, width=16), min_size=2, max_size=6))
def test_more_doubt_is_never_paler(values):
    alpha = pixels(guess_picture(np.array([sorted(values)], np.float16), RED).tint)[0, :, 3].astype(int)
    assert (np.diff(alpha) <= 0).all()


def test_it_lies_over_the_photo_alone_and_is_even_between_the_places_of_the_map(qtbot):
    map_ = np.linspace(0.5, 0.75, 4, dtype=np.float16)[None].repeat(3, 0)
    photo = QRectF(10, 5, 40, 30)
    alpha = pixels(layer(guess_picture(map_, RED), SIZE, photo, 1.0))[..., 3].astype(int)
    assert not alpha[:, :10].any() and not alpha[:, 50:].any() and not alpha[:5].any() and not alpha[35:].any()
    row = alpha[20, 12:48]
    assert row[0] > 50 and row[-1] < 20
    assert np.abs(np.diff(row)).max() < (row[0] - row[-1]) / 4, "scaled smoothly, no steps"


@pytest.mark.parametrize("ratio", [1.0, 1.5, 2.0])
def test_it_has_a_pixel_for_each_of_the_screen(qtbot, ratio):
    drawn = layer(guess_picture(np.zeros((2, 2)), RED), SIZE, QRectF(0, 0, 60, 40), ratio)
    assert (drawn.width(), drawn.height()) == (60 * ratio, 40 * ratio)
