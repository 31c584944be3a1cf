"""What `autochrome-train evaluate` asks of a colouriser beyond its figures: hints, certainty, faces, the app's own way."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from training.commands.outcome import LOOKS, WORKING_SIZE, Outcome, bar, features_of

if TYPE_CHECKING:
    from engine.generator import Generator
    from training.judging.colouring import Colouring, Colouriser
    from training.judging.reports import Report


def add(evaluate: argparse.ArgumentParser) -> None:
    """The words for colourisers alone."""
    colour = evaluate.add_argument_group("colourisers")
    colour.add_argument("--hints", type=int, default=0, help="true colours given, each on 8 x 8 pixels")
    colour.add_argument(
        "--luma", choices=("lab", "ortho"), default="lab",
        help="what is shown: the photo's L*, or the grey of orthochromatic film, blind to red",
    )  # fmt: skip
    colour.add_argument(
        "--through-app", action="store_true",
        help="the way of a photo in the app, carried to full size along its luma; with --table beside the raw answer",
    )  # fmt: skip
    colour.add_argument("--reach", action="store_true", help="also: how far one hint carries within its object")
    colour.add_argument(
        "--flood", action="store_true", help="also: what the same --hints give when they are only spread by likeness"
    )
    colour.add_argument(
        "--certainty", action="store_true", help="also: whether its map tells where its colour is wrong"
    )
    colour.add_argument(
        "--faces",
        type=Path,
        metavar="BOXES.json",
        help="also: the error on faces, dark to light; see benchmarks/face_boxes.py",
    )
    colour.add_argument(
        "--saturations",
        type=float,
        nargs="+",
        metavar="S",
        default=(),
        help="also: the figures with chroma times each S",
    )


def refused(options: argparse.Namespace) -> str:
    """What to call the first word for colourisers alone that was given; "" where none was."""
    if options.hints or options.reach:
        return "hints are"
    given = {
        "--luma": options.luma != "lab",
        "--through-app": options.through_app,
        "--flood": options.flood,
        "--certainty": options.certainty,
        "--faces": options.faces is not None,
        "--saturations": bool(options.saturations),
    }
    return next((f"{word} is" for word, there in given.items() if there), "")


def judged(options: argparse.Namespace, generator: Generator | None, files: Sequence[Path]) -> Outcome:
    """Judge a colouriser, or grey where there is no generator. Raises ConfigError where the words do not fit together."""
    from training import evaluate, hint_reach
    from training.judging.certainty import judge as judge_certainty
    from training.judging.colouring import enlarged
    from training.judging.faces import Faces, read_boxes
    from training.judging.flood import BEST, flooded
    from training.judging.saturations import Saturations

    _check(options, generator)
    features = features_of(options)
    colourise = evaluate.grey if generator is None else _colouriser(generator)
    size, colouring = _way(options, generator, colourise)

    def judge(colouring: Colouring, sheet: int = 0, watchers: Sequence[evaluate.Watcher] = ()) -> Report:
        return evaluate.judge(
            colouring, files, hints=options.hints, luma=options.luma, features=features, sheet=sheet,
            progress=bar(len(files)), watchers=watchers,
        )  # fmt: skip

    told: dict[str, float] = {}
    if options.certainty and generator is not None:  # first: a generator without a map is refused at once
        told = judge_certainty(generator.run, files, size=size, luma=options.luma, progress=bar(len(files)))
    faces = Faces(read_boxes(options.faces) if options.faces else {})
    saturations = Saturations(options.saturations)
    asked = [watch for watch, wanted in ((faces, options.faces), (saturations, options.saturations)) if wanted]
    mine = judge(colouring, LOOKS if options.sheet else 0, asked)
    mine.figures |= told
    if options.faces:
        mine.figures |= faces.figures()
    if options.reach:
        mine.figures |= hint_reach.judge(colourise, files, size)
    to_beat: dict[str, Report] = {}
    if options.table and generator is not None:
        to_beat["all grey"] = judge(enlarged(evaluate.grey, size))
    if options.flood:
        to_beat["flood of the hints"] = flood = judge(enlarged(flooded(colourise, BEST), size))
        mine.figures |= {f"flood_{name}": flood.figures[name] for name in ("psnr", "delta_e")}
    if options.through_app and options.table:
        to_beat["enlarged alone"] = judge(enlarged(colourise, size))
    about = {"size": size, "hints": options.hints}
    about |= {"ortho": 1} if options.luma == "ortho" else {}
    about |= {"through_app": 1} if options.through_app else {}
    return Outcome(
        about, mine, to_beat if options.table else {}, note=_left_out(options, mine, len(files)),
        way=", through the app" if options.through_app else "", curve=saturations.curve(),
    )  # fmt: skip


def _left_out(options: argparse.Namespace, mine: Report, photos: int) -> str:
    """How many photos --reach could not use, as a sentence; "" for none."""
    without = photos - round(mine.figures.get("reach_photos", photos))
    if not (options.reach and without):
        return ""
    return f"--reach: {without} of {photos} photos have no place where a hint is needed, and were left out"


def _check(options: argparse.Namespace, generator: Generator | None) -> None:
    """Raises ConfigError where the words do not fit together."""
    from training.config import ConfigError

    if options.flood and not options.hints:
        raise ConfigError("--flood spreads hints: say how many with --hints")
    if generator is None and (options.through_app or options.certainty):
        raise ConfigError("`grey` neither goes through the app nor says how sure it is: name a generator")
    if generator is not None and not generator.card.takes_guide and (options.hints or options.reach):
        raise ConfigError(f"“{generator.card.title}” takes no hints: judge it without --hints and --reach")
    if min(options.saturations, default=0) < 0:
        raise ConfigError("a saturation below 0 would turn every colour into its opposite")


def _way(options: argparse.Namespace, generator: Generator | None, colourise: Colouriser) -> tuple[int, Colouring]:
    """The working size, and the way from a grey photo to its colour."""
    from training.judging.colouring import enlarged

    if options.through_app and generator is not None:
        from engine.working_shape import own_working_size
        from training.judging.through_app import through_app

        return options.size or own_working_size(generator.card), through_app(generator, options.size or 0)
    size = options.size or WORKING_SIZE
    return size, enlarged(colourise, size)


def _colouriser(generator: Generator) -> Colouriser:
    """Shown image and guide; a guide that says nothing is not given to a generator without one."""
    return lambda image, guide: generator.run(image, guide=guide).image
