"""The last resort: what nobody foresaw goes to a log, and the window says so instead of vanishing."""

from __future__ import annotations

import contextlib
import faulthandler
import logging
import os
import sys
import tempfile
import threading
import traceback
from pathlib import Path
from types import TracebackType

import platformdirs
from PySide6.QtCore import QObject, Signal

log = logging.getLogger(__name__)

_LARGEST_LOG_BYTES = 1 << 20


def log_file() -> Path:
    """Where the log lies; its folder is made here, and where that cannot be, it is the one for temporary files."""
    folder = Path(platformdirs.user_log_dir("Autochrome", appauthor=False))
    with contextlib.suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True)
    if not os.access(folder, os.W_OK):
        folder = Path(tempfile.gettempdir())
    return folder / "autochrome.log"


class CrashReporter(QObject):
    """Takes every exception that reached the top, in any thread of this process."""

    crashed = Signal(object)
    """Payload: the details as text."""

    def install(self, file: Path) -> None:
        """Log to `file`, native crashes included. Kept small: an old log that has grown is begun anew."""
        if file.exists() and file.stat().st_size > _LARGEST_LOG_BYTES:
            with contextlib.suppress(OSError):  # Windows keeps it while another window has it open
                file.unlink()
        logging.basicConfig(
            filename=file, level=logging.INFO, format="%(asctime)s window %(levelname)s %(name)s %(message)s"
        )
        self._native = file.open("a")
        faulthandler.enable(self._native)
        sys.excepthook = self.handle
        threading.excepthook = self._handle_in_thread

    def _handle_in_thread(self, arguments: threading.ExceptHookArgs) -> None:
        if arguments.exc_value is not None:
            self.handle(arguments.exc_type, arguments.exc_value, arguments.exc_traceback)

    def handle(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        """As sys.excepthook."""
        details = "".join(traceback.format_exception(kind, error, trace))
        log.error("unexpected failure\n%s", details)
        self.crashed.emit(details)
