"""Other colourings of the current photo: has the engine look for them, and shows them on a contact sheet."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QWidget

from desktop_app.document import Document
from desktop_app.engine_process.background import Background, Done
from desktop_app.engine_process.client import EngineClient
from desktop_app.engine_process.pictures import reduced
from desktop_app.engine_process.protocol import ColouringsFound, Failed, FindColourings, Progressed
from desktop_app.guesses.sheet import ContactSheet
from desktop_app.preview import Applied, applied
from desktop_app.previewing import PREVIEW_PX, Previewing
from desktop_app.queue import PhotoQueue
from engine.candidates import Candidate
from engine.progress import CancelToken

ONLY_ONE = "For this photo the generator knows no other colouring that looks different; hints can still change it."
ALREADY_COLOURED = "This photo is in colour already, so there is nothing to choose from."
_PICTURE_PX = 800
_KIND = "colouring "


class Colourings(QObject):
    """One sheet at a time, for the photo that was current when it was opened."""

    chosen = Signal(int, str)
    """Payload: the number of the colouring that the current photo shall have, and of which generator (Candidate)."""

    def __init__(
        self,
        queue: PhotoQueue,
        client: EngineClient,
        background: Background,
        previewing: Previewing,
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self._queue = queue
        self._client = client
        self._background = background
        self._previewing = previewing
        self._window = window
        self._job = 0
        self._ticket = 0
        self._cancel = CancelToken()
        self._generator = ""
        self.sheet: ContactSheet | None = None
        """The one that is open."""
        client.progressed.connect(self._progressed)
        client.colourings_found.connect(self._found)
        client.failed.connect(self._failed)
        background.done.connect(self._background_done)
        queue.current_changed.connect(self.close)

    @property
    def _document(self) -> Document | None:
        return self._queue.current.document if self._queue.current is not None else None

    @Slot()
    def open(self) -> None:
        """Open the sheet and look for colourings; it fills when they are there."""
        document = self._document
        if document is None or document.preview is None or document.analyses is None or self.sheet is not None:
            return
        self._ticket += 1
        self._cancel = CancelToken()
        self.sheet = ContactSheet(self._window)
        self.sheet.chosen.connect(self._chosen)
        self.sheet.finished.connect(self._closed)
        state = document.state
        marks = state.marks.marks() if state.marks is not None else None
        self._job = self._client.send(
            FindColourings(
                0,
                document.path,
                PREVIEW_PX,
                state.recipe,
                state.hints,
                self._previewing.generators,
                marks=marks,
                face_wishes=state.face_wishes,
            )
        )
        self.sheet.open()

    @Slot(int)
    def _chosen(self, number: int) -> None:
        self.chosen.emit(number, self._generator)

    @Slot()
    def close(self) -> None:
        """Take the sheet away; the photo stays as it is."""
        if self.sheet is not None:
            self.sheet.reject()

    @Slot()
    def _closed(self) -> None:
        """Whatever is still worked on is wanted no more."""
        sheet, self.sheet = self.sheet, None
        if self._job:
            self._client.cancel(self._job)
        self._job = 0
        self._ticket += 1
        self._cancel.cancel()
        if sheet is not None:
            sheet.deleteLater()

    # ------------------------------------------------------------------------------------------------------ the engine

    @Slot(object)
    def _progressed(self, event: Progressed) -> None:
        if event.job == self._job and self.sheet is not None:
            self.sheet.show_progress(event.progress.done)

    @Slot(object)
    def _found(self, event: ColouringsFound) -> None:
        if event.job != self._job or self.sheet is None or self._document is None:
            return
        self._job = 0
        found = sorted(event.found, key=lambda candidate: candidate.number)
        if len(found) < 2:
            self.sheet.show_nothing(ONLY_ONE if found else ALREADY_COLOURED)
            return
        preview = self._document.preview
        assert preview is not None
        self._generator = found[0].generator
        in_use = next(each.number for each in found if each.in_use)
        self.sheet.show_colourings([each.number for each in found], in_use, preview.width / preview.height)
        self._ask_for_pictures(self._document, found)

    def _ask_for_pictures(self, document: Document, found: list[Candidate]) -> None:
        """With all the other steps, as the photo will look."""
        assert document.preview is not None and document.analyses is not None
        small = reduced(document.preview, _PICTURE_PX)
        for each in found:
            analyses = document.analyses.found | {"colorize": each.analysis}
            work = partial(applied, small, document.state.recipe, analyses, self._cancel)
            self._background.ask(f"{_KIND}{each.number}", self._ticket, work)

    @Slot(object)
    def _failed(self, event: Failed) -> None:
        if event.job == self._job and self.sheet is not None:
            self._job = 0
            self.sheet.show_nothing(f"{event.error.sentence} {event.error.next_step}".strip())

    @Slot(object)
    def _background_done(self, done: Done) -> None:
        if done.kind.startswith(_KIND) and done.ticket == self._ticket and isinstance(done.value, Applied):
            assert self.sheet is not None
            self.sheet.show_picture(int(done.kind.removeprefix(_KIND)), done.value.image)
