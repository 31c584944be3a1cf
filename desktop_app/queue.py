"""The photos in the window and how far each of them is."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

from desktop_app.document import Document, DocumentState
from engine.errors import EngineError


class State(Enum):
    """How far a photo is; the value is its name in logs and tests."""

    NEW = "new"
    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    SKIPPED = "skipped"
    STOPPED = "stopped"


@dataclass(eq=False)
class QueueItem:
    """One photo in the queue. Only PhotoQueue and what it is handed to by app.py change it; widgets read it.

    progress: 0..1 of the running restoration. error, details: why it failed. output: the restored file.
    restored_state, restored_by: what was decided and the names of the generators that `output` was made with.
    generators: names of those chosen now for all photos, None while nobody has said.
    """

    document: Document
    state: State = State.NEW
    progress: float = 0.0
    stage: str = ""
    seconds_left: float | None = None
    error: EngineError | None = None
    details: str = ""
    output: Path | None = None
    restored_state: DocumentState | None = None
    restored_by: frozenset[str] = frozenset()
    generators: frozenset[str] | None = None
    notes: tuple[str, ...] = ()
    thumbnail: QImage | None = None

    @property
    def path(self) -> Path:
        return self.document.path

    @property
    def name(self) -> str:
        return self.document.path.name

    @property
    def is_busy(self) -> bool:
        return self.state in (State.WAITING, State.RUNNING)

    @property
    def is_up_to_date(self) -> bool:
        """The restored file shows what the user sees now."""
        same_generators = self.generators is None or self.restored_by <= self.generators
        return self.state is State.DONE and self.restored_state == self.document.state and same_generators

    @property
    def words(self) -> str:
        """The state as the filmstrip says it."""
        if self.state is State.DONE and not self.is_up_to_date:
            return "Changed since restoring"
        if self.state is State.RUNNING:
            return f"{self.progress:.0%} · {self.stage or 'Starting'}"
        return _WORDS[self.state]


_WORDS = {
    State.NEW: "Not restored yet",
    State.WAITING: "Waiting",
    State.DONE: "Restored",
    State.FAILED: "Failed",
    State.SKIPPED: "Skipped: result exists",
    State.STOPPED: "Stopped",
}


class PhotoQueue(QObject):
    """The photos in their order, which one is looked at, and signals about all that changes."""

    added = Signal(object)
    """Payload: list of the new items, which are at the end now."""
    about_to_add = Signal(object)
    """Payload: how many will be added at the end."""
    about_to_remove = Signal(object)
    removed = Signal(object)
    """Payload of both: the item."""
    item_changed = Signal(object)
    current_changed = Signal(object)
    """Payload: the item that is looked at now, or None."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._items: list[QueueItem] = []
        self._current: QueueItem | None = None
        self._generators: frozenset[str] | None = None

    @property
    def items(self) -> tuple[QueueItem, ...]:
        return tuple(self._items)

    @property
    def current(self) -> QueueItem | None:
        return self._current

    @property
    def outstanding(self) -> list[QueueItem]:
        """What “Restore” would work on: everything that has no result as it looks now."""
        return [item for item in self._items if not item.is_busy and not item.is_up_to_date]

    def index(self, item: QueueItem) -> int:
        return self._items.index(item)

    def find(self, path: Path) -> QueueItem | None:
        """The item of this very file, however its path is written."""
        wanted = _identity(path)
        return next((item for item in self._items if _identity(item.path) == wanted), None)

    def add(self, paths: Iterable[Path], state_of: Callable[[Path], DocumentState]) -> list[QueueItem]:
        """Add photos that are not there yet, each starting with its `state_of`. Returns the new items."""
        known = {_identity(item.path) for item in self._items}
        fresh: list[QueueItem] = []
        for path in paths:
            identity = _identity(path)
            if identity not in known:
                known.add(identity)
                fresh.append(QueueItem(Document(path, state_of(path), self), generators=self._generators))
        if fresh:
            self.about_to_add.emit(len(fresh))
            for item in fresh:
                item.document.state_changed.connect(self._document_changed)
            self._items += fresh
            self.added.emit(fresh)
        return fresh

    def remove(self, item: QueueItem) -> None:
        """Take a photo out of the window; its files stay. Not while it is being worked on."""
        place = self._items.index(item)
        self.about_to_remove.emit(item)
        del self._items[place]
        self.removed.emit(item)
        if item is self._current:
            neighbours = self._items[place : place + 1] or self._items[place - 1 : place]
            self.set_current(neighbours[0] if neighbours else None)
        item.document.deleteLater()

    def set_current(self, item: QueueItem | None) -> None:
        if item is not self._current:
            self._current = item
            self.current_changed.emit(item)

    def set_generators(self, names: Iterable[str]) -> None:
        """These generators are chosen now: a result that another one made is not what the user sees any more."""
        self._generators = frozenset(names)
        for item in self._items:
            self.update(item, generators=self._generators)

    def update(self, item: QueueItem, **changes: object) -> None:
        """Change fields of an item and tell."""
        for name, value in changes.items():
            setattr(item, name, value)
        self.item_changed.emit(item)

    def _document_changed(self, document: Document) -> None:
        for item in self._items:
            if item.document is document:
                self.item_changed.emit(item)


def _identity(path: Path) -> str:
    return str(path.resolve())
