"""What colourisers cost, as a ratio to SqueezeNet's features in the same run, and how much memory one answer at 512 px takes.

    python -m benchmarks.colouriser SQUEEZENET.onnx CARD.json... [--size 256] [--times 15] [--memory]

Each is timed in turn, round after round, and the median of the rounds counts, so that other work on the computer falls on all
alike. A photo larger than a card's working size is shown to it at that, as the app does. "hint": the same picture again with
another guide, which of a generator in two files runs only the decoder. --memory: growth of the process's peak over what it is
after loading, at 512 px, as the app runs it.
"""

from __future__ import annotations

import argparse
import multiprocessing
import resource
import statistics
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from engine.card import Card
from engine.generator import Generator
from engine.progress import CancelToken
from engine.session import Device
from engine.working_shape import own_working_size

CANCEL = CancelToken()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("squeezenet", type=Path, help="an ONNX file picture -> features")
    parser.add_argument("cards", type=Path, nargs="+")
    parser.add_argument("--size", type=int, default=256)
    parser.add_argument("--times", type=int, default=15)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--memory", action="store_true")
    words = parser.parse_args()
    device = Device("cpu", threads=words.threads)
    rows = {"squeezenet": _squeezenet(words.squeezenet, device, words.size)}
    for path in words.cards:
        generator = Generator.load(Card.read(path), device)
        seen_px = min(words.size, own_working_size(generator.card))
        rows[path.stem] = _whole(generator, seen_px)
        if generator.takes_guide:
            rows[f"{path.stem}, hint"] = _hint(generator, seen_px)
    medians = {name: statistics.median(seconds) for name, seconds in _timed(rows, words.times).items()}
    for name, seconds in medians.items():
        print(f"{name:32} {1000 * seconds:7.1f} ms  {seconds / medians['squeezenet']:6.2f} x squeezenet", flush=True)
    for path in words.cards if words.memory else ():
        with multiprocessing.get_context("spawn").Pool(1) as pool:
            print(f"{path.stem:32} {pool.apply(_growth, (path, words.threads)):7.0f} MB more at 512 px", flush=True)
    return 0


def _timed(rows: dict[str, Callable[[], object]], times: int) -> dict[str, list[float]]:
    """Seconds of each, once a round; the first round warms up and is not counted."""
    found: dict[str, list[float]] = {name: [] for name in rows}
    for number in range(times + 1):
        for name, run in rows.items():
            began = time.perf_counter()
            run()
            if number:
                found[name].append(time.perf_counter() - began)
    return found


def _squeezenet(path: Path, device: Device, size: int) -> Callable[[], object]:
    session = device.open(path.read_bytes(), path.stem)
    name = session.inputs[0].name
    picture = np.random.default_rng(0).random((1, 3, size, size), np.float32)
    return lambda: session.run({name: picture}, CANCEL)


def _whole(generator: Generator, size: int) -> Callable[[], object]:
    """A new picture each time, so that nothing of an earlier one helps."""
    random = np.random.default_rng(0)
    guide = np.zeros((size, size, 3), np.float32) if generator.takes_guide else None
    return lambda: generator.run(np.repeat(random.random((size, size, 1), np.float32), 3, 2), guide=guide)


def _hint(generator: Generator, size: int) -> Callable[[], object]:
    picture = np.repeat(np.random.default_rng(1).random((size, size, 1), np.float32), 3, 2)
    random = np.random.default_rng(2)
    generator.run(picture, guide=np.zeros_like(picture))

    def run() -> object:
        guide = np.zeros_like(picture)
        guide[100:108, 100:108] = (*random.uniform(-0.4, 0.4, 2), 1)
        return generator.run(picture, guide=guide)

    return run


def _growth(path: Path, threads: int) -> float:
    """MB by which the peak grows while one picture of 512 px is coloured, in a process of its own."""
    generator = Generator.load(Card.read(path), Device("cpu", threads=threads))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    picture = np.full((512, 512, 3), 0.5, np.float32)
    generator.run(picture, guide=np.zeros_like(picture) if generator.takes_guide else None)
    return (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024


if __name__ == "__main__":
    raise SystemExit(main())
