"""The words of the command line `autochrome-cli`, and how errors become exit codes."""

from __future__ import annotations

import argparse
import contextlib
import os
import sys
from collections.abc import Sequence
from pathlib import Path

DONE, SOME_FAILED, UNUSABLE, INTERRUPTED = 0, 1, 2, 130

_EXIT_CODES = """exit codes:
  0    everything was done
  1    some photos failed; the others are done
  2    the arguments cannot be used, or there is no usable input
  130  stopped with Ctrl-C; what was finished stays, nothing is half written"""

_RESTORE = f"""examples:
  autochrome-cli restore grandma.jpg
  autochrome-cli restore album --recursive --output restored --report report.json
  autochrome-cli restore *.tif --recipe refresh --set tone.fading=0.8
  autochrome-cli restore old.png --set colorize.strength=0.7 --format jpeg --quality 95
  autochrome-cli restore torn.tif --recipe restore --mask torn-mask.png
  autochrome-cli restore front.tif --recipe restore --second-scan turned.tif

names:
  --name takes {{stem}} {{recipe}} {{date}} {{n}} {{folder}}; {{n:03}} counts 001, 002, …; the suffix is added.
  Results never replace an original, and two photos never share a result: a number is added.

side-cars:
  photo.jpg.autochrome.json beside a photo (or in your data folder) holds the hints and the recipe that somebody chose for
  it in the window. Its hints are followed, the colouring and the tone curve that were chosen by eye for it too, and its
  recipe where --recipe is not given; --set changes that recipe. What another recipe than the default did to a photo is
  written there, but never over somebody's own choice.
  --no-sidecar does neither.

masks:
  A mask is a picture of the photo's proportions: red (or, in a picture without colour, white) where the photo is damaged,
  green where it is sound. `repair` mends what is marked and what it finds itself, and leaves alone what is called sound.
  --mask FILE      this mask for every photo
  --mask DIR       for photo.jpg: DIR/photo.png, DIR/photo-mask.png or DIR/photo.jpg.autochrome-mask.png
  Without --mask a photo's own photo.jpg.autochrome-mask.png, which the window keeps, is taken; --no-sidecar prevents it.

two scans:
  Scan a print, turn it by half a turn on the glass, and scan it again at the same resolution: the light now comes from the
  other side. --second-scan lays the second scan on the first, takes the texture of the paper, the shadows of creases and
  scratches and the dust on the glass away, and marks for `repair` where the print is damaged.
  Needs OpenCV: pip install 'autochrome[registration]'

{_EXIT_CODES}"""

_COLOURINGS = f"""examples:
  autochrome-cli colourings grandma.jpg
  autochrome-cli colourings grandma.jpg --output choice --most 4
  autochrome-cli restore grandma.jpg --set colorize.candidate=2      with the number of the one that was chosen

Written are grandma-colouring-0.jpg (the likeliest), -2, …, each with its number, and all of them in grandma-colourings.jpg.
Files of an earlier run are kept: all of the next one end in -run2, as grandma-colouring-0-run2.jpg. A number means another
colouring with another generator.
The hints and the recipe of the photo's side-car are followed.

{_EXIT_CODES}"""

_ALL = f"""examples:
  autochrome-cli restore grandma.jpg          restores into restored/grandma-restored.jpg
  autochrome-cli colourings grandma.jpg       several colourings to choose from
  autochrome-cli restore --help               all options of restoring
  autochrome-cli recipes --json               every recipe, step and setting

{_EXIT_CODES}"""


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; `argv` without the program's name. Returns the exit code, never raises for what a user can do."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            # A name that the terminal cannot show must not end the run.
            stream.reconfigure(errors="replace")
    try:
        options = parser().parse_args(argv)
    except SystemExit as stop:
        return int(stop.code or 0)
    try:
        code = _run(options)
        sys.stdout.flush()  # here, where a reader who has gone is no error; at the interpreter's end it would be
        return code
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        listen_to_nobody()
        return DONE


def listen_to_nobody() -> None:
    """Print into nothing from here on: the reader of our output (`| head`) has gone, which is its right."""
    silence = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115  for the rest of the process
    with contextlib.suppress(OSError, ValueError):  # a stand-in for the output has no descriptor
        os.dup2(silence.fileno(), sys.stdout.fileno())
    sys.stdout = silence


def _run(options: argparse.Namespace) -> int:
    from engine.errors import EngineError

    try:
        if options.command == "restore":
            from engine.commands.restore import restore

            return restore(options)
        if options.command == "colourings":
            from engine.commands.colourings import colourings

            return colourings(options)
        from engine.commands.lists import devices, models, recipes

        print({"recipes": recipes, "models": models, "devices": devices}[options.command](options.json))
        return DONE
    except EngineError as error:
        print(f"autochrome-cli: {error}", file=sys.stderr)
        return UNUSABLE


