"""`autochrome-train data`: look through photographs, shard or pack them, cut them from films, see them aged."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from training.commands import faces, features, preview

if TYPE_CHECKING:
    from training.data.check import Report

PHOTOS = "a folder of photos, shards or packs, one of these, or a list (.txt: a path and a weight a line)"


def add(commands: Any) -> None:
    """The words of this command and of those below it."""
    data = commands.add_parser(
        "data", help="look through photographs, shard or pack them, cut them from films, see them aged"
    )
    data_commands = data.add_subparsers(required=True, metavar="WHAT")
    _add_check(data_commands)
    _add_shard(data_commands)
    _add_pack(data_commands)
    _add_frames(data_commands)
    faces.add(data_commands)
    features.add(data_commands)
    preview.add(data_commands)


def _add_check(commands: Any) -> None:
    check = commands.add_parser("check", help="count photos; find broken, grey, toned and repeated ones")
    check.set_defaults(command=run_check)
    check.add_argument("photos", type=Path, metavar="DIR", help=PHOTOS)
    check.add_argument("--against", type=Path, metavar="OTHER", help="also: which photos stand in OTHER too")
    check.add_argument("--list", action="store_true", help="name every photo that was found")
    check.add_argument("--json", type=Path, metavar="FILE", help="everything, with names")
    check.add_argument("--strict", action="store_true", help="end with 1 if anything was found")


def _add_shard(commands: Any) -> None:
    shard = commands.add_parser("shard", help="photos into tar shards of small WebP files without metadata")
    shard.set_defaults(command=run_shard)
    shard.add_argument("photos", type=Path, nargs="+", metavar="PHOTOS", help=PHOTOS)
    shard.add_argument("--into", type=Path, required=True, metavar="FOLDER")
    _add_short_side(shard, 176)
    shard.add_argument("--photos-per-shard", type=partial(_number, 1), default=2000, metavar="N")
    shard.add_argument(
        "--quality", type=partial(_number, 1, most=100), default=85, metavar="N", help="of WebP, 1 to 100"
    )


def _add_pack(commands: Any) -> None:
    pack = commands.add_parser("pack", help="photos decoded once into one file that travels")
    pack.set_defaults(command=run_pack)
    pack.add_argument("photos", type=Path, nargs="+", metavar="PHOTOS", help=PHOTOS)
    pack.add_argument("--into", type=Path, required=True, metavar="FILE.pack")
    _add_short_side(pack, 176)
    pack.add_argument(
        "--part-mb", type=partial(_number, 1), metavar="N", help="FILE-1.pack, FILE-2.pack, ... of at most so many MB"
    )


def _add_frames(commands: Any) -> None:
    frames = commands.add_parser("frames", help="cut frames from films (needs PyAV)")
    frames.set_defaults(command=run_frames)
    frames.add_argument("films", type=Path, nargs="+", metavar="FILM")
    frames.add_argument("folder", type=Path, metavar="DIR")
    frames.add_argument("--every", type=_seconds, default=2.0, metavar="SECONDS")
    _add_short_side(frames, 288)
    frames.add_argument(
        "--quality", type=partial(_number, 1, most=100), default=90, metavar="N", help="of WebP, 1 to 100"
    )


def _add_short_side(parser: argparse.ArgumentParser, default: int) -> None:
    parser.add_argument(
        "--short-side", type=partial(_number, 16), default=default, metavar="PX", help="larger ones are shrunk to it"
    )


def _number(least: int, word: str, most: int = 100_000) -> int:
    """A whole number between `least` and `most`; argparse makes a sentence of anything else."""
    number = int(word) if word.isdecimal() else least - 1
    if not least <= number <= most:
        raise argparse.ArgumentTypeError(f"{word!r} is not a whole number from {least} to {most}")
    return number


def _seconds(word: str) -> float:
    try:
        seconds = float(word)
    except ValueError:
        seconds = 0.0
    if not 0 < seconds < 1e6:
        raise argparse.ArgumentTypeError(f"{word!r} is not a number of seconds above 0")
    return seconds


def run_check(options: argparse.Namespace) -> int:
    from engine.atomic import write_atomically
    from training.data import check

    report = check.check(options.photos, options.against, _bar)
    if options.json is not None:
        write_atomically(options.json, json.dumps(report.as_table(), indent=1).encode("utf-8"), overwrite=True)
    print(_in_words(report, options.against))
    if options.list:
        print(_by_name(report))
    return 1 if options.strict and not report.clean else 0


def _in_words(report: Report, against: Path | None) -> str:
    total = report.photos + len(report.broken)
    sides = report.short_side_px
    rows = [("photos that can be read", str(report.photos))]
    if sides:
        rows.append(("short side", f"{sides['least']} to {sides['most']} px, half of them {sides['median']} or more"))
    found: list[tuple[str, Iterable[Any] | None]] = [
        ("broken", report.broken),
        ("grey", report.grey),
        ("toned, or with hardly any colour", report.toned),
        ("nearly the same as an earlier one", report.near_duplicates),
        (f"also in {against}", report.overlap),
    ]
    for words, names in found:
        if names is not None:
            count = len(list(names))
            rows.append((words, f"{count}" + (f"  ({100 * count / total:.1f} %)" if count else "")))
    width = max(len(words) for words, _ in rows)
    return "\n".join(f"{words:{width}}  {figure}" for words, figure in rows)


def _by_name(report: Report) -> str:
    lines = [
        f"{kind}: {name}"
        for kind, names in (("broken", report.broken), ("grey", report.grey), ("toned", report.toned))
        for name in names
    ]
    lines += [f"repeated: {name} as {earlier}" for name, earlier in report.near_duplicates]
    lines += [f"overlap: {name} as {other}" for name, other in report.overlap or ()]
    return "\n".join(lines)


def run_shard(options: argparse.Namespace) -> int:
    from training.data import shards

    written = shards.write(
        options.photos, options.into, options.short_side, options.photos_per_shard, options.quality, _bar
    )
    _say_broken(written.broken, written.photos)
    size = sum(shard.stat().st_size for shard in written.shards) / 1e6
    print(f"{written.photos} photos in {len(written.shards)} shards, {size:.1f} MB, in {options.into}")
    return 0


def run_pack(options: argparse.Namespace) -> int:
    from training.data import pack, photos

    broken: list[str] = []
    count = 0

    def whole() -> Iterable[tuple[str, Any, float]]:
        nonlocal count
        for path in options.photos:
            for name, picture, weight in photos.decoded(path, options.short_side):
                if picture is None:
                    broken.append(name)
                else:
                    count += 1
                    yield name, picture, weight

    files = pack.write(_bar(whole()), options.into, options.short_side, options.part_mb)
    _say_broken(broken, count)
    size = sum(file.stat().st_size for file in files) / 1e6
    print(f"{count} photos, {size:.1f} MB: {', '.join(map(str, files))}")
    return 0


def _say_broken(broken: list[str], whole: int) -> None:
    from training.data.photos import said_of

    if broken:
        print(said_of(broken, whole + len(broken)), file=sys.stderr)


def run_frames(options: argparse.Namespace) -> int:
    from tqdm import tqdm

    from training.data import frames

    unreadable = saved = 0
    with tqdm(total=1, leave=False, bar_format="{desc}: {n:.0f} of {total:.0f} s |{bar}| {remaining}") as bar:

        def told(film: str, done_s: float, all_s: float) -> None:
            bar.set_description_str(film, refresh=False)
            bar.total, bar.n = max(all_s, done_s), done_s
            bar.refresh()

        cuts = frames.cut(options.films, options.folder, options.every, options.short_side, options.quality, told)
        try:
            for film, answer in cuts:
                if isinstance(answer, frames.FilmUnreadable):
                    unreadable += 1
                    bar.write(f"autochrome-train: {answer}", file=sys.stderr)
                else:
                    saved += answer.saved
                    bar.write(f"{film.name}: {_said_of(answer)}")
        except KeyboardInterrupt:
            bar.write(f"Stopped; every frame in {options.folder} is whole.", file=sys.stderr)
            return 130
    print(f"{saved} frames in {options.folder}")
    return 1 if unreadable else 0


def _said_of(cut: Any) -> str:
    parts = [f"{cut.saved} frames", f"{cut.repeated} repeated and {cut.empty} black or flat ones left out"]
    if cut.damaged:
        parts.append(f"{cut.damaged} damaged places passed over")
    return ", ".join(parts)


def _bar(photos: Iterable[Any]) -> Iterable[Any]:
    """The iteration with its count and rate on standard error."""
    from tqdm import tqdm

    return tqdm(photos, unit=" photos", leave=False)
