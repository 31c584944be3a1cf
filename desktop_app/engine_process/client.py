"""The window's side of the engine process: starts it on demand, sends commands, turns events into signals, survives its end."""

from __future__ import annotations

import itertools
import logging
import multiprocessing
import threading
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal, Slot

from desktop_app.engine_process.protocol import (
    Began,
    Cancel,
    ColouringsFound,
    Command,
    EngineOptions,
    Event,
    FacesFound,
    Failed,
    MarkedCommand,
    MaskRead,
    PhotosFound,
    PictureRead,
    PreviewAnalysed,
    PreviewRead,
    Progressed,
    Quit,
    Restored,
    RestorePhoto,
    SharedMarks,
    ThumbnailMade,
    WarmedUp,
)
from desktop_app.engine_process.shared import Exchange, SharedArray
from desktop_app.engine_process.worker import run_engine
from engine.errors import Cancelled, EngineLost
from engine.marks import Marks

log = logging.getLogger(__name__)

_QUIT_S = 2.5
"""How long the child may take to leave cleanly before it is killed: a cancel works within one second."""

_STRIKES_AT_WORK = 2
_STRIKES_OUT = 4


@dataclass
class _Pending:
    """A command without its ending yet.

    began: the child works on it. cancelled: nobody wants it any more. strikes: how much it is suspected of ending processes.
    """

    command: Command
    began: bool = False
    cancelled: bool = False
    strikes: int = 0


@dataclass(frozen=True)
class _Running:
    """A process, the window's end of its pipe, and the thread that reads from it."""

    process: SpawnProcess
    pipe: Connection[Any, Any]
    reader: threading.Thread


@dataclass(frozen=True)
class _Arrived:
    """What the reader thread hands over; message None: the process of `generation` has ended."""

    generation: int
    message: Event | None


