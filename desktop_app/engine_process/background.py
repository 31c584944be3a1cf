"""One thread for arithmetic that is too long for a frame: of each kind of work only the newest waits."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Done:
    """kind, ticket: as given to `ask`; value: what the work returned, None if it failed (then it is in the log)."""

    kind: str
    ticket: int
    value: object


@dataclass(frozen=True)
class _Work:
    ticket: int
    function: Callable[[], object]


class Background(QObject):
    """Runs functions that touch no widget. A newer one of the same kind takes the place of one that still waits."""

    done = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._wake = threading.Condition()
        self._waiting: dict[str, _Work] = {}
        self._closing = False
        self._thread: threading.Thread | None = None

    def ask(self, kind: str, ticket: int, function: Callable[[], object]) -> None:
        """Run `function` soon; `done` follows unless a newer one of this kind came first."""
        with self._wake:
            self._waiting[kind] = _Work(ticket, function)
            self._wake.notify()
        if self._thread is None:
            self._thread = threading.Thread(target=self._work, name="autochrome-background", daemon=True)
            self._thread.start()

    def close(self) -> None:
        """Drop what waits and wait for the thread; nothing is emitted after this."""
        with self._wake:
            self._closing = True
            self._waiting.clear()
            self._wake.notify()
        if self._thread is not None:
            self._thread.join()
            self._thread = None

    def _work(self) -> None:
        while True:
            with self._wake:
                self._wake.wait_for(lambda: self._waiting or self._closing)
                if self._closing:
                    return
                kind = next(iter(self._waiting))
                work = self._waiting.pop(kind)
            value = _result(work.function)
            with self._wake:
                if self._closing:
                    return
            self.done.emit(Done(kind, work.ticket, value))


def _result(function: Callable[[], object]) -> object:
    try:
        return function()
    except Exception:  # a bug in arithmetic must not end the thread that all later previews need
        log.exception("background work failed")
        return None
