"""Keeps each photo's side-car: taken up when the photo comes in, written a moment after it was changed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from desktop_app.document import Document, DocumentState
from desktop_app.queue import PhotoQueue, QueueItem
from engine import sidecar
from engine.errors import EngineError, SidecarInvalid
from engine.sidecar import Sidecar

_REST_MS = 800
_AT_ONCE = 4


class Sidecars(QObject):
    """Reads and writes in the window's process: the files are small, and writing is atomic. See MaskFiles for those of marks."""

    failed = Signal(object)
    """Payload: the EngineError, once for each photo."""

    def __init__(self, queue: PhotoQueue, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._changed: set[Document] = set()
        self._found: dict[Path, Sidecar] = {}
        self._left_alone: set[Path] = set()
        self._rest = QTimer(self, singleShot=True)
        self._rest.timeout.connect(self._write_some)
        queue.added.connect(self._added)
        queue.about_to_remove.connect(self._about_to_remove)

    def state_of(self, path: Path, default: DocumentState) -> DocumentState:
        """What a photo starts with: what somebody chose for it earlier, else `default`.

        Of what the command line wrote down by itself only the hints and the wishes for faces are somebody's.
        """
        try:
            found = sidecar.read(path)
        except SidecarInvalid as error:
            self._leave_alone(path, error)  # it may be a newer version's work: never written over
            return default
        if found is None:
            return default
        self._found[path] = found
        recipe = found.recipe if found.by_hand else default.recipe
        return replace(default, recipe=recipe, hints=found.hints, face_wishes=found.faces)

    def write(self) -> None:
        """Write all that has changed, now."""
        self._rest.stop()
        while self._changed:
            self._write(self._changed.pop())

    @Slot()
    def _write_some(self) -> None:
        """A few at a time: a setting that was used for a thousand photos must not hold up the window."""
        for _ in range(min(_AT_ONCE, len(self._changed))):
            self._write(self._changed.pop())
        if self._changed:
            self._rest.start(0)

    def _write(self, document: Document) -> None:
        if document.path in self._left_alone:
            return
        found = self._found.get(document.path)
        state, unknown = document.state, found.unknown if found is not None else {}
        try:
            Sidecar(state.recipe, state.hints, True, unknown, state.face_wishes).write(document.path)
        except EngineError as error:
            self._leave_alone(document.path, error)

    def _leave_alone(self, path: Path, error: EngineError) -> None:
        self._left_alone.add(path)
        self.failed.emit(error)

    @Slot(object)
    def _added(self, items: list[QueueItem]) -> None:
        for item in items:
            item.document.changed_by_hand.connect(self._changed_by_hand)

    @Slot(object)
    def _changed_by_hand(self, document: Document) -> None:
        self._changed.add(document)
        self._rest.start(_REST_MS)

    @Slot(object)
    def _about_to_remove(self, item: QueueItem) -> None:
        if item.document in self._changed:
            self._changed.discard(item.document)
            self._write(item.document)
