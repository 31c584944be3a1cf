"""What a step of a face detector gets: squares put together of photographs, with faces of every size and pieces without any."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from torch import Tensor

from engine.faces import intersections
from training.ageing.recipe import TRAINING, age
from training.config import ConfigError, RunConfig, Source
from training.data import face_labels
from training.data.face_labels import Labelled, upright
from training.data.photos import members

Array = NDArray[np.float32]

CELLS = (0.2, 0.3, 0.3, 0.2)
"""How often a square holds 1, 2 x 2, 3 x 3, 4 x 4 photographs."""
FACED = 0.65
"""The share of those that show a face; the others keep it from seeing faces in leaves and windows."""
SMALLEST_PX, LARGEST_PX = 11.0, 270.0
"""Sizes of faces that are to be found."""
MOST_ENLARGED = 2.5
"""No photo is enlarged further: blur beyond that teaches nothing."""
COVERED = 0.6
"""The share of a piece's short side that the photo in it covers at least, where it need not be shrunk below the smallest face."""
SHOWN = 0.75
"""The share of a face's box that must lie in its piece for the face to count."""
MIRRORED = [2, 3, 0, 1, 4, 5, 8, 9, 6, 7]
"""Where the landmarks of a mirrored face come from: left and right are the picture's."""

LOOK = dataclasses.replace(
    TRAINING.without(
        *(
            treatment.kind for treatment in TRAINING.treatments
            if treatment.kind not in {
                "blur", "grain", "fading", "vignette", "uneven_light", "rescan", "jpeg", "scratches", "dust", "creases"
            }
        )
    ),
    severity=(0.1, 0.9),
)  # fmt: skip
"""An old print with all its tones and hardly any damage."""


@dataclass(frozen=True)
class FaceBatch:
    """grey (B, 1, S, S) 0..1; faces (B, n, 15): box, landmarks in pixels, and 1 sure, 0 doubtful, −1 for a row that is none."""

    grey: Tensor
    faces: Tensor

    def to(self, device: torch.device) -> FaceBatch:
        return FaceBatch(self.grey.to(device, non_blocking=True), self.faces.to(device, non_blocking=True))

    def split(self, parts: int) -> list[FaceBatch]:
        """Equal parts in order: for several processes, or for one that has not memory enough for the whole."""
        return [FaceBatch(*dealt) for dealt in zip(self.grey.chunk(parts), self.faces.chunk(parts), strict=True)]


