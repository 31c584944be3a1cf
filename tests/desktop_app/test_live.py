"""Questions while a hand moves: never more than one with the engine, and after it the newest."""

from __future__ import annotations

from pathlib import Path

import pytest

from desktop_app.engine_process.protocol import Failed, Preview, PreviewAnalysed
from desktop_app.live import LiveAnswers
from engine.errors import Cancelled
from engine.hints import Hint
from engine.recipe import load
from engine.steps.step import Analysis
from tests.desktop_app.asked_engine import AskedEngine


class Engine(AskedEngine):
    """Answers when a test says so."""

    def answer(self, job: int) -> None:
        self.preview_analysed.emit(PreviewAnalysed(job, {"colorize": Analysis("colorize", note=str(job))}, ()))


def question(x: float) -> Preview:
    return Preview(0, Path("a.jpg"), 2000, load("colorize"), (Hint(x, 0.5, "#a04020"),), {}, False, True)


@pytest.fixture
def engine(qtbot) -> Engine:
    return Engine()


@pytest.fixture
def live(engine) -> LiveAnswers:
    return LiveAnswers(engine)  # type: ignore[arg-type]


def test_of_all_that_wait_only_the_newest_is_asked(engine, live):
    for x in (0.1, 0.2, 0.3, 0.4):
        live.ask(question(x))
    assert [command.hints[0].x for command in engine.sent] == [0.1]
    answers = []
    live.answered.connect(lambda found: answers.append(found["colorize"].note))
    engine.answer(1)
    assert [command.hints[0].x for command in engine.sent] == [0.1, 0.4]
    engine.answer(2)
    assert answers == ["1", "2"]
    live.ask(question(0.5))
    assert len(engine.sent) == 3


def test_after_the_stop_nothing_is_answered(engine, live):
    answers = []
    live.answered.connect(answers.append)
    live.ask(question(0.1))
    live.ask(question(0.2))
    live.stop()
    assert engine.cancelled == [1]
    engine.answer(1)
    assert answers == [] and len(engine.sent) == 1


def test_a_failure_does_not_end_the_following(engine, live):
    live.ask(question(0.1))
    live.ask(question(0.2))
    engine.failed.emit(Failed(1, Cancelled()))
    assert [command.hints[0].x for command in engine.sent] == [0.1, 0.2]
