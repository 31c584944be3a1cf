"""Small pictures and a compare view in a window that has the keyboard."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from PySide6.QtGui import QImage

from desktop_app.compare import CompareView

RED, BLUE = 0xFFC02010, 0xFF1030C0


def plain(width: int, height: int, colour: int) -> QImage:
    """A picture of one colour (0xffRRGGBB)."""
    image = QImage(width, height, QImage.Format.Format_RGB32)
    image.fill(colour)
    return image


def noise(width: int, height: int, seed: int = 0) -> QImage:
    """A picture in which no two places are alike."""
    image = QImage(width, height, QImage.Format.Format_RGB32)
    pixels = np.frombuffer(image.bits(), np.uint32)
    pixels[:] = np.random.default_rng(seed).integers(0, 1 << 24, pixels.size, dtype=np.uint32) | np.uint32(0xFF000000)
    return image


@pytest.fixture
def view(qtbot) -> Iterator[CompareView]:
    """900 × 600 with a red original and a blue result of 600 × 400."""
    shown = CompareView()
    qtbot.addWidget(shown)
    shown.resize(900, 600)
    shown.show()
    qtbot.waitExposed(shown)
    shown.activateWindow()
    shown.setFocus()
    qtbot.waitUntil(shown.hasFocus)
    shown.set_before(plain(600, 400, RED))
    shown.set_after(plain(600, 400, BLUE))
    yield shown
    shown.close_pictures()
