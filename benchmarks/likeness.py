"""What likeness says of changes that keep a person and of others: python -m benchmarks.likeness LABELS.jsonl [--sheet FILE.png]

LABELS.jsonl: a list of `autochrome-train data faces`; its sure faces of at least 40 pixels are changed in ways that keep who they
are (grain taken off, brighter, faded, compressed, half as sharp) and in ways that do not (another's eyes or mouth, eyes moved, a
whole other face), and the measure's quantiles are printed for each.
"""

from __future__ import annotations

import argparse
import io
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from engine.faces import Face
from engine.likeness import PLACES, SIDE, likeness
from training.data import face_labels
from training.data.photos import members

Array = NDArray[np.float32]
SMALLEST_PX = 40
QUANTILES = (0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("labels", type=Path)
    parser.add_argument("--most", type=int, default=150, metavar="N", help="faces, evenly spread")
    parser.add_argument("--sheet", type=Path, metavar="FILE.png", help="one face a row, one change a column")
    words = parser.parse_args()
    squares = faces_of(words.labels, words.most)
    found: dict[str, list[float]] = {}
    rows = []
    for index, square in enumerate(squares):
        other, random = squares[(index + len(squares) // 2) % len(squares)], np.random.default_rng(index)
        row = [square]
        for name, (before, after) in changed(square, other, random).items():
            found.setdefault(name, []).append(likeness(before, after, FACE))
            row.append(after)
        rows.append(row)
    print(f"{len(squares)} faces of {words.labels.name}; quantiles " + " ".join(f"{q:>5}" for q in QUANTILES))
    for name, values in found.items():
        print(f"{name:34}" + " ".join(f"{value:5.2f}" for value in np.quantile(values, QUANTILES)))
    if words.sheet:
        picture = np.concatenate([np.concatenate(row, 1) for row in rows[:12]])
        Image.fromarray((picture.clip(0, 1) * 255).astype(np.uint8)).save(words.sheet)
    return 0


PLACE = 2 * PLACES
FACE = Face((0, 0, 2 * SIDE, 2 * SIDE), tuple((float(x), float(y)) for x, y in PLACE), 1.0)
"""The face of every square below: twice the size that likeness works at."""


def faces_of(labels: Path, most: int) -> list[Array]:
    """(192, 192) luma of sure faces, upright, so that parts of one fit another."""
    chosen = [
        entry for entry in face_labels.read(labels) if len(entry.sure) and entry.sure[0, 2:4].min() >= SMALLEST_PX
    ]
    chosen = [chosen[index] for index in np.unique(np.linspace(0, len(chosen) - 1, most).astype(int))]
    wanted = {(entry.source, entry.photo): entry for entry in chosen}
    squares = []
    for source in sorted({entry.source for entry in chosen}):
        for name, encoded in members(source):
            entry, picture = wanted.get((source, name)), None
            if entry is not None:
                picture = face_labels.upright(encoded)
            if entry is not None and picture is not None:
                squares.append(upright(picture, entry.sure[0, 4:14].reshape(5, 2)))
    return squares


def upright(picture: Image.Image, landmarks: Array) -> Array:
    first, last = PLACE - PLACE.mean(0), landmarks - landmarks.mean(0)
    along = (first * last).sum() / (first**2).sum()
    across = (first[:, 0] * last[:, 1] - first[:, 1] * last[:, 0]).sum() / (first**2).sum()
    x, y = landmarks.mean(0) - np.array([[along, -across], [across, along]]) @ PLACE.mean(0)
    data = (along, -across, x, across, along, y)
    cut = picture.convert("L").transform((2 * SIDE, 2 * SIDE), Image.Transform.AFFINE, data, Image.Resampling.BICUBIC)
    return np.asarray(cut, np.float32) / np.float32(255)


def changed(square: Array, other: Array, random: np.random.Generator) -> dict[str, tuple[Array, Array]]:
    """name -> (before, after)."""
    noise = random.standard_normal(square.shape).astype(np.float32)
    grain = np.clip(square + 0.06 * noise, 0, 1)
    strong = np.clip(square + 0.12 * noise, 0, 1)
    eyes, mouth = PLACE[:2], PLACE[3:]
    return {
        "+ brighter, gamma 0.7": (square, square**0.7),
        "+ faded to 0.2..0.7": (square, 0.2 + 0.5 * square),
        "+ grain 6 % taken off": (grain, square),
        "+ grain 12 % taken off": (strong, square),
        "+ grain 6 % taken off, smeared": (grain, blurred(square, 1.2)),
        "+ JPEG 30": (square, compressed(square, 30)),
        "+ enlarged from half": (square, from_half(square)),
        "+ sharpened": (square, np.clip(2 * square - blurred(square, 2), 0, 1)),
        "o smeared, sigma 3": (square, blurred(square, 3)),
        "- eyes of another": (square, pasted(square, other, eyes, 30)),
        "- one eye of another": (square, pasted(square, other, eyes[:1], 24)),
        "- mouth of another": (square, pasted(square, other, mouth.mean(0)[None], 38)),
        "- eyes 5 % of the face further up": (square, pasted(square, np.roll(square, -10, 0), eyes, 30)),
        "- eyes 3 % of the face further up": (square, pasted(square, np.roll(square, -6, 0), eyes, 30)),
        "- half of another": (square, (square + other) / 2),
        "- another": (square, other),
        "- its mirror image": (square, square[:, ::-1].copy()),
    }


def blurred(square: Array, sigma: float) -> Array:
    return filtered(square, lambda image: image.filter(ImageFilter.GaussianBlur(sigma)))


def from_half(square: Array) -> Array:
    half = (square.shape[1] // 2, square.shape[0] // 2)
    return filtered(square, lambda image: image.resize(half).resize(image.size, Image.Resampling.BICUBIC))


def compressed(square: Array, quality: int) -> Array:
    def through_jpeg(image: Image.Image) -> Image.Image:
        file = io.BytesIO()
        image.save(file, "JPEG", quality=quality)
        return Image.open(file).convert("L")

    return filtered(square, through_jpeg)


def filtered(square: Array, work: Callable[[Image.Image], Image.Image]) -> Array:
    image = Image.fromarray((square.clip(0, 1) * 255).astype(np.uint8))
    return np.asarray(work(image), np.float32) / np.float32(255)


def pasted(square: Array, other: Array, places: Array, radius: float) -> Array:
    """`square` with soft discs of `other`, in the light of what they cover."""
    y, x = np.mgrid[: len(square), : len(square)]
    result = square
    for cx, cy in places:
        away = np.hypot(x - cx, y - cy)
        weight = np.clip((radius - away) / (0.4 * radius), 0, 1).astype(np.float32)
        part, there = other[weight > 0], square[weight > 0]
        fitted = (other - part.mean()) / max(part.std(), 0.01) * there.std() + there.mean()
        result = result + weight * (fitted.clip(0, 1) - result)
    return result


if __name__ == "__main__":
    sys.exit(main())
