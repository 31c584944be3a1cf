"""Halvings of a picture: right to a code, for every size, in a thread where it is large."""

from __future__ import annotations

import itertools
import threading

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtGui import QImage

from desktop_app.compare.pyramid import Pyramid, halvings
from tests.desktop_app.compare.conftest import noise, plain


def _never() -> bool:
    return False


def _channels(image: QImage) -> np.ndarray:
    """(H, W, 3) as float."""
    return np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.width(), 4)[..., :3].astype(float)


@given(st.integers(64, 150), st.integers(64, 150))
@settings(max_examples=20, deadline=None)
def test_each_level_is_the_mean_of_the_one_before(width: int, height: int):
    """Within a code, odd sizes with their last row or column taken twice."""
    image = noise(width, height)
    levels = [image, *halvings(image, _never)]
    assert len(levels) >= 2
    for finer, coarser in itertools.pairwise(levels):
        assert (coarser.width(), coarser.height()) == ((finer.width() + 1) // 2, (finer.height() + 1) // 2)
        full = np.pad(_channels(finer), ((0, finer.height() % 2), (0, finer.width() % 2), (0, 0)), mode="edge")
        mean = full.reshape(coarser.height(), 2, coarser.width(), 2, 3).mean((1, 3))
        assert np.abs(_channels(coarser) - mean).max() <= 1


def test_halving_does_not_darken():
    """The mean of a picture stays the same down to the smallest level."""
    image = noise(1024, 1024)
    smallest = halvings(image, _never)[-1]
    assert _channels(smallest).mean() == pytest.approx(_channels(image).mean(), abs=0.1)


def test_the_caller_keeps_his_picture_and_its_memory():
    """Reading a shared picture must not copy its 200 MB."""
    image = noise(200, 200)
    again = QImage(image)
    halvings(again, _never)
    assert again.cacheKey() == image.cacheKey()


def test_other_formats_are_understood():
    grey = QImage(128, 128, QImage.Format.Format_Grayscale8)
    grey.fill(100)
    assert halvings(grey, _never)[0].pixelColor(3, 3).getRgb()[:3] == (100, 100, 100)


@pytest.mark.parametrize(("scale", "level"), [(4.0, 0), (1.0, 0), (0.6, 0), (0.5, 1), (0.3, 1), (0.25, 2), (0.01, 4)])
def test_the_level_is_the_smallest_that_is_not_enlarged(qtbot, scale: float, level: int):
    pyramid = Pyramid(noise(640, 512))
    found, image = pyramid.level_for(scale)
    assert found == level
    assert image.width() == 640 // 2**level


def test_a_large_picture_is_halved_in_a_thread(qtbot):
    """The whole picture is there at once, the small one comes with a signal, and the thread ends."""
    pyramid = Pyramid(plain(3000, 2000, 0xFF808080))
    with qtbot.waitSignal(pyramid.grown, timeout=10_000):
        assert pyramid.level_for(0.1)[0] == 0
        assert pyramid.is_building
    assert pyramid.level_for(0.1)[0] == 3
    pyramid.close()
    assert not any(thread.name == "pyramid" for thread in threading.enumerate())


def test_closing_stops_the_thread_in_the_middle(qtbot):
    pyramid = Pyramid(plain(6000, 4000, 0xFF808080))
    pyramid.level_for(0.1)
    pyramid.close()
    assert not any(thread.name == "pyramid" for thread in threading.enumerate())
    assert pyramid.level_for(0.1)[1].width() == 6000


def test_a_picture_of_one_pixel_has_no_smaller_levels(qtbot):
    assert Pyramid(plain(1, 1, 0xFF808080)).level_for(0.001)[0] == 0
