"""Inputs and a folder become jobs: every result's place is settled, and unique, before the first photo is read."""

from __future__ import annotations

import filecmp
import os
import re
import stat
import string
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from engine.codecs import READABLE, SUFFIXES, sniff, suffix_of
from engine.errors import EngineError, OriginalInDanger, PhotoMissing, PhotoUnreadable, SettingInvalid, shortened
from engine.marks import SUFFIX as MASK
from engine.originals import Originals, place_key
from engine.provenance import is_result
from engine.sidecar import SUFFIX as SIDECAR

RESULTS_FOLDER = "restored"
DEFAULT_NAME = "{stem}-restored"
FIELDS = ("stem", "recipe", "date", "n", "folder")
CONFLICTS = ("rename", "skip", "overwrite")
FORMATS = ("same", "jpeg", "png", "tiff", "webp")
EARLIER_RESULT = "it is a result of Autochrome"
LONGEST_NAME_BYTES = 200
_ASK = "Change the folder's permissions, or ask its owner."
_NOT_IN_A_NAME = '<>:"/\\|?*'


@dataclass(frozen=True)
class JobSpec:
    """One photo to restore and where its result goes.

    source, target: absolute paths. format: "jpeg", "png", "webp" or "tiff" of the result. on_conflict: of CONFLICTS, for a
    target that appears after planning. skip: nothing is to be done, since the target was there and is to be kept, or, where
    `left_out` says so, for that reason. problem: why nothing can be done here (a missing file), else None. originals: every
    photo of the plan; none of them is ever written over.
    """

    source: Path
    target: Path
    format: str
    on_conflict: str = "rename"
    skip: bool = False
    left_out: str = ""
    problem: EngineError | None = None
    originals: Originals = field(default_factory=Originals, repr=False)


@dataclass(frozen=True)
class _Found:
    """A photo among the inputs. below: its folder relative to the folder that was named; walked: not named itself."""

    path: Path
    below: Path = Path()
    walked: bool = False
    problem: EngineError | None = None


def plan(
    inputs: Sequence[Path],
    output: Path | None = None,
    recursive: bool = False,
    name_template: str = DEFAULT_NAME,
    format: str = "same",
    on_conflict: str = "rename",
    *,
    recipe_of: Callable[[Path], str] = lambda source: "",
    on_left_out: Callable[[JobSpec], None] = lambda job: None,
    today: date | None = None,
) -> list[JobSpec]:
    """The jobs for `inputs` (photos and folders), in order, no two with the same target on any file system.

    output: folder for the results (the folders below a named folder are kept); None puts each into `restored/` beside its photo.
    recursive: also folders in folders. Results of earlier runs that lie in the folders are left out; on_left_out is told of each.
    name_template: see `check_template`. recipe_of: a photo's recipe name for "{recipe}".
    An input that is missing or no photo gets a job with a `problem`, so that the others go on.

    Raises:
        SettingInvalid: the template, the format, on_conflict or the output folder cannot be used.
    """
    check_template(name_template)
    _check_word("format", format, FORMATS)
    _check_word("on-conflict", on_conflict, CONFLICTS)
    if output is not None and os.path.exists(output) and not os.path.isdir(output):
        raise SettingInvalid("output", f"“{output}” is a file, not a folder")
    found = list(_unique(_find(inputs, recursive, output)))
    originals = Originals.of(item.path for item in found)
    namer = _Namer(name_template, recipe_of, today or date.today())
    specs = [_first_choice(item, number, output, format, namer) for number, item in enumerate(found, 1)]
    earlier = _earlier_results(found, specs)
    taken: dict[str, int] = {}
    for spec in specs:
        if spec.source in earlier:
            on_left_out(replace(spec, skip=True, left_out=EARLIER_RESULT))
    jobs = [replace(spec, on_conflict=on_conflict, originals=originals) for spec in specs if spec.source not in earlier]
    return [_settled(job, taken) for job in jobs]


