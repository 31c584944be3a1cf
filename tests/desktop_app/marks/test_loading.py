"""A chosen mask goes into the photo for which it was chosen, or nowhere."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from desktop_app.document import DocumentState
from desktop_app.marks.loading import MaskLoading
from desktop_app.marks.sheet import Box, MarkSheet
from engine.recipe import load
from tests.desktop_app.conftest import write_photo

SIZE = (160, 120)


@pytest.fixture
def loading(queue, reader, tmp_path) -> MaskLoading:
    """Two photos in the window; the first is looked at."""
    paths = [write_photo(tmp_path / f"{name}.jpg", *SIZE) for name in ("first", "second")]
    for item in queue.add(paths, lambda path: DocumentState(load("colorize"))):
        item.document.size = SIZE
    queue.set_current(queue.items[0])
    made = MaskLoading(queue, reader)
    made.told = []  # type: ignore[attr-defined]
    made.failed.connect(lambda error: made.told.append(error.sentence))  # type: ignore[attr-defined]
    made.said.connect(made.told.append)  # type: ignore[attr-defined]
    return made


def mask(path: Path, level: int, width: int = 160, height: int = 120) -> Path:
    patch = np.full((20, 20, 2), (level, 0), np.uint8)
    path.write_bytes(MarkSheet(height, width).with_patch(Box(0, 0, 20, 20), patch).marks().to_png())
    return path


def levels(queue) -> list[int]:
    marks = [item.document.state.marks for item in queue.items]
    return [0 if sheet is None else int(sheet.read(Box(0, 0, 1, 1)).max()) for sheet in marks]


def test_it_arrives_later_as_one_change(loading, queue, engine, reader, tmp_path, qtbot):
    loading.load(mask(tmp_path / "mine.png", 150))
    assert levels(queue) == [0, 0], "the window does not wait"
    with qtbot.waitSignal(reader.ended):
        engine.answer()
    assert levels(queue) == [150, 0] and loading.told == []
    queue.items[0].document.undo()
    assert levels(queue) == [0, 0] and not queue.items[0].document.can_undo


def test_what_was_chosen_last_counts(loading, queue, engine, tmp_path, qtbot):
    for name, level in (("one.png", 100), ("other.png", 200)):
        loading.load(mask(tmp_path / name, level))
    engine.answer()
    qtbot.waitUntil(lambda: levels(queue) == [200, 0])
    queue.items[0].document.undo()
    assert levels(queue) == [0, 0]


@pytest.mark.parametrize("what", ["another photo", "other marks"])
def test_one_that_comes_too_late_is_dropped_and_said(loading, queue, engine, reader, tmp_path, qtbot, what):
    loading.load(mask(tmp_path / "mine.png", 150))
    if what == "another photo":
        queue.set_current(queue.items[1])
    else:
        patch = np.full((4, 4, 2), (77, 0), np.uint8)
        queue.items[0].document.set_marks(MarkSheet(120, 160).with_patch(Box(0, 0, 4, 4), patch))
    with qtbot.waitSignal(reader.ended):
        engine.answer()
    assert levels(queue) == ([0, 0] if what == "another photo" else [77, 0])
    assert len(loading.told) == 1 and "mine.png" in loading.told[0] and what in loading.told[0].replace("were", "")


@pytest.mark.parametrize("what", ["no picture", "another shape", "gone"])
def test_one_that_does_not_serve_is_said(loading, queue, engine, reader, tmp_path, qtbot, what):
    file = mask(tmp_path / "mine.png", 150, *((160, 120) if what != "another shape" else (120, 160)))
    if what == "no picture":
        file.write_bytes(b"no picture")
    elif what == "gone":
        file.unlink()
    loading.load(file)
    with qtbot.waitSignal(reader.ended):
        engine.answer()
    assert levels(queue) == [0, 0] and len(loading.told) == 1 and "mine.png" in loading.told[0]