class FaceCrops:
    """batch(step, crop_px): the same squares whenever it is asked for the same step.

    sources: label lists of `autochrome-train data faces`. Their photos are kept encoded, and in grey once they were drawn.

    Raises:
        ConfigError: a list that cannot be used, a photo that it names and that is not there, or no sure face at all.
    """

    def __init__(self, sources: Sequence[Source], config: RunConfig) -> None:
        self.config = config
        self._photos: list[Labelled] = []
        weights: list[float] = []
        for source in sources:
            found = face_labels.read(Path(source.path))
            self._photos += found
            weights += [source.weight] * len(found)
        if not self._photos:
            raise ConfigError("data.train names no label list of `autochrome-train data faces`")
        self._encoded = _encoded(self._photos)
        self._grey: dict[int, NDArray[np.uint8]] = {}
        chances = np.array(weights)
        faced = np.array([len(photo.sure) > 0 for photo in self._photos])
        empty = np.array([len(photo.faces) == 0 for photo in self._photos])
        if not faced.any():
            raise ConfigError("data.train: the label lists hold no sure face")
        self._faced, self._empty = _drawn(faced, chances), _drawn(empty, chances)
        self._faces = sum(len(photo.sure) for photo in self._photos)

    def __str__(self) -> str:
        empty = 0 if self._empty is None else len(self._empty[0])
        return f"{self._faces} faces, {len(self._photos)} photos, {empty} of them without a face"

    def batch(self, step: int, crop_px: int) -> FaceBatch:
        rng = np.random.default_rng((self.config.seed, step))
        squares, faces = zip(*(self._square(crop_px, rng) for _ in range(self.config.batch)), strict=True)
        rows = np.full((len(faces), max(1, *map(len, faces)), 15), -1, np.float32)
        for row, found in zip(rows, faces, strict=True):
            row[: len(found)] = found
        grey = np.stack([_old(square, rng) if rng.random() < self.config.data.aged else square for square in squares])
        return FaceBatch(_toned(torch.from_numpy(grey)[:, None], rng), torch.from_numpy(rows))

    def _square(self, side: int, rng: np.random.Generator) -> tuple[Array, Array]:
        """(side, side) grey 0..1 and the rows of its faces."""
        count = int(rng.choice(len(CELLS), p=CELLS)) + 1
        square = Image.new("L", (side, side), int(rng.integers(0, 256)))
        faces = [np.empty((0, 15), np.float32)]
        columns, rows = (_cuts(side, count, rng) for _ in range(2))
        for top, bottom in pairwise(rows):
            for left, right in pairwise(columns):
                piece, found = self._piece(right - left, bottom - top, rng)
                square.paste(piece, (left, top))
                found[:, [0, *range(4, 14, 2)]] += left
                found[:, [1, *range(5, 14, 2)]] += top
                faces.append(found)
        return np.asarray(square, np.float32) / np.float32(255), np.concatenate(faces)

    def _piece(self, width: int, height: int, rng: np.random.Generator) -> tuple[Image.Image, Array]:
        """A part of a photo, (height, width), and its faces."""
        drawn = self._faced if self._empty is None or rng.random() < FACED else self._empty
        assert drawn is not None
        index = int(drawn[0][np.searchsorted(drawn[1], rng.random(), side="right")])
        picture, photo = self._picture(index), self._photos[index]
        room = min(width, height)
        if len(photo.sure):
            face = photo.sure[rng.integers(len(photo.sure))]
            size = math.sqrt(face[2] * face[3])
            largest = min(0.85 * room, LARGEST_PX)
            smallest = min(max(SMALLEST_PX, COVERED * room / min(picture.size) * size), largest)
            wanted = math.exp(rng.uniform(math.log(smallest), math.log(largest)))
            scale = min(wanted / size, MOST_ENLARGED)
            middle = (face[0] + face[2] / 2, face[1] + face[3] / 2)
            reach = 0.55 * scale * max(face[2], face[3])
        else:
            scale = min(room / min(picture.size) * math.exp(rng.uniform(-0.3, 1.0)), MOST_ENLARGED)
            middle = (rng.uniform(0, picture.width), rng.uniform(0, picture.height))
            reach = 0.0
        place = [rng.uniform(min(reach, side / 2), max(side - reach, side / 2)) for side in (width, height)]
        turn = math.radians(rng.normal(0, 9)) if rng.random() < 0.4 else 0.0
        mirrored = bool(rng.random() < 0.5)
        return _cut(picture, photo.faces, (width, height), scale, turn, mirrored, middle, place, int(rng.integers(256)))

    def _picture(self, index: int) -> Image.Image:
        """A photo in grey, as film of one of several blindnesses to red and green sees it."""
        if index not in self._grey:
            decoded = upright(self._encoded[index])
            if decoded is None:
                raise ConfigError(f"{self._photos[index].photo} in {self._photos[index].source} is broken")
            blind = np.random.default_rng((self.config.seed, index)).random() ** 2
            weights = (1 - blind) * np.array([0.299, 0.587, 0.114]) + blind * np.array([0.02, 0.28, 0.70])
            self._grey[index] = np.asarray(decoded.convert("L", (*weights, 0)))
        return Image.fromarray(self._grey[index])


def _encoded(photos: Sequence[Labelled]) -> list[bytes]:
    """The encoded photos of label lists, in their order. Raises ConfigError for one that is not there."""
    wanted: dict[Path, dict[str, list[int]]] = {}
    for index, photo in enumerate(photos):
        wanted.setdefault(photo.source, {}).setdefault(photo.photo, []).append(index)
    held: list[bytes] = [b""] * len(photos)
    for source, names in wanted.items():
        for name, content in members(source):
            for index in names.pop(name, ()):
                held[index] = content
        if names:
            raise ConfigError(f"the label list names {min(names)}, which is not in {source}")
    return held


