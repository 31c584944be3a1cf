"""`autochrome-train evaluate`: figures of a generator on good photos, against what it must beat."""

from __future__ import annotations

import argparse
import dataclasses
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from training.commands import evaluate_colour, evaluate_faces, evaluate_restoring
from training.commands.outcome import LOOKS, WORKING_SIZE, Outcome, bar, load_generator

if TYPE_CHECKING:
    from engine.generator import Generator
    from engine.recipe import Recipe

TASKS = (
    "colorize", "restore", "repair", "find", "fill", "look-through", "tone", "denoise", "clean", "upscale", "upscale-worn",
)  # fmt: skip


def add(commands: Any) -> None:
    """The words of this command."""
    evaluate = commands.add_parser("evaluate", help="figures of a generator on good photos, against what it must beat")
    evaluate.set_defaults(command=run)
    evaluate.add_argument(
        "generator", help="a card (.json), a generator (.onnx) beside its card, a recipe (its name or file), or `grey`"
    )
    evaluate.add_argument("photos", type=Path)
    evaluate.add_argument(
        "--task", choices=TASKS,
        help="restore: an old print made new; repair: its damage alone; find: where it is; fill: what is told to be damaged;"
        " denoise: white noise; clean: blur, grain and JPEG of a faded print; upscale: a small photo; upscale-worn: a small such"
        " print; left out: what the card's kind is for, restore for a recipe",
    )  # fmt: skip
    evaluate.add_argument(
        "--cycle", type=Path, metavar="FADE", help="judge there and back: FADE takes colour away, GENERATOR gives it"
    )
    evaluate.add_argument(
        "--size",
        type=int,
        help="short side at which the generator works (256; other tasks: the photo's own, at most this)",
    )
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
    evaluate_restoring.add(evaluate)
    evaluate_faces.add(evaluate)
    evaluate_colour.add(evaluate)


def run(options: argparse.Namespace) -> int:
    if options.boxes is not None:
        return evaluate_faces.run(options)
    from training import report
    from training.history import FIGURES
    from training.judging.pictures import photos_in

    files = photos_in(options.photos, options.limit)
    asked = None if options.generator == "grey" else _asked(options.generator)
    task = _task(options, asked)
    outcome = _judged(options, task, asked, files)
    figures = _rounded({"photos": len(files), **outcome.about, **outcome.mine.figures})
    to_beat = {name: _rounded(judged.figures) for name, judged in outcome.to_beat.items()}
    curve = [_rounded(point) for point in outcome.curve]
    also = {outcome.curve_name: curve} if curve else {}
    if options.table:
        print(f"{task}: {len(files)} photos of {options.photos}; in brackets 95 % bootstrap intervals")
        print(
            report.figures_table(
                {**to_beat, Path(options.generator).stem + outcome.way: figures},
                (*FIGURES, "frechet_raw", *evaluate_restoring.FIGURES),
            )
        )
        print(outcome.note, end="\n" if outcome.note else "")
        if curve:
            print(f"\n{report.curve_table(curve)}")
    else:
        print(json.dumps(figures | also, indent=1))
    if options.json:
        written = {"figures": figures, "photos": [dataclasses.asdict(photo) for photo in outcome.mine.photos]}
        written |= also | ({"to_beat": to_beat} if to_beat else {})
        options.json.write_text(json.dumps(written, indent=1))
    if options.sheet:
        report.sheet(outcome.mine.looks, options.sheet)
    return 0


def _asked(word: str) -> Generator | Recipe:
    """The generator or the recipe that a word names: a name without a suffix is a bundled recipe's.

    Raises:
        ConfigError, EngineError: it is neither, or it is damaged.
    """
    from engine import recipe

    path = Path(word)
    if not path.suffix and path.name == word:
        return recipe.load(word)
    if path.suffix == ".json" and path.is_file() and b'"autochrome_recipe"' in path.read_bytes():
        return recipe.load(path)
    return load_generator(path)


def _task(options: argparse.Namespace, asked: Generator | Recipe | None) -> str:
    """The word of the task. Raises ConfigError where the words do not fit together."""
    from engine.recipe import Recipe
    from training.config import ConfigError
    from training.judging.degrading import task_of

    if options.cycle is not None:
        task = "cycle"
    elif asked is None:
        task = options.task or "colorize"
    elif isinstance(asked, Recipe):
        task = options.task or "restore"
    else:
        task = options.task or task_of(asked.card.kind)
    if asked is None and task != "colorize":
        raise ConfigError(f"`grey` is an answer to colorize, not to {task}")
    if isinstance(asked, Recipe) and task in ("colorize", "cycle"):
        raise ConfigError(f"{task} is judged of a generator, not of a recipe")
    if (word := evaluate_colour.refused(options)) and task != "colorize":
        raise ConfigError(f"{word} for colorize, not for {task}")
    if (word := evaluate_restoring.refused(options)) and task in ("colorize", "cycle"):
        raise ConfigError(f"{word} for restoring, not for {task}")
    if options.cycle is not None and (options.task or options.features):
        raise ConfigError("--cycle is judged by itself, without --task and --features")
    if options.lpips is not None and options.features is None:
        raise ConfigError("--lpips weighs the maps of a network: name AlexNet or VGG16 with --features")
    return task


def _judged(options: argparse.Namespace, task: str, asked: Generator | Recipe | None, files: Sequence[Path]) -> Outcome:
    from engine.generator import Generator

    if asked is None or (task == "colorize" and isinstance(asked, Generator)):
        return evaluate_colour.judged(options, asked, files)
    if task == "cycle" and isinstance(asked, Generator):
        return _cycle(options, asked, files)
    if task == "find":
        return evaluate_restoring.found(options, asked, files)
    return evaluate_restoring.judged(options, task, asked, files)


def _cycle(options: argparse.Namespace, generator: Generator, files: Sequence[Path]) -> Outcome:
    from training.judging import cycle
    from training.judging.reports import Report

    fade, colourise, size = load_generator(options.cycle), generator, options.size or WORKING_SIZE
    mine = cycle.judge(
        lambda picture: fade.run(picture).image, lambda picture: colourise.run(picture).image, files, size=size,
        sheet=LOOKS if options.sheet else 0, progress=bar(len(files)),
    )  # fmt: skip
    own = {name.replace("_to_beat", ""): value for name, value in mine.figures.items() if "_to_beat" in name}
    return Outcome({"size": size}, mine, {"its own grey": Report(own)} if options.table else {})


def _rounded(figures: Mapping[str, float]) -> dict[str, float]:
    return {name: round(value, 4) for name, value in figures.items()}
