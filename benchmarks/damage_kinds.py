"""Which kinds of damage a finder misses: recall by what ageing did, beside the share of all damage that each kind is.

    python -m benchmarks.damage_kinds PHOTOS CARD [--textures FOLDER] [--threshold 0.5] [--limit 60]

Photos are aged by the frozen ageing that judges. What a kind of damage has done is told by ageing the photo once more without it;
kinds that lie on each other share their places.
"""

from __future__ import annotations

import argparse
import zlib
from collections import Counter
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from engine.card import Card
from engine.damage_finding import damage_in
from engine.generator import Generator
from engine.session import Device
from training.ageing.judging import RECIPE, VERSION
from training.ageing.kinds import KINDS, TEXTURES
from training.ageing.recipe import Aged, AgeingRecipe, age
from training.ageing.textures import Textures
from training.judging.degrading import SPOILT
from training.judging.pictures import as_picture, photos_in, read
from training.judging.widths import TOLERANCE_PX, within


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("photos", type=Path)
    parser.add_argument("card", type=Path)
    parser.add_argument("--textures", type=Path)
    parser.add_argument("--threshold", type=float, default=0.5)
    parser.add_argument("--limit", type=int, default=60)
    words = parser.parse_args()
    finder = Generator.load(Card.read(words.card), Device("cpu"))
    textures = Textures(words.textures, judging=True) if words.textures else None
    damaged, found, photos, every = Counter[str](), Counter[str](), Counter[str](), 0
    for file in photos_in(words.photos, words.limit):
        picture = as_picture(read(file))
        old = _aged(picture, file.name, RECIPE, textures)
        spoilt = old.damage > SPOILT
        reached = within(damage_in(old.picture, finder) >= words.threshold, TOLERANCE_PX)
        every += int(spoilt.sum())
        for kind in sorted({kind for kind in old.done if kind == TEXTURES or KINDS[kind].fills}):
            own = spoilt & ~(_aged(picture, file.name, RECIPE.sparing(kind), textures).damage > SPOILT)
            photos[kind] += 1
            damaged[kind] += int(own.sum())
            found[kind] += int((own & reached).sum())
    print("kind            photos  of all damage  recall")
    for kind, count in damaged.most_common():
        print(f"{kind:14}  {photos[kind]:6}  {count / max(1, every):13.3f}  {found[kind] / max(1, count):6.3f}")
    return 0


def _aged(picture: NDArray[np.float32], name: str, recipe: AgeingRecipe, textures: Textures | None) -> Aged:
    """As `judged` ages it in full, by another recipe with the same draws."""
    return age(picture, np.random.default_rng([VERSION, zlib.crc32(name.encode())]), recipe, 1.0, textures)


if __name__ == "__main__":
    raise SystemExit(main())
