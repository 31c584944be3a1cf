"""What the engine is asked while somebody paints: quick strokes get answers, and nobody sees what was taken back."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from desktop_app.document import DocumentState
from desktop_app.engine_process.background import Background
from desktop_app.engine_process.protocol import Failed, PreviewAnalysed
from desktop_app.marks.sheet import Box, MarkSheet
from desktop_app.previewing import Previewing
from desktop_app.queue import PhotoQueue
from engine.errors import OutOfMemory
from engine.photo import Photo
from engine.recipe import Recipe, RecipeEntry
from engine.steps import STEPS
from engine.steps.step import Analysis
from tests.desktop_app.asked_engine import AskedEngine

RECIPE = Recipe("mend", "Mend", "", (RecipeEntry("repair", STEPS["repair"].settings()),))
NOTHING_MENDED = {"height": 40, "width": 60, "share": 0.0, "mended": 0.0}


class Engine(AskedEngine):
    """Answers when a test says so."""

    def answer(self) -> None:
        """What was asked last."""
        found = {"repair": Analysis("repair", {}, NOTHING_MENDED, "")}
        self.preview_analysed.emit(PreviewAnalysed(len(self.sent), found, ()))

    @property
    def asked(self) -> list[int]:
        """How many strokes each question has."""
        return [0 if question.marks is None else int((question.marks.damaged > 0).sum()) for question in self.sent]


@pytest.fixture
def engine(qtbot) -> Engine:
    return Engine()


@pytest.fixture
def shown(qtbot, engine):
    """A photo whose preview is known and analysed, without marks; notes the pictures that are shown."""
    queue, background = PhotoQueue(), Background()
    previewing = Previewing(queue, engine, background)  # type: ignore[arg-type]
    (item,) = queue.add([Path("photo.png")], lambda path: DocumentState(RECIPE))
    item.document.preview, item.document.size = Photo(np.full((40, 60, 1), 90, np.uint8)), (60, 40)
    queue.set_current(item)
    qtbot.waitUntil(lambda: engine.asked == [0])
    engine.answer()
    item.document.pictures = []
    previewing.after_changed.connect(lambda image: item.document.pictures.append(image))
    qtbot.waitUntil(lambda: bool(item.document.pictures))
    item.document.pictures.clear()
    yield item.document
    background.close()


def stroke(document) -> MarkSheet:
    """One more marked pixel."""
    sheet = document.state.marks or MarkSheet.empty_for(*document.size)
    row, column = divmod(int((sheet.marks().damaged > 0).sum()), sheet.width)
    patch = np.full((1, 1, 2), (255, 0), np.uint8)
    document.set_marks(sheet.with_patch(Box(row, column, row + 1, column + 1), patch))
    document.seal()
    return document.state.marks


def test_a_refill_under_way_is_let_finish_and_shown_while_the_newest_strokes_wait(shown, engine, qtbot):
    first = stroke(shown)
    for _ in range(4):
        stroke(shown)
    assert engine.asked == [0, 1] and engine.cancelled == []
    engine.answer()
    assert shown.analyses.marks is first
    qtbot.waitUntil(lambda: len(shown.pictures) == 1)
    assert engine.asked == [0, 1, 5], "of those that waited only the newest is asked for"
    engine.answer()
    assert shown.analyses.marks is shown.state.marks and len(engine.sent) == 3


def test_strokes_without_end_are_answered_without_end(shown, engine):
    """A hand that never rests: each answer finds a newer stroke waiting."""
    stroke(shown)
    for answered in range(2, 8):
        stroke(shown)
        engine.answer()
        assert len(engine.sent) == answered + 1 and engine.cancelled == []


def test_what_was_undone_is_not_waited_for(shown, engine):
    stroke(shown)
    engine.answer()
    stroke(shown)
    stroke(shown)
    shown.undo()
    assert engine.asked == [0, 1, 2] and engine.cancelled == [], "what is on its way is just that"
    shown.undo()
    assert engine.cancelled == [3] and len(engine.sent) == 3, "the answer of then is known"
    shown.redo()
    assert engine.asked == [0, 1, 2, 2]
    shown.undo()
    shown.undo()
    assert engine.cancelled == [3, 4] and shown.analyses.marks is not shown.state.marks
    assert engine.asked == [0, 1, 2, 2, 0]


def test_removing_all_marks_calls_the_refill_back(shown, engine):
    stroke(shown)
    engine.answer()
    stroke(shown)
    shown.set_marks(None)
    assert engine.cancelled == [3] and engine.asked == [0, 1, 2, 0]


def test_another_sensitivity_calls_the_refill_back(shown, engine, qtbot):
    stroke(shown)
    stroke(shown)
    shown.set_setting("repair", "sensitivity", 0.6)
    qtbot.waitUntil(lambda: len(engine.sent) == 3)
    assert engine.cancelled == [2] and engine.asked == [0, 1, 2]
    assert engine.sent[-1].recipe.entry("repair").settings.sensitivity == 0.6


def test_after_a_failure_the_newest_strokes_are_asked_for(shown, engine):
    stroke(shown)
    stroke(shown)
    engine.failed.emit(Failed(2, OutOfMemory("“photo.png”")))
    assert engine.asked == [0, 1, 2]
