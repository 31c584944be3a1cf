"""How long the compare view takes to paint a 50-megapixel photo at 1600 × 900: moving, resting, with the divider dragged.

    python -m benchmarks.painting [--width 1600 --height 900] [--megapixels 50] [--paints 60] [--ratio 1.0]

The pictures are made in memory. Each figure is one `repaint()` of a real, shown widget, painted by the raster engine into memory
(no display needed). Where other work holds the cores, the median is the figure to read.
"""

from __future__ import annotations

import argparse
import math
import os
import statistics
import time
from collections.abc import Callable

BUDGET_MS = 16.0


def main() -> None:
    """Print one line a zoom and kind of paint, and what building the pyramid does to the window meanwhile."""
    wanted = _wanted()
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    os.environ["QT_SCALE_FACTOR"] = str(wanted.ratio)
    from PySide6.QtWidgets import QApplication

    from desktop_app.compare import CompareView

    app = QApplication([])
    view = CompareView()
    view.resize(wanted.width, wanted.height)
    view.show()
    app.processEvents()
    view.set_before(_picture(wanted.megapixels, shift=0))
    view.set_after(_picture(wanted.megapixels, shift=85))
    size = view.photo_size
    print(
        f"{size.width()} x {size.height()} pixels in {view.width()} x {view.height()}, device ratio {view.devicePixelRatioF():g}"
    )
    _report_building(app, view)
    print(f"{'':8}{'moving':>24}{'resting':>24}{'divider':>24}   min / median / max ms")
    worst = 0.0
    for words, percent in (("fit", None), ("33 %", 33.0), ("100 %", 100.0), ("200 %", 200.0), ("400 %", 400.0)):
        medians = _report_zoom(view, words, percent, wanted.paints)
        worst = max(worst, *medians)
    print(f"largest median {worst:.1f} ms; the budget is {BUDGET_MS:g} ms")
    view.close_pictures()


def _wanted() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--width", type=int, default=1600)
    parser.add_argument("--height", type=int, default=900)
    parser.add_argument("--megapixels", type=float, default=50.0)
    parser.add_argument("--paints", type=int, default=60)
    parser.add_argument("--ratio", type=float, default=1.0)
    return parser.parse_args()


def _picture(megapixels, shift: int):
    """A 3 : 2 picture with detail at every scale: noise over a gradient."""
    import numpy as np
    from PySide6.QtGui import QImage

    height = round(math.sqrt(megapixels * 1e6 / 1.5))
    image = QImage(round(height * 1.5), height, QImage.Format.Format_RGB32)
    rows = np.frombuffer(image.bits(), np.uint8).reshape(height, image.width(), 4)
    noise = np.random.default_rng(1).integers(0, 64, (256, image.width(), 4), dtype=np.uint8)
    for start in range(0, height, 256):
        strip = rows[start : start + 256]
        strip[:] = noise[: len(strip)] + np.uint8((start * 128 // height + shift) % 192)
    rows[..., 3] = 255
    return image


def _report_building(app, view) -> None:
    """While the levels of both pictures are built: is the window free?"""
    began = last = time.perf_counter()
    longest = 0.0
    view.repaint()
    first = time.perf_counter() - began
    while view.is_building:
        app.processEvents()
        now = time.perf_counter()
        longest = max(longest, now - last)
        last = now
    print(
        f"pyramids of both: {(time.perf_counter() - began) * 1000:.0f} ms in their threads, first paint {first * 1000:.1f} ms, "
        f"longest pause of the window meanwhile {longest * 1000:.1f} ms"
    )


def _report_zoom(view, words: str, percent: float | None, paints: int) -> list[float]:
    """Print the line of one zoom; returns the three medians in ms."""
    if percent is None:
        view.zoom_to_fit()
    else:
        view.zoom_to(percent)

    def move(step: int) -> None:
        """A hand that pans, or at fit zooms a little: every paint shows something else."""
        if percent is None:
            view.move_to(view.viewport.zoomed(view.viewport.fit_zoom * (1 + 0.001 * (step % 7)), 800, 450))
        else:
            view.move_to(view.viewport.panned(7 if step % 60 < 30 else -7, 3 if step % 60 < 30 else -3))

    def move_and_rest(step: int) -> None:
        move(step)
        view.rest_now()

    def drag(step: int) -> None:
        view.set_divider(0.2 + 0.6 * (step % 40) / 40)

    kinds = [_timed(view, change, paints) for change in (move, move_and_rest, drag)]
    columns = "".join(f"{min(kind):>9.1f}{statistics.median(kind):>8.1f}{max(kind):>7.1f}" for kind in kinds)
    print(f"{words:<8}{columns}")
    return [statistics.median(kind) for kind in kinds]


def _timed(view, change: Callable[[int], None], paints: int) -> list[float]:
    taken = []
    for step in range(paints):
        change(step)
        began = time.perf_counter()
        view.repaint()
        taken.append((time.perf_counter() - began) * 1000)
    return taken


if __name__ == "__main__":
    main()