def parser() -> argparse.ArgumentParser:
    """All words and flags; nothing heavy is imported, so that --help answers at once."""
    form = argparse.RawDescriptionHelpFormatter
    top = argparse.ArgumentParser(
        prog="autochrome-cli",
        description="Restores and colours old photographs on this computer; nothing leaves it.",
        epilog=_ALL,
        formatter_class=form,
    )
    top.add_argument("--version", action=_Version)
    commands = top.add_subparsers(dest="command", metavar="COMMAND", required=True)
    add_restore(commands.add_parser("restore", help="restore photos", epilog=_RESTORE, formatter_class=form))
    add_colourings(
        commands.add_parser(
            "colourings", help="show several colourings of a photo", epilog=_COLOURINGS, formatter_class=form
        )
    )
    for word, sentence in (
        ("recipes", "list the recipes and their settings"),
        ("models", "list the generators, what they were trained on and how good they are"),
        ("devices", "list what generators can run on here"),
    ):
        command = commands.add_parser(word, help=sentence, description=sentence.capitalize() + ".")
        command.add_argument("--json", action="store_true", help="as JSON, for programs")
    return top


def add_restore(command: argparse.ArgumentParser) -> None:
    command.description = "Restores photos; the originals stay as they are."
    add = command.add_argument
    add("inputs", nargs="+", type=Path, metavar="INPUT", help="photos and folders of photos")
    add("--output", type=Path, metavar="DIR", help="folder for the results (default: restored/ beside each photo)")
    add(
        "--recipe",
        metavar="NAME|FILE.json",
        help="what is done (default: colorize; `autochrome-cli recipes` lists them)",
    )
    _add_work(command)
    add("--mask", type=Path, metavar="FILE|DIR", help="where the photos are damaged (see masks)")
    add("--second-scan", type=Path, metavar="FILE", help="the same print, scanned after half a turn (see two scans)")
    add("--recursive", action="store_true", help="also folders in folders")
    add("--name", default="{stem}-restored", metavar="TEMPLATE", help='name of a result (default: "{stem}-restored")')
    add(
        "--format",
        choices=("same", "jpeg", "png", "tiff", "webp"),
        default="same",
        help="of the results (default: same)",
    )
    add("--quality", type=_quality, default=92, metavar="N", help="1 to 100, for JPEG and WebP (default: 92)")
    add(
        "--on-conflict",
        choices=("rename", "skip", "overwrite"),
        default="rename",
        help="if the result's file is there already (default: rename, which adds a number)",
    )
    add("--report", type=Path, metavar="FILE.json", help="write what became of each photo")
    add("--no-sidecar", action="store_true", help="neither read nor write side-cars")
    add(
        "--progress",
        choices=("auto", "plain", "json", "none"),
        default="auto",
        help="auto: a bar on a terminal, else lines",
    )
    add("--dry-run", action="store_true", help="say what would be done, and do nothing")
    add("--quiet", action="store_true", help="say only what went wrong")


def add_colourings(command: argparse.ArgumentParser) -> None:
    command.description = "Writes several plausible colourings of a photo as small pictures, and a sheet of them all."
    add = command.add_argument
    add("photo", type=Path, metavar="PHOTO", help="a photo without colour")
    add("--output", type=Path, metavar="DIR", help="folder for the pictures (default: colourings/ beside the photo)")
    add("--most", type=_most, default=8, metavar="N", help="1 to 33 of them (default: 8)")
    _add_work(command)
    add("--no-sidecar", action="store_true", help="do not read the side-car")


def _add_work(command: argparse.ArgumentParser) -> None:
    """What every command that runs generators takes."""
    add = command.add_argument
    add(
        "--set",
        action="append",
        default=[],
        metavar="STEP.FIELD=VALUE",
        dest="settings",
        help="change a setting of the recipe; STEP.enabled=on|off switches a step; may be repeated",
    )
    add(
        "--model",
        action="append",
        default=[],
        metavar="STEP=NAME",
        dest="models",
        help="take this generator for a step",
    )
    add(
        "--device", choices=("auto", "cpu", "cuda", "directml", "coreml"), default="auto", help="what generators run on"
    )


def _quality(text: str) -> int:
    return _number(text, 100)


def _most(text: str) -> int:
    return _number(text, 33)


def _number(text: str, largest: int) -> int:
    value = int(text) if text.isdecimal() and len(text) < 9 else 0
    if not 1 <= value <= largest:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number from 1 to {largest}")
    return value


class _Version(argparse.Action):
    """--version, looked up only when asked for."""

    def __init__(self, option_strings: list[str], dest: str, **_: object) -> None:
        super().__init__(option_strings, dest, nargs=0, help="show the version and end")

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        from importlib.metadata import PackageNotFoundError, version

        try:
            found = version("autochrome")
        except PackageNotFoundError:
            found = "from source"
        print(f"Autochrome {found}")
        parser.exit()


if __name__ == "__main__":
    sys.exit(main())