class EngineClient(QObject):
    """One engine process. Every command gets exactly one ending (its result or `failed`), whatever happens to the process.

    A process that dies fails the photo it was restoring with EngineLost; everything else is asked of a fresh process once.
    """

    warmed_up = Signal(object)
    photos_found = Signal(object)
    thumbnail_made = Signal(object)
    preview_read = Signal(object)
    preview_analysed = Signal(object)
    colourings_found = Signal(object)
    faces_found = Signal(object)
    picture_read = Signal(object)
    mask_read = Signal(object)
    progressed = Signal(object)
    restored = Signal(object)
    failed = Signal(object)
    lost = Signal(object)
    """The process ended by itself; payload: its exit code."""

    _arrived = Signal(object)

    def __init__(self, options: EngineOptions, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._options = options
        self._running: _Running | None = None
        self._leaving: list[threading.Thread] = []
        self._exchange: Exchange | None = None
        self._generation = 0
        self._is_closed = False
        self._jobs = itertools.count(1)
        self._pending: dict[int, _Pending] = {}
        self._signals: dict[type[Event], Any] = {
            WarmedUp: self.warmed_up,
            PhotosFound: self.photos_found,
            ThumbnailMade: self.thumbnail_made,
            PreviewRead: self.preview_read,
            PreviewAnalysed: self.preview_analysed,
            ColouringsFound: self.colourings_found,
            FacesFound: self.faces_found,
            PictureRead: self.picture_read,
            MaskRead: self.mask_read,
            Progressed: self.progressed,
            Restored: self.restored,
            Failed: self.failed,
        }
        self._arrived.connect(self._receive)

    @property
    def options(self) -> EngineOptions:
        return self._options

    @property
    def process_id(self) -> int | None:
        """Of the running process; None while there is none."""
        return self._running.process.pid if self._running is not None else None

    def send(self, command: Command) -> int:
        """Start `command` (its own job number is ignored) and return the number that its events carry."""
        command = replace(command, job=next(self._jobs))
        if not self._is_closed:
            self._pending[command.job] = _Pending(command)
            self._post(command)
        return command.job

    def cancel(self, job: int) -> None:
        """Ask for an early end of `job`; its ending still comes. Jobs that have ended are no mistake."""
        if job in self._pending:
            self._pending[job].cancelled = True
            self._post(Cancel(job))

    def set_options(self, options: EngineOptions) -> None:
        """Use another device or other generators' folders: the process is replaced. Call it while nothing is restored.

        The old one leaves in its own time, and nobody waits for it here.
        """
        if options == self._options:
            return
        self._options = options
        old = self._let_go()
        if old is not None:
            leaving = threading.Thread(target=self._end, args=(old,), name="autochrome-engine-end", daemon=True)
            leaving.start()
            self._leaving = [thread for thread in self._leaving if thread.is_alive()] + [leaving]
        self._ask_again()

    def close(self) -> None:
        """Stop everything and wait for the processes and the threads to be gone; nothing is emitted or started after this."""
        self._is_closed = True
        self._pending.clear()
        self._stop_process()
        for thread in self._leaving:
            thread.join()
        self._leaving.clear()
        if self._exchange is not None:
            self._exchange.remove()
            self._exchange = None

    def take(self, shared: SharedArray) -> NDArray[np.generic]:
        """The array of an event. Raises OSError when it is gone (its process was replaced meanwhile)."""
        if self._exchange is None:
            raise OSError("the engine is closed")
        return self._exchange.take(shared)

    def discard(self, shared: SharedArray) -> None:
        """Drop the array of an event that nobody waits for any more."""
        if self._exchange is not None:
            self._exchange.discard(shared)

    # -------------------------------------------------------------------------------------------------- process and pipe

    def _post(self, command: Command) -> None:
        running = self._running or self._start_process()
        try:
            running.pipe.send(_with_shared_marks(command, self._exchange))
        except OSError:  # it has just died; the reader sees the end of the pipe and `_engine_ended` asks again
            log.info("the engine was gone when %s was sent", type(command).__name__)

    def _start_process(self) -> _Running:
        self._exchange = self._exchange or Exchange.create()
        context = multiprocessing.get_context("spawn")
        ours, theirs = context.Pipe(duplex=True)
        process = context.Process(
            target=run_engine,
            args=(theirs, self._options, self._exchange.folders),
            name="autochrome-engine",
            daemon=True,
        )
        process.start()
        theirs.close()  # else the pipe would not end with the child
        self._generation += 1
        reader = threading.Thread(
            target=self._read, args=(ours, self._generation), name="autochrome-engine-reader", daemon=True
        )
        reader.start()
        self._running = _Running(process, ours, reader)
        return self._running

    def _read(self, pipe: Connection[Any, Any], generation: int) -> None:
        """The reader thread: nothing but handing over to the window's thread."""
        while True:
            try:
                message = pipe.recv()
            except (EOFError, OSError):
                break
            self._arrived.emit(_Arrived(generation, message))
        self._arrived.emit(_Arrived(generation, None))

    def _stop_process(self) -> int | None:
        """End the process and wait for it. Returns its exit code."""
        running = self._let_go()
        return None if running is None else self._end(running)

    def _let_go(self) -> _Running | None:
        """What is still on its way from the process is not listened to any more; somebody has to `_end` it."""
        running, self._running = self._running, None
        self._generation += 1
        return running

    def _end(self, running: _Running) -> int | None:
        """End a process that was let go, politely first. In any thread. Returns its exit code."""
        process, exchange = running.process, self._exchange
        try:
            running.pipe.send(Quit())
        except OSError:
            log.info("the engine had already ended")
        process.join(_QUIT_S)
        if process.is_alive():
            process.kill()
            process.join()
        running.reader.join()
        running.pipe.close()
        code, process_id = process.exitcode, process.pid
        process.close()
        if exchange is not None and process_id is not None:
            exchange.clear(process_id)
        return code

    # ---------------------------------------------------------------------------------------------------- events (window)

    @Slot(object)
    def _receive(self, arrived: _Arrived) -> None:
        if arrived.generation != self._generation:
            return
        if arrived.message is None:
            self._engine_ended()
            return
        event = arrived.message
        pending = self._pending.get(event.job)
        if pending is None:
            return
        if isinstance(event, Began):
            pending.began = True
            return
        if not isinstance(event, Progressed | PreviewRead):
            del self._pending[event.job]
        self._signals[type(event)].emit(event)

    def _engine_ended(self) -> None:
        code = self._stop_process()
        log.warning("the engine process ended with exit code %s", code)
        self.lost.emit(code)
        self._ask_again()

    def _ask_again(self) -> None:
        """After a process: fail the photo that was being restored, put every other open question to the next process.

        A question that was being answered when a process ended may be the cause, so it is asked once more and then fails; one
        that only waited has more patience, but not for ever: an engine that cannot even start must not be started for ever.
        """
        for job, pending in list(self._pending.items()):
            pending.strikes += _STRIKES_AT_WORK if pending.began else 1
            at_restoring = isinstance(pending.command, RestorePhoto) and pending.began
            if at_restoring or pending.cancelled or pending.strikes >= _STRIKES_OUT:
                del self._pending[job]
                error = Cancelled() if pending.cancelled else EngineLost(_subject(pending.command))
                self.failed.emit(Failed(job, error, "The engine process ended."))
            else:
                pending.began = False
                self._post(pending.command)


def _with_shared_marks(command: Command, exchange: Exchange | None) -> Command:
    """Marks are megabytes: a pipe whose reader is still starting would hold up the window until all of them are read."""
    if exchange is None or not isinstance(command, MarkedCommand) or not isinstance(command.marks, Marks):
        return command
    marks = command.marks
    try:
        shared = SharedMarks(exchange.put(marks.damaged), exchange.put(marks.sound))
    except OSError:  # no room anywhere: then through the pipe
        log.warning("there is no room for marks in shared memory")
        return command
    return replace(command, marks=shared)


def _subject(command: Command) -> str:
    """What a command is about, for the sentence of EngineLost."""
    if isinstance(command, RestorePhoto):
        return str(command.spec.source.name)
    path = getattr(command, "path", None)
    return path.name if path is not None else "your photos"
