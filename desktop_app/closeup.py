"""Shows the restored file and its original at full size when the user zooms into a finished photo; else the previews."""

from __future__ import annotations

from functools import partial

import numpy as np
from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QImage

from desktop_app.engine_process.background import Background, Done
from desktop_app.engine_process.client import EngineClient
from desktop_app.engine_process.protocol import Failed, PictureRead, ReadPicture
from desktop_app.preview import qimage_of_rgb32
from desktop_app.queue import PhotoQueue, QueueItem

_BEFORE, _AFTER = "file before", "file after"
_MAGNIFIED = 1.05
"""From this enlargement of the preview on, the file would show more than the preview does."""


class Closeup(QObject):
    """What the compare view shows: previews come in, previews or files go out."""

    before_shown = Signal(object)
    after_shown = Signal(object)
    """Payload of both: QImage or None."""

    def __init__(
        self, queue: PhotoQueue, client: EngineClient, background: Background, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._queue = queue
        self._client = client
        self._background = background
        self._previews: dict[str, QImage | None] = {_BEFORE: None, _AFTER: None}
        self._files: dict[str, QImage] = {}
        self._jobs: dict[int, str] = {}
        self._ticket = 0
        self._is_close = False
        queue.current_changed.connect(self._current_changed)
        queue.item_changed.connect(self._item_changed)
        client.picture_read.connect(self._picture_read)
        client.failed.connect(self._failed)
        background.done.connect(self._background_done)

    @Slot(object)
    def show_preview_before(self, image: QImage | None) -> None:
        self._previews[_BEFORE] = image
        self._show()

    @Slot(object)
    def show_preview_after(self, image: QImage | None) -> None:
        self._previews[_AFTER] = image
        self._show()

    @Slot(float)
    def set_zoom(self, percent: float) -> None:
        """The view shows the photo at this many device pixels for a hundred of its own."""
        item, preview = self._queue.current, self._previews[_BEFORE]
        if item is None or item.document.size is None or preview is None:
            return
        self._is_close = percent / 100 * item.document.size[0] > preview.width() * _MAGNIFIED
        self._read_files()

    def _read_files(self) -> None:
        item = self._queue.current
        if not self._is_close or item is None or not item.is_up_to_date or item.output is None:
            return
        if not self._jobs and not self._files:
            self._jobs[self._client.send(ReadPicture(0, item.path))] = _BEFORE
            self._jobs[self._client.send(ReadPicture(0, item.output))] = _AFTER

    @Slot(object)
    def _item_changed(self, item: QueueItem) -> None:
        if item is not self._queue.current:
            return
        if item.is_busy:
            self._forget_files()
        self._read_files()

    @Slot(object)
    def _current_changed(self, item: QueueItem | None) -> None:
        self._forget_files()
        self._is_close = False

    def _forget_files(self) -> None:
        for job in self._jobs:
            self._client.cancel(job)
        self._jobs.clear()
        self._files.clear()
        self._ticket += 1

    @Slot(object)
    def _picture_read(self, event: PictureRead) -> None:
        which = self._jobs.pop(event.job, None)
        if which is None:
            self._client.discard(event.picture)
            return
        rows = np.asarray(self._client.take(event.picture), dtype=np.uint8)
        self._background.ask(which, self._ticket, partial(qimage_of_rgb32, rows))

    @Slot(object)
    def _failed(self, event: Failed) -> None:
        # Looking closer is not worth a message: the preview stays, and a file that is gone is told when it is opened.
        self._jobs.pop(event.job, None)

    @Slot(object)
    def _background_done(self, done: Done) -> None:
        if done.kind in (_BEFORE, _AFTER) and done.ticket == self._ticket and isinstance(done.value, QImage):
            self._files[done.kind] = done.value
            self._show()

    def _show(self) -> None:
        """Both files or both previews, so that the two sides of the divider have the same sharpness."""
        item = self._queue.current
        files = len(self._files) == 2 and item is not None and item.is_up_to_date
        images = self._files if files else self._previews
        self.before_shown.emit(images[_BEFORE])
        self.after_shown.emit(images[_AFTER])
