"""Photographs from folders, tar shards, packs and lists, decoded once and kept in memory as CIE Lab in three bytes a pixel.

Lab, because every step needs it and it costs more than the step's own cropping; in bytes (L*·2.55, a* + 128, b* + 128), because
a rounding of half a unit is far below what a network at a quarter of the size can tell.
"""

from __future__ import annotations

import io
import logging
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image, ImageOps
from torch import Tensor

from training.config import ConfigError, Source
from training.data import pack
from training.data.sources import SUFFIXES, found_at, inside
from training.lab import CHROMA_SCALE, lab_to_srgb, srgb_to_lab

__all__ = ["SUFFIXES", "Photos", "decode", "decoded", "in_order", "lab_of_bytes", "load", "members", "upright"]

LONGEST = 2.0
"""A photo's long side is cut (in the middle) to this many short sides: panoramas would fill the memory with sky."""

WAITING = 64
"""Photos that may be decoded before they are asked for."""

Worked = TypeVar("Worked")


class Photos:
    """Photos of different sizes; those of a pack stay on the disk until they are drawn.

    at(i): uint8 (3, H, W), Lab as above. weights: (n,) how often each is drawn. names: "source/member", for reports.
    broken: the names of those that could not be read and are left out.
    """

    def __init__(
        self,
        pictures: Sequence[NDArray[np.uint8]],
        names: Sequence[str],
        weights: Sequence[float],
        broken: Sequence[str] = (),
    ) -> None:
        if not pictures:
            raise ConfigError("data.train holds no photos")
        self.names = list(names)
        self.weights = torch.tensor(list(weights), dtype=torch.float64)
        self.broken = list(broken)
        self._pictures = list(pictures)

    def __len__(self) -> int:
        return len(self._pictures)

    def at(self, index: int) -> Tensor:
        return torch.from_numpy(self._pictures[index]).permute(2, 0, 1)

    def part(self, indices: Sequence[int]) -> Photos:
        """Some of these photos, the pixels shared."""
        weights = self.weights[list(indices)].tolist()
        return Photos([self._pictures[index] for index in indices], [self.names[index] for index in indices], weights)

    @property
    def megabytes(self) -> float:
        return sum(picture.size for picture in self._pictures) / 1e6


def load(sources: Sequence[Source], short_side_px: int, threads: int = 2) -> Photos:
    """Decode every photo of `sources`, shrunk so that its short side is at most `short_side_px`.

    A broken photo is left out and named in `broken`; a warning says so at the end.

    Raises:
        ConfigError: A source that is not there, holds no photos, or is a pack made for another short side.
    """
    pictures: list[NDArray[np.uint8]] = []
    names: list[str] = []
    weights: list[float] = []
    broken: list[str] = []
    for source in sources:
        before = len(pictures)
        for name, picture, weight in decoded(Path(source.path), short_side_px, threads):
            if picture is None:
                broken.append(name)
                continue
            pictures.append(picture)
            names.append(name)
            weights.append(source.weight * weight)
        if len(pictures) == before:
            raise ConfigError(f"there are no photos in {source.path}")
    if broken:
        logging.getLogger(__name__).warning("%s", said_of(broken, len(broken) + len(pictures)))
    return Photos(pictures, names, weights, broken)


def said_of(broken: Sequence[str], total: int) -> str:
    """The sentence about photos that could not be read."""
    named = ", ".join(broken[:5]) + (f" and {len(broken) - 5} more" if len(broken) > 5 else "")
    return f"{len(broken)} of {total} photos could not be read: {named}"


def members(path: Path) -> Iterator[tuple[str, bytes]]:
    """(name, encoded bytes) of every photo at `path`, in a fixed order; a pack's photos come as PNG.

    `path` is a folder of photos, shards or packs, one of these, one photo, or a list (training.data.sources).

    Raises:
        ConfigError: `path`, or what a list names, is not there or is none of these.
    """
    for name, file, _ in found_at(path):
        if file.suffix == ".pack":
            yield from ((packed.name, _png(packed.picture)) for packed in pack.read(file).photos)
        else:
            yield from inside(name, file)


