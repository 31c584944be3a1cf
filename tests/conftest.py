"""What holds for every test: no display, nobody's own files, and no thread or process left behind."""

from __future__ import annotations

import multiprocessing
import os
import shutil
import tempfile
import threading
import time
from collections.abc import Iterator

import pytest

# Before anything imports Qt: windows are drawn into memory, whatever display the computer has.
os.environ["QT_QPA_PLATFORM"] = "offscreen"

_USER_FOLDERS = {
    "HOME": "",
    "USERPROFILE": "",
    "XDG_CACHE_HOME": "cache",
    "XDG_CONFIG_HOME": "config",
    "XDG_DATA_HOME": "data",
    "XDG_STATE_HOME": "state",
    "APPDATA": "roaming",
    "LOCALAPPDATA": "local",
}
_PATIENCE_S = 5.0
# tqdm keeps one watching thread for the life of a program.
_LIBRARY_THREADS = {"tqdm_monitor"}


def pytest_configure(config: pytest.Config) -> None:
    """Give the tests a home of their own, so that they never read or write what belongs to the person running them."""
    home = tempfile.mkdtemp(prefix="autochrome-tests-")
    config.add_cleanup(lambda: shutil.rmtree(home, ignore_errors=True))
    for name, folder in _USER_FOLDERS.items():
        os.environ[name] = os.path.join(home, folder) if folder else home


@pytest.fixture(autouse=True)
def nothing_left_running() -> Iterator[None]:
    """Fail a test whose threads or child processes live on after it, and say which."""
    threads, processes = set(threading.enumerate()), set(multiprocessing.active_children())
    yield
    deadline = time.monotonic() + _PATIENCE_S
    while left := _running(threads, processes):
        if time.monotonic() > deadline:
            pytest.fail(f"left running after the test: {', '.join(left)}")
        time.sleep(0.01)


def _running(threads: set[threading.Thread], processes: set[multiprocessing.process.BaseProcess]) -> list[str]:
    """Names of the threads and processes that run now and did not run then."""
    # A _DummyThread only says that some foreign thread (Qt's, ONNX Runtime's) once called Python.
    new_threads = {t for t in threading.enumerate() if not isinstance(t, threading._DummyThread)} - threads
    new_processes = set(multiprocessing.active_children()) - processes
    return sorted(
        [f"thread {t.name}" for t in new_threads if t.name not in _LIBRARY_THREADS]
        + [f"process {p.name} ({p.pid})" for p in new_processes]
    )
