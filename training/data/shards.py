"""Photographs into tar shards of small WebP files without metadata: what a training needs of them, and nothing private."""

from __future__ import annotations

import io
import tarfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path, PurePosixPath
from typing import Any

from engine.atomic import write_atomically
from training.config import ConfigError
from training.data.photos import in_order, members, upright


@dataclass
class Written:
    """shards: the files, in order; photos: how many they hold; broken: the names of those that could not be read."""

    shards: list[Path] = field(default_factory=list)
    photos: int = 0
    broken: list[str] = field(default_factory=list)


def write(
    sources: Sequence[Path],
    folder: Path,
    short_side_px: int,
    photos_per_shard: int = 2000,
    quality: int = 85,
    progress: Callable[[Iterable[Any]], Iterable[Any]] = iter,
) -> Written:
    """Write FOLDER-000.tar, FOLDER-001.tar, ... into `folder`: upright sRGB, short side at most `short_side_px`.

    The same photos give the same bytes; a name that comes twice gets a number. Each shard appears whole or not at all.

    Raises:
        ConfigError: There are shards in `folder` already, or no photos in `sources`.
        OutputUnwritable: The disk refuses.
    """
    if next(folder.glob("*.tar"), None) is not None:
        raise ConfigError(f"there are shards in {folder} already: remove them, or choose another folder")
    folder.mkdir(parents=True, exist_ok=True)
    written, names = Written(), UniqueNames()
    waiting: list[tuple[str, bytes]] = []

    def write_shard() -> None:
        path = folder / f"{folder.resolve().name}-{len(written.shards):03}.tar"
        write_atomically(path, _tar(waiting), overwrite=False)
        written.shards.append(path)
        waiting.clear()

    every = chain.from_iterable(members(path) for path in sources)
    for name, photo in progress(in_order(lambda encoded: encode(encoded, short_side_px, quality), every)):
        if photo is None:
            written.broken.append(name)
            continue
        waiting.append((names.of(name), photo))
        written.photos += 1
        if len(waiting) == photos_per_shard:
            write_shard()
    if not written.photos:
        raise ConfigError(f"there are no photos in {', '.join(map(str, sources))}")
    if waiting:
        write_shard()
    return written


def encode(photo: bytes, short_side_px: int, quality: int) -> bytes | None:
    """An encoded photo as WebP without metadata, upright, its short side at most `short_side_px`; None if it is broken."""
    picture = upright(photo, short_side_px)
    if picture is None:
        return None
    encoded = io.BytesIO()
    try:
        picture.save(encoded, "WEBP", quality=quality)
    except (OSError, ValueError):  # a strip longer than WebP's 16383 pixels
        return None
    return encoded.getvalue()


class UniqueNames:
    """Names of photos as .webp below nothing but their own folders, none twice."""

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def of(self, name: str) -> str:
        parts = [part for part in PurePosixPath(name.replace("\\", "/")).parts if part not in ("/", "..", ".")]
        stem = PurePosixPath(*parts).with_suffix("").as_posix()
        chosen, number = stem, 1
        while chosen.casefold() in self._taken:
            number += 1
            chosen = f"{stem}-{number}"
        self._taken.add(chosen.casefold())
        return f"{chosen}.webp"


def _tar(photos: list[tuple[str, bytes]]) -> bytes:
    """A tar file without times or owners: the same photos give the same bytes."""
    content = io.BytesIO()
    with tarfile.open(fileobj=content, mode="w") as shard:
        for name, photo in photos:
            entry = tarfile.TarInfo(name)
            entry.size = len(photo)
            shard.addfile(entry, io.BytesIO(photo))
    return content.getvalue()
