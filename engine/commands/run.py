"""Jobs done one after the other in a thread, shown in the calling one, and stopped within a second by Ctrl-C."""

from __future__ import annotations

import contextlib
import os
import queue
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from engine.cli import listen_to_nobody
from engine.commands.display import Display
from engine.commands.second_scan import TwoScansJob
from engine.commands.wishes import Wishes
from engine.errors import EngineError
from engine.job import WRITING, Job, PhotoResult
from engine.pipeline import Pipeline
from engine.plan import JobSpec
from engine.progress import CancelToken, Progress

PATIENCE_S = 0.7
"""How long work may take to end by itself after Ctrl-C, before the program ends without it."""
_TICK_S = 0.1


@dataclass(frozen=True)
class Ending:
    """results: one for every job, in order. interrupted: the user pressed Ctrl-C. stuck: the work did not stop in time (it was
    inside one long call, such as packing a large PNG) and ends only with the process.
    """

    results: list[PhotoResult]
    interrupted: bool = False
    stuck: bool = False


def run(
    specs: Sequence[JobSpec],
    wishes: Wishes,
    pipeline: Pipeline,
    quality: int,
    display: Display,
    second_scan: Path | None = None,
) -> Ending:
    """Do all jobs; a failed one never stops the others. Results and progress are shown by `display` as they come.

    second_scan: another scan of the one photo that there is to do.
    """
    events: queue.Queue[Callable[[], None] | None] = queue.Queue()
    cancel = CancelToken()
    results = [PhotoResult("cancelled", spec.source) for spec in specs]

    def do_all() -> None:
        try:
            for index, spec in enumerate(specs):
                if cancel.cancelled:
                    break
                report = _reporter(events, display, index, spec)
                result = _do(spec, wishes, pipeline, quality, report, cancel, second_scan)
                events.put(_finisher(results, display, index, result))
        finally:
            events.put(None)

    worker = threading.Thread(target=do_all, name="restore", daemon=True)
    display.begin(len(specs))
    try:
        worker.start()
        _show_until_end(events)
    except KeyboardInterrupt:
        cancel.cancel()
        return Ending(results, interrupted=True, stuck=not _ends_in_time(worker, events))
    worker.join()
    return Ending(results)


def leave_at_once(code: int) -> None:
    """End the process although a thread works on; a file that is being written is finished first."""
    WRITING.acquire()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


def _do(
    spec: JobSpec,
    wishes: Wishes,
    pipeline: Pipeline,
    quality: int,
    report: Callable[[Progress], None],
    cancel: CancelToken,
    second_scan: Path | None,
) -> PhotoResult:
    wish = wishes.of(spec.source)
    try:
        is_to_do = spec.problem is None and not spec.skip
        marks, note = wish.mask.marks_for(spec.source) if wish.mask is not None and is_to_do else (None, "")
    except EngineError as error:
        return PhotoResult("failed", spec.source, error=error)
    job = Job(spec, wish.recipe, wish.hints, quality, marks=marks, face_wishes=wish.faces)
    if second_scan is not None:
        job = TwoScansJob(
            spec, wish.recipe, wish.hints, quality, marks=marks, face_wishes=wish.faces, second=second_scan
        )
    result = job.run(pipeline, report, cancel)
    if result.status != "done":
        return result
    with WRITING:
        written = wishes.remember(spec.source)
    return replace(result, notes=(*wish.notes, *filter(None, [note]), *result.notes, *filter(None, [written])))


def _reporter(
    events: queue.Queue[Callable[[], None] | None], display: Display, index: int, spec: JobSpec
) -> Callable[[Progress], None]:
    return lambda progress: events.put(lambda: display.progressed(index, spec.source, progress))


def _finisher(results: list[PhotoResult], display: Display, index: int, result: PhotoResult) -> Callable[[], None]:
    def finish() -> None:
        results[index] = result
        display.finished(index, result)

    return finish


def _show_until_end(events: queue.Queue[Callable[[], None] | None]) -> None:
    while True:
        try:
            # Waiting in short turns: on Windows a longer wait would keep Ctrl-C from being seen.
            event = events.get(timeout=_TICK_S)
        except queue.Empty:
            continue
        if event is None:
            return
        _show(event)


def _ends_in_time(worker: threading.Thread, events: queue.Queue[Callable[[], None] | None]) -> bool:
    """Whether the cancelled work ended within PATIENCE_S; what it had finished before is still shown."""
    deadline = time.monotonic() + PATIENCE_S
    try:
        while time.monotonic() < deadline:
            if not worker.is_alive() and events.empty():
                return True
            with contextlib.suppress(queue.Empty):
                event = events.get(timeout=_TICK_S)
                if event is not None:
                    _show(event)
    except KeyboardInterrupt:
        pass  # pressed again: no more patience
    return False


def _show(event: Callable[[], None]) -> None:
    """Photos are restored to the end also where nobody reads what is printed any more."""
    try:
        event()
    except BrokenPipeError:
        listen_to_nobody()
