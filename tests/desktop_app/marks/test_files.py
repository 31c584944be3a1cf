"""Mask files are read and packed beside the window's thread; the last wish stays, and an unreadable one is left alone."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from desktop_app.document import DocumentState
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
def files(queue, reader, background) -> MaskFiles:
    return MaskFiles(queue, reader, background)


@pytest.fixture
def photos(queue, files, tmp_path) -> list[Path]:
    paths = [write_photo(tmp_path / f"photo{number}.jpg") for number in range(3)]
    add(queue, *paths)
    return paths


def add(queue: PhotoQueue, *paths: Path) -> None:
    queue.add(paths, lambda path: DocumentState(load("colorize")))


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


@pytest.fixture
def marked(tmp_path) -> Path:
    """A photo that was marked earlier."""
    photo = write_photo(tmp_path / "marked.jpg")
    sheet(90).marks().write(photo)
    return photo


def level(queue: PhotoQueue) -> int:
    """What is marked in the first photo of the window."""
    marks = queue.items[0].document.state.marks
    return 0 if marks is None else int(marks.read(Box(20, 20, 21, 21)).max())


def test_a_mask_arrives_after_its_photo_and_is_no_change_of_anybody(queue, files, marked, engine, qtbot):
    """The window does not wait for it; no undo leads behind it, and nothing is written."""
    add(queue, marked)
    document = queue.items[0].document
    assert document.awaits_marks and level(queue) == 0, "nothing was read while the photo came in"
    document.set_setting("colorize", "strength", 0.5)
    told, changed = [], []
    files.taken_up.connect(told.append)
    document.changed_by_hand.connect(changed.append)
    engine.answer()
    qtbot.waitUntil(lambda: bool(told))
    assert level(queue) == 90 and not document.awaits_marks and changed == []
    document.undo()
    assert level(queue) == 90 and not document.can_undo
    before = companion.find(marked, SUFFIX).stat().st_mtime_ns
    files.write()
    assert companion.find(marked, SUFFIX).stat().st_mtime_ns == before


def test_a_mask_that_arrives_after_other_marks_is_dropped(queue, files, marked, engine, qtbot):
    add(queue, marked)
    queue.items[0].document.set_marks(sheet(200))
    with qtbot.waitSignal(files.taken_up):
        engine.answer()
    assert level(queue) == 200
    files.write()
    assert kept(marked) == 200


def test_a_mask_of_a_photo_that_has_gone_is_dropped(queue, files, marked, engine, reader, qtbot):
    add(queue, marked)
    queue.remove(queue.items[0])
    with qtbot.waitSignal(reader.ended):
        engine.answer()
    assert queue.items == ()


@pytest.mark.parametrize("is_there", [True, False])
def test_a_mask_that_cannot_be_read_is_told_and_never_written_over(queue, files, marked, engine, is_there):
    """Also where it was marked before that was known; one that vanished after it was seen is told likewise."""
    file, told = companion.beside(marked, SUFFIX), []
    file.write_bytes(b"water damage")
    files.failed.connect(told.append)
    add(queue, marked)
    if not is_there:
        file.unlink()
    queue.items[0].document.set_marks(sheet(200))
    files._ask()
    engine.answer()
    assert [error.code for error in told] == ["mask-unreadable" if is_there else "photo-missing"]
    queue.items[0].document.set_marks(sheet(210))
    files.write()
    assert (file.read_bytes() if file.exists() else b"water damage") == b"water damage"


def test_a_photo_that_comes_back_has_what_is_not_written_yet(queue, files, marked, engine, qtbot):
    add(queue, marked)
    with qtbot.waitSignal(files.taken_up):
        engine.answer()
    queue.items[0].document.set_marks(sheet(200))
    queue.remove(queue.items[0])
    add(queue, marked)
    assert level(queue) == 200 and not queue.items[0].document.awaits_marks
    files.write()
    assert kept(marked) == 200


def test_a_mask_that_was_mended_outside_is_kept_again(queue, files, marked, engine, qtbot):
    """The photo was taken out and comes back: its file is read anew, and written again."""
    file = companion.beside(marked, SUFFIX)
    good = file.read_bytes()
    file.write_bytes(b"water damage")
    add(queue, marked)
    engine.answer()
    queue.remove(queue.items[0])
    file.write_bytes(good)
    add(queue, marked)
    with qtbot.waitSignal(files.taken_up):
        engine.answer()
    assert level(queue) == 90
    queue.items[0].document.set_marks(sheet(200))
    files.write()
    assert kept(marked) == 200
