"""How long the window needs for one movement of the damage brush: covering, tinting and painting, and for what follows a stroke.

    python -m benchmarks.brush_strokes [--width 1600 --height 1000] [--moves 80]

A 12-megapixel photo as its preview of 2000 pixels, drawn into memory (no display needed). Told are the milliseconds of the
window's thread itself, which other work on the machine does not lengthen, and beside them those of the clock.
"""

from __future__ import annotations

import argparse
import math
import os
import statistics
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

    from desktop_app.compare import CompareView
    from desktop_app.marks.overlay import MaskOverlay
    from desktop_app.marks.painting import Painting
    from desktop_app.marks.sheet import MarkSheet

PHOTO_PX = (4000, 3000)
BUDGET_MS = 16.0


def main() -> None:
    """Print one line a brush and zoom, then what is done once a stroke."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--width", type=int, default=1600)
    parser.add_argument("--height", type=int, default=1000)
    parser.add_argument("--moves", type=int, default=80)
    words = parser.parse_args()
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtWidgets import QApplication

    app = QApplication([])
    bench = Bench(app, words.width, words.height)
    print(f"{'brush':>8}{'zoom':>8}{'median':>10}{'largest':>10}{'clock':>10}   ms a move")
    worst = 0.0
    for share in (0.012, 0.05, 0.25):
        for percent in (None, 100.0, 400.0):
            own, clock = bench.stroke(share, percent, words.moves)
            worst = max(worst, statistics.median(own))
            zoom = "fit" if percent is None else f"{percent:.0f} %"
            print(
                f"{share * PHOTO_PX[0]:5.0f} px{zoom:>8}{statistics.median(own):10.1f}{max(own):10.1f}"
                f"{statistics.median(clock):10.1f}"
            )
    print(f"largest median {worst:.1f} ms; the budget is {BUDGET_MS:g} ms")
    bench.report_once_a_stroke()
    bench.close()


class Bench:
    """A compare view with mask and brush over it, and a hand that draws waves."""

    def __init__(self, app: QApplication, width: int, height: int) -> None:
        import numpy as np
        from PySide6.QtCore import QSize
        from PySide6.QtGui import QImage

        from desktop_app.compare import CompareView
        from desktop_app.marks.brush import Tool
        from desktop_app.marks.overlay import MaskOverlay
        from desktop_app.marks.painting import Painting
        from desktop_app.marks.sheet import MarkSheet

        self._app = app
        self._view: CompareView = CompareView()
        self._view.resize(width, height)
        random = np.random.default_rng(0)
        for put in (self._view.set_before, self._view.set_after):
            image = QImage(2000, 1500, QImage.Format.Format_RGB32)
            pixels = np.frombuffer(image.bits(), np.uint32)
            pixels[:] = random.integers(0, 1 << 24, pixels.size, dtype=np.uint32) | np.uint32(0xFF000000)
            put(image)
        self._view.set_photo_size(QSize(*PHOTO_PX))
        self._mask: MaskOverlay = MaskOverlay(self._view)
        self._painting: Painting = Painting(self._view, self._mask)
        self._mask.switch(True)
        self._mask.show_found(random.integers(0, 256, (750, 1000), np.uint8))
        self._sheet: MarkSheet = MarkSheet.empty_for(*PHOTO_PX)
        self._mask.show_sheet(self._sheet)
        self._painting.show_sheet(self._sheet)
        self._painting.show_tool(Tool.BRUSH)
        self._painting.stroke_ended.connect(self._keep)
        self._view.show()
        began = time.monotonic()
        while self._view.is_building or time.monotonic() - began < 0.5:
            app.processEvents()

    def _keep(self, sheet: MarkSheet) -> None:
        self._sheet = sheet

    def stroke(self, diameter: float, percent: float | None, moves: int) -> tuple[list[float], list[float]]:
        """Milliseconds of each movement: of the window's thread, and of the clock."""
        from PySide6.QtCore import QEvent, QPointF, Qt
        from PySide6.QtGui import QMouseEvent
        from PySide6.QtWidgets import QApplication

        from desktop_app.marks.brush import Brush

        self._painting.show_brush(Brush(diameter, 0.3))
        if percent is None:
            self._view.zoom_to_fit()
        else:
            self._view.zoom_to(percent)
        self._view.rest_now()
        self._app.processEvents()
        left, none = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton

        def send(kind: QEvent.Type, number: int, button: Qt.MouseButton, held: Qt.MouseButton) -> None:
            place = QPointF(
                (0.2 + 0.6 * number / moves) * self._view.width(),
                (0.4 + 0.2 * math.sin(number / 9)) * self._view.height(),
            )
            event = QMouseEvent(kind, place, place, button, held, Qt.KeyboardModifier.NoModifier)
            QApplication.sendEvent(self._painting, event)

        own, clock = [], []
        send(QEvent.Type.MouseButtonPress, 0, left, left)
        for number in range(1, moves):
            began, began_own = time.perf_counter(), time.thread_time()
            send(QEvent.Type.MouseMove, number, none, left)
            self._app.processEvents()
            own.append((time.thread_time() - began_own) * 1e3)
            clock.append((time.perf_counter() - began) * 1e3)
        send(QEvent.Type.MouseButtonRelease, moves, left, none)
        return own, clock

    def report_once_a_stroke(self) -> None:
        """What the window's thread does when a stroke ends and is answered, and another thread when the mask is kept."""
        import numpy as np

        from desktop_app.engine_process.shared import Exchange

        marks = self._sheet.marks()
        exchange = Exchange.create()
        found = np.random.default_rng(1).integers(0, 256, (750, 1000), np.uint8)
        for words, work in (
            ("the marks as the engine takes them", self._sheet.marks),
            ("into shared memory", lambda: (exchange.put(marks.damaged), exchange.put(marks.sound))),
            ("how much is marked, for the card", lambda: self._sheet.shares),
            ("the answer in the mask, all of it changed", lambda: self._mask.show_found(found)),
            ("packed for the mask file (in a thread)", marks.to_png),
        ):
            print(f"{_own_ms(work):10.1f} ms  {words}")
        exchange.remove()

    def close(self) -> None:
        self._view.close_pictures()


def _own_ms(work: Callable[[], object]) -> float:
    began = time.thread_time()
    work()
    return (time.thread_time() - began) * 1e3


if __name__ == "__main__":
    main()
