"""Stands in for the engine's client where masks are read: really reads, when a test says so."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal

from desktop_app.engine_process.protocol import EngineOptions, Event, Failed, MaskRead, ReadMask
from desktop_app.engine_process.shared import Exchange, SharedArray
from desktop_app.engine_process.workshop import Workshop
from engine.errors import EngineError
from engine.progress import CancelToken


class ReadingEngine(QObject):
    mask_read = Signal(object)
    failed = Signal(object)

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self._exchange = Exchange((folder,))
        self._workshop = Workshop(EngineOptions(), self._exchange)
        self.waiting: list[ReadMask] = []
        self._sent = 0

    def send(self, command: ReadMask) -> int:
        self._sent += 1
        self.waiting.append(ReadMask(self._sent, command.path))
        return self._sent

    def take(self, shared: SharedArray) -> NDArray[np.generic]:
        return self._exchange.take(shared)

    def answer(self) -> None:
        """Everything that was asked for."""
        waiting, self.waiting = self.waiting, []
        for command in waiting:
            try:
                self._workshop.do(command, self._tell, CancelToken(), lambda token: None)
            except EngineError as error:
                self.failed.emit(Failed(command.job, error))

    def _tell(self, event: Event) -> None:
        assert isinstance(event, MaskRead)
        self.mask_read.emit(event)
