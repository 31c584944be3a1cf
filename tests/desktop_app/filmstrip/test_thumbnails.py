"""Each photo is asked for once, and its result once."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtGui import QImage

from desktop_app.document import DocumentState
from desktop_app.engine_process.client import EngineClient
from desktop_app.engine_process.protocol import Command, EngineOptions, MakeThumbnail
from desktop_app.filmstrip.thumbnails import Thumbnails
from desktop_app.queue import PhotoQueue, QueueItem, State
from engine import recipe as recipes

STATE = DocumentState(recipes.load("colorize"))
PHOTO, RESULT = Path("/photos/a.jpg"), Path("/photos/restored/a-restored.jpg")


class Asked(EngineClient):
    """Writes down which pictures are asked for, and starts no process."""

    def __init__(self) -> None:
        super().__init__(EngineOptions())
        self.files: list[Path] = []

    def send(self, command: Command) -> int:
        assert isinstance(command, MakeThumbnail)
        self.files.append(command.path)
        return len(self.files)


@pytest.fixture
def item(queue) -> QueueItem:
    return queue.add([PHOTO], lambda path: STATE)[0]


@pytest.fixture
def queue(qtbot) -> PhotoQueue:
    return PhotoQueue()


def arrives(queue: PhotoQueue, item: QueueItem) -> None:
    queue.update(item, thumbnail=QImage(8, 8, QImage.Format.Format_RGB32))


def test_a_photo_that_is_finished_when_first_seen_is_asked_for_once(queue, item):
    client = Asked()
    thumbnails = Thumbnails(queue, client)
    queue.update(item, state=State.DONE, output=RESULT)
    thumbnails.want(item)
    arrives(queue, item)
    thumbnails.want(item)
    assert client.files == [RESULT]


def test_a_photo_that_is_finished_later_shows_its_result(queue, item):
    client = Asked()
    thumbnails = Thumbnails(queue, client)
    thumbnails.want(item)
    arrives(queue, item)
    queue.update(item, state=State.DONE, output=RESULT)
    arrives(queue, item)
    assert client.files == [PHOTO, RESULT]