def check_template(template: str) -> None:
    """A name template is text with the fields {stem} {recipe} {date} {n} {folder}; {n:03} counts 001, 002. The suffix is added.

    Raises:
        SettingInvalid: an unknown field, a character that some computers do not allow in a name, or nothing at all.
    """
    try:
        parts = list(string.Formatter().parse(template))
    except ValueError as error:
        raise SettingInvalid("name", f"“{shortened(template)}” has a brace without its partner") from error
    for literal, name, form, conversion in parts:
        bad = [character for character in literal if character in _NOT_IN_A_NAME or ord(character) < 32]
        if bad:
            raise SettingInvalid("name", f"“{bad[0]}” cannot stand in a file name; choose the folder with --output")
        if name is None:
            continue
        if name not in FIELDS:
            raise SettingInvalid(
                "name", f"there is no field {{{shortened(name)}}}; known ones: {', '.join(f'{{{f}}}' for f in FIELDS)}"
            )
        if conversion or (form and not (name == "n" and re.fullmatch(r"0?\d", form))):
            raise SettingInvalid("name", f"{{{name}}} takes no such form; only {{n:03}} does")
    if not template.strip(" ."):
        raise SettingInvalid("name", "it is empty")


def numbered(target: Path, number: int) -> Path:
    """`target` itself for 1, else "name-2.jpg", "name-3.jpg", …"""
    return target if number == 1 else target.with_name(f"{target.stem}-{number}{target.suffix}")


def _check_word(key: str, word: str, known: Sequence[str]) -> None:
    if word not in known:
        raise SettingInvalid(key, f"“{shortened(word)}” is not one of {', '.join(known)}")


def _find(inputs: Sequence[Path], recursive: bool, output: Path | None) -> Iterator[_Found]:
    left_out = set() if output is None else {place_key(Path(os.path.realpath(output)))}
    named = [Path(os.path.abspath(given)) for given in inputs]
    every: set[Path | None] = set(named)
    for path in named:
        if _owner(path) in every:
            continue  # `album/*` names photos and what belongs to them
        if os.path.isdir(path):
            inside = list(_walk(path, Path(), recursive, left_out))
            empty = PhotoUnreadable(
                path, "it is a folder without photos", "Look whether they lie in folders inside it."
            )
            yield from inside or [_Found(path, problem=empty)]
        else:
            yield _Found(path, problem=_problem(path))


def _owner(path: Path) -> Path | None:
    """The photo whose mask or sidecar a file is by its name; None for any other file."""
    for suffix in (MASK, SIDECAR):
        if path.name.lower().endswith(suffix):
            return path.with_name(path.name[: -len(suffix)])
    return None


def _problem(path: Path) -> EngineError | None:
    """Why a path that was named and is no folder cannot be a photo; None if it may be one."""
    try:
        status = path.stat()
    except PermissionError:
        return PhotoUnreadable(path, "you may not look into its folder", _ASK)
    except (OSError, ValueError):
        return PhotoMissing(path)
    if stat.S_ISREG(status.st_mode):
        return None
    return PhotoUnreadable(path, "it is not a file", "Choose a photo instead.")


def _walk(folder: Path, below: Path, recursive: bool, left_out: set[str]) -> Iterator[_Found]:
    """Photos of a folder in the order people expect (2 before 10); hidden files, masks and folders of results are left out."""
    try:
        entries = sorted(folder.iterdir(), key=_natural)
    except OSError:
        yield _Found(folder, problem=PhotoUnreadable(folder, "you may not look into that folder", _ASK))
        return
    visible = [entry for entry in entries if not entry.name.startswith(".")]
    for entry in visible:
        if entry.suffix.lower() in READABLE and _owner(entry) is None and os.path.isfile(entry):
            yield _Found(entry, below, walked=True)
    for entry in visible if recursive else []:
        if (
            os.path.isdir(entry)
            and not entry.is_symlink()
            and entry.name != RESULTS_FOLDER
            and place_key(entry) not in left_out
        ):
            yield from _walk(entry, below / entry.name, recursive, left_out)


