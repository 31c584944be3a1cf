"""Stands in for the engine's client where a test decides when an answer comes."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from desktop_app.engine_process.protocol import Preview


class AskedEngine(QObject):
    """sent: what it was asked, the job of each its place from 1; cancelled: the jobs that were called back."""

    preview_read = Signal(object)
    preview_analysed = Signal(object)
    failed = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.sent: list[Preview] = []
        self.cancelled: list[int] = []

    def send(self, command: Preview) -> int:
        self.sent.append(command)
        return len(self.sent)

    def cancel(self, job: int) -> None:
        self.cancelled.append(job)
