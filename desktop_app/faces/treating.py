"""Joins card and frame to the photo that is looked at: shows its faces, and says what somebody wishes for one of them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QObject, QRectF, Signal, Slot

from desktop_app.compare.view import CompareView
from desktop_app.document import Document
from desktop_app.engine_process.background import Background, Done
from desktop_app.faces.card import FacesCard
from desktop_app.faces.choosing import FoundFaces
from desktop_app.faces.crops import crops
from desktop_app.faces.delegate import CROP_PX
from desktop_app.faces.face_list import NOBODY
from desktop_app.faces.finding import FaceFinding
from desktop_app.faces.following import usual_treatment
from desktop_app.faces.frame import FaceFrame
from desktop_app.faces.model import FaceRow
from desktop_app.queue import PhotoQueue, QueueItem
from engine.faces import Face
from engine.photo import Photo

LOOKING = "Looking for faces…"
NONE_FOUND = "No faces found."
_KIND = "crops of faces"
_SHARPEST = 2
"""Device pixels in a logical one, for which crops are sharp."""
_SHARE = 1 / 3
"""Of the view, that a face fills when it is looked at closely."""


class Treating(QObject):
    """Listens to the queue and to what is found, writes to its widgets."""

    wishes_chosen = Signal(object)
    """Payload: what is wished now for the faces of the current photo, a tuple of FaceWish."""

    def __init__(
        self,
        queue: PhotoQueue,
        finding: FaceFinding,
        background: Background,
        card: FacesCard,
        view: CompareView,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._queue = queue
        self._finding = finding
        self._background = background
        self._card = card
        self._view = view
        self.frame = FaceFrame(view)
        self._shown: FoundFaces | None = None
        self._ticket = 0
        queue.current_changed.connect(self._current_changed)
        queue.item_changed.connect(self._item_changed)
        finding.changed.connect(self._found)
        background.done.connect(self._background_done)
        card.faces.pointed_at.connect(self._point_at)
        card.faces.opened.connect(self._show_closely)
        card.faces.treatment_chosen.connect(self._choose)

    @property
    def _document(self) -> Document | None:
        return self._queue.current.document if self._queue.current is not None else None

    @Slot(object)
    def _current_changed(self, item: QueueItem | None) -> None:
        self._show()

    @Slot(object)
    def _item_changed(self, item: QueueItem) -> None:
        if item is self._queue.current:
            self._show()

    @Slot(object)
    def _found(self, document: Document) -> None:
        if document is self._document:
            self._show()

    # ------------------------------------------------------------------------------------------------------------ showing

    def _show(self) -> None:
        document = self._document
        if document is None or not self._finding.is_wanted(document):
            self._forget()
            self._card.hide()
            return
        if document.faces and document.preview is not None:
            if self._shown is None or self._shown.faces is not document.faces:
                self._list(document.faces, document.preview)
            self._show_rows(document)
        else:
            self._forget()
            self._card.say(self._words_for(document))
        self._card.show()

    def _words_for(self, document: Document) -> str:
        """In place of faces."""
        if document.faces is not None:
            return NONE_FOUND
        error = self._finding.error
        return LOOKING if error is None else f"{error.sentence} {error.next_step}".strip()

    def _forget(self) -> None:
        if self._shown is not None:
            self._shown = None
            self._ticket += 1
            self._card.show_faces(0)

    def _list(self, faces: Sequence[Face], preview: Photo) -> None:
        self._shown = FoundFaces(faces, preview.height, preview.width)
        self._card.show_faces(len(faces))
        self._ticket += 1
        self._background.ask(_KIND, self._ticket, partial(crops, preview, faces, _SHARPEST * CROP_PX))

    def _show_rows(self, document: Document) -> None:
        assert self._shown is not None
        usual, wishes = usual_treatment(document.state.recipe), document.state.face_wishes
        got, wished = self._shown.treatments(wishes, usual), self._shown.treatments(wishes, "")
        rows = [
            FaceRow(number + 1, len(got), treatment, usual, bool(wished[number]))
            for number, treatment in enumerate(got)
        ]
        self._card.faces.faces.show_rows(rows)

    @Slot(object)
    def _background_done(self, done: Done) -> None:
        if done.kind == _KIND and done.ticket == self._ticket and isinstance(done.value, tuple):
            self._card.faces.faces.show_crops(done.value)

    # ----------------------------------------------------------------------------------------------------------- the hand

    def _place(self, row: int) -> QRectF:
        """A face, 0..1 of the photo."""
        assert self._shown is not None
        left, top, wide, tall = self._shown.faces[row].box
        across, down = self._shown.width, self._shown.height
        return QRectF(left / across, top / down, wide / across, tall / down)

    @Slot(int)
    def _point_at(self, row: int) -> None:
        if row == NOBODY or self._shown is None:
            self.frame.hide()
        else:
            self.frame.show_around(self._place(row), f"Face {row + 1}")

    @Slot(int)
    def _show_closely(self, row: int) -> None:
        place = self._place(row)
        middle = place.center()
        viewport = self._view.viewport.showing(middle.x(), middle.y(), place.width(), place.height(), _SHARE)
        self._view.move_to(viewport)

    @Slot(int, str)
    def _choose(self, row: int, treatment: str) -> None:
        """The same word again takes the wish away where the photo has none of its own for all faces."""
        document = self._document
        if document is None or self._shown is None:
            return
        usual, wishes = usual_treatment(document.state.recipe), document.state.face_wishes
        if not usual and self._shown.treatments(wishes, usual)[row] == treatment:
            treatment = usual
        self.wishes_chosen.emit(self._shown.with_treatment(wishes, row, treatment, usual))
