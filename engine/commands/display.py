"""How a run of `restore` shows itself: a bar, lines, JSON lines, or nothing."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from engine.job import PhotoResult
from engine.progress import Progress

if TYPE_CHECKING:
    from rich.progress import Progress as Bars


class Display(Protocol):
    """Told by one thread, in order: begin, then per photo progressed (often) and finished, at last ended."""

    def begin(self, total: int) -> None: ...
    def progressed(self, index: int, source: Path, progress: Progress) -> None: ...
    def finished(self, index: int, result: PhotoResult) -> None: ...
    def noted(self, text: str) -> None: ...
    def ended(self, summary: str, results: list[PhotoResult]) -> None: ...


def display_for(progress: str, quiet: bool) -> Display:
    """The display that --progress and --quiet ask for; "auto" is a bar on a terminal, else lines."""
    if progress == "json":
        return JsonLines()
    if quiet or progress == "none":
        return Silent(quiet)
    if progress == "auto" and sys.stdout.isatty():
        return Bar()
    return Lines()


def line_of(result: PhotoResult) -> str:
    """One photo's end in a line."""
    name = result.source.name
    if result.status == "done":
        return (
            f"{name} → {_near(result.output)}  {result.seconds:.1f} s{''.join(f'  ({note})' for note in result.notes)}"
        )
    if result.status == "failed":
        return f"{name}: failed. {result.error}"
    if result.status == "skipped":
        return f"{name}: left out: {' '.join(result.notes)}"
    return f"{name}: stopped"


def _near(path: Path | None) -> str:
    """A path as seen from the working folder where it lies below it."""
    if path is None:
        return ""
    here = Path.cwd()
    return str(path.relative_to(here)) if path.is_relative_to(here) else str(path)


class Lines:
    """A line a photo; failures go to the error stream."""

    def __init__(self) -> None:
        self._total = 0

    def begin(self, total: int) -> None:
        self._total = total

    def progressed(self, index: int, source: Path, progress: Progress) -> None:
        if progress.note:
            self.noted(progress.note)

    def finished(self, index: int, result: PhotoResult) -> None:
        stream = sys.stderr if result.status == "failed" else sys.stdout
        print(f"[{index + 1}/{self._total}] {line_of(result)}", file=stream, flush=True)

    def noted(self, text: str) -> None:
        print(text, flush=True)

    def ended(self, summary: str, results: list[PhotoResult]) -> None:
        print(summary, flush=True)


class Silent:
    """Only what went wrong, and without --quiet the summary."""

    def __init__(self, quiet: bool) -> None:
        self._quiet = quiet

    def begin(self, total: int) -> None:
        pass

    def progressed(self, index: int, source: Path, progress: Progress) -> None:
        pass

    def finished(self, index: int, result: PhotoResult) -> None:
        if result.status == "failed":
            print(line_of(result), file=sys.stderr, flush=True)

    def noted(self, text: str) -> None:
        pass

    def ended(self, summary: str, results: list[PhotoResult]) -> None:
        if not self._quiet:
            print(summary, flush=True)


class JsonLines:
    """One JSON object a line on standard output, for programs: begin, progress, note, result, end.

    "done" is the photo's share of 0..1, "seconds_left" an estimate for all photos together, null while nothing is known.
    """

    def __init__(self) -> None:
        self._total = 0
        self._begun = 0.0

    def begin(self, total: int) -> None:
        self._total, self._begun = total, time.monotonic()
        self._say(event="begin", photos=total)

    def progressed(self, index: int, source: Path, progress: Progress) -> None:
        left = seconds_left(time.monotonic() - self._begun, (index + progress.done) / self._total)
        self._say(
            event="progress",
            index=index,
            source=str(source),
            stage=progress.stage,
            done=round(progress.done, 4),
            seconds_left=None if left is None else round(left, 1),
            note=progress.note,
        )

    def finished(self, index: int, result: PhotoResult) -> None:
        self._say(event="result", index=index, **result.as_dict())

    def noted(self, text: str) -> None:
        self._say(event="note", text=text)

    def ended(self, summary: str, results: list[PhotoResult]) -> None:
        self._say(event="end", summary=summary, **counted(results))

    @staticmethod
    def _say(**fields: object) -> None:
        print(json.dumps(fields), flush=True)


class Bar:
    """A bar over all photos with the time that is left, the present photo's stage, and a line a failure."""

    def __init__(self) -> None:
        self._bars: Bars | None = None
        self._total = 0
        self._done = 0.0
        self._begun = 0.0

    def begin(self, total: int) -> None:
        from rich.progress import BarColumn, TextColumn, TimeElapsedColumn
        from rich.progress import Progress as RichProgress

        left = TextColumn("{task.fields[left]}")
        self._bars = RichProgress(
            TextColumn("{task.fields[count]}"),
            BarColumn(),
            TimeElapsedColumn(),
            left,
            TextColumn("{task.fields[what]}", markup=False),
        )
        self._total, self._begun = total, time.monotonic()
        self._bars.add_task("", total=1.0, count=f"0/{total}", left="", what="")
        self._bars.start()

    def progressed(self, index: int, source: Path, progress: Progress) -> None:
        if progress.note:
            self.noted(progress.note)
        self._show(index + progress.done, f"{source.name}: {progress.stage}", index)

    def finished(self, index: int, result: PhotoResult) -> None:
        self._show(index + 1, "", index + 1)
        if result.status != "done" or result.notes:
            self.noted(line_of(result))

    def noted(self, text: str) -> None:
        if self._bars is not None:
            self._bars.console.print(text, markup=False, highlight=False)

    def ended(self, summary: str, results: list[PhotoResult]) -> None:
        if self._bars is not None:
            self._bars.stop()
        print(summary, flush=True)

    def _show(self, done: float, what: str, count: int) -> None:
        if self._bars is None:
            return
        self._done = max(self._done, done / self._total)
        left = seconds_left(time.monotonic() - self._begun, self._done)
        text = "" if left is None else f"{words_for(left)} left"
        self._bars.update(
            self._bars.task_ids[0], completed=self._done, what=what, count=f"{count}/{self._total}", left=text
        )


def seconds_left(elapsed_s: float, done: float) -> float | None:
    """An estimate once a fiftieth is done and a second has passed; None before."""
    return elapsed_s * (1 - done) / done if done >= 0.02 and elapsed_s >= 1 else None


def words_for(seconds: float) -> str:
    """45 s, 3 min, 2 h 10 min."""
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 60 else f"{minutes // 60} h {minutes % 60} min"


def counted(results: list[PhotoResult]) -> dict[str, int]:
    """How many photos ended how."""
    return {status: sum(r.status == status for r in results) for status in ("done", "failed", "skipped", "cancelled")}
