"""Has the engine process make thumbnails of the photos that are seen, and keeps them small."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PySide6.QtCore import QObject, Slot

from desktop_app.engine_process.client import EngineClient
from desktop_app.engine_process.protocol import Failed, MakeThumbnail, ThumbnailMade
from desktop_app.preview import qimage_of_rgb32
from desktop_app.queue import PhotoQueue, QueueItem, State

SIDE_PX = 320
"""Enough for a strip of 150 points on a screen of twice the density."""


class Thumbnails(QObject):
    """Asks once for each photo; one that cannot be read gets none, and its state says why when it is opened."""

    def __init__(self, queue: PhotoQueue, client: EngineClient, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._queue = queue
        self._client = client
        self._jobs: dict[int, QueueItem] = {}
        self._asked: set[QueueItem] = set()
        self._of_result: set[QueueItem] = set()
        queue.removed.connect(self._removed)
        queue.item_changed.connect(self._item_changed)
        client.thumbnail_made.connect(self._made)
        client.failed.connect(self._failed)

    @Slot(object)
    def want(self, item: QueueItem) -> None:
        """`item` is on the screen."""
        if item.thumbnail is None and item not in self._asked:
            self._asked.add(item)
            if item.state is State.DONE and item.output is not None:
                self._of_result.add(item)
                self._ask(item, item.output)
            else:
                self._ask(item, item.path)

    @Slot(object)
    def _item_changed(self, item: QueueItem) -> None:
        """A finished photo shows its result; a photo that nobody has seen yet will be asked for when it is seen."""
        if item.state is not State.DONE:
            self._of_result.discard(item)
        elif item.output is not None and item.thumbnail is not None and item not in self._of_result:
            self._of_result.add(item)
            self._ask(item, item.output)

    def _ask(self, item: QueueItem, file: Path) -> None:
        self._jobs[self._client.send(MakeThumbnail(0, file, SIDE_PX))] = item

    @Slot(object)
    def _made(self, event: ThumbnailMade) -> None:
        item = self._jobs.pop(event.job, None)
        if item is None:
            self._client.discard(event.picture)
            return
        rows = np.asarray(self._client.take(event.picture), dtype=np.uint8)
        self._queue.update(item, thumbnail=qimage_of_rgb32(rows))

    @Slot(object)
    def _failed(self, event: Failed) -> None:
        self._jobs.pop(event.job, None)

    @Slot(object)
    def _removed(self, item: QueueItem) -> None:
        self._asked.discard(item)
        self._of_result.discard(item)
        for job in [job for job, of in self._jobs.items() if of is item]:
            del self._jobs[job]
            self._client.cancel(job)
