"""How much of what people wrote on photos, or wear in them, a finder takes for damage.

    python -m benchmarks.written PHOTOS CARD… [--threshold 0.5] [--limit 60] [--size 512]

Good photographs get captions and beads (training/ageing/writing.py), by seeds from their file names. Told for each generator: of
the pixels that writing changed, and of those that beads changed, the share that it calls damaged.
"""

from __future__ import annotations

import argparse
import zlib
from pathlib import Path

import numpy as np

from engine.card import Card
from engine.damage_finding import damage_in
from engine.generator import Generator
from engine.session import Device
from training.ageing.damage import unit_of
from training.ageing.kinds import KINDS
from training.judging.pictures import as_picture, of_short_side, photos_in, read

MARKS = {"writing": {"lines": 3.0, "size": 12.0}, "beads": {"rows": 3.0, "size": 2.0}}
CHANGED = 0.1
"""A pixel of a mark differs by so much from what was there, sRGB 0..1."""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("photos", type=Path)
    parser.add_argument("cards", type=Path, nargs="+")
    parser.add_argument("--threshold", type=float, default=0.5)
    parser.add_argument("--limit", type=int, default=60)
    parser.add_argument("--size", type=int, default=512, help="short side to which photos are brought")
    words = parser.parse_args()
    generators = {path: Generator.load(Card.read(path), Device("cpu")) for path in words.cards}
    shares: dict[tuple[Path, str], list[float]] = {(path, mark): [] for path in generators for mark in MARKS}
    for file in photos_in(words.photos, words.limit):
        photo = as_picture(of_short_side(read(file), words.size))
        for mark, settings in MARKS.items():
            random = np.random.default_rng(zlib.crc32(file.name.encode()))
            marked = KINDS[mark].function(photo, random, unit_of(photo), **settings)
            places = np.abs(marked - photo).max(2) > CHANGED
            if places.any():
                for path, generator in generators.items():
                    shares[path, mark].append(float((damage_in(marked, generator)[places] > words.threshold).mean()))
    for (path, mark), found in shares.items():
        print(f"{path}: {mark}: {np.mean(found):.3f} of its pixels called damaged, {len(found)} photos")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
