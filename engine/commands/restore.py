"""`autochrome-cli restore`: what was asked for becomes jobs, they are done, and the report says what became of each."""

from __future__ import annotations

import argparse
import glob
import json
import os
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from engine.atomic import write_atomically
from engine.commands.display import Display, counted, display_for, words_for
from engine.commands.masks import Masks
from engine.commands.run import Ending, leave_at_once, run
from engine.commands.wishes import Wishes
from engine.errors import OriginalInDanger, OutputUnwritable, SettingInvalid, shortened
from engine.job import PhotoResult
from engine.loader import Loader
from engine.originals import Originals, place_key
from engine.pipeline import Pipeline
from engine.plan import JobSpec, plan
from engine.registration import opencv
from engine.steps import STEPS


def restore(options: argparse.Namespace) -> int:
    """Run the command and return its exit code. Raises EngineError for arguments that cannot be used."""
    begun = time.monotonic()
    masks = Masks(options.mask, not options.no_sidecar)
    wishes = Wishes(options.recipe, options.settings, not options.no_sidecar, masks)
    left_out: list[JobSpec] = []
    jobs = plan(
        _expanded(options.inputs),
        options.output,
        options.recursive,
        options.name,
        options.format,
        options.on_conflict,
        recipe_of=lambda source: wishes.of(source).recipe.name,
        on_left_out=left_out.append,
    )
    jobs += left_out
    _check_report(options.report, jobs)
    second_scan = _checked_second_scan(options.second_scan, jobs)
    chosen = generators_chosen(options.models)
    if options.dry_run:
        return _say_plan(jobs, wishes, second_scan)
    display = display_for(options.progress, options.quiet)
    pipeline = Pipeline(_loader(options.device, chosen, jobs, wishes, display))
    ending = run(jobs, wishes, pipeline, options.quality, display, second_scan)
    seconds = time.monotonic() - begun
    display.ended(_summary(ending.results, seconds), ending.results)
    code = _exit_code(jobs, ending)
    if options.report is not None:
        entries = [result.as_dict() | _given(result.source, wishes, second_scan) for result in ending.results]
        code = _write_report(options.report, ending, entries, code, seconds)
    if ending.stuck:
        leave_at_once(code)
    return code


def _expanded(inputs: Sequence[Path]) -> list[Path]:
    """Patterns such as *.tif become what they match: shells of Windows hand them on as they are.

    A path that is there is never a pattern; a pattern that matches nothing stays, and is told to be missing.
    """
    paths: list[Path] = []
    for given in inputs:
        matches = [] if os.path.lexists(given) else sorted(glob.glob(str(given)))
        paths += map(Path, matches or [str(given)])
    return paths


def generators_chosen(models: list[str]) -> dict[str, str]:
    """Kind -> generator of every --model. Raises SettingInvalid for a step that takes none."""
    chosen = {}
    for given in models:
        word, equals, name = given.partition("=")
        kind = STEPS[word].kind if word in STEPS else None
        if not equals or not name or kind is None:
            with_one = ", ".join(step.name for step in STEPS.values() if step.kind)
            raise SettingInvalid(
                "model", f"“{shortened(given)}” is not STEP=NAME with a step that has a generator ({with_one})"
            )
        chosen[kind] = name
    return chosen


def _loader(device: str, chosen: dict[str, str], jobs: list[JobSpec], wishes: Wishes, display: Display) -> Loader:
    """Generators for the run; those that its words ask for are loaded now, so that a wrong one ends it before the first photo.

    What only a side-car asks for is loaded with its photo, which fails alone where there is none.

    Raises:
        GeneratorMissing, GeneratorBroken, DeviceUnavailable, OutOfMemory.
    """
    from engine.library import ModelLibrary
    from engine.session import Device

    runs_on = Device(device)
    loader = Loader(ModelLibrary(), runs_on, chosen)
    recipes = [wishes.of(job.source).recipe for job in jobs if job.problem is None and not job.skip]
    kinds = {kind for recipe in recipes for kind in recipe.kinds}
    for kind in sorted(kinds & set(wishes.recipe.kinds) | set(chosen)):
        loader(kind)
    if runs_on.fell_back:
        display.noted(runs_on.fell_back)
    return loader


