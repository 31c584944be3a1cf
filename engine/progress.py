"""How long work says where it is, and how it is told to stop."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from engine.errors import Cancelled

KNOWN_FROM = 0.1
"""The share of a photo's work from which on the rest is estimated."""


@dataclass(frozen=True)
class Progress:
    """Where one photo is.

    stage: what is being done, in words for the user ("Finding colours").
    done: 0..1 of this photo's whole work, never going back.
    seconds_left: estimate for this photo, None while nothing is known.
    note: a line the user should read once ("Less memory than expected: working in smaller tiles"), usually empty.
    """

    stage: str
    done: float
    seconds_left: float | None = None
    note: str = ""


Report = Callable[[Progress], None]


def ignore(progress: Progress) -> None:
    """The Report of a caller who does not want to know."""


def timed(report: Report, clock: Callable[[], float] = time.monotonic) -> Report:
    """A Report for one photo's whole work that begins now: what it hands on to `report` also says how long the rest may take."""
    begun = clock()

    def with_time(progress: Progress) -> None:
        elapsed_s, done = clock() - begun, progress.done
        left = elapsed_s * (1 - done) / done if done > KNOWN_FROM else None
        report(replace(progress, seconds_left=left))

    return with_time


def part(report: Report, start: float, end: float) -> Report:
    """A Report for a sub-task: its 0..1 becomes start..end of the whole; its own time estimate is dropped."""

    def scaled(progress: Progress) -> None:
        report(Progress(progress.stage, start + (end - start) * progress.done, None, progress.note))

    return scaled


class CancelToken:
    """Set once from any thread; work calls `check()` between pieces and may hang a callback on it inside one."""

    def __init__(self) -> None:
        self._event = threading.Event()
        self._lock = threading.Lock()
        self._callbacks: list[Callable[[], None]] = []

    @property
    def cancelled(self) -> bool:
        return self._event.is_set()

    def cancel(self) -> None:
        """Ask the work to stop; calling it again does nothing."""
        with self._lock:
            if self._event.is_set():
                return
            self._event.set()
            callbacks = list(self._callbacks)
        for callback in callbacks:
            callback()

    def check(self) -> None:
        """Raise Cancelled if the user said stop."""
        if self._event.is_set():
            raise Cancelled

    @contextmanager
    def interrupts(self, callback: Callable[[], None]) -> Iterator[None]:
        """While inside, cancelling also calls `callback` (from the cancelling thread); at once if already cancelled."""
        with self._lock:
            already = self._event.is_set()
            self._callbacks.append(callback)
        if already:
            callback()
        try:
            yield
        finally:
            with self._lock:
                self._callbacks.remove(callback)
