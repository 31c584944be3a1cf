"""Looks through a set of photographs for what spoils a training: broken, grey and toned ones, near-duplicates, overlap.

What is found is to be looked at, not to be believed: a black dress on a grey wall counts as toned as a sepia print does, and
portraits cut to one pose can have nearly the same hash (of 4,480 such faces 14 matched other people's among 490 photos).
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from engine.color import srgb_to_lab
from engine.colourless import LOOKED_AT_PX, is_colourless
from engine.photo import Photo
from training.config import ConfigError
from training.data.perceptual_hash import Kept, difference_hash
from training.data.photos import in_order, members, upright

GREY_CHROMA = 2.5
"""Lab units: a picture with less chroma than this nearly everywhere is grey, not toned."""

SURELY_COLOUR = 10.0
"""Lab units of chroma beyond one tone a lightness, in a twentieth of the picture: more than any toned print has, and cheap to
measure; only what has less is put to the engine's careful judgement."""


Progress = Callable[[Iterable[Any]], Iterable[Any]]
"""Shows how far an iteration is."""


@dataclass(frozen=True)
class Look:
    """One photo: short side in pixels, difference hash, tone "colour", "grey" or "toned"."""

    name: str
    short_side_px: int
    bits: int
    tone: str


@dataclass
class Report:
    """Names of what was found; pairs are (photo, the earlier or other photo it repeats)."""

    photos: int = 0
    short_side_px: dict[str, int] = field(default_factory=dict)
    broken: list[str] = field(default_factory=list)
    grey: list[str] = field(default_factory=list)
    toned: list[str] = field(default_factory=list)
    near_duplicates: list[tuple[str, str]] = field(default_factory=list)
    overlap: list[tuple[str, str]] | None = None

    @property
    def clean(self) -> bool:
        return not (self.broken or self.grey or self.toned or self.near_duplicates or self.overlap)

    def as_table(self) -> dict[str, Any]:
        return asdict(self)


def check(path: Path, against: Path | None = None, progress: Progress = iter) -> Report:
    """Look at every photo at `path` (whatever training.data.photos.members reads).

    A photo is a near-duplicate when an earlier one that is none itself has nearly the same hash; it overlaps when any photo at
    `against` has.

    Raises:
        ConfigError: `path` or `against` is not there or holds no photos.
    """
    report = Report(overlap=None if against is None else [])
    others, other_names = _kept(against, progress) if against is not None else (Kept(), [])
    kept, kept_names, sides = Kept(), [], []
    for name, look in looks(path, progress):
        if look is None:
            report.broken.append(name)
            continue
        sides.append(look.short_side_px)
        if look.tone == "grey":
            report.grey.append(name)
        elif look.tone == "toned":
            report.toned.append(name)
        earlier, other = kept.nearest(look.bits), others.nearest(look.bits)
        if earlier is None:
            kept.keep(look.bits)
            kept_names.append(name)
        else:
            report.near_duplicates.append((name, kept_names[earlier]))
        if other is not None and report.overlap is not None:
            report.overlap.append((name, other_names[other]))
    report.photos = len(sides)
    if not sides and not report.broken:
        raise ConfigError(f"there are no photos in {path}")
    if sides:
        report.short_side_px = {"least": min(sides), "median": int(np.median(sides)), "most": max(sides)}
    return report


def _kept(path: Path, progress: Progress) -> tuple[Kept, list[str]]:
    kept, names = Kept(), []
    for name, picture in progress(in_order(lambda encoded: upright(encoded, LOOKED_AT_PX), members(path))):
        if picture is not None:
            kept.keep(difference_hash(picture))
            names.append(name)
    if not names:
        raise ConfigError(f"there are no photos in {path}")
    return kept, names


def looks(path: Path, progress: Progress) -> Iterator[tuple[str, Look | None]]:
    """(name, what was seen, or None if it is broken) of every photo at `path`."""
    for name, look in progress(in_order(_look, members(path))):
        yield name, None if look is None else Look(name, *look)


def _look(encoded: bytes) -> tuple[int, int, str] | None:
    picture = upright(encoded, LOOKED_AT_PX)
    if picture is None:
        return None
    with Image.open(io.BytesIO(encoded)) as opened:
        short_side_px = min(opened.size)
    return short_side_px, difference_hash(picture), tone_of(picture)


def tone_of(picture: Image.Image) -> str:
    """ "grey", "toned" (sepia, blue, faded to one hue, also unevenly) or "colour"."""
    small = np.asarray(picture.resize((32, 32), Image.Resampling.BOX), np.float32) / 255
    lab = srgb_to_lab(small).reshape(-1, 3).astype(np.float64)
    if np.percentile(np.hypot(lab[:, 1], lab[:, 2]), 99) < GREY_CHROMA:
        return "grey"
    tenth = (lab[:, 0] / 10).astype(int).clip(0, 9)
    count = np.bincount(tenth, minlength=10).clip(1)
    beyond = [lab[:, axis] - (np.bincount(tenth, lab[:, axis], 10) / count)[tenth] for axis in (1, 2)]
    if np.percentile(np.hypot(*beyond), 95) > SURELY_COLOUR:
        return "colour"
    return "toned" if is_colourless(Photo(np.asarray(picture).copy())) else "colour"
