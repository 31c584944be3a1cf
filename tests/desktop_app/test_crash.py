"""What nobody foresaw goes to the log whole, and is told once more to whoever shows it."""

from __future__ import annotations

import faulthandler
import logging
import sys
import tempfile
import threading
from pathlib import Path

import pytest

from desktop_app import crash
from desktop_app.crash import CrashReporter, log_file


@pytest.fixture
def reporter(qtbot, monkeypatch):
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    monkeypatch.setattr(threading, "excepthook", threading.excepthook)
    before = list(logging.root.handlers)
    logging.root.handlers.clear()
    made = CrashReporter()
    file = log_file()
    made.install(file)
    yield made
    faulthandler.disable()
    made._native.close()
    for handler in logging.root.handlers:
        handler.close()
    logging.root.handlers[:] = before


def test_an_unexpected_failure_is_logged_and_told(reporter, qtbot):
    with qtbot.waitSignal(reporter.crashed) as told:
        try:
            raise ValueError("a shelf that nobody measured")
        except ValueError as error:
            sys.excepthook(ValueError, error, error.__traceback__)
    assert "a shelf that nobody measured" in told.args[0]
    assert "a shelf that nobody measured" in log_file().read_text()


def test_so_is_one_of_another_thread(reporter, qtbot):
    def fail() -> None:
        raise KeyError("lost")

    with qtbot.waitSignal(reporter.crashed) as told:
        thread = threading.Thread(target=fail)
        thread.start()
        thread.join()
    assert "KeyError: 'lost'" in told.args[0]


def test_a_log_that_has_grown_is_begun_anew(reporter):
    file = log_file().with_name("old.log")
    file.write_bytes(b"x" * (2 << 20))
    other = CrashReporter()
    other.install(file)
    other._native.close()
    assert file.stat().st_size < 1000


def test_a_log_that_cannot_be_removed_is_gone_on_with(reporter, monkeypatch):
    """Windows keeps a file that another window has open; the app starts all the same."""

    def kept(path, missing_ok=False):
        raise PermissionError(13, "in use", str(path))

    file = log_file().with_name("open.log")
    file.write_bytes(b"x" * (2 << 20))
    monkeypatch.setattr(type(file), "unlink", kept)
    other = CrashReporter()
    other.install(file)
    other._native.close()
    assert file.stat().st_size >= 2 << 20


def test_without_its_folder_the_log_lies_with_the_temporary_files(monkeypatch, tmp_path):
    in_the_way = tmp_path / "state"
    in_the_way.write_text("a file where the folder should be")
    monkeypatch.setattr(crash.platformdirs, "user_log_dir", lambda *words, **more: str(in_the_way / "log"))
    assert log_file().parent == Path(tempfile.gettempdir())
