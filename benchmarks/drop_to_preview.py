"""How long a stranger waits: from the drop of a photo to its original and to its colours, and from a slider to the photo.

    python benchmarks/drop_to_preview.py [--models FOLDER]

A 12-megapixel JPEG (made here, soft shapes and grain). Cold: the engine process is started by the drop. Warm: it runs
already, as it does a second after the window has opened. The window draws into memory where there is no screen.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

WIDTH_PX, HEIGHT_PX = 4000, 3000


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--models", type=Path, action="append", help="another folder of generators")
    parser.add_argument("--repeat", type=int, default=5)
    words = parser.parse_args()
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    with tempfile.TemporaryDirectory() as folder:
        photos = [_photo(Path(folder) / f"{number}.jpg", number) for number in range(words.repeat + 1)]
        _run(photos, Path(folder), words.models)
    return 0


def _photo(path: Path, seed: int) -> Path:
    import numpy as np
    from PIL import Image

    random = np.random.default_rng(seed)
    rows, columns = np.mgrid[0:HEIGHT_PX, 0:WIDTH_PX]
    waves = 128 + 60 * np.sin(columns / 317 + seed) + 50 * np.cos(rows / 211) + random.normal(0, 6, rows.shape)
    Image.fromarray(np.clip(waves, 0, 255).astype(np.uint8)).save(path, quality=92)
    return path


def _run(photos: list[Path], folder: Path, models: list[Path] | None) -> None:
    from PySide6.QtWidgets import QApplication

    from desktop_app.assembly import Assembly, options_of

    app = QApplication([])
    began = time.perf_counter()
    assembly = Assembly(app, folder / "settings.ini", options_of(models, None))
    assembly.show()
    app.processEvents()
    print(f"window built and shown                {time.perf_counter() - began:6.2f} s")
    seen: dict[str, float] = {}

    def note(side: str) -> Callable[[object], None]:
        def arrived(image: object) -> None:
            if image is not None:
                seen.setdefault(side, time.perf_counter())

        return arrived

    assembly.previewing.before_changed.connect(note("before"))
    assembly.previewing.after_changed.connect(note("after"))

    def until(condition: Callable[[], object]) -> None:
        while not condition():
            app.processEvents()
            time.sleep(0.001)

    def drop(photo: Path) -> tuple[float, float]:
        seen.clear()
        dropped = time.perf_counter()
        assembly.open([photo])
        assembly.queue.set_current(assembly.queue.find(photo))
        until(lambda: "before" in seen and "after" in seen)
        return seen["before"] - dropped, seen["after"] - dropped

    cold = drop(photos[0])
    print(f"cold: drop to original / to colours   {cold[0]:6.2f} s {cold[1]:6.2f} s")
    warm = [drop(photo) for photo in photos[1:]]
    before, after = (sorted(times)[len(times) // 2] for times in zip(*warm, strict=True))
    print(f"warm: drop to original / to colours   {before:6.2f} s {after:6.2f} s   (median of {len(warm)})")
    document = assembly.queue.items[-1].document
    answers, longest_s = [], 0.0
    for step in range(20):
        seen.clear()
        asked = time.perf_counter()
        document.set_setting("colorize", "strength", 1 - step / 40)
        while "after" not in seen:
            turn = time.perf_counter()
            app.processEvents()
            longest_s = max(longest_s, time.perf_counter() - turn)
            time.sleep(0.001)
        answers.append(seen["after"] - asked)
    print(f"slider to photo                       {sorted(answers)[10] * 1000:6.0f} ms   (median of 20)")
    print(f"longest stay of the window's thread   {longest_s * 1000:6.0f} ms   while the slider moved")
    assembly.close()


if __name__ == "__main__":
    raise SystemExit(main())
