"""`autochrome-train train`: train generators; ends with a checkpoint, and with their export when the run is over."""

from __future__ import annotations

import argparse
import dataclasses
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from training.config import RunConfig
    from training.loop import Run


def add(commands: Any) -> None:
    """The words of this command."""
    train = commands.add_parser("train", help="train generators; ends with a checkpoint and their export")
    train.set_defaults(command=run)
    train.add_argument("config", type=Path)
    train.add_argument("--train", nargs="+", default=[], metavar="PHOTOS", help="instead of data.train of the config")
    train.add_argument("--grey", nargs="+", default=[], metavar="PHOTOS", help="instead of data.grey of the config")
    train.add_argument(
        "--features", nargs="+", default=[], metavar="FOLDER", help="instead of data.features of the config"
    )
    train.add_argument("--validation", default="", metavar="PHOTOS", help="instead of data.validation of the config")
    train.add_argument("--name", help="of the run, instead of the config's")
    train.add_argument(
        "--minutes", type=_minutes, help="make the schedule this long instead of `steps` (all leases together)"
    )
    train.add_argument(
        "--stop-after", type=_minutes, metavar="MINUTES", help="end this lease now and leave the rest for --resume"
    )
    train.add_argument("--runs", type=Path, default=Path("runs"), help="folder of run folders")
    train.add_argument("--resume", action="store_true", help="go on from the run's last checkpoint")
    train.add_argument(
        "--from",
        dest="start",
        default="",
        metavar="WEIGHTS",
        help="a generator (.onnx) or a checkpoint (.pt) to begin with",
    )
    train.add_argument("--quiet", action="store_true")


def _minutes(word: str) -> float:
    """More than nothing. Raises ValueError, which argparse tells."""
    if not (minutes := float(word)) > 0:
        raise ValueError(word)
    return minutes


def run(options: argparse.Namespace) -> int:
    from training import methods, start
    from training.config import ConfigError
    from training.data import stored_batches
    from training.judging import running
    from training.loop import Run
    from training.processes import end_together

    chosen = _config(options)
    if not options.resume and (options.runs / chosen.name / "last.pt").exists():
        raise ConfigError(
            f"there is a run in {options.runs / chosen.name} already: go on with --resume, or choose another --name"
        )
    judge = running.judge_of(chosen) if chosen.data.validation else None
    feed = methods.load(chosen.method).feed(chosen)
    training = Run(chosen, feed, options.runs / chosen.name, options.minutes)
    main = training.accelerator.is_main_process
    if main:
        print(feed)
        if chosen.data.validation and judge is None:
            print(f"nothing judges {chosen.method} while it learns: {chosen.data.validation} is not used")
    if options.resume:
        training.resume(training.folder / "last.pt")
        if training.changed and main:
            print(f"going on with other values of {', '.join(training.changed)}")
    elif chosen.init:
        start.begin(training, Path(chosen.init))
        if main and (sentence := start.begins_afresh(chosen)):
            print(sentence)
    if not options.resume:
        start.check_encoders(chosen, training.method.generators)
    if isinstance(feed, stored_batches.StoredBatches):
        feed.check(training.method.generators["colorize"])
    end = time.monotonic() + 60 * options.stop_after if options.stop_after else float("inf")
    with _Asked() as asked:
        training.train(judge, stop=lambda: asked() or time.monotonic() > end, quiet=options.quiet)
    if main:
        print(f"{training.folder / 'last.pt'}: step {training.step}, {training.elapsed_s / 60:.0f} minutes in all")
        if training.share == 1.0:
            _export(training)
    end_together(training.accelerator)
    return 0


def _config(options: argparse.Namespace) -> RunConfig:
    from training import config

    chosen = config.load(options.config)
    data = dataclasses.replace(
        chosen.data,
        train=tuple(config.Source(path) for path in options.train) or chosen.data.train,
        grey=tuple(config.Source(path) for path in options.grey) or chosen.data.grey,
        features=tuple(config.Source(path) for path in options.features) or chosen.data.features,
        validation=options.validation or chosen.data.validation,
    )
    return dataclasses.replace(chosen, data=data, name=options.name or chosen.name, init=options.start or chosen.init)


class _Asked:
    """Whether somebody has asked the run to end (Ctrl-C, or a terminate signal): it ends after the step, with a checkpoint.

    A second Ctrl-C ends it at once.
    """

    def __enter__(self) -> Callable[[], bool]:
        self._asked, self._before = False, {}
        for number in (signal.SIGINT, signal.SIGTERM):
            self._before[number] = signal.signal(number, self._ask)
        return lambda: self._asked

    def _ask(self, number: int, frame: Any) -> None:
        self._asked = True
        signal.signal(signal.SIGINT, self._before[signal.SIGINT])

    def __exit__(self, *_: object) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)


def _export(training: Run) -> None:
    """What the run was for, into its folder; figures on validation photos come with `autochrome-train export`."""
    from training.commands.export import export_all, written

    for card in export_all(training.config, training.average.networks, training.elapsed_s, training.folder / "export"):
        print(written(card))
