"""Loads a mask that somebody has chosen into the photo for which it was chosen."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot

from desktop_app.marks.reading import MaskReader, Reading
from desktop_app.marks.sheet import MarkSheet
from desktop_app.queue import PhotoQueue, QueueItem
from engine.errors import EngineError


@dataclass(frozen=True)
class _Wish:
    """marks: the photo's when the mask in `file` was chosen for it."""

    reading: int
    file: Path
    item: QueueItem
    marks: MarkSheet | None


class MaskLoading(QObject):
    """The newest choice counts. One that comes too late, for another photo or over other marks, is dropped and said."""

    failed = Signal(object)
    """Payload: EngineError."""
    said = Signal(str)
    """Payload: a sentence."""

    def __init__(self, queue: PhotoQueue, reader: MaskReader, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._queue = queue
        self._reader = reader
        self._wish: _Wish | None = None
        reader.ended.connect(self._ended)

    @Slot(object)
    def load(self, file: Path) -> None:
        """Take the marks of the photo that is looked at from this picture."""
        item = self._queue.current
        if item is not None:
            self._wish = _Wish(self._reader.read(file), file, item, item.document.state.marks)

    @Slot(object)
    def _ended(self, reading: Reading) -> None:
        wish = self._wish
        if wish is None or reading.number != wish.reading:
            return
        self._wish = None
        if reading.error is not None:
            self.failed.emit(reading.error)
        elif wish.item is not self._queue.current:
            self.said.emit(f"The mask “{wish.file.name}” was not used, since another photo is shown now.")
        elif wish.item.document.state.marks is not wish.marks:
            self.said.emit(f"The mask “{wish.file.name}” was not used, since other marks were made meanwhile.")
        elif reading.sheet is not None:
            self._use(reading.sheet, wish)

    def _use(self, sheet: MarkSheet, wish: _Wish) -> None:
        document = wish.item.document
        if document.size is not None and not sheet.fits(*document.size):
            sentence = f"The mask “{wish.file.name}” has another shape than this photo."
            self.failed.emit(EngineError(sentence, "Choose a mask of the same photo."))
            return
        document.set_marks(sheet)
        document.seal()
