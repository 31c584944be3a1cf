"""The engine process: reads commands, works on them in four lanes, sends events. Its whole life is `run_engine`.

The lanes are threads (the runtime and the codecs let go of Python's lock): `looking` answers what the user waits for in front
of the screen, `finding` searches folders (a network drive may take minutes), `reading` makes thumbnails and full-size pictures,
reads mask files and finds faces (beside a preview's analysis, which may take much longer), `restoring` does the queue. One process
for all of them and not a second one for previews: two would each hold the generators and their memory (0.2 to 1.2 GB), while a
preview needs the cores for a fraction of a second only. So restoring pauses between its pieces as long as a preview is wanted.
"""

from __future__ import annotations

import logging
import os
import queue
import signal
import threading
import time
import traceback
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from desktop_app.engine_process.protocol import (
    Began,
    Cancel,
    Command,
    EngineOptions,
    Event,
    Failed,
    FindColourings,
    FindFaces,
    FindPhotos,
    MakeThumbnail,
    Preview,
    Quit,
    ReadMask,
    ReadPicture,
    RestorePhoto,
    WarmUp,
)
from desktop_app.engine_process.shared import Exchange
from desktop_app.engine_process.workshop import Workshop, unexpected
from engine.errors import Cancelled, EngineError
from engine.job import WRITING
from engine.progress import CancelToken

log = logging.getLogger(__name__)

_LEAVE_S = 1.5
"""How long lanes may take to clean up when the process is told to end."""

_WRITE_S = 0.5
"""How long a result that is being put on the disk may take after that, so that no half-written file stays."""

_LANES: dict[type[Command], str] = {
    WarmUp: "looking",
    FindPhotos: "finding",
    Preview: "looking",
    FindColourings: "looking",
    FindFaces: "reading",
    ReadMask: "reading",
    ReadPicture: "reading",
    MakeThumbnail: "reading",
    RestorePhoto: "restoring",
}


def run_engine(pipe: Connection[Any, Any], options: EngineOptions, exchange_folders: tuple[Path, ...]) -> None:
    """Serve `pipe` until Quit, or until the window is gone; never returns (no exit handler of the parent runs here)."""
    logging.basicConfig(
        filename=options.log_file, level=logging.WARNING, format="%(asctime)s engine %(levelname)s %(message)s"
    )
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C goes to the whole group; the window decides what it means
    exchange = Exchange(exchange_folders)
    engine = EngineProcess(pipe, Workshop(options, exchange))
    orphaned = engine.serve()
    if orphaned:
        exchange.remove()
    WRITING.acquire(timeout=_WRITE_S)  # kept: no lane begins another file
    os._exit(0)  # a lane may still be inside native code; it must not keep the process


class EngineProcess:
    """The lanes and the jobs in them."""

    def __init__(self, pipe: Connection[Any, Any], workshop: Workshop) -> None:
        self._pipe = pipe
        self._sending = threading.Lock()
        self._tokens: dict[int, CancelToken] = {}
        self._workshop = workshop
        self._looked_for: set[int] = set()
        self._lanes = {name: queue.PriorityQueue[tuple[int, int, Command]]() for name in set(_LANES.values())}

    def serve(self) -> bool:
        """Take commands until the end. Returns True if the window has gone without saying so."""
        for name in self._lanes:
            threading.Thread(target=self._work_in, args=(name,), name=f"autochrome-{name}", daemon=True).start()
        try:
            while not isinstance(command := self._pipe.recv(), Quit):
                self._take(self._workshop.unpacked(command))
        except (EOFError, OSError):
            self._stop_all()
            return True
        self._stop_all()
        return False

    def _take(self, command: Command) -> None:
        if isinstance(command, Cancel):
            token = self._tokens.get(command.job)
            if token is not None:
                token.cancel()
            return
        self._tokens[command.job] = CancelToken()
        lane = _LANES[type(command)]
        if lane == "looking":
            self._looked_for.add(command.job)
        last = 1 if isinstance(command, MakeThumbnail) else 0  # what is looked at or worked on comes before thumbnails
        self._lanes[lane].put((last, command.job, command))

    def _stop_all(self) -> None:
        for token in list(self._tokens.values()):
            token.cancel()
        deadline = time.monotonic() + _LEAVE_S
        while self._tokens and time.monotonic() < deadline:
            time.sleep(0.01)

    def _work_in(self, name: str) -> None:
        lane = self._lanes[name]
        while True:
            _, _, command = lane.get()
            self._work_on(command)
            self._looked_for.discard(command.job)

    def _work_on(self, command: Command) -> None:
        """One command to its one ending."""
        token = self._tokens[command.job]
        try:
            token.check()
            self._send(Began(command.job))
            self._workshop.do(command, self._send, token, self._wait_for_lookers)
        except EngineError as error:
            self._send(Failed(command.job, error, "" if isinstance(error, Cancelled) else traceback.format_exc()))
        except Exception:
            log.exception("unexpected failure in %s", type(command).__name__)
            self._send(Failed(command.job, unexpected(), traceback.format_exc()))
        finally:
            del self._tokens[command.job]

    def _send(self, event: Event) -> None:
        with self._sending:
            try:
                self._pipe.send(event)
            except OSError:  # the window has gone; `serve` sees the same and ends
                return

    def _wait_for_lookers(self, token: CancelToken) -> None:
        """Called between pieces of a restoration: previews first."""
        while self._looked_for and not token.cancelled:
            time.sleep(0.02)
