"""Marks go to the child through shared memory: whole, leaving nothing behind, and never silently lost."""

from __future__ import annotations

import pickle
from pathlib import Path

import numpy as np
import pytest

from desktop_app.engine_process.client import _with_shared_marks
from desktop_app.engine_process.protocol import Cancel, EngineOptions, Preview, SharedMarks
from desktop_app.engine_process.shared import Exchange
from desktop_app.engine_process.workshop import Workshop
from engine.errors import EngineError
from engine.marks import Marks
from engine.progress import CancelToken
from engine.recipe import load

MARKS = Marks(np.random.default_rng(0).integers(0, 256, (300, 400), np.uint8), np.zeros((300, 400), np.uint8))


@pytest.fixture
def exchange(tmp_path):
    made = Exchange((tmp_path,))
    yield made
    assert list(tmp_path.iterdir()) == [], "nothing is left in shared memory"


@pytest.fixture
def workshop(exchange) -> Workshop:
    return Workshop(EngineOptions(device="cpu"), exchange)


def preview(marks: Marks | None = MARKS) -> Preview:
    return Preview(0, Path("photo.jpg"), 2000, load("colorize"), (), {}, True, marks=marks)


def test_marks_arrive_whole_and_the_command_is_small(exchange, workshop):
    sent = _with_shared_marks(preview(), exchange)
    assert isinstance(sent, Preview) and isinstance(sent.marks, SharedMarks)
    assert len(pickle.dumps(sent)) < 16_000, "less than a pipe holds, so sending never waits for a reader"
    arrived = workshop.unpacked(pickle.loads(pickle.dumps(sent)))
    assert isinstance(arrived, Preview) and isinstance(arrived.marks, Marks)
    assert arrived.marks.digest == MARKS.digest


def test_commands_without_marks_stay_as_they_are(exchange, workshop):
    for command in (preview(None), Cancel(3)):
        assert _with_shared_marks(command, exchange) is command
        assert workshop.unpacked(command) is command


def test_without_room_they_go_through_the_pipe(tmp_path, workshop):
    full = Exchange((tmp_path / "not there",))
    sent = _with_shared_marks(preview(), full)
    assert isinstance(sent, Preview) and sent.marks is MARKS
    assert workshop.unpacked(sent) is sent


def test_marks_that_are_lost_fail_their_job(exchange, workshop):
    sent = _with_shared_marks(preview(), exchange)
    assert isinstance(sent, Preview) and isinstance(sent.marks, SharedMarks)
    for plane in (sent.marks.damaged, sent.marks.sound):
        exchange.discard(plane)
    arrived = workshop.unpacked(sent)
    with pytest.raises(EngineError):
        workshop.do(arrived, lambda event: None, CancelToken(), lambda token: None)
