"""The queue knows each photo once, in order, and what is still to do."""

from __future__ import annotations

from pathlib import Path

import pytest

from desktop_app.document import DocumentState
from desktop_app.queue import PhotoQueue, State
from engine import recipe as recipes

STATE = DocumentState(recipes.load("colorize"))


@pytest.fixture
def queue(qtbot, tmp_path) -> PhotoQueue:
    made = PhotoQueue()
    made.add([tmp_path / f"{name}.jpg" for name in "abc"], lambda path: STATE)
    return made


def test_one_file_is_one_photo_however_it_is_written(queue, tmp_path):
    (tmp_path / "link.jpg").symlink_to(tmp_path / "a.jpg")
    assert queue.add([tmp_path / "x" / ".." / "b.jpg", tmp_path / "link.jpg"], lambda path: STATE) == []
    assert [item.name for item in queue.items] == ["a.jpg", "b.jpg", "c.jpg"]


def test_what_is_done_and_unchanged_is_not_outstanding(queue):
    first, second, third = queue.items
    queue.update(first, state=State.DONE, restored_state=first.document.state)
    queue.update(second, state=State.RUNNING)
    assert queue.outstanding == [third]
    first.document.set_setting("colorize", "strength", 0.5)
    assert queue.outstanding == [first, third]
    assert first.words == "Changed since restoring"
    first.document.undo()
    assert first.words == "Restored"


def test_a_result_of_another_generator_is_not_what_is_seen(queue, tmp_path):
    """Choosing it again makes the result a good one again; photos that come later know the choice too."""
    queue.set_generators(["good", "sharp"])
    first = queue.items[0]
    queue.update(first, state=State.DONE, restored_state=first.document.state, restored_by=frozenset({"good"}))
    assert first.words == "Restored"
    queue.set_generators(["better", "sharp"])
    assert first.words == "Changed since restoring"
    assert first in queue.outstanding
    (late,) = queue.add([tmp_path / "late.jpg"], lambda path: STATE)
    assert late.generators == {"better", "sharp"}
    queue.set_generators(["good"])
    assert first.is_up_to_date


def test_removing_the_current_photo_looks_at_its_neighbour(queue):
    first, second, third = queue.items
    queue.set_current(second)
    queue.remove(second)
    assert queue.current is third
    queue.remove(third)
    assert queue.current is first
    queue.remove(first)
    assert queue.current is None


def test_the_state_is_said_in_words(queue):
    item = queue.items[0]
    queue.update(item, state=State.RUNNING, stage="Finding colours", progress=0.4)
    assert item.words == "40% · Finding colours"
    words = set()
    for state in State:
        queue.update(item, state=state)
        words.add(item.words)
    assert len(words) == len(State)


def test_a_missing_photo_is_a_photo_too(queue):
    """Whether it can be read is found out by the engine, not here."""
    assert not Path(queue.items[0].path).exists()
