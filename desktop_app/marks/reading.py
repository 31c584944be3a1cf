"""Reads mask files beside the window's thread: the engine process unpacks them, a thread cuts them into squares."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
from PySide6.QtCore import QObject, Signal, Slot

from desktop_app import messages
from desktop_app.engine_process.background import Background, Done
from desktop_app.engine_process.client import EngineClient
from desktop_app.engine_process.protocol import Failed, MaskRead, ReadMask
from desktop_app.marks.sheet import MarkSheet, Plane
from engine.errors import EngineError
from engine.marks import Marks

_KIND = "squares of mask "


@dataclass(frozen=True)
class Reading:
    """The one ending of a reading: its sheet, or why there is none. number: as `MaskReader.read` gave it."""

    number: int
    sheet: MarkSheet | None = None
    error: EngineError | None = None


class MaskReader(QObject):
    """A mask of a hundred megapixels takes seconds to read; the window goes on meanwhile."""

    ended = Signal(object)
    """Payload: Reading."""

    def __init__(self, client: EngineClient, background: Background, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._client = client
        self._background = background
        self._numbers: set[int] = set()
        client.mask_read.connect(self._mask_read)
        client.failed.connect(self._failed)
        background.done.connect(self._cut)

    def read(self, file: Path) -> int:
        """Begin to read a mask file; `ended` follows later, never at once. Returns the reading's number."""
        number = self._client.send(ReadMask(0, file))
        self._numbers.add(number)
        return number

    @Slot(object)
    def _mask_read(self, event: MaskRead) -> None:
        damaged, sound = (
            np.asarray(self._client.take(plane), np.uint8) for plane in (event.marks.damaged, event.marks.sound)
        )
        self._background.ask(f"{_KIND}{event.job}", event.job, partial(_sheet_of, damaged, sound))

    @Slot(object)
    def _failed(self, event: Failed) -> None:
        if event.job in self._numbers:
            self._end(Reading(event.job, error=event.error))

    @Slot(object)
    def _cut(self, done: Done) -> None:
        if done.kind == f"{_KIND}{done.ticket}":
            sheet = done.value if isinstance(done.value, MarkSheet) else None
            self._end(Reading(done.ticket, sheet, None if sheet is not None else messages.UNEXPECTED))

    def _end(self, reading: Reading) -> None:
        self._numbers.discard(reading.number)
        self.ended.emit(reading)


def _sheet_of(damaged: Plane, sound: Plane) -> MarkSheet:
    return MarkSheet.of(Marks(damaged, sound))
