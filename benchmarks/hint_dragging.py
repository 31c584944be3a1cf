"""How soon the photo answers a hint that is dragged: a single step, a hand that moves on, and the whole answer after it lets go.

    python benchmarks/hint_dragging.py [--models FOLDER] [--photo FILE]

A 12-megapixel JPEG (made here, soft shapes and grain) in the real window with its engine process; the window draws into memory
where there is no screen. A step is one movement of a hint that rests; the hand that moves on gives sixty positions a second, and
what is told of it is how old the position is that a new picture shows.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

    from desktop_app.assembly import Assembly
    from desktop_app.engine_process.background import Done
    from desktop_app.engine_process.protocol import PreviewAnalysed
    from engine.hints import Hint

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

WIDTH_PX, HEIGHT_PX = 4000, 3000
POSITIONS_A_SECOND = 60
STEPS = 12
DRAG_S = 3.0
PATIENCE_S = 30.0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--models", type=Path, action="append", help="another folder of generators")
    parser.add_argument("--photo", type=Path, help="a photo of your own")
    words = parser.parse_args()
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtWidgets import QApplication

    from desktop_app.assembly import Assembly, options_of

    with tempfile.TemporaryDirectory() as folder:
        app = QApplication([])
        assembly = Assembly(app, Path(folder) / "settings.ini", options_of(words.models, None))
        assembly.show()
        hand = Hand(app, assembly)
        hand.open(words.photo or _photo(Path(folder) / "photo.jpg"))
        _report(hand)
        assembly.close()
    return 0


def _photo(path: Path) -> Path:
    import numpy as np
    from PIL import Image

    random = np.random.default_rng(0)
    rows, columns = np.mgrid[0:HEIGHT_PX, 0:WIDTH_PX]
    waves = 128 + 60 * np.sin(columns / 317) + 50 * np.cos(rows / 211) + random.normal(0, 6, rows.shape)
    Image.fromarray(np.clip(waves, 0, 255).astype(np.uint8)).save(path, quality=92)
    return path


class Hand:
    """Drags one hint, and notes which of its positions each picture that is shown belongs to.

    What is found for a position is noted when the engine says so, and the picture that follows it is that position's.
    """

    def __init__(self, app: QApplication, assembly: Assembly) -> None:
        self._app = app
        self._assembly = assembly
        self._asked: dict[int, tuple[Hint, ...]] = {}
        self._set_s: dict[tuple[Hint, ...], float] = {}
        self._drawn: dict[int, tuple[Hint, ...]] = {}
        self.ages_s: list[float] = []
        self.shown: tuple[Hint, ...] = ()
        self.shown_whole: tuple[Hint, ...] = ()
        self.longest_stay_s = 0.0
        send = assembly.client.send

        def noting(command: object) -> int:
            job: int = send(command)  # type: ignore[arg-type]
            self._asked[job] = getattr(command, "hints", ())
            return job

        assembly.client.send = noting  # type: ignore[method-assign]
        # After the window's own connections: by now the window has asked for the picture of what was found.
        assembly.client.preview_analysed.connect(self._analysed)
        assembly.background.done.connect(self._done)

    def _analysed(self, event: PreviewAnalysed) -> None:
        self._drawn[self._assembly.previewing._ticket] = self._asked[event.job]

    def _done(self, done: Done) -> None:
        hints = self._drawn.get(done.ticket)
        if hints is None or done.value is None or done.kind not in ("draft", "full"):
            return
        if hints != self.shown and hints in self._set_s:
            self.ages_s.append(time.perf_counter() - self._set_s[hints])
        self.shown = hints
        if done.kind == "full":
            self.shown_whole = hints

    def until(self, condition: Callable[[], object]) -> None:
        deadline = time.perf_counter() + PATIENCE_S
        while not condition():
            self.turn()
            if time.perf_counter() > deadline:
                raise TimeoutError("the window did not answer")

    def turn(self) -> None:
        began = time.perf_counter()
        self._app.processEvents()
        self.longest_stay_s = max(self.longest_stay_s, time.perf_counter() - began)
        time.sleep(0.001)

    def open(self, photo: Path) -> None:
        from engine.hints import Hint

        self._assembly.open([photo])
        document = self._assembly.queue.items[0].document
        self.until(lambda: document.analyses is not None)
        self._assembly.overlay.hint_added.emit(Hint(0.2, 0.5, "#a04020"))
        self.let_go()

    def move_to(self, x: float) -> None:
        from engine.hints import Hint

        hint = Hint(x, 0.5, "#a04020")
        self._set_s[(hint,)] = time.perf_counter()
        self._assembly.overlay.hint_changed.emit(0, hint)

    def let_go(self) -> float:
        """Seconds until the whole answer is shown."""
        state = self._assembly.queue.items[0].document.state
        began = time.perf_counter()
        self._assembly.overlay.hint_settled.emit(0)
        self.until(lambda: self.shown_whole == state.hints)
        return time.perf_counter() - began

    def is_answered(self) -> bool:
        return self.shown == self._assembly.queue.items[0].document.state.hints


def _report(hand: Hand) -> None:
    steps, releases = [], []
    for number in range(STEPS):
        began = time.perf_counter()
        hand.move_to(0.25 + number / 50)
        hand.until(hand.is_answered)
        steps.append(time.perf_counter() - began)
        releases.append(hand.let_go())
    _line("a step to its colour", steps)
    _line("letting go to the whole answer", releases)
    hand.ages_s.clear()
    hand.longest_stay_s = 0.0
    began, number = time.perf_counter(), 0
    while (passed_s := time.perf_counter() - began) < DRAG_S:
        if passed_s * POSITIONS_A_SECOND >= number:
            hand.move_to(0.2 + 0.6 * passed_s / DRAG_S)
            number += 1
        hand.turn()
    _line("a moving hand: age of what is shown", hand.ages_s)
    print(f"pictures a second while it moves        {len(hand.ages_s) / DRAG_S:6.1f}")
    print(f"longest stay of the window's thread     {hand.longest_stay_s * 1000:6.0f} ms")
    print(f"letting go after the drag               {hand.let_go() * 1000:6.0f} ms")


def _line(words: str, seconds: list[float]) -> None:
    median, worst = statistics.median(seconds) * 1000, max(seconds) * 1000
    print(f"{words:<40}{median:6.0f} ms   (median; worst {worst:.0f} ms of {len(seconds)})")


if __name__ == "__main__":
    raise SystemExit(main())