def decoded(path: Path, short_side_px: int, threads: int = 2) -> Iterator[tuple[str, NDArray[np.uint8] | None, float]]:
    """(name, Lab bytes (H, W, 3) or None if it is broken, weight) of every photo at `path`. Raises as `load`."""
    for name, file, weight in found_at(path):
        if file.suffix == ".pack":
            packed = pack.read(file)
            if packed.short_side_px > short_side_px:
                raise ConfigError(
                    f"{file} was packed with a short side of {packed.short_side_px} px, and {short_side_px} px are wanted: "
                    f"set data.short_side_px = {packed.short_side_px}, or pack the photos again"
                )
            yield from ((photo.name, photo.picture, weight * photo.weight) for photo in packed.photos)
        else:
            for inner, picture in in_order(lambda e: decode(e, short_side_px), inside(name, file), threads):
                yield inner, picture, weight


def in_order(
    work: Callable[[bytes], Worked], photos: Iterable[tuple[str, bytes]], threads: int = 2
) -> Iterator[tuple[str, Worked]]:
    """(name, work(encoded)) of each photo in its order; a few are worked on ahead, so memory stays small."""
    waiting: deque[tuple[str, Future[Worked]]] = deque()
    with ThreadPoolExecutor(threads) as pool:
        for name, encoded in photos:
            waiting.append((name, pool.submit(work, encoded)))
            if len(waiting) > WAITING:
                first, done = waiting.popleft()
                yield first, done.result()
        for first, done in waiting:
            yield first, done.result()


def decode(encoded: bytes, short_side_px: int) -> NDArray[np.uint8] | None:
    """One encoded photo as Lab bytes (H, W, 3), upright and shrunk, or None if it is broken."""
    picture = upright(encoded, short_side_px)
    if picture is None:
        return None
    longest = int(min(picture.size) * LONGEST)
    return _lab_bytes(np.asarray(ImageOps.fit(picture, (min(picture.width, longest), min(picture.height, longest)))))


def upright(encoded: bytes, short_side_px: int) -> Image.Image | None:
    """One encoded photo as sRGB, turned as EXIF says, its short side at most `short_side_px`; None if it is broken."""
    try:
        with Image.open(io.BytesIO(encoded)) as opened:
            profile = opened.info.get("icc_profile") if opened.mode == "RGB" else None
            picture = ImageOps.exif_transpose(opened).convert("RGB")
    except Exception:  # damaged files make the decoders raise nearly anything
        return None
    scale = min(1.0, short_side_px / min(picture.size))
    width, height = (max(1, round(side * scale)) for side in picture.size)
    return _to_srgb(picture.resize((width, height), Image.Resampling.LANCZOS), profile)


def _to_srgb(picture: Image.Image, profile: bytes | None) -> Image.Image:
    """Out of the space of an embedded profile (phones save Display P3); a profile that cannot be used counts as sRGB."""
    if not profile:
        return picture
    from PIL import ImageCms

    try:
        wide = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        if "sRGB" in ImageCms.getProfileDescription(wide):
            return picture
        return ImageCms.profileToProfile(picture, wide, ImageCms.createProfile("sRGB")) or picture
    except (ImageCms.PyCMSError, OSError, ValueError):
        return picture


def _lab_bytes(rgb: NDArray[np.uint8]) -> NDArray[np.uint8]:
    image = torch.from_numpy(rgb.copy()).permute(2, 0, 1)[None].float() / 255
    lab = srgb_to_lab(image)[0] * torch.tensor([2.55, 1, 1])[:, None, None] + torch.tensor([0, 128, 128])[:, None, None]
    return lab.round().clamp(0, 255).byte().permute(1, 2, 0).contiguous().numpy()


def lab_of_bytes(stored: Tensor) -> tuple[Tensor, Tensor]:
    """Stored Lab (B, 3, H, W) uint8 as L* (B, 1, H, W) 0..100 and a*b*/110 (B, 2, H, W)."""
    return stored[:, :1].float() / 2.55, (stored[:, 1:].float() - 128) / CHROMA_SCALE


def _png(stored: NDArray[np.uint8]) -> bytes:
    """Stored Lab (H, W, 3) as an encoded photo."""
    lightness, chroma = lab_of_bytes(torch.from_numpy(stored).permute(2, 0, 1)[None])
    rgb = lab_to_srgb(torch.cat([lightness, chroma * CHROMA_SCALE], 1))[0].permute(1, 2, 0)
    encoded = io.BytesIO()
    Image.fromarray((rgb * 255).round().byte().numpy()).save(encoded, "PNG", compress_level=1)
    return encoded.getvalue()
