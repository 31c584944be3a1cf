"""`autochrome --smoke-test`: proves that an installed or frozen app can restore the sample in its engine process."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from desktop_app.assembly import Assembly, options_of, samples
from desktop_app.queue import QueueItem, State
from desktop_app.settings import OUTPUT_FOLDER

_LIMIT_MS = 180_000


def smoke_test(extra_models: Sequence[Path] | None = None) -> int:
    """Restore the first sample into a temporary folder. Prints one line; returns the exit code, 0 if the file is there."""
    found = samples()
    if not found:
        print("smoke test failed: there is no sample photo", file=sys.stderr)
        return 1
    app = QApplication([sys.argv[0]])
    with tempfile.TemporaryDirectory(prefix="autochrome-smoke-") as folder:
        assembly = Assembly(app, Path(folder) / "settings.ini", options_of(extra_models, None))
        assembly.settings.remember(OUTPUT_FOLDER, folder)
        item = _restored(app, assembly, found[0])
        assembly.close()
        return _verdict(item)


def _restored(app: QApplication, assembly: Assembly, sample: Path) -> QueueItem:
    """Run the window's own way until the sample has an ending or the time is up."""
    assembly.show()
    assembly.open([sample])
    item = assembly.queue.items[0]

    def look(changed: QueueItem) -> None:
        if changed.state not in (State.NEW, State.WAITING, State.RUNNING):
            app.quit()

    assembly.queue.item_changed.connect(look)
    QTimer.singleShot(_LIMIT_MS, app.quit)
    assembly.restoring.start([item])
    app.exec()
    return item


def _verdict(item: QueueItem) -> int:
    if item.state is State.DONE and item.output is not None and item.output.stat().st_size > 0:
        print(f"smoke test passed: {item.path.name} -> {item.output.name}, {item.output.stat().st_size} bytes")
        return 0
    reason = str(item.error) if item.error is not None else f"it is {item.state.value}"
    print(f"smoke test failed: {reason}\n{item.details}", file=sys.stderr)
    return 1
