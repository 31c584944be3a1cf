"""Answers while a hand moves: one question at a time is with the engine, and of those that wait only the newest is kept."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal, Slot

from desktop_app.engine_process.client import EngineClient
from desktop_app.engine_process.protocol import Failed, Preview, PreviewAnalysed


class LiveAnswers(QObject):
    """A question that has begun is let finish: calling it back for each movement would never answer a hand that moves on."""

    answered = Signal(object)
    """Payload: step -> Analysis of the newest question that has been answered."""

    def __init__(self, client: EngineClient, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._client = client
        self._job = 0
        self._newest: Preview | None = None
        client.preview_analysed.connect(self._analysed)
        client.failed.connect(self._failed)

    @property
    def is_asking(self) -> bool:
        """A question is with the engine."""
        return bool(self._job)

    def ask(self, question: Preview) -> None:
        """Answer this as soon as the one before is answered; one that still waits is forgotten."""
        if self._job:
            self._newest = question
        else:
            self._job = self._client.send(question)

    def stop(self) -> None:
        """The hand has let go: nothing is answered any more."""
        if self._job:
            self._client.cancel(self._job)
        self._job = 0
        self._newest = None

    @Slot(object)
    def _analysed(self, event: PreviewAnalysed) -> None:
        if event.job == self._job:
            self._go_on()
            self.answered.emit(event.analyses)

    @Slot(object)
    def _failed(self, event: Failed) -> None:
        """Not told: the question that is asked when the hand rests meets the same."""
        if event.job == self._job:
            self._go_on()

    def _go_on(self) -> None:
        question, self._newest = self._newest, None
        self._job = self._client.send(question) if question is not None else 0
