"""Which files are originals and so never written over, whatever links, letter case or spelling say."""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path


def place_key(path: Path) -> str:
    """One text for all spellings of a path: folders resolved, letter case and Unicode form levelled.

    Two paths with one key may be one file on Windows or macOS; on Linux they are then needlessly kept apart, which does no harm.
    """
    return unicodedata.normalize("NFC", os.path.join(os.path.realpath(path.parent), path.name)).casefold()


@dataclass(frozen=True)
class Originals:
    """The photos that were handed in. places: their keys; files: (device, inode), which hard links and odd mounts share."""

    places: frozenset[str] = frozenset()
    files: frozenset[tuple[int, int]] = frozenset()

    @classmethod
    def of(cls, paths: Iterable[Path]) -> Originals:
        """These photos, and what they are links to."""
        places: set[str] = set()
        files: set[tuple[int, int]] = set()
        for path in paths:
            places |= {place_key(path), place_key(Path(os.path.realpath(path)))}
            files |= _identity(path)
        return cls(frozenset(places), frozenset(files))

    def holds(self, path: Path) -> bool:
        """Whether writing to `path` would touch an original."""
        return place_key(path) in self.places or bool(_identity(path) & self.files)


def _identity(path: Path) -> set[tuple[int, int]]:
    try:
        found = path.stat()
    except (OSError, ValueError):
        return set()
    return {(found.st_dev, found.st_ino)} if found.st_ino else set()
