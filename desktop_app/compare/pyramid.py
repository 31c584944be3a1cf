"""A picture and its halvings, so that a large photo can be painted small quickly and without moiré."""

from __future__ import annotations

import math
import threading
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QImage

_AT_ONCE_PIXELS = 4_000_000
"""A picture up to this size (a preview) is halved when it is first needed; it takes no longer than a frame."""
_STRIP_ROWS = 128
"""Rows halved between two looks at whether to stop; small enough to stay in the processor's cache."""
_SMALLEST_SIDE_PX = 32
_WITHOUT_LOWEST_BITS = np.uint32(0xFEFEFEFE)


class Pyramid(QObject):
    """Level 0 is the picture itself; a pixel of level k stands for 2^k × 2^k of its pixels, so the last may reach over the edge.

    Levels come when they are first asked for: a large picture's from a thread, and meanwhile the best that is there is given.
    """

    grown = Signal()
    """A level that was asked for has come."""
    _built = Signal(object)

    def __init__(self, image: QImage, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._levels = [image]
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self._built.connect(self._take)

    @property
    def image(self) -> QImage:
        return self._levels[0]

    @property
    def is_building(self) -> bool:
        """The thread was started and its levels are not here yet."""
        return self._thread is not None and len(self._levels) == 1 and not self._stop.is_set()

    def level_for(self, scale: float) -> tuple[int, QImage]:
        """(k, level) to be painted at `scale` screen pixels a pixel of the picture: the smallest that is not enlarged."""
        wanted = max(0, math.floor(math.log2(1 / scale) + 1e-9)) if scale < 1 else 0
        wanted = min(wanted, _deepest(self.image))
        if wanted >= len(self._levels) and self._thread is None and not self._stop.is_set():
            self._start()
        found = min(wanted, len(self._levels) - 1)
        return found, self._levels[found]

    def close(self) -> None:
        """Stop building and wait for the thread; takes some milliseconds at most. What is there can still be painted."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join()

    def _start(self) -> None:
        if self.image.width() * self.image.height() <= _AT_ONCE_PIXELS:
            self._levels += halvings(self.image, self._stop.is_set)
            return
        self._thread = threading.Thread(target=self._build, name="pyramid")
        self._thread.start()

    def _build(self) -> None:
        """Runs in the thread; the signal brings the levels to the thread that paints."""
        self._built.emit(halvings(self.image, self._stop.is_set))

    @Slot(object)
    def _take(self, levels: list[QImage]) -> None:
        self._levels += levels
        self.grown.emit()


def halvings(image: QImage, is_stopped: Callable[[], bool]) -> list[QImage]:
    """`image` in Format_RGB32 at 1/2, 1/4, … of its size until it is small; fewer if stopped meanwhile."""
    levels: list[QImage] = []
    finer = image if image.format() == QImage.Format.Format_RGB32 else image.convertToFormat(QImage.Format.Format_RGB32)
    for _ in range(_deepest(image)):
        coarser = QImage((finer.width() + 1) // 2, (finer.height() + 1) // 2, QImage.Format.Format_RGB32)
        _halve(_pixels(finer, finer.constBits()), _pixels(coarser, coarser.bits()), is_stopped)
        if is_stopped():
            break
        levels.append(coarser)
        finer = coarser
    return levels


def _deepest(image: QImage) -> int:
    """How often `image` is worth halving."""
    return max(0, math.floor(math.log2(max(1, min(image.width(), image.height()) / _SMALLEST_SIDE_PX))))


def _pixels(image: QImage, memory: bytes | bytearray | memoryview) -> NDArray[np.uint32]:
    """The image's own memory as (H, W) of 0xffRRGGBB; valid as long as the image lives. (`bits` of a shared image copies it.)"""
    rows = np.frombuffer(memory, np.uint32).reshape(image.height(), image.bytesPerLine() // 4)
    return rows[:, : image.width()]


def _halve(finer: NDArray[np.uint32], coarser: NDArray[np.uint32], is_stopped: Callable[[], bool]) -> None:
    """Mean of each 2 × 2; an odd last row or column is its own neighbour."""
    for start in range(0, coarser.shape[0], _STRIP_ROWS):
        if is_stopped():
            return
        rows = finer[2 * start : 2 * (start + _STRIP_ROWS)]
        upper, lower = rows[0::2], rows[1::2]
        if len(lower) < len(upper):
            lower = np.concatenate([lower, upper[-1:]])
        # The mean of four bytes at once, of each bit and the carry; once rounded down and once up, so that nothing darkens.
        tall = (upper & lower) + (((upper ^ lower) & _WITHOUT_LOWEST_BITS) >> 1)
        left, right = tall[:, 0::2], tall[:, 1::2]
        if right.shape[1] < left.shape[1]:
            right = np.concatenate([right, left[:, -1:]], axis=1)
        coarser[start : start + _STRIP_ROWS] = (left | right) - (((left ^ right) & _WITHOUT_LOWEST_BITS) >> 1)
