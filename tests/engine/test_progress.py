"""Progress of parts within a whole, and stopping from another thread."""

from __future__ import annotations

import threading

import pytest

from engine.errors import Cancelled
from engine.progress import CancelToken, Progress, ignore, part, timed


def test_a_part_reports_its_share_of_the_whole():
    heard: list[Progress] = []
    report = part(heard.append, 0.5, 0.75)
    report(Progress("Finding colours", 0.0, 12.0))
    report(Progress("Finding colours", 1.0, note="smaller tiles"))
    assert heard == [Progress("Finding colours", 0.5), Progress("Finding colours", 0.75, note="smaller tiles")]


def test_parts_of_parts():
    heard: list[Progress] = []
    part(part(heard.append, 0.5, 1.0), 0.0, 0.5)(Progress("x", 1.0))
    assert heard[0].done == 0.75


def test_the_time_that_is_left_is_told_once_a_tenth_is_done():
    heard: list[Progress] = []
    now = iter([100.0, 102.0, 104.0, 110.0])
    report = timed(heard.append, lambda: next(now))
    for done in (0.1, 0.2, 1.0):
        report(Progress("x", done, note="a note"))
    assert heard == [
        Progress("x", 0.1, note="a note"),
        Progress("x", 0.2, 16.0, "a note"),
        Progress("x", 1.0, 0.0, "a note"),
    ]


def test_who_does_not_want_to_know():
    ignore(Progress("x", 0.3))


def test_stopping_is_seen_at_the_next_check():
    token = CancelToken()
    token.check()
    assert not token.cancelled
    token.cancel()
    assert token.cancelled
    with pytest.raises(Cancelled):
        token.check()


def test_stopping_interrupts_what_runs_from_the_thread_that_says_stop():
    token, callers = CancelToken(), []
    with token.interrupts(lambda: callers.append(threading.current_thread().name)):
        other = threading.Thread(target=token.cancel, name="user")
        other.start()
        other.join()
        token.cancel()
    assert callers == ["user"], "once, however often it is said"


def test_work_that_begins_after_the_stop_is_interrupted_at_once():
    token, called = CancelToken(), []
    token.cancel()
    with token.interrupts(lambda: called.append(True)):
        assert called == [True]


def test_work_that_is_over_is_not_interrupted():
    token, called = CancelToken(), []
    with token.interrupts(lambda: called.append(True)):
        pass
    token.cancel()
    assert called == []


def test_work_that_fails_is_forgotten_too():
    token, called = CancelToken(), []
    with pytest.raises(ZeroDivisionError), token.interrupts(lambda: called.append(True)):
        raise ZeroDivisionError
    token.cancel()
    assert called == []
