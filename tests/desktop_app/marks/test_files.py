"""Mask files are packed beside the window's thread, once for all photos that share them; the last wish is what stays."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from desktop_app.document import DocumentState
from desktop_app.engine_process.background import Background
from desktop_app.marks.files import MaskFiles
from desktop_app.marks.sheet import Box, MarkSheet
from desktop_app.queue import PhotoQueue
from engine import companion
from engine.marks import SUFFIX, Marks
from engine.recipe import load
from tests.desktop_app.conftest import write_photo


def sheet(value: int) -> MarkSheet:
    return MarkSheet(120, 160).with_patch(Box(10, 10, 30, 30), np.full((20, 20, 2), value, np.uint8))


@pytest.fixture
def background(qtbot):
    made = Background()
    yield made
    made.close()


@pytest.fixture
def queue(qtbot) -> PhotoQueue:
    return PhotoQueue()


@pytest.fixture
def files(queue, background) -> MaskFiles:
    return MaskFiles(queue, background)


@pytest.fixture
def photos(queue, files, tmp_path) -> list[Path]:
    paths = [write_photo(tmp_path / f"photo{number}.jpg") for number in range(3)]
    queue.add(paths, lambda path: DocumentState(load("colorize"), marks=files.read(path)))
    return paths


def kept(photo: Path) -> int:
    marks = Marks.read(photo)
    return 0 if marks is None else int(marks.damaged.max())


def test_a_photo_without_marks_gets_no_file(queue, files, photos):
    queue.items[0].document.set_setting("colorize", "strength", 0.5)
    files.write()
    assert companion.find(photos[0], SUFFIX) is None


def test_what_is_marked_is_written_after_a_rest(queue, files, photos, qtbot):
    queue.items[0].document.set_marks(sheet(100))
    queue.items[0].document.set_marks(sheet(200))
    assert companion.find(photos[0], SUFFIX) is None
    qtbot.waitUntil(lambda: companion.find(photos[0], SUFFIX) is not None, timeout=20_000)
    assert kept(photos[0]) == 200


def test_the_last_wish_stays(queue, files, photos):
    """Also where an older one is asked for again after it."""
    document = queue.items[0].document
    document.set_marks(sheet(100))
    files._ask()
    document.set_marks(sheet(200))
    files.write()
    files._ask()
    assert kept(photos[0]) == 200
    document.undo()
    document.undo()
    files.write()
    assert companion.find(photos[0], SUFFIX) is None


def test_a_mask_for_all_is_packed_once(queue, files, photos, monkeypatch):
    packed = []
    real = Marks.to_png
    monkeypatch.setattr(Marks, "to_png", lambda self: (packed.append(self), real(self))[1])
    shared = sheet(150)
    for item in queue.items:
        item.document.set_marks(shared)
    files.write()
    assert [kept(photo) for photo in photos] == [150] * 3 and len(packed) == 1


def test_a_photo_that_cannot_keep_its_mask_is_said_once(queue, files, photos, monkeypatch, tmp_path, qtbot):
    told = []
    files.failed.connect(lambda error: told.append(error.code))
    for path in (companion.beside(photos[0], SUFFIX), tmp_path / "data"):
        path.mkdir()
    monkeypatch.setattr(companion, "in_data_folder", lambda photo, suffix: tmp_path / "data")
    for value in (100, 200):
        queue.items[0].document.set_marks(sheet(value))
        files.write()
    assert told == ["output-unwritable"]