def _checked_second_scan(second_scan: Path | None, jobs: list[JobSpec]) -> Path | None:
    """Raises SettingInvalid unless there is exactly one photo to do, and the second scan is another file."""
    if second_scan is None:
        return None
    if len(jobs) != 1:
        raise SettingInvalid("second-scan", f"it goes with one photo, and {len(jobs)} are given")
    if not os.path.isfile(second_scan):
        raise SettingInvalid("second-scan", f"there is no file “{second_scan}”")
    if place_key(second_scan) == place_key(jobs[0].source):
        raise SettingInvalid("second-scan", "it is the first scan itself")
    opencv()  # said now, not after the photo was read
    # Results never replace it either.
    originals = Originals.of([jobs[0].source, second_scan])
    jobs[0] = replace(jobs[0], originals=originals)
    return second_scan


def _given(source: Path, wishes: Wishes, second_scan: Path | None) -> dict[str, str | None]:
    """What a photo was restored with beside its recipe, for the report."""
    mask = wishes.of(source).mask
    return {
        "mask": None if mask is None else str(mask.path),
        "second_scan": None if second_scan is None else str(second_scan),
    }


def _say_plan(jobs: list[JobSpec], wishes: Wishes, second_scan: Path | None) -> int:
    for job in jobs:
        if job.problem is not None:
            print(f"{job.source}: {job.problem}")
        elif job.skip:
            print(f"{job.source}: left out: {job.left_out or f'{job.target} is there already'}")
        else:
            steps = ", ".join(entry.step for entry in wishes.of(job.source).recipe.enabled)
            given = _given(job.source, wishes, second_scan)
            with_them = "".join(f", with {what.replace('_', ' ')} {path}" for what, path in given.items() if path)
            print(f"{job.source} → {job.target}  ({steps}{with_them})")
    return 0 if any(job.problem is None for job in jobs) else 2


def _exit_code(jobs: list[JobSpec], ending: Ending) -> int:
    from engine.cli import DONE, INTERRUPTED, SOME_FAILED, UNUSABLE

    if ending.interrupted:
        return INTERRUPTED
    if all(job.problem is not None for job in jobs):
        return UNUSABLE
    counts = counted(ending.results)
    return SOME_FAILED if counts["failed"] + counts["cancelled"] else DONE


def _summary(results: list[PhotoResult], seconds: float) -> str:
    """ "3 restored, 1 failed, in 12 s"."""
    words = {"done": "restored", "failed": "failed", "skipped": "left out", "cancelled": "not done"}
    parts = [f"{count} {words[status]}" for status, count in counted(results).items() if count]
    return f"{', '.join(parts)}, in {words_for(seconds)}"


def _check_report(report: Path | None, jobs: list[JobSpec]) -> None:
    """Raises where the report would lie in a folder that is not there, or over an original."""
    if report is None:
        return
    if any(job.originals.holds(report) for job in jobs):
        raise OriginalInDanger(report)
    if report.is_dir():
        raise SettingInvalid("report", f"“{report}” is a folder")


def _write_report(path: Path, ending: Ending, entries: list[dict[str, Any]], code: int, seconds: float) -> int:
    """Write --report; returns the exit code, which is not 0 where the report could not be written."""
    content: dict[str, Any] = {
        "autochrome_report": 1,
        "exit_code": code,
        "seconds": round(seconds, 3),
        "counts": counted(ending.results),
        "photos": entries,
    }
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(path, (json.dumps(content, indent=2) + "\n").encode(), overwrite=True)
    except (OSError, OutputUnwritable) as error:
        sentence = error.sentence if isinstance(error, OutputUnwritable) else f"“{path}” could not be written."
        print(f"autochrome-cli: {sentence}", file=sys.stderr)
        return code or 1
    return code