def _drawn(
    which: NDArray[np.bool_], chances: NDArray[np.float64]
) -> tuple[NDArray[np.int64], NDArray[np.float64]] | None:
    """Numbers of photos and up to which share of 0..1 each is drawn; None for none."""
    indices = np.flatnonzero(which)
    if not len(indices):
        return None
    return indices, np.minimum(np.cumsum(chances[indices]) / chances[indices].sum(), 1 - 1e-12)


def _cuts(side: int, count: int, rng: np.random.Generator) -> list[int]:
    """0, where a side is cut into `count` parts of about the same length, and the side."""
    inner = [round(side * (part + rng.uniform(-0.15, 0.15)) / count) for part in range(1, count)]
    return [0, *inner, side]


def _cut(
    picture: Image.Image, faces: Array, size: tuple[int, int], scale: float, turn: float, mirrored: bool,
    middle: Sequence[float], place: Sequence[float], beyond: int,
) -> tuple[Image.Image, Array]:  # fmt: skip
    """`picture` scaled, turned (radians) and mirrored so that its point `middle` lies at `place` of a piece of `size`."""
    along, across = scale * math.cos(turn), scale * math.sin(turn)
    forward = np.array([[along, -across], [across, along]]) @ np.diag([-1.0 if mirrored else 1.0, 1.0])
    shift = np.array(place) - forward @ np.array(middle)
    shrink = max(1, int(1 / scale))  # the transform itself takes single pixels, which would alias
    small = picture.reduce(shrink) if shrink > 1 else picture
    back = np.linalg.inv(forward)
    start = -back @ shift
    data = np.column_stack([back, start]) / shrink
    piece = small.transform(
        size, Image.Transform.AFFINE, data.flatten().tolist(), Image.Resampling.BILINEAR, fillcolor=beyond
    )
    return piece, _moved(faces, forward, shift, scale, mirrored, size)


def _moved(faces: Array, forward: Array, shift: Array, scale: float, mirrored: bool, size: tuple[int, int]) -> Array:
    """The rows of a photo's faces in a piece of it; the last number 1 for sure, 0 for doubtful, cut or too small ones."""
    rows = np.empty((len(faces), 15), np.float32)
    if not len(faces):
        return rows
    sides = faces[:, 2:4] * scale
    rows[:, 2:4] = sides
    rows[:, :2] = (faces[:, :2] + faces[:, 2:4] / 2) @ forward.T + shift - sides / 2
    marks = (faces[:, 4:14].reshape(-1, 2) @ forward.T + shift).reshape(-1, 10)
    rows[:, 4:14] = marks[:, MIRRORED] if mirrored else marks
    shown = intersections(rows, np.array([[0, 0, *size]], np.float32))[:, 0] / np.maximum(sides.prod(1), 1e-6)
    across = np.sqrt(sides.prod(1))
    sure = (
        (faces[:, 14] >= face_labels.SURE)
        & (shown >= SHOWN)
        & (across >= SMALLEST_PX - 1)
        & (across <= 1.2 * LARGEST_PX)
    )
    rows[:, 14] = sure
    return rows[shown > 0.1]


def _old(square: Array, rng: np.random.Generator) -> Array:
    """As an old print shows it."""
    return age(square[..., None], rng, LOOK).picture[..., 0]


def _toned(grey: Tensor, rng: np.random.Generator) -> Tensor:
    """Every picture (B, 1, S, S) in a tone of its own: gamma e^±0.5, contrast 0.5..1.2, brightness ±0.15."""
    chance = torch.from_numpy(rng.random((4, len(grey), 1, 1, 1)).astype(np.float32))
    toned = grey.clamp(1e-4, 1) ** torch.exp(chance[0] - 0.5)
    toned = (toned - 0.5) * (0.5 + 0.7 * chance[1]) + 0.5 + 0.3 * chance[2] - 0.15
    return toned.clamp(0, 1)
