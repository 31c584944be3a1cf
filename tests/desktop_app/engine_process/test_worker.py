"""The engine's child by itself: what waits for what, and how it leaves."""

from __future__ import annotations

import multiprocessing
import subprocess
import sys
import threading
from pathlib import Path

from desktop_app.engine_process import worker
from desktop_app.engine_process.protocol import EngineOptions, FindPhotos, PhotosFound, Quit, ReadPicture, WarmUp
from desktop_app.engine_process.shared import Exchange
from desktop_app.engine_process.worker import EngineProcess
from desktop_app.engine_process.workshop import Workshop

ROOT = Path(__file__).resolve().parents[3]

LEAVING = """
import sys, threading, time
from multiprocessing import Pipe
from pathlib import Path
from desktop_app.engine_process import worker
from desktop_app.engine_process.protocol import EngineOptions, Quit
from desktop_app.engine_process.worker import run_engine
from engine.job import WRITING

part, begun = Path(sys.argv[1]), threading.Event()

def write():
    with WRITING:
        part.touch()
        begun.set()
        time.sleep(0.2)
        part.unlink()

threading.Thread(target=write, daemon=True).start()
begun.wait()
ours, theirs = Pipe()
ours.send(Quit())
run_engine(theirs, EngineOptions(), ())
"""


class SlowSearch(Workshop):
    """Looking through folders takes until the end; everything else is answered at once."""

    def do(self, command, send, token, pause) -> None:
        if isinstance(command, FindPhotos):
            threading.Event().wait()
        send(PhotosFound(command.job, ()))


def serve_slowly(pipe) -> None:
    """In a child, whose lanes end with it."""
    worker._LEAVE_S = 0.0
    EngineProcess(pipe, SlowSearch(EngineOptions(), Exchange(()))).serve()


def test_a_search_through_folders_keeps_nobody_waiting():
    """A folder on a slow disk must not hold up what is looked at."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    child = context.Process(target=serve_slowly, args=(theirs,))
    child.start()
    theirs.close()
    ours.send(FindPhotos(1, (Path("album"),)))
    ours.send(WarmUp(2))
    ours.send(ReadPicture(3, Path("a.jpg")))
    answered = set()
    while len(answered) < 2 and ours.poll(10):
        event = ours.recv()
        if isinstance(event, PhotosFound):
            answered.add(event.job)
    ours.send(Quit())
    child.join()
    ours.close()
    assert answered == {2, 3}


def test_a_file_that_is_being_written_is_finished_first(tmp_path):
    part = tmp_path / ".autochrome-0.part"
    done = subprocess.run([sys.executable, "-c", LEAVING, str(part)], cwd=ROOT, capture_output=True, timeout=60)
    assert done.returncode == 0, done.stderr
    assert not part.exists()
