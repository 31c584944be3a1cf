"""The background thread does the newest of each kind, survives a failing one, and ends when told."""

from __future__ import annotations

import logging
import threading

import pytest

from desktop_app.engine_process.background import Background


@pytest.fixture
def background(qtbot):
    made = Background()
    yield made
    made.close()
    assert [t.name for t in threading.enumerate() if t.name == "autochrome-background"] == []


class Collector:
    """Remembers what arrived, and in which thread."""

    def __init__(self, background: Background) -> None:
        self.found: list[tuple[str, int, object]] = []
        background.done.connect(self.take)

    def take(self, done) -> None:
        self.found.append((done.kind, done.ticket, done.value))


def test_of_those_that_wait_only_the_newest_is_done(background, qtbot):
    collector, gate = Collector(background), threading.Event()
    background.ask("slider", 1, gate.wait)
    qtbot.waitUntil(lambda: not background._waiting)
    for ticket in (2, 3, 4):
        background.ask("slider", ticket, lambda ticket=ticket: ticket)
    background.ask("other", 9, lambda: "kept")
    gate.set()
    qtbot.waitUntil(lambda: len(collector.found) == 3)
    assert sorted(collector.found, key=lambda item: item[1]) == [
        ("slider", 1, True),
        ("slider", 4, 4),
        ("other", 9, "kept"),
    ]


def test_a_failure_is_logged_and_the_next_one_done(background, qtbot, caplog):
    collector = Collector(background)
    with caplog.at_level(logging.ERROR):
        background.ask("a", 1, lambda: 1 / 0)
        qtbot.waitUntil(lambda: len(collector.found) == 1)
    background.ask("a", 2, lambda: "fine")
    qtbot.waitUntil(lambda: len(collector.found) == 2)
    assert collector.found == [("a", 1, None), ("a", 2, "fine")]
    assert "ZeroDivisionError" in caplog.text


def test_closing_tells_nothing_more(background, qtbot):
    collector, gate = Collector(background), threading.Event()
    background.ask("a", 1, lambda: gate.wait(0.05))
    background.close()
    qtbot.wait(20)
    assert collector.found == []
