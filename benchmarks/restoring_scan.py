"""How long a recipe takes for a large scan, where the time goes and how much memory it needs, beside another generator in one run.

    python -m benchmarks.restoring_scan RECIPE [--beside CARD.json] [--megapixels 12] [--scan FILE] [--generators FOLDER]

The scan is made here, shapes with grain under the damage of training's ageing (--damage 0 for none), or read from --scan. Recipe
and generator each run in a process of their own, one after the other, as the app runs them: the recipe through its pipeline, the
generator over the same pixels in tiles. Wall and processor seconds are told, since on a busy computer only the second can be
compared. --part 8: the other generator gets an eighth of the scan's rows, and its time is multiplied; tiles take equal times.
"""

from __future__ import annotations

import argparse
import multiprocessing
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import numpy as np
from PIL import Image

from engine import recipe as recipes
from engine.card import Card
from engine.codecs import read
from engine.generator import Generator
from engine.library import ModelLibrary
from engine.loader import Loader
from engine.photo import Photo
from engine.pipeline import Pipeline
from engine.progress import Progress
from engine.session import Device

Result = TypeVar("Result")

DAMAGE = ("scratches", "cracks", "creases", "flakes", "dust", "hairs", "tears")


@dataclass(frozen=True)
class Taken:
    """What one way took. seconds: wall, processor: of all cores. peak_mb: of the whole process. stages: wall seconds of each."""

    seconds: float
    processor: float
    peak_mb: float
    stages: dict[str, float]
    notes: tuple[str, ...] = ()


class Stopwatch:
    """A Report that adds up how long each stage lasted, until the next one begins or `stages` is read."""

    def __init__(self) -> None:
        self._spent: dict[str, float] = {}
        self._stage, self._since = "", time.perf_counter()

    def __call__(self, progress: Progress) -> None:
        if progress.stage != self._stage:
            self._turn(progress.stage)

    def _turn(self, stage: str) -> None:
        now = time.perf_counter()
        name = self._stage or "before the first"
        self._spent[name] = self._spent.get(name, 0.0) + now - self._since
        self._stage, self._since = stage, now

    def stages(self) -> dict[str, float]:
        """Stage -> seconds, the longest first; the one that runs is ended."""
        self._turn("")
        return dict(sorted(self._spent.items(), key=lambda spent: -spent[1]))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("recipe", help="a bundled recipe's name, or a file")
    parser.add_argument("--beside", type=Path, metavar="CARD", help="a generator to compare with")
    parser.add_argument("--megapixels", type=float, default=12)
    parser.add_argument("--damage", type=float, default=1.0, help="strength of the damage on the scan made here")
    parser.add_argument("--scan", type=Path, help="a scan of your own")
    parser.add_argument("--generators", type=Path, metavar="FOLDER", help="from where the recipe takes its generators")
    parser.add_argument("--part", type=int, default=1, help="the other generator gets only so small a part of the scan")
    parser.add_argument("--threads", type=int, default=2)
    words = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        scan = words.scan or _alone(_made, Path(folder) / "scan.png", words.megapixels, words.damage)
        recipe = _alone(_through_recipe, words.recipe, scan, words.generators, words.threads)
        beside = _alone(_through_generator, words.beside, scan, words.part, words.threads) if words.beside else None
    _say(words.recipe, recipe)
    for stage, seconds in recipe.stages.items():
        print(f"    {seconds:7.1f} s  {stage}")
    for note in recipe.notes:
        print(f"    {note}")
    if beside is not None:
        _say(words.beside.stem, beside)
        ratios = recipe.seconds / beside.seconds, recipe.processor / beside.processor
        print(f"{words.recipe} takes {ratios[0]:.3f} of its time, {ratios[1]:.3f} of its processor time")
    return 0


def _say(name: str, taken: Taken) -> None:
    print(f"{name}: {taken.seconds:.1f} s, {taken.processor:.1f} s of processor, at most {taken.peak_mb:.0f} MB")


def _alone(run: Callable[..., Result], *words: object) -> Result:
    """`run(*words)` in a process of its own, so that its peak of memory is its own.

    A new process counts its parent's memory for its first peak: what is large must not happen in this one, even before.
    """
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(run, words)


def _through_recipe(name: str, scan: Path, folder: Path | None, threads: int) -> Taken:
    path = Path(name)
    library = ModelLibrary(None if folder is None else [folder])
    pipeline = Pipeline(Loader(library, Device("cpu", threads=threads)))
    photo, recipe = read(scan), recipes.load(path if path.suffix else name)
    watch, began, worked = Stopwatch(), time.perf_counter(), time.process_time()
    outcome = pipeline.run(photo, recipe, report=watch)
    seconds, processor = time.perf_counter() - began, time.process_time() - worked
    return Taken(seconds, processor, _peak_mb(), watch.stages(), outcome.notes)


def _through_generator(card: Path, scan: Path, part: int, threads: int) -> Taken:
    generator = Generator.load(Card.read(card), Device("cpu", threads=threads))
    picture = _floats(read(scan))
    picture = picture[: max(1, len(picture) // part)]
    began, worked = time.perf_counter(), time.process_time()
    generator.run_tiled(picture)
    seconds, processor = time.perf_counter() - began, time.process_time() - worked
    return Taken(seconds * part, processor * part, _peak_mb(), {})


def _floats(photo: Photo) -> np.ndarray:
    share = photo.pixels.astype(np.float32) / np.float32(np.iinfo(photo.pixels.dtype).max)
    return np.repeat(share, 3, 2) if share.shape[2] == 1 else share


def _peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _made(path: Path, megapixels: float, damage: float) -> Path:
    """Shapes of every size and grain, 3:2, and damage that is the same each time."""
    from training.ageing.recipe import TRAINING, age

    height = round((megapixels * 1e6 / 1.5) ** 0.5)
    width = round(height * 1.5)
    random = np.random.default_rng(1)
    picture = np.zeros((height, width, 3), np.float32)
    for cells, weight in ((9, 0.5), (40, 0.3), (160, 0.2)):
        grid = random.integers(0, 256, (cells, cells * 3 // 2, 3), np.uint8)
        large = Image.fromarray(grid).resize((width, height), Image.Resampling.BICUBIC)
        picture += np.asarray(large, np.float32) * np.float32(weight / 255)
    picture += random.standard_normal((height, width, 1), np.float32) * np.float32(0.02)
    old = age(picture.clip(0, 1), random, TRAINING.only(*DAMAGE), damage).picture
    Image.fromarray((old * 255).round().astype(np.uint8)).save(path, compress_level=1)
    return path


if __name__ == "__main__":
    sys.exit(main())
