"""How many of the faces that one detector finds another one finds too, and how many it finds besides."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from engine.faces import Finder, find_rows, overlaps
from engine.photo import Photo
from training.config import ConfigError
from training.data.face_labels import Labelled, upright
from training.data.photos import members
from training.metrics import ratio_interval

Array = NDArray[np.float32]

SAME = 0.5
"""Intersection over union from which on a box found is the box that was to be found."""


@dataclass(frozen=True)
class Seen:
    """One photo. rows: (n, 15) what was found, in its pixels; hit: (n,) which of them are sure faces; doubtful: (n,) which of
    the others lie on a doubtful one; missed: (m, 15) the sure faces that were not found; wanted: how many there are.
    landmarks: for each hit the mean distance of its landmarks from the label's, as a share of the face's size."""

    name: str
    rows: Array
    hit: NDArray[np.bool_]
    doubtful: NDArray[np.bool_]
    missed: Array
    wanted: int
    landmarks: Sequence[float]

    @property
    def false(self) -> Array:
        """What was found and is neither a sure face nor a doubtful one."""
        return self.rows[~self.hit & ~self.doubtful]


def compare(name: str, rows: Array, label: Labelled) -> Seen:
    """Each sure face is found by at most one row, the surest first; others may lie on doubtful faces (a third in common)."""
    wanted, hit, marks = label.sure, np.zeros(len(rows), bool), []
    shared, free = overlaps(rows, wanted), np.ones(len(wanted), bool)
    for index in np.argsort(-rows[:, 14], kind="stable"):
        candidates = np.where(free, shared[index], 0) if len(wanted) else np.zeros(1)
        best = int(candidates.argmax())
        if candidates[best] >= SAME:
            hit[index], free[best] = True, False
            size = float(np.sqrt(wanted[best, 2] * wanted[best, 3]))
            away = (rows[index, 4:14] - wanted[best, 4:14]).reshape(5, 2)
            marks.append(float(np.linalg.norm(away, axis=1).mean()) / size)
    doubtful = (overlaps(rows, label.doubtful) >= 1 / 3).any(1) & ~hit
    return Seen(name, rows, hit, doubtful, wanted[free], len(wanted), marks)


def judge(
    finder: Finder, photos: Path, labels: Iterable[Labelled], *, sure: float, looks: tuple[int, ...]
) -> list[Seen]:
    """What `finder` finds on the photos of `labels` that lie in `photos`, by name.

    Raises:
        ConfigError: none of them lies there.
    """
    by_name = {label.photo: label for label in labels}
    judged = []
    for name, encoded in members(photos):
        picture = upright(encoded) if name in by_name else None
        if picture is not None:
            rows = find_rows(Photo(np.array(picture)), finder, sure=sure, looks=looks)
            judged.append(compare(name, rows, by_name[name]))
    if not judged:
        raise ConfigError(f"no photo in {photos} is in the label list; make one with `autochrome-train data faces`")
    return judged


def figures(judged: Sequence[Seen]) -> Mapping[str, float]:
    """photos, faces (to be found), recall and its 95 % bootstrap interval over photos; false: found besides, for each photo;
    strict_false: those on doubtful faces too; precision: hits for hits and false ones; landmarks: mean distance, in sizes of
    the face."""
    wanted, hits = (np.array(values, float) for values in zip(*((s.wanted, s.hit.sum()) for s in judged), strict=True))
    false = np.array([len(s.false) for s in judged], float)
    doubtful = np.array([s.doubtful.sum() for s in judged], float)
    told = {"photos": float(len(judged)), "faces": float(wanted.sum())}
    if wanted.sum():
        told["recall"] = float(hits.sum() / wanted.sum())
        with_faces = wanted > 0
        above, below = (torch.from_numpy(values[with_faces]) for values in (hits, wanted))
        told["recall_low"], told["recall_high"] = ratio_interval(above, below, np.random.default_rng(0))
    told |= {"false": float(false.mean()), "strict_false": float((false + doubtful).mean())}
    if hits.sum() + false.sum():
        told["precision"] = float(hits.sum() / (hits.sum() + false.sum()))
    marks = [mark for s in judged for mark in s.landmarks]
    if marks:
        told["landmarks"] = float(np.mean(marks))
    return told


def drawn(picture: Image.Image, seen: Seen, side: int = 480) -> Image.Image:
    """The photo in a square of `side` pixels with its boxes: green found, blue on a doubtful one, red false, yellow missed."""
    scale = side / max(picture.size)
    small = picture.resize((max(1, round(picture.width * scale)), max(1, round(picture.height * scale))))
    square = Image.new("RGB", (side, side))
    square.paste(small)
    pen = ImageDraw.Draw(square)
    colours = np.where(seen.hit, "lime", np.where(seen.doubtful, "deepskyblue", "red")).tolist()
    for row, colour in [*zip(seen.rows, colours, strict=True), *((row, "yellow") for row in seen.missed)]:
        left, top, width, height, *marks = (scale * row[:14]).tolist()
        pen.rectangle((left, top, left + width, top + height), outline=colour, width=2)
        for x, y in zip(marks[::2], marks[1::2], strict=True):
            pen.rectangle((x - 1, y - 1, x, y), fill=colour)
    return square
