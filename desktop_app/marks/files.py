"""Keeps each photo's mask file: read when the photo comes in, written in the background a moment after somebody has painted."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from threading import Lock
from weakref import WeakKeyDictionary

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from desktop_app.document import Document
from desktop_app.engine_process.background import Background, Done
from desktop_app.marks.sheet import MarkSheet
from desktop_app.queue import PhotoQueue, QueueItem
from engine import companion
from engine.errors import EngineError, OutputUnwritable
from engine.marks import SUFFIX, Marks

_REST_MS = 800
_KIND = "mask of "


class MaskFiles(QObject):
    """Packing a mask takes longer than a frame, so a thread does it; what is left at the end of the program is done at once."""

    failed = Signal(object)
    """Payload: the EngineError, once for each photo."""

    def __init__(self, queue: PhotoQueue, background: Background, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._background = background
        self._kept: dict[Path, MarkSheet | None] = {}
        self._wanted: dict[Path, MarkSheet | None] = {}
        self._left_alone: set[Path] = set()
        self._packed: WeakKeyDictionary[MarkSheet, bytes] = WeakKeyDictionary()
        self._wishes = Lock()
        """Held for a moment, by the window too."""
        self._turn = Lock()
        """Held while a file is packed and written."""
        self._rest = QTimer(self, singleShot=True, interval=_REST_MS)
        self._rest.timeout.connect(self._ask)
        queue.added.connect(self._added)
        background.done.connect(self._done)

    def read(self, photo: Path) -> MarkSheet | None:
        """What was marked in the photo earlier, None for nothing; a file that cannot be read is told and never written over."""
        try:
            marks = Marks.read(photo)
        except EngineError as error:
            self._leave_alone(photo, error)
            return None
        self._kept[photo] = None if marks is None or marks.is_empty else MarkSheet.of(marks)
        return self._kept[photo]

    def write(self) -> None:
        """Write all that has changed, now."""
        self._rest.stop()
        for photo in list(self._wanted):
            error = self._put(photo)
            if error is not None:
                self._leave_alone(photo, error)

    @Slot(object)
    def _added(self, items: list[QueueItem]) -> None:
        for item in items:
            item.document.state_changed.connect(self._state_changed)

    @Slot(object)
    def _state_changed(self, document: Document) -> None:
        photo, sheet = document.path, document.state.marks
        if photo in self._left_alone:
            return
        with self._wishes:
            if self._wanted.get(photo, self._kept.get(photo)) is sheet:
                return
            self._wanted[photo] = sheet
        self._rest.start()

    @Slot()
    def _ask(self) -> None:
        for photo in list(self._wanted):
            self._background.ask(f"{_KIND}{photo}", 0, partial(self._put, photo))

    def _put(self, photo: Path) -> EngineError | None:
        """Write what is wanted for `photo` when its turn comes, so that the last wish is what stays. In any thread."""
        with self._turn:
            if photo not in self._wanted:
                return None
            sheet = self._wanted[photo]
            error = None
            try:
                if sheet is None:
                    _remove(photo)
                else:
                    companion.put(photo, SUFFIX, self._png(sheet))
            except EngineError as met:
                error = met
            with self._wishes:
                self._kept[photo] = sheet
                if self._wanted[photo] is sheet:
                    del self._wanted[photo]
            return error

    def _png(self, sheet: MarkSheet) -> bytes:
        """Packed once for all photos that have it."""
        if sheet not in self._packed:
            self._packed[sheet] = sheet.marks().to_png()
        return self._packed[sheet]

    @Slot(object)
    def _done(self, done: Done) -> None:
        if done.kind.startswith(_KIND) and isinstance(done.value, EngineError):
            self._leave_alone(Path(done.kind.removeprefix(_KIND)), done.value)

    def _leave_alone(self, photo: Path, error: EngineError) -> None:
        self._left_alone.add(photo)
        self.failed.emit(error)


def _remove(photo: Path) -> None:
    """The photo's mask file and, where one lies in the user's data folder too, that one. Raises OutputUnwritable."""
    while (file := companion.find(photo, SUFFIX)) is not None:
        try:
            file.unlink()
        except OSError as error:
            raise OutputUnwritable(file, "it cannot be removed") from error
