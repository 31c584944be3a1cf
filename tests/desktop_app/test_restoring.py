"""The time left, from what is known: the photo's own word, this run's times, or how far it came in the time it took."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from desktop_app import restoring as module
from desktop_app.document import DocumentState
from desktop_app.engine_process.client import EngineClient
from desktop_app.engine_process.protocol import Command, EngineOptions, Progressed, Restored, RestorePhoto
from desktop_app.marks.sheet import Box, MarkSheet
from desktop_app.queue import PhotoQueue
from desktop_app.restoring import Restoring, estimated_seconds_left
from desktop_app.settings import Settings
from engine import recipe as recipes
from engine.face_wishes import FaceWish
from engine.job import PhotoResult
from engine.progress import Progress
from tests.desktop_app.conftest import write_photo

STATE = DocumentState(recipes.load("colorize"))
MARKED = MarkSheet(12, 16).with_patch(Box(0, 0, 4, 4), np.full((4, 4, 2), 255, np.uint8))


class Deaf(EngineClient):
    """Takes commands and starts no process; the test says what the engine says."""

    def send(self, command: Command) -> int:
        return 7


class Recorder(EngineClient):
    """Keeps the commands and starts no process."""

    def __init__(self, options: EngineOptions) -> None:
        super().__init__(options)
        self.sent: list[RestorePhoto] = []

    def send(self, command: Command) -> int:
        assert isinstance(command, RestorePhoto)
        self.sent.append(command)
        return len(self.sent)


@dataclass
class Run:
    """Photos being restored, on a clock that the test moves."""

    folder: Path
    count: int
    client: Deaf = field(default_factory=lambda: Deaf(EngineOptions()))

    def __post_init__(self) -> None:
        self.queue = PhotoQueue()
        paths = [write_photo(self.folder / f"{number}.jpg") for number in range(self.count)]
        items = self.queue.add(paths, lambda path: STATE)
        self.restoring = Restoring(self.queue, self.client, Settings(self.folder / "settings.ini"))
        self.restoring.start(items)

    def says(self, done: float, seconds_left: float | None = None) -> float | None:
        self.client.progressed.emit(Progressed(7, Progress("Finding colours", done, seconds_left)))
        return self.restoring.seconds_left


@pytest.fixture
def clock(monkeypatch, qtbot):
    now = [100.0]
    monkeypatch.setattr(module, "time", SimpleNamespace(monotonic=lambda: now[0]))
    return now


def test_the_only_photo_is_estimated_from_how_far_it_is(tmp_path, clock):
    run = Run(tmp_path, 1)
    assert run.says(0.0) is None
    clock[0] += 5
    assert run.says(0.25) == pytest.approx(15)
    assert run.says(0.25, seconds_left=8.0) == 8.0, "the engine knows better"


def test_the_first_of_several_is_the_measure_of_the_others(tmp_path, clock):
    run = Run(tmp_path, 3)
    clock[0] += 5
    assert run.says(0.5) == pytest.approx(5 + 2 * 10)
    assert run.says(0.5, seconds_left=3.0) == pytest.approx(3 + 2 * 8)


def test_later_photos_are_measured_by_those_that_are_done(tmp_path, clock):
    run = Run(tmp_path, 3)
    source = run.queue.items[0].path
    run.client.restored.emit(Restored(7, PhotoResult("done", source, seconds=12.0)))
    clock[0] += 4
    assert run.restoring.seconds_left == pytest.approx(8 + 12)


@pytest.mark.parametrize(("elapsed_s", "share"), [(0.5, 0.5), (10.0, 0.0), (10.0, 0.01)])
def test_too_little_is_no_measure(elapsed_s, share):
    assert estimated_seconds_left(elapsed_s, share) is None


def test_a_photo_whose_mask_is_being_read_lets_others_go_first(tmp_path, clock):
    """It is never restored without its marks, and goes on by itself when they are known."""
    queue, client = PhotoQueue(), Recorder(EngineOptions())
    restoring = Restoring(queue, client, Settings(tmp_path / "settings.ini"))
    first, second = queue.add([write_photo(tmp_path / f"{name}.jpg") for name in "ab"], lambda path: STATE)
    for item in (first, second):
        item.document.await_marks()
    restoring.start([first, second])
    assert client.sent == [] and restoring.is_running, "it can be stopped while it waits"
    second.document.take_up_marks(None)
    restoring.go_on(second.document)
    assert [command.spec.source.name for command in client.sent] == ["b.jpg"]
    client.restored.emit(Restored(1, PhotoResult("done", second.path, seconds=1.0)))
    assert len(client.sent) == 1
    first.document.take_up_marks(MARKED)
    restoring.go_on(first.document)
    assert [command.spec.source.name for command in client.sent] == ["b.jpg", "a.jpg"]
    assert client.sent[1].marks is not None and client.sent[1].marks.damaged.any()


def test_a_photo_is_restored_with_what_is_wished_for_its_faces(tmp_path, clock):
    queue, client = PhotoQueue(), Recorder(EngineOptions())
    restoring = Restoring(queue, client, Settings(tmp_path / "settings.ini"))
    (item,) = queue.add([write_photo(tmp_path / "a.jpg")], lambda path: STATE)
    item.document.set_face_wishes((FaceWish(0.3, 0.4, "full"),))
    restoring.start([item])
    assert client.sent[0].face_wishes == (FaceWish(0.3, 0.4, "full"),)
