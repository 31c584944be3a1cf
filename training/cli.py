"""autochrome-train: the words of the training command line.

    autochrome-train train CONFIG.toml --train PHOTOS... [--validation PHOTOS] [--minutes N] [--resume | --from WEIGHTS]
    autochrome-train export RUN --into FOLDER --version N --trained-on "..." [--validation PHOTOS]
    autochrome-train evaluate GENERATOR PHOTOS [--size 256] [--hints N] [--reach] [--limit N] [--features FILE] [--sheet FILE]

PHOTOS is a folder of photos, a folder of tar shards, or one shard.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from training.config import RunConfig
    from training.evaluate import Colouriser, Features


def main(arguments: list[str] | None = None) -> int:
    """Run one command; 0 when it is done, 1 when it failed, 2 for unusable arguments."""
    options = _parser().parse_args(arguments)
    from engine.errors import EngineError
    from training.checkpoint import CheckpointError
    from training.config import ConfigError
    from training.parity import ParityError

    try:
        return options.command(options)
    except KeyboardInterrupt:
        print("Stopped; the last checkpoint is whole.", file=sys.stderr)
        return 130
    except ConfigError as error:
        print(f"autochrome-train: {error}", file=sys.stderr)
        return 2
    except (CheckpointError, ParityError, EngineError, FloatingPointError) as error:
        print(f"autochrome-train: {error}", file=sys.stderr)
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        "autochrome-train", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    train = commands.add_parser("train", help="train a generator; ends with a checkpoint")
    train.set_defaults(command=_train)
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

    export = commands.add_parser("export", help="write a run's averaged generator and its card")
    export.set_defaults(command=_export)
    export.add_argument("run", type=Path, help="a run's folder")
    export.add_argument("--checkpoint", default="last.pt")
    export.add_argument("--into", type=Path, required=True, metavar="FOLDER")
    export.add_argument("--name", help="instead of the config's")
    export.add_argument("--version", type=int, default=1)
    export.add_argument("--saturation", type=float, default=1.0, help="make guessed colours so much stronger")
    export.add_argument("--trained-on", nargs="*", default=[], metavar="SET")
    export.add_argument(
        "--validation", type=Path, metavar="PHOTOS", help="measure on these and write the figures into the card"
    )

    evaluate = commands.add_parser("evaluate", help="figures of a generator on colour photos")
    evaluate.set_defaults(command=_evaluate)
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
    return parser


def _train(options: argparse.Namespace) -> int:
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


def _export(options: argparse.Namespace) -> int:
    from training import checkpoint, config, evaluate, export
    from training.networks import GENERATORS

    state = checkpoint.load(options.run / options.checkpoint)
    chosen = config.from_table(state["config"])
    network = GENERATORS[chosen.generator.network](chosen.generator.widths, pretrained=False)
    network.load_state_dict(state["average"])
    if options.saturation != 1.0:
        network.saturate(options.saturation)  # type: ignore[operator]
    figures: dict[str, float] = {}
    if options.validation is not None:
        figures = export.figures_for_card(evaluate.of_network(network.eval()), options.validation)
    name = options.name or chosen.name
    card = export.draft_card(
        name, chosen.title or name, options.version, trained_on=tuple(options.trained_on), terms=chosen.terms,
        limits=chosen.limits, figures=figures, made_by=export.made_by(chosen.name, state["elapsed_s"]),
    )  # fmt: skip
    card = export.export(network, card, options.into)
    print(
        f"{card.folder / card.files['generator']}: {card.size['generator'] / 1e6:.1f} MB, {card.parameters} parameters"
    )
    return 0


def _evaluate(options: argparse.Namespace) -> int:
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


if __name__ == "__main__":
    sys.exit(main())
