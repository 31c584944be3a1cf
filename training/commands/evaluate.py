"""`autochrome-train evaluate`: figures of a generator on good photos, against what it must beat."""

from __future__ import annotations

import argparse
import dataclasses
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from training.commands import evaluate_colour
from training.commands.outcome import LOOKS, WORKING_SIZE, Outcome, bar, features_of

if TYPE_CHECKING:
    from engine.generator import Generator


def add(commands: Any) -> None:
    """The words of this command."""
    evaluate = commands.add_parser("evaluate", help="figures of a generator on good photos, against what it must beat")
    evaluate.set_defaults(command=run)
    evaluate.add_argument("generator", help="a card (.json) or a generator (.onnx) beside its card, or `grey`")
    evaluate.add_argument("photos", type=Path)
    evaluate.add_argument(
        "--task",
        choices=("colorize", "restore", "repair", "denoise", "upscale"),
        help="restore: an old print made new; repair: its damage alone; left out: what the card's kind is for",
    )
    evaluate.add_argument(
        "--cycle", type=Path, metavar="FADE", help="judge there and back: FADE takes colour away, GENERATOR gives it"
    )
    evaluate.add_argument(
        "--size",
        type=int,
        help="short side at which the generator works (256; other tasks: the photo's own, at most this)",
    )
    evaluate.add_argument("--strength", type=float, default=1.0, help="of the ageing or the noise: 1 full, 0.5 half")
    evaluate.add_argument("--limit", type=int, default=0, help="only so many photos, evenly spread")
    evaluate.add_argument(
        "--features", type=Path, metavar="FILE",
        help="a feature network, for kernel, Fréchet and perceptual distance: an ONNX file picture -> features, SqueezeNet 1.1"
        " (.safetensors), or the published weights of AlexNet, VGG16 or FID's Inception (.pth); TorchScript is refused",
    )  # fmt: skip
    evaluate.add_argument("--lpips", type=Path, metavar="FILE", help="LPIPS's weights for that AlexNet or VGG16 (.pth)")
    evaluate.add_argument(
        "--table", action="store_true", help="print a table, with what must be beaten, instead of JSON"
    )
    evaluate.add_argument("--json", type=Path, metavar="FILE", help="figures and every photo's own")
    evaluate.add_argument("--sheet", type=Path, metavar="FILE.png", help="shown, result, original of up to 24 photos")
    evaluate_colour.add(evaluate)


def run(options: argparse.Namespace) -> int:
    from training import report
    from training.history import FIGURES
    from training.judging.pictures import photos_in

    files = photos_in(options.photos, options.limit)
    generator = None if options.generator == "grey" else _load(Path(options.generator))
    task = _task(options, generator)
    outcome = _judged(options, task, generator, files)
    figures = _rounded({"photos": len(files), **outcome.about, **outcome.mine.figures})
    to_beat = {name: _rounded(judged.figures) for name, judged in outcome.to_beat.items()}
    curve = [_rounded(point) for point in outcome.curve]
    also = {"saturations": curve} if curve else {}
    if options.table:
        print(f"{task}: {len(files)} photos of {options.photos}; in brackets 95 % bootstrap intervals")
        print(
            report.figures_table(
                {**to_beat, Path(options.generator).stem + outcome.way: figures},
                (*FIGURES, "frechet_raw", *evaluate_colour.FIGURES),
            )
        )
        print(outcome.note, end="\n" if outcome.note else "")
        if curve:
            print(f"\n{evaluate_colour.curve_table(curve)}")
    else:
        print(json.dumps(figures | also, indent=1))
    if options.json:
        written = {"figures": figures, "photos": [dataclasses.asdict(photo) for photo in outcome.mine.photos]}
        written |= also | ({"to_beat": to_beat} if to_beat else {})
        options.json.write_text(json.dumps(written, indent=1))
    if options.sheet:
        report.sheet(outcome.mine.looks, options.sheet)
    return 0


def _task(options: argparse.Namespace, generator: Generator | None) -> str:
    """The word of the task. Raises ConfigError where the words do not fit together."""
    from training.config import ConfigError
    from training.judging.degrading import task_of

    if options.cycle is not None:
        task = "cycle"
    elif generator is None:
        task = options.task or "colorize"
    else:
        task = options.task or task_of(generator.card.kind)
    if generator is not None and task == "upscale" and generator.card.scale == 1:
        raise ConfigError(
            f"{options.generator}: it answers with as many pixels as it gets, so it cannot be judged on upscale"
        )
    if generator is None and task != "colorize":
        raise ConfigError(f"`grey` is an answer to colorize, not to {task}")
    if (word := evaluate_colour.refused(options)) and task != "colorize":
        raise ConfigError(f"{word} for colorize, not for {task}")
    if options.cycle is not None and (options.task or options.features):
        raise ConfigError("--cycle is judged by itself, without --task and --features")
    if options.lpips is not None and options.features is None:
        raise ConfigError("--lpips weighs the maps of a network: name AlexNet or VGG16 with --features")
    return task


def _judged(options: argparse.Namespace, task: str, generator: Generator | None, files: Sequence[Path]) -> Outcome:
    if task == "colorize":
        return evaluate_colour.judged(options, generator, files)
    assert generator is not None
    return (_cycle if task == "cycle" else _restoring)(options, task, generator, files)


def _restoring(options: argparse.Namespace, task: str, generator: Generator, files: Sequence[Path]) -> Outcome:
    from training.judging import restoring

    answers, note = restoring.to_beat(task) if options.table else ({}, "")
    mine, scale = Path(options.generator).stem, generator.card.scale
    judged = restoring.judge(
        {**answers, mine: lambda worse: generator.run_tiled(worse.picture).image}, task, files, size=options.size or 0,
        strength=options.strength, scale=scale, features=features_of(options), sheet=LOOKS if options.sheet else 0,
        progress=bar(len(files)),
    )  # fmt: skip
    about = {"size": options.size or 0, "strength": options.strength, "scale": scale}
    return Outcome(about, judged.pop(mine), judged, note)


def _cycle(options: argparse.Namespace, task: str, generator: Generator, files: Sequence[Path]) -> Outcome:
    from training.judging import cycle
    from training.judging.reports import Report

    fade, colourise, size = _load(options.cycle), generator, options.size or WORKING_SIZE
    mine = cycle.judge(
        lambda picture: fade.run(picture).image, lambda picture: colourise.run(picture).image, files, size=size,
        sheet=LOOKS if options.sheet else 0, progress=bar(len(files)),
    )  # fmt: skip
    own = {name.replace("_to_beat", ""): value for name, value in mine.figures.items() if "_to_beat" in name}
    return Outcome({"size": size}, mine, {"its own grey": Report(own)} if options.table else {})


def _load(path: Path) -> Generator:
    """The generator that a path names: through the engine, as the app runs it."""
    from engine.card import Card
    from engine.generator import Generator
    from engine.session import Device
    from training.install import cards_of

    return Generator.load(Card.read(cards_of(path)[0]), Device("cpu"))


def _rounded(figures: Mapping[str, float]) -> dict[str, float]:
    return {name: round(value, 4) for name, value in figures.items()}
