"""Whether data ever starve a training: python benchmarks/training.py CONFIG.toml --train PHOTOS [--seconds 15] [--rounds 2]

Whole steps of the loop (batches made while the step before runs, averaging of weights) against the method's step alone on one
fixed batch, in turns within one run, so that whatever else the computer does disturbs both. Each stage of the configuration is
measured by itself. The goal is a ratio of 0.9 or more. Beside the ratio by the clock stands that by processor time, of all
threads together: what the ratio would be if nothing ran side by side, and hardly moved by what else the computer does.
"""

from __future__ import annotations

import argparse
import dataclasses
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch

sys.path[0] = str(Path(__file__).resolve().parent.parent)  # else this file's own name hides the package

from training import config, methods  # noqa: E402
from training.config import RunConfig, Source, Stage  # noqa: E402
from training.data import drawing  # noqa: E402
from training.loop import Run  # noqa: E402

GOAL = 0.9
WARM_UP = 3


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("config", type=Path)
    parser.add_argument("--train", nargs="+", required=True, metavar="PHOTOS")
    parser.add_argument("--grey", nargs="+", default=[], metavar="PHOTOS", help="the grey side of unpaired methods")
    parser.add_argument("--seconds", type=float, default=15, help="of each turn")
    parser.add_argument("--rounds", type=int, default=2, help="turns of both kinds a stage")
    parser.add_argument("--batch", type=int, help="instead of the config's")
    words = parser.parse_args()
    chosen = _config(words)
    feed = methods.load(chosen.method).feed(chosen)
    worst = float("inf")
    with tempfile.TemporaryDirectory() as folder:
        run = Run(chosen, feed, Path(folder))
        print(f"{feed}; {run.accelerator.device}, {torch.get_num_threads()} threads, batch {chosen.batch}", flush=True)
        for number, stage in enumerate(chosen.stages, 1):
            worst = min(worst, _measure(run, stage, f"stage {number} ({stage.crop_px} px)", words))
    print(f"worst ratio {worst:.2f}, goal {GOAL}: {'met' if worst >= GOAL else 'not met'}")
    return 0


def _config(words: argparse.Namespace) -> RunConfig:
    chosen = config.load(words.config)
    data = dataclasses.replace(
        chosen.data, train=tuple(map(Source, words.train)), grey=tuple(map(Source, words.grey)) or chosen.data.grey
    )
    return dataclasses.replace(chosen, data=data, batch=words.batch or chosen.batch)


def _measure(run: Run, stage: Stage, name: str, words: argparse.Namespace) -> float:
    """Prints what both kinds reach over all rounds; returns the ratio by the clock."""
    feed = drawing.ahead(run.feed.batch, 0, lambda step: stage.crop_px)
    fixed = next(feed).to(run.accelerator.device)
    share = max(0.0, stage.until - 0.05)

    def fed() -> None:
        batch: Any = next(feed).split(1)[0]
        run.method.step(batch.to(run.accelerator.device), stage, share)
        run.average.update(run.method.generators, run.step)
        run.step += 1

    def bare() -> None:
        run.method.step(fixed, stage, share)

    by_clock: dict[Callable[[], None], list[float]] = {fed: [], bare: []}
    by_processor: dict[Callable[[], None], list[float]] = {fed: [], bare: []}
    try:
        for kind in (fed, bare):
            for _ in range(WARM_UP):
                kind()
        for _ in range(words.rounds):
            for kind in (fed, bare):
                clock_s, processor_s = _seconds_a_step(kind, words.seconds)
                by_clock[kind].append(clock_s)
                by_processor[kind].append(processor_s)
    finally:
        feed.close()
    rounds = [alone / whole for alone, whole in zip(by_clock[bare], by_clock[fed], strict=True)]
    whole_s, alone_s = sum(by_clock[fed]) / words.rounds, sum(by_clock[bare]) / words.rounds
    print(
        f"{name}: {run.config.batch / whole_s:.1f} photos/s with data, {run.config.batch / alone_s:.1f} without, "
        f"ratio {alone_s / whole_s:.2f} (rounds {min(rounds):.2f} to {max(rounds):.2f}); "
        f"by processor time {sum(by_processor[bare]) / sum(by_processor[fed]):.2f}; "
        f"a batch alone takes {_batch_ms(run, stage):.0f} ms, a step {1000 * alone_s:.0f} ms",
        flush=True,
    )
    return alone_s / whole_s


def _seconds_a_step(step: Callable[[], None], seconds: float) -> tuple[float, float]:
    """By the clock and by processor time, over about so many seconds."""
    clock, processor, count = time.perf_counter(), time.process_time(), 0
    while time.perf_counter() - clock < seconds:
        step()
        count += 1
    return (time.perf_counter() - clock) / count, (time.process_time() - processor) / count


def _batch_ms(run: Run, stage: Stage) -> float:
    """The median time of making a batch while nothing else is done here."""
    times = []
    for step in range(7):
        began = time.perf_counter()
        run.feed.batch(step, stage.crop_px)
        times.append(1000 * (time.perf_counter() - began))
    return statistics.median(times)


if __name__ == "__main__":
    sys.exit(main())
