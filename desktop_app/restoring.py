"""Runs the queue through the engine: plans the files, one photo after the other, stop, retry, and the time left."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot

from desktop_app.document import Document, DocumentState
from desktop_app.engine_process.client import EngineClient
from desktop_app.engine_process.protocol import Failed, Progressed, Restored, RestorePhoto
from desktop_app.queue import PhotoQueue, QueueItem, State
from desktop_app.settings import FORMAT, OUTPUT_FOLDER, Settings
from engine.codecs import SUFFIXES
from engine.errors import EngineError
from engine.originals import Originals
from engine.plan import JobSpec, plan

_STATES = {"done": State.DONE, "failed": State.FAILED, "skipped": State.SKIPPED, "cancelled": State.STOPPED}


class Restoring(QObject):
    """At most one photo is with the engine at a time; the others wait here, where stopping them costs nothing."""

    changed = Signal(object)
    """Something started or ended; payload: this object."""

    def __init__(
        self, queue: PhotoQueue, client: EngineClient, settings: Settings, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._queue = queue
        self._client = client
        self._settings = settings
        self._generators: Mapping[str, str] = {}
        self._waiting: list[tuple[QueueItem, JobSpec]] = []
        self._running: QueueItem | None = None
        self._state: DocumentState | None = None
        self._job = 0
        self._seconds: list[float] = []
        self._began = 0.0
        self.total = 0
        self.ended = 0
        client.progressed.connect(self._progressed)
        client.restored.connect(self._restored)
        client.failed.connect(self._failed)

    @property
    def is_running(self) -> bool:
        """Photos are restored, or wait for their turn."""
        return self._running is not None or bool(self._waiting)

    @property
    def running(self) -> QueueItem | None:
        return self._running

    @property
    def seconds_left(self) -> float | None:
        """For everything still to do, from this run's own times; None before they say anything."""
        if self._running is None:
            return None
        elapsed_s = time.monotonic() - self._began
        own = self._running.seconds_left
        if self._seconds:
            mean = sum(self._seconds) / len(self._seconds)
            rest = own if own is not None else max(0.0, mean - elapsed_s)
            return rest + mean * len(self._waiting)
        if own is None:
            own = estimated_seconds_left(elapsed_s, self._running.progress)
        # The first photo of a run is the measure for those that wait.
        return None if own is None else own + (elapsed_s + own) * len(self._waiting)

    def set_generators(self, chosen: Mapping[str, str]) -> None:
        """kind -> name of the generators for the photos that start from now on."""
        self._generators = dict(chosen)

    def start(self, items: Iterable[QueueItem]) -> None:
        """Restore these photos after those that already wait."""
        items = [item for item in items if not item.is_busy]
        try:
            specs = self._plan(items)
        except EngineError as error:  # the folder for results is not one any more
            for item in items:
                self._queue.update(item, state=State.FAILED, error=error, details="")
            return
        self._enqueue(items, specs)

    def _enqueue(self, items: list[QueueItem], specs: list[JobSpec]) -> None:
        if not self.is_running:
            self.total = self.ended = 0
            self._seconds.clear()
        self._waiting += zip(items, specs, strict=True)
        self.total += len(items)
        for item in items:
            self._queue.update(item, state=State.WAITING, error=None, details="", progress=0.0, stage="", notes=())
        self._next()

    def save_as(self, item: QueueItem, target: Path) -> None:
        """Restore one photo into a file that the user has chosen; its suffix says the format."""
        (spec,) = plan([item.path])
        if target.suffix.lower() not in SUFFIXES:
            target = target.with_name(target.name + spec.target.suffix)
        format = SUFFIXES[target.suffix.lower()]
        spec = replace(spec, target=target, format=format, on_conflict="overwrite", originals=self._originals())
        self._enqueue([item], [spec])

    def stop(self) -> None:
        """Stop all: the running photo within a second, the waiting ones at once."""
        waiting, self._waiting = self._waiting, []
        for item, _ in waiting:
            self._queue.update(item, state=State.STOPPED)
        if self._running is not None:
            self._client.cancel(self._job)
        self.changed.emit(self)

    # ------------------------------------------------------------------------------------------------------------------

    def _plan(self, items: list[QueueItem]) -> list[JobSpec]:
        """Where each result goes: over the photo's own earlier result of this session, never over anything else."""
        folder = self._settings.get(OUTPUT_FOLDER)
        paths = [item.path for item in items]
        specs = plan(paths, Path(folder) if folder else None, format=self._settings.get(FORMAT)) if paths else []
        originals = self._originals()
        return [
            replace(_over_its_own(spec, item), originals=originals) for spec, item in zip(specs, items, strict=True)
        ]

    def _originals(self) -> Originals:
        """Every photo in the window is an original, not only those that are restored."""
        return Originals.of(item.path for item in self._queue.items)

    @Slot(object)
    def go_on(self, document: Document) -> None:
        """Its marks are known now: it may have waited for them."""
        if self._waiting:
            self._next()

    def _next(self) -> None:
        """A photo whose marks are still being read lets others go first: it must not be restored without them."""
        ready = (place for place, (item, _) in enumerate(self._waiting) if not item.document.awaits_marks)
        first = next(ready, None)
        if self._running is None and first is not None:
            item, spec = self._waiting.pop(first)
            self._running = item
            self._state = item.document.state
            self._began = time.monotonic()
            self._queue.update(item, state=State.RUNNING, progress=0.0, seconds_left=None)
            state = self._state
            marks = state.marks.marks() if state.marks is not None else None
            self._job = self._client.send(
                RestorePhoto(
                    0,
                    spec,
                    state.recipe,
                    state.hints,
                    self._generators,
                    marks=marks,
                    face_wishes=state.face_wishes,
                )
            )
        self.changed.emit(self)

    @Slot(object)
    def _progressed(self, event: Progressed) -> None:
        if event.job == self._job and self._running is not None:
            progress = event.progress
            notes = self._running.notes + ((progress.note,) if progress.note else ())
            self._queue.update(
                self._running,
                progress=progress.done,
                stage=progress.stage,
                seconds_left=progress.seconds_left,
                notes=notes,
            )
            self.changed.emit(self)

    @Slot(object)
    def _restored(self, event: Restored) -> None:
        if event.job != self._job or self._running is None:
            return
        result, item = event.result, self._running
        changes: dict[str, object] = {
            "state": _STATES[result.status],
            "error": result.error,
            "notes": tuple(result.notes),
        }
        if result.status == "done":
            self._seconds.append(result.seconds)
            by = frozenset(name for name, _ in result.generators)
            changes |= {"output": result.output, "restored_state": self._state, "restored_by": by}
        self._end(item, changes)

    @Slot(object)
    def _failed(self, event: Failed) -> None:
        if event.job != self._job or self._running is None:
            return
        if event.error.code == "cancelled":
            self._end(self._running, {"state": State.STOPPED})
        else:
            self._end(self._running, {"state": State.FAILED, "error": event.error, "details": event.details})

    def _end(self, item: QueueItem, changes: dict[str, object]) -> None:
        self._running = None
        self._job = 0
        self.ended += 1
        self._queue.update(item, progress=0.0, stage="", seconds_left=None, **changes)
        self._next()


def estimated_seconds_left(elapsed_s: float, share: float) -> float | None:
    """For a photo that says how far it is but not how long it takes: None before a second and a fiftieth have passed."""
    return elapsed_s * (1 - share) / share if share >= 0.02 and elapsed_s >= 1 else None


def _over_its_own(spec: JobSpec, item: QueueItem) -> JobSpec:
    """Restoring a changed photo again replaces its result; the user would not look for the second of two."""
    own = item.output
    if own is None or own.parent != spec.target.parent or own.suffix != spec.target.suffix:
        return spec
    return replace(spec, target=own, on_conflict="overwrite")
