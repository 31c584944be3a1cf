"""Whether the tiles of a generator show: flat and smooth fields in tiles against one piece, a picture in tiles of several sizes.

    python -m benchmarks.seams CARD.json... [--side 640] [--tiles 128 256 384]

For each field the largest difference, in steps of 1/255, between the answer in tiles and the one in one piece, and, of flat ones,
how far the answer in tiles leaves its own median. Then the PSNR between answers in tiles of each two sizes, on a picture with
detail. Asked: less than 1 step, at least 50 dB. Everything as the app runs it: the card's multiple and overlap, no guide.
"""

from __future__ import annotations

import argparse
import itertools
import math
import sys
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from engine.card import Card
from engine.generator import Generator
from engine.session import Device

Picture = NDArray[np.float32]

MOST_STEPS = 1.0
LEAST_DB = 50.0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("cards", type=Path, nargs="+")
    parser.add_argument("--side", type=int, default=640, help="pixels of the square fields")
    parser.add_argument("--tiles", type=int, nargs="+", default=[128, 256, 384], help="longest sides of tiles")
    parser.add_argument("--threads", type=int, default=2)
    words = parser.parse_args()
    good = True
    for path in words.cards:
        print(path.stem)
        generator = Generator.load(Card.read(path), Device("cpu", threads=words.threads))
        good &= _shown(generator, words.side, words.tiles)
    return 0 if good else 1


def _shown(generator: Generator, side: int, tiles: list[int]) -> bool:
    """Print every row of one generator; whether all keep what is asked."""
    good = True
    for name, field in fields(side).items():
        whole = generator.run(field).image
        for tile in tiles:
            answer = generator.run_tiled(field, tile_px=tile).image
            steps = deviation(answer, whole)
            own = f", {spread(answer):6.3f} from its median" if name.startswith("flat") else ""
            print(f"  {name:14} tiles of {tile:4}: {steps:6.3f} steps from one piece{own}", flush=True)
            good &= steps < MOST_STEPS
    answers = {tile: generator.run_tiled(detailed(side), tile_px=tile).image for tile in tiles}
    for first, second in itertools.combinations(tiles, 2):
        decibels = likeness(answers[first], answers[second])
        print(f"  detail         tiles of {first:4} and {second:4}: {decibels:6.1f} dB", flush=True)
        good &= decibels >= LEAST_DB
    return good


def fields(side: int) -> dict[str, Picture]:
    """Name -> (side, side, 3): flat greys and a flat colour, a ramp, slow waves."""
    y, x = np.mgrid[0:side, 0:side].astype(np.float32) / np.float32(side)
    wave = 0.5 + 0.25 * np.sin(5 * x + 3 * y) + 0.15 * np.cos(4 * y - 7 * x)
    made = {f"flat {level}": np.full((side, side, 3), level, np.float32) for level in (0.05, 0.5, 0.95)}
    made["flat colour"] = np.broadcast_to(np.array([0.7, 0.45, 0.3], np.float32), (side, side, 3)).copy()
    made["ramp"] = np.repeat((0.1 + 0.8 * x)[..., None], 3, 2)
    made["waves"] = np.stack([wave, wave[::-1], wave[:, ::-1]], -1)
    return {name: np.ascontiguousarray(field, np.float32) for name, field in made.items()}


def detailed(side: int) -> Picture:
    """(side, side, 3) with edges, fine stripes and grain over slow waves: what a picture asks of a network."""
    y, x = np.mgrid[0:side, 0:side].astype(np.float32)
    stripes = 0.12 * np.sign(np.sin(x / 5 + y / 17)) * (np.hypot(x - side / 2, y - side / 2) < side / 3)
    grain = np.random.default_rng(0).standard_normal((side, side, 3)).astype(np.float32) * np.float32(0.04)
    picture: Picture = (fields(side)["waves"] + stripes[..., None] + grain).clip(0, 1).astype(np.float32)
    return picture


def deviation(answer: Picture, other: Picture) -> float:
    """The largest difference of two pictures, in steps of 1/255."""
    return float(np.abs(answer - other).max() * 255)


def spread(answer: Picture) -> float:
    """How far a picture that should be flat leaves its median, in steps of 1/255."""
    return deviation(answer, np.broadcast_to(np.median(answer, (0, 1)), answer.shape))


def likeness(first: Picture, second: Picture) -> float:
    """PSNR of two pictures in dB; infinite for equal ones."""
    error = float(np.square(first - second).mean())
    return -10 * math.log10(error) if error else math.inf


if __name__ == "__main__":
    sys.exit(main())