def _natural(path: Path) -> list[tuple[int, str]]:
    parts = re.split(r"(\d+)", path.name.casefold())
    return [(int(part), "") if part.isdecimal() else (-1, part) for part in parts] + [(-1, path.name)]


def _unique(found: Iterator[_Found]) -> Iterator[_Found]:
    """Each photo once, also where it was named twice or lies in a folder that was named too."""
    seen: set[str] = set()
    for item in found:
        place = os.path.normcase(os.path.realpath(item.path))
        if place not in seen:
            seen.add(place)
            yield item


@dataclass(frozen=True)
class _Namer:
    template: str
    recipe_of: Callable[[Path], str]
    today: date

    def stem(self, source: Path, number: int) -> str:
        recipe = "".join("-" if c in _NOT_IN_A_NAME or ord(c) < 32 else c for c in self.recipe_of(source))
        values = {"stem": source.stem, "recipe": recipe, "date": self.today.isoformat(), "folder": source.parent.name}
        name = self.template.format(**values, n=number)
        while len(os.fsencode(name)) > LONGEST_NAME_BYTES:
            name = name[:-1]
        return name


def _first_choice(item: _Found, number: int, output: Path | None, format: str, namer: _Namer) -> JobSpec:
    """The job as it would be if no other file were there."""
    source = item.path
    folder = source.parent / RESULTS_FOLDER if output is None else Path(os.path.abspath(output)) / item.below
    written = _format_of(source) if format == "same" else format
    target = folder / f"{namer.stem(source, number)}{_suffix(source, written)}"
    return JobSpec(source, target, written, problem=item.problem)


def _format_of(source: Path) -> str:
    """What the file really is; for one that cannot be read (its job will say why) what its name promises."""
    try:
        return sniff(source)
    except EngineError:
        return SUFFIXES.get(source.suffix.lower(), "jpeg")


def _suffix(source: Path, format: str) -> str:
    """The suffix of the result: the photo's own spelling (".JPEG") where it fits the format."""
    return source.suffix if SUFFIXES.get(source.suffix.lower()) == format else suffix_of(format)


def _earlier_results(found: list[_Found], specs: list[JobSpec]) -> set[Path]:
    """Walked photos that say themselves that Autochrome made them, and walked copies of other photos of the plan.

    A photo that no step changed is copied as it is and says nothing; such a copy has the place of its original's result, and
    the same bytes. A name alone proves nothing: scan-2.jpg may be another photo than scan.jpg.
    """
    made = {place_key(spec.target): spec.source for spec in specs}
    earlier = set()
    for item in found:
        if not item.walked:
            continue
        plain = item.path.with_name(re.sub(r"-\d+$", "", item.path.stem) + item.path.suffix)
        makers = {made.get(place_key(item.path)), made.get(place_key(plain))} - {None, item.path}
        if is_result(item.path) or any(maker and _are_equal(maker, item.path) for maker in makers):
            earlier.add(item.path)
    return earlier


def _are_equal(one: Path, other: Path) -> bool:
    try:
        return filecmp.cmp(one, other, shallow=False)
    except OSError:
        return False


def _settled(job: JobSpec, taken: dict[str, int]) -> JobSpec:
    """`job` with a target that no other job has; `taken` remembers the keys given away and how far each was counted."""
    if job.problem is not None:
        return job
    first = place_key(job.target)
    number = taken.get(first, 0) + 1
    while True:
        target = numbered(job.target, number)
        in_the_way = job.on_conflict == "rename" and (os.path.lexists(target) or job.originals.holds(target))
        if not in_the_way and (number == 1 or place_key(target) not in taken):
            break
        number += 1
    taken[first] = number
    taken.setdefault(place_key(target), 1)
    if job.on_conflict == "skip" and os.path.lexists(target):
        return replace(job, target=target, skip=True)
    danger = OriginalInDanger(target) if job.originals.holds(target) else None
    return replace(job, target=target, problem=danger)
