"""How long one photo takes on the command line and how much memory: python benchmarks/restoring.py [--megapixels 2 12 50]

A grey JPEG of each size goes through `autochrome-cli restore` in a process of its own, start of Python included.
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from PIL import Image

ROOT = Path(__file__).resolve().parent.parent


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--megapixels", type=float, nargs="+", default=[2, 12, 50])
    parser.add_argument("--times", type=int, default=3, help="how often each; the median is printed")
    words = parser.parse_args()
    largest = 0.0
    for megapixels in sorted(words.megapixels):  # ascending: the kernel tells only the largest peak so far
        with tempfile.TemporaryDirectory() as folder:
            photo = _grey_photo(Path(folder) / "photo.jpg", megapixels)
            seconds = sorted(_restore(photo) for _ in range(words.times))[words.times // 2]
        largest = max(largest, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024)
        print(f"{megapixels:5.0f} megapixels  {seconds:5.1f} s  at most {largest:5.0f} MB", flush=True)
    return 0


def _grey_photo(path: Path, megapixels: float) -> Path:
    """Soft shapes and grain, 3:2."""
    height = round((megapixels * 1e6 / 1.5) ** 0.5)
    width = round(height * 1.5)
    random = np.random.default_rng(1)
    coarse = Image.fromarray(random.integers(30, 225, (24, 36), dtype=np.uint8)).resize(
        (width, height), Image.Resampling.BICUBIC
    )
    grain = random.integers(-6, 7, (height, width), dtype=np.int16)
    Image.fromarray((np.asarray(coarse) + grain).clip(0, 255).astype(np.uint8)).save(path, quality=92)
    return path


def _restore(photo: Path) -> float:
    began = time.perf_counter()
    command = [
        sys.executable,
        "-m",
        "engine.cli",
        "restore",
        str(photo),
        "--quiet",
        "--no-sidecar",
        "--on-conflict",
        "overwrite",
    ]
    subprocess.run(command, cwd=ROOT, check=True)
    return time.perf_counter() - began


if __name__ == "__main__":
    sys.exit(main())
