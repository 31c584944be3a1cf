"""`autochrome-train evaluate`: figures of a generator on colour photos."""

from __future__ import annotations

import argparse
import dataclasses
import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from training.evaluate import Colouriser, Features


def add(commands: Any) -> None:
    """The words of this command."""
    evaluate = commands.add_parser("evaluate", help="figures of a generator on colour photos")
    evaluate.set_defaults(command=run)
    evaluate.add_argument("generator", help="a card (.json) or a generator (.onnx) beside its card, or `grey`")
    evaluate.add_argument("photos", type=Path)
    evaluate.add_argument("--size", type=int, default=256, help="short side at which the generator works")
    evaluate.add_argument("--hints", type=int, default=0, help="true colours given, each on 8 x 8 pixels")
    evaluate.add_argument("--reach", action="store_true", help="also: how far one hint carries within its object")
    evaluate.add_argument("--limit", type=int, default=0, help="only so many photos, evenly spread")
    evaluate.add_argument(
        "--features", type=Path, metavar="FILE.onnx", help="picture -> features, for the kernel distance"
    )
    evaluate.add_argument("--json", type=Path, metavar="FILE", help="figures and every photo's own")
    evaluate.add_argument("--sheet", type=Path, metavar="FILE.png", help="grey, result, original of up to 24 photos")


def run(options: argparse.Namespace) -> int:
    from training import evaluate, hint_reach, report

    files = evaluate.photos_in(options.photos, options.limit)
    if not files:
        print(f"autochrome-train: no photos in {options.photos}", file=sys.stderr)
        return 2
    colourise = _colouriser(options.generator)
    features = _features(options.features) if options.features else None
    judged = evaluate.judge(
        colourise, files, size=options.size, hints=options.hints, features=features,
        sheet=24 if options.sheet else 0, progress=_bar(len(files)),
    )  # fmt: skip
    figures = {"photos": len(files), "size": options.size, "hints": options.hints, **judged.figures}
    if options.reach:
        figures |= hint_reach.judge(colourise, files, options.size)
    rounded = {name: round(value, 4) for name, value in figures.items()}
    print(json.dumps(rounded, indent=1))
    if options.json:
        rows = [dataclasses.asdict(photo) for photo in judged.photos]
        options.json.write_text(json.dumps({"figures": rounded, "photos": rows}, indent=1))
    if options.sheet:
        report.sheet(judged.looks, options.sheet)
    return 0


def _bar(total: int) -> Callable[[Iterator[Path]], Iterator[Path]]:
    from tqdm import tqdm

    return lambda files: tqdm(files, total=total, unit="photo")


def _colouriser(word: str) -> Colouriser:
    """The colouriser that a command line names: through the engine, as the app runs it."""
    from training import evaluate

    if word == "grey":
        return evaluate.grey
    from engine.card import Card
    from engine.generator import Generator
    from engine.session import Device

    generator = Generator.load(Card.read(Path(word).with_suffix(".json")), Device("cpu"))
    return lambda image, guide: generator.run(image, guide=guide).image


def _features(file: Path) -> Features:
    """A feature network of one input `(1, 3, 224, 224)` and one output, run on the CPU."""
    from engine.progress import CancelToken
    from engine.session import Device

    session = Device("cpu").open(file.read_bytes(), file.name)
    name, never = session.inputs[0].name, CancelToken()
    return lambda picture: next(
        iter(session.run({name: picture.transpose(2, 0, 1)[None].copy()}, never).values())
    ).ravel()
