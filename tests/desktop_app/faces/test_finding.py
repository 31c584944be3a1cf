"""The engine is asked for faces once a photo, where something treats them apart, and called back when the photo changes."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QObject, Signal

from desktop_app.document import DocumentState
from desktop_app.engine_process.protocol import FacesFound, Failed, FindFaces
from desktop_app.faces.finding import FaceFinding
from desktop_app.queue import PhotoQueue
from engine.errors import OutOfMemory
from engine.faces import Face
from engine.photo import Photo
from tests.desktop_app.faces.conftest import RECIPE

FACE = Face((10.0, 10.0, 20.0, 20.0), ((0.0, 0.0),) * 5, 0.9)


class Engine(QObject):
    """Stands in for the client, whose answers come when a test says so."""

    faces_found = Signal(object)
    failed = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.sent: list[FindFaces] = []
        self.cancelled: list[int] = []

    def send(self, command: FindFaces) -> int:
        self.sent.append(command)
        return len(self.sent)

    def cancel(self, job: int) -> None:
        self.cancelled.append(job)


class Previews(QObject):
    """Stands in for Previewing."""

    size_known = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.generators = {"detector": "mine"}


class Place:
    """Two photos whose previews are known, and who looks for their faces."""

    def __init__(self, has_detector: bool = True) -> None:
        self.queue, self.engine, self.previews = PhotoQueue(), Engine(), Previews()
        self.finding = FaceFinding(self.queue, self.engine, self.previews, has_detector)  # type: ignore[arg-type]
        self.told: list[object] = []
        self.finding.changed.connect(self.told.append)
        paths = [Path("one.png"), Path("two.png")]
        self.items = self.queue.add(paths, lambda path: DocumentState(RECIPE))
        for item in self.items:
            item.document.preview = Photo(np.zeros((40, 60, 1), np.uint8))


@pytest.fixture
def place(qtbot) -> Place:
    return Place()


def test_faces_are_asked_for_once_and_kept(place):
    one, two = place.items
    place.queue.set_current(one)
    place.previews.size_known.emit((60, 40))
    one.document.set_setting("clean", "strength", 0.4)
    assert [command.path for command in place.engine.sent] == [Path("one.png")]
    assert place.engine.sent[0].generators == {"detector": "mine"}
    place.engine.faces_found.emit(FacesFound(1, (FACE,)))
    assert one.document.faces == (FACE,) and place.told == [one.document]
    place.queue.set_current(two)
    place.queue.set_current(one)
    assert [command.path.name for command in place.engine.sent] == ["one.png", "two.png"]


def test_another_photo_calls_the_question_back(place):
    one, two = place.items
    place.queue.set_current(one)
    place.queue.set_current(two)
    assert place.engine.cancelled == [1]
    place.engine.faces_found.emit(FacesFound(1, (FACE,)))
    assert one.document.faces is None and two.document.faces is None and place.told == []
    place.engine.faces_found.emit(FacesFound(2, ()))
    assert two.document.faces == ()


def test_nothing_is_asked_before_the_preview_is_there(place):
    one = place.items[0]
    preview, one.document.preview = one.document.preview, None
    place.queue.set_current(one)
    assert place.engine.sent == []
    one.document.preview = preview
    place.previews.size_known.emit((60, 40))
    assert len(place.engine.sent) == 1


def test_nothing_is_asked_where_no_step_treats_faces_apart(place):
    one = place.items[0]
    one.document.set_enabled("clean", False)
    place.queue.set_current(one)
    assert place.engine.sent == [] and not place.finding.is_wanted(one.document)
    one.document.set_enabled("clean", True)
    assert len(place.engine.sent) == 1 and place.finding.is_wanted(one.document)


def test_nothing_is_asked_without_a_detector(qtbot):
    place = Place(has_detector=False)
    place.queue.set_current(place.items[0])
    assert place.engine.sent == [] and not place.finding.is_wanted(place.items[0].document)


def test_a_failure_is_told_and_asked_again_when_the_photo_comes_back(place):
    one, two = place.items
    place.queue.set_current(one)
    place.engine.failed.emit(Failed(1, OutOfMemory("“one.png”")))
    assert place.told == [one.document] and place.finding.error is not None
    one.document.set_setting("clean", "strength", 0.4)
    assert len(place.engine.sent) == 1, "not for every slider again"
    place.queue.set_current(two)
    assert place.finding.error is None
    place.queue.set_current(one)
    assert [command.path.name for command in place.engine.sent] == ["one.png", "two.png", "one.png"]
