"""Has the engine look for the faces of the photo that is looked at, and keeps them with its document."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal, Slot

from desktop_app.document import Document
from desktop_app.engine_process.client import EngineClient
from desktop_app.engine_process.protocol import FacesFound, Failed, FindFaces
from desktop_app.faces.following import follows_faces
from desktop_app.previewing import PREVIEW_PX, Previewing
from desktop_app.queue import PhotoQueue, QueueItem
from engine.errors import EngineError


class FaceFinding(QObject):
    """One photo at a time, once its preview is there and only where something treats faces apart.

    has_detector: whether anything is installed that finds faces.
    """

    changed = Signal(object)
    """The faces of the current photo are known, or cannot be found; payload: its document."""

    def __init__(
        self,
        queue: PhotoQueue,
        client: EngineClient,
        previewing: Previewing,
        has_detector: bool,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._queue = queue
        self._client = client
        self._previewing = previewing
        self._has_detector = has_detector
        self._asked: Document | None = None
        self._job = 0
        self._failed_with: EngineError | None = None
        queue.current_changed.connect(self._current_changed)
        queue.item_changed.connect(self._item_changed)
        previewing.size_known.connect(self._size_known)
        client.faces_found.connect(self._found)
        client.failed.connect(self._failed)

    def is_wanted(self, document: Document) -> bool:
        """Faces of this photo are treated apart, and can be found."""
        return self._has_detector and follows_faces(document.state.recipe)

    @property
    def error(self) -> EngineError | None:
        """Why the faces of the current photo are not known, None where they are or are being looked for."""
        return self._failed_with

    @Slot(object)
    def _current_changed(self, item: QueueItem | None) -> None:
        self._failed_with = None
        if self._job and (item is None or item.document is not self._asked):
            self._client.cancel(self._job)
            self._job = 0
        self._look()

    @Slot(object)
    def _item_changed(self, item: QueueItem) -> None:
        if item is self._queue.current:
            self._look()

    @Slot(object)
    def _size_known(self, size: tuple[int, int]) -> None:
        self._look()

    def _look(self) -> None:
        document = self._queue.current.document if self._queue.current is not None else None
        if document is None or document.preview is None or document.faces is not None or not self.is_wanted(document):
            return
        if not self._job and self._failed_with is None:
            self._asked = document
            self._job = self._client.send(FindFaces(0, document.path, PREVIEW_PX, self._previewing.generators))

    @Slot(object)
    def _found(self, event: FacesFound) -> None:
        if event.job == self._job and self._asked is not None:
            self._job = 0
            self._asked.faces = event.faces
            self.changed.emit(self._asked)

    @Slot(object)
    def _failed(self, event: Failed) -> None:
        if event.job == self._job and self._asked is not None:
            self._job = 0
            self._failed_with = event.error
            self.changed.emit(self._asked)
