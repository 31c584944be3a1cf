"""How long the ageing of a crop takes, each kind and the whole recipe: python -m benchmarks.ageing [--size 256] [--times 200]

Processor time, so that what else runs counts little; training wants at most 15 ms a crop of 256 px.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from collections.abc import Sequence

import numpy as np
from PIL import Image

from training.ageing.kinds import KINDS, TEXTURES
from training.ageing.noise import Array
from training.ageing.recipe import TRAINING, AgeingRecipe, age


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=int, default=256, help="pixels a side of the crop")
    parser.add_argument("--times", type=int, default=200, help="crops through the whole recipe; a fifth of them a kind")
    words = parser.parse_args(arguments)
    crop = _crop(words.size)
    for kind in dict.fromkeys(t.kind for t in TRAINING.treatments if t.kind != TEXTURES):
        given = crop.mean(2, keepdims=True).repeat(3, 2) if KINDS[kind].only == "grey" else crop
        taken = _milliseconds(given, TRAINING.only(kind), max(5, words.times // 5))
        print(f"{kind:13} {statistics.mean(taken):6.2f} ms")
    taken = sorted(_milliseconds(crop, TRAINING, words.times))
    print(
        f"{'the recipe':13} {statistics.mean(taken):6.2f} ms mean, {taken[len(taken) * 9 // 10]:.2f} ms in nine of ten"
    )
    return 0


def _milliseconds(crop: Array, recipe: AgeingRecipe, times: int) -> list[float]:
    taken = []
    for seed in range(times):
        began = time.process_time()
        age(crop, np.random.default_rng(seed), recipe)
        taken.append((time.process_time() - began) * 1000)
    return taken


def _crop(size: int) -> Array:
    """Soft coloured shapes."""
    coarse = np.random.default_rng(1).integers(20, 235, (9, 9, 3), dtype=np.uint8)
    picture = Image.fromarray(coarse).resize((size, size), Image.Resampling.BICUBIC)
    return np.asarray(picture, np.float32) / np.float32(255)


if __name__ == "__main__":
    sys.exit(main())
