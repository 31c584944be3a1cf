"""Keeps each photo's mask file: taken up when the photo comes in, written a moment after somebody has painted."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from threading import Lock
from weakref import WeakKeyDictionary

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from desktop_app.document import Document
from desktop_app.engine_process.background import Background, Done
from desktop_app.marks.reading import MaskReader, Reading
from desktop_app.marks.sheet import MarkSheet
from desktop_app.queue import PhotoQueue, QueueItem
from engine import companion
from engine.errors import EngineError, OutputUnwritable
from engine.marks import SUFFIX

_REST_MS = 800
_KIND = "mask of "


class MaskFiles(QObject):
    """Reading and packing a mask takes longer than a frame, so others do it; what is not written yet at the end of the program
    is written at once. A file that cannot be read is told and left alone."""

    failed = Signal(object)
    """Payload: the EngineError, once for each photo that comes in."""
    taken_up = Signal(object)
    """A photo's file has been read, or cannot be; payload: its document."""

    def __init__(
        self, queue: PhotoQueue, reader: MaskReader, background: Background, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._queue = queue
        self._reader = reader
        self._background = background
        self._being_read: dict[int, QueueItem] = {}
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
        queue.removed.connect(self._removed)
        reader.ended.connect(self._read)
        background.done.connect(self._done)

    def write(self) -> None:
        """Write all that has changed, now; also over a file that is still being read, as the newest wish."""
        self._rest.stop()
        for photo in list(self._wanted):
            error = self._put(photo)
            if error is not None:
                self._leave_alone(photo, error)

    @Slot(object)
    def _added(self, items: list[QueueItem]) -> None:
        for item in items:
            item.document.changed_by_hand.connect(self._changed_by_hand)
            self._take_up(item)

    def _take_up(self, item: QueueItem) -> None:
        photo = item.path
        self._left_alone.discard(photo)
        with self._wishes:
            is_wanted, sheet = photo in self._wanted, self._wanted.get(photo)
        if is_wanted:  # the photo was taken out of the window and has come back before its file was written
            item.document.await_marks()
            item.document.take_up_marks(sheet)
            return
        self._kept.pop(photo, None)
        file = companion.find(photo, SUFFIX)
        if file is not None:
            item.document.await_marks()
            self._being_read[self._reader.read(file)] = item

    @Slot(object)
    def _removed(self, item: QueueItem) -> None:
        self._being_read = {number: other for number, other in self._being_read.items() if other is not item}

    @Slot(object)
    def _read(self, reading: Reading) -> None:
        item = self._being_read.pop(reading.number, None)
        if item is None:
            return
        if reading.error is not None:
            self._leave_alone(item.path, reading.error)
        sheet = reading.sheet if reading.sheet is not None and not reading.sheet.is_empty else None
        with self._wishes:
            self._kept[item.path] = sheet
        item.document.take_up_marks(sheet)
        self._queue.update(item)
        self.taken_up.emit(item.document)
        if self._wanted:
            self._rest.start()

    @Slot(object)
    def _changed_by_hand(self, document: Document) -> None:
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
        unread = {item.path for item in self._being_read.values()}
        for photo in set(self._wanted) - unread:  # one that turns out to be unreadable must not be written over
            self._background.ask(f"{_KIND}{photo}", 0, partial(self._put, photo))

    def _put(self, photo: Path) -> EngineError | None:
        """Write what is wanted for `photo` when its turn comes, so that the last wish is what stays. In any thread."""
        with self._turn:
            with self._wishes:
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
                if photo in self._wanted and self._wanted[photo] is sheet:
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
        with self._wishes:
            self._wanted.pop(photo, None)
        self.failed.emit(error)


def _remove(photo: Path) -> None:
    """The photo's mask file and, where one lies in the user's data folder too, that one. Raises OutputUnwritable."""
    while (file := companion.find(photo, SUFFIX)) is not None:
        try:
            file.unlink()
        except OSError as error:
            raise OutputUnwritable(file, "it cannot be removed") from error
