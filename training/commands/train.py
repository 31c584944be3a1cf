"""`autochrome-train train`: train a generator; ends with a checkpoint."""

from __future__ import annotations

import argparse
import dataclasses
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from training.config import RunConfig


def add(commands: Any) -> None:
    """The words of this command."""
    train = commands.add_parser("train", help="train a generator; ends with a checkpoint")
    train.set_defaults(command=run)
    train.add_argument("config", type=Path)
    train.add_argument("--train", nargs="+", default=[], metavar="PHOTOS", help="instead of data.train of the config")
    train.add_argument("--validation", default="", metavar="PHOTOS", help="instead of data.validation of the config")
    train.add_argument(
        "--minutes", type=float, help="make the schedule this long instead of `steps` (all leases together)"
    )
    train.add_argument(
        "--stop-after", type=float, metavar="MINUTES", help="end this lease now and leave the rest for --resume"
    )
    train.add_argument("--runs", type=Path, default=Path("runs"), help="folder of run folders")
    train.add_argument("--resume", action="store_true", help="go on from the run's last checkpoint")
    train.add_argument(
        "--from", dest="start", type=Path, metavar="WEIGHTS", help="begin with the weights of a checkpoint"
    )
    train.add_argument("--quiet", action="store_true")


def run(options: argparse.Namespace) -> int:
    import time

    from training import config
    from training.checkpoint import load as load_checkpoint
    from training.data import photos
    from training.loop import Run

    chosen = config.load(options.config)
    sources = tuple(config.Source(path) for path in options.train) or chosen.data.train
    validation = options.validation or chosen.data.validation
    chosen = dataclasses.replace(chosen, data=dataclasses.replace(chosen.data, train=sources, validation=validation))
    pictures = photos.load(sources, chosen.data.short_side_px)
    print(f"{len(pictures)} photos, {pictures.megabytes:.0f} MB in memory")
    run = Run(chosen, pictures, options.runs / chosen.name, options.minutes)
    if options.resume:
        run.resume(run.folder / "last.pt")
        if run.changed:
            print(f"going on with other values of {', '.join(run.changed)}")
    elif options.start is not None:
        run.start_from(load_checkpoint(options.start)["average"])
    end = time.monotonic() + 60 * options.stop_after if options.stop_after else float("inf")
    run.train(_validator(chosen, validation), stop=lambda: time.monotonic() > end, quiet=options.quiet)
    print(f"{run.folder / 'last.pt'}: step {run.step}, {run.elapsed_s / 60:.0f} minutes in all")
    return 0


def _validator(chosen: RunConfig, validation: str) -> Callable | None:
    """Judges on a few validation photos while a run goes; None where there are none."""
    if not validation:
        return None
    from training import evaluate

    files = evaluate.photos_in(Path(validation), chosen.evaluate_photos)
    return lambda network: evaluate.judge(evaluate.of_network(network), files).figures
