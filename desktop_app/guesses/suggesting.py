"""Looks for the place of the current photo where one hint would help most, away from the window's thread."""

from __future__ import annotations

from functools import partial

import numpy as np
from PySide6.QtCore import QObject, QPointF, Signal, Slot

from desktop_app.engine_process.background import Background, Done
from desktop_app.queue import PhotoQueue
from engine.color import srgb_to_lab, to_srgb_small
from engine.hints import Hint
from engine.photo import Photo
from engine.steps.step import Analysis
from engine.suggestion import Place, where_a_hint_helps

NOTHING_TO_SUGGEST = (
    "Nothing to suggest: the colours are sure nearly everywhere, or your hints answer what was in doubt."
)
_KIND = "suggestion"


class Suggesting(QObject):
    """One search at a time, for the photo that is shown when it ends or for nobody."""

    found = Signal(object)
    """Payload: QPointF, 0..1 of the photo."""
    nothing_found = Signal(str)
    """Payload: a sentence that says why."""

    def __init__(self, queue: PhotoQueue, background: Background, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._queue = queue
        self._background = background
        self._ticket = 0
        queue.current_changed.connect(self._forget)
        background.done.connect(self._done)

    @Slot()
    def look(self) -> None:
        """`found` or `nothing_found` follows, as soon as the photo has been analysed."""
        document = self._queue.current.document if self._queue.current is not None else None
        if document is None or document.preview is None or document.analyses is None:
            return
        self._ticket += 1
        analysis = document.analyses.found.get("colorize")
        if analysis is None or "known" not in analysis.arrays:
            self.nothing_found.emit(NOTHING_TO_SUGGEST)
            return
        work = partial(_place, document.preview, analysis, document.state.hints)
        self._background.ask(_KIND, self._ticket, work)

    @Slot(object)
    def _forget(self, item: object) -> None:
        self._ticket += 1

    @Slot(object)
    def _done(self, done: Done) -> None:
        if done.kind != _KIND or done.ticket != self._ticket:
            return
        if isinstance(done.value, Place):
            self.found.emit(QPointF(done.value.x, done.value.y))
        else:
            self.nothing_found.emit(NOTHING_TO_SUGGEST)


def _place(preview: Photo, analysis: Analysis, hints: tuple[Hint, ...]) -> Place | None:
    sure = analysis.arrays["known"]
    lightness = srgb_to_lab(to_srgb_small(preview, *sure.shape[:2]))[..., 0].astype(np.float32)
    return where_a_hint_helps(sure, analysis.arrays["chroma"], lightness, hints)
