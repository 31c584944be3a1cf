"""Photographs from folders and tar shards, decoded once and kept in memory as CIE Lab in three bytes a pixel.

Lab, because every step needs it and it costs more than the step's own cropping; in bytes (L*·2.55, a* + 128, b* + 128), because
a rounding of half a unit is far below what a network at a quarter of the size can tell.
"""

from __future__ import annotations

import io
import tarfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image, ImageOps
from torch import Tensor

from training.config import ConfigError, Source
from training.lab import CHROMA_SCALE, srgb_to_lab

SUFFIXES = frozenset({".jpg", ".jpeg", ".png", ".webp"})
LONGEST = 2.0
"""A photo's long side is cut (in the middle) to this many short sides: panoramas would fill the memory with sky."""


class Photos:
    """Photos of different sizes in one flat buffer.

    at(i): uint8 (3, H, W), Lab as above. weights: (n,) how often each is drawn. names: "source/member", for reports.
    """

    def __init__(self, pictures: Sequence[NDArray[np.uint8]], names: Sequence[str], weights: Sequence[float]) -> None:
        if not pictures:
            raise ConfigError("data.train holds no photos")
        self.names = list(names)
        self.weights = torch.tensor(list(weights), dtype=torch.float64)
        self._sizes = [picture.shape[:2] for picture in pictures]
        starts = np.cumsum([0] + [picture.size for picture in pictures])
        self._starts = [int(start) for start in starts]
        self._buffer = torch.empty(self._starts[-1], dtype=torch.uint8)
        for picture, start in zip(pictures, self._starts, strict=False):
            self._buffer[start : start + picture.size] = torch.from_numpy(picture).flatten()

    def __len__(self) -> int:
        return len(self._sizes)

    def at(self, index: int) -> Tensor:
        height, width = self._sizes[index]
        flat = self._buffer[self._starts[index] : self._starts[index + 1]]
        return flat.view(height, width, 3).permute(2, 0, 1)

    @property
    def megabytes(self) -> float:
        return self._buffer.numel() / 1e6


def load(sources: Sequence[Source], short_side_px: int, threads: int = 2) -> Photos:
    """Decode every photo of `sources`, shrunk so that its short side is at most `short_side_px`.

    Raises:
        ConfigError: A source that is not there or holds no photos. A broken photo in it is left out.
    """
    pictures: list[NDArray[np.uint8]] = []
    names: list[str] = []
    weights: list[float] = []
    with ThreadPoolExecutor(threads) as pool:
        for source in sources:
            found = 0
            members = _members(Path(source.path))
            while chunk := [member for _, member in zip(range(256), members, strict=False)]:
                for name, picture in zip(
                    (name for name, _ in chunk), pool.map(lambda m: decode(m[1], short_side_px), chunk), strict=True
                ):
                    if picture is not None:
                        pictures.append(picture)
                        names.append(name)
                        weights.append(source.weight)
                        found += 1
            if not found:
                raise ConfigError(f"data.train: no photos in {source.path}")
    return Photos(pictures, names, weights)


def decode(encoded: bytes, short_side_px: int) -> NDArray[np.uint8] | None:
    """One encoded photo as Lab bytes (H, W, 3), upright and shrunk, or None if it is broken."""
    try:
        with Image.open(io.BytesIO(encoded)) as opened:
            picture = ImageOps.exif_transpose(opened).convert("RGB")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return None
    scale = min(1.0, short_side_px / min(picture.size))
    width, height = (max(1, round(side * scale)) for side in picture.size)
    longest = int(min(width, height) * LONGEST)
    picture = picture.resize((width, height), Image.Resampling.LANCZOS)
    return _lab_bytes(np.asarray(ImageOps.fit(picture, (min(width, longest), min(height, longest)))))


def _lab_bytes(rgb: NDArray[np.uint8]) -> NDArray[np.uint8]:
    image = torch.from_numpy(rgb.copy()).permute(2, 0, 1)[None].float() / 255
    lab = srgb_to_lab(image)[0] * torch.tensor([2.55, 1, 1])[:, None, None] + torch.tensor([0, 128, 128])[:, None, None]
    return lab.round().clamp(0, 255).byte().permute(1, 2, 0).contiguous().numpy()


def lab_of_bytes(stored: Tensor) -> tuple[Tensor, Tensor]:
    """Stored Lab (B, 3, H, W) uint8 as L* (B, 1, H, W) 0..100 and a*b*/110 (B, 2, H, W)."""
    return stored[:, :1].float() / 2.55, (stored[:, 1:].float() - 128) / CHROMA_SCALE


def _members(path: Path) -> Iterator[tuple[str, bytes]]:
    """(name, encoded bytes) of every photo under a folder, in the tar shards of a folder, or in one shard; in a fixed order."""
    if path.is_file() and path.suffix == ".tar":
        with tarfile.open(path) as shard:
            for entry in shard:
                content = shard.extractfile(entry) if Path(entry.name).suffix.lower() in SUFFIXES else None
                if content is not None:
                    yield f"{path.stem}/{entry.name}", content.read()
    elif path.is_dir():
        for inside in sorted(path.rglob("*")):
            if inside.suffix == ".tar":
                yield from _members(inside)
            elif inside.suffix.lower() in SUFFIXES:
                yield str(inside.relative_to(path)), inside.read_bytes()
    else:
        raise ConfigError(f"data.train: {path} is neither a folder nor a tar shard")
