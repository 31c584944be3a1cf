"""Small coloured pictures made here, for tests of the training package."""

from __future__ import annotations

import io
import tarfile
from pathlib import Path

import numpy as np
from PIL import Image


def picture(seed: int, height: int = 72, width: int = 96) -> Image.Image:
    """Soft coloured shapes, different for each seed."""
    random = np.random.default_rng(seed)
    y, x = np.mgrid[0:height, 0:width]
    planes = [
        128 + 100 * np.sin(x / random.uniform(8, 30) + y / random.uniform(8, 30) + random.uniform(0, 6))
        for _ in range(3)
    ]
    return Image.fromarray(np.clip(np.stack(planes, -1), 0, 255).astype(np.uint8))


def folder_of(folder: Path, count: int) -> Path:
    """`count` PNG pictures in a folder of their own."""
    folder.mkdir(parents=True, exist_ok=True)
    for index in range(count):
        picture(index).save(folder / f"{index:03}.png")
    return folder


def shard_of(path: Path, count: int, broken: bool = False) -> Path:
    """A tar shard of `count` pictures, and one file that is none if `broken`."""
    with tarfile.open(path, "w") as shard:
        for index in range(count):
            encoded = io.BytesIO()
            picture(100 + index).save(encoded, "WEBP")
            entry = tarfile.TarInfo(f"{index:03}.webp")
            entry.size = encoded.tell()
            encoded.seek(0)
            shard.addfile(entry, encoded)
        if broken:
            entry = tarfile.TarInfo("broken.webp")
            entry.size = 5
            shard.addfile(entry, io.BytesIO(b"text!"))
    return path
