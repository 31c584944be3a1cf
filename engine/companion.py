"""A file that belongs to a photo: it lies beside the photo or, where that cannot be written, in the user's data folder."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from engine.atomic import write_atomically
from engine.errors import OutputUnwritable


def beside(photo: Path, suffix: str) -> Path:
    """photo.jpg + suffix, in the photo's folder."""
    return photo.with_name(photo.name + suffix)


def in_data_folder(photo: Path, suffix: str) -> Path:
    """Where the companion of a photo in a read-only folder lies; photos of one name in two folders have different ones."""
    import platformdirs

    place = hashlib.sha256(os.fsencode(os.path.realpath(photo))).hexdigest()[:16]
    folder = Path(platformdirs.user_data_dir("Autochrome", appauthor=False)) / "sidecars"
    return folder / f"{photo.name}.{place}{suffix}"


def find(photo: Path, suffix: str) -> Path | None:
    """The companion that counts: of the one beside the photo and the one in the user's data folder the newer, or None.

    Both are there once an album could be written and then no longer, or the other way round. Of two of one age the one
    beside the photo counts.
    """
    there = [path for path in (beside(photo, suffix), in_data_folder(photo, suffix)) if os.path.isfile(path)]
    return max(there, key=_changed_at, default=None)


def put(photo: Path, suffix: str, data: bytes) -> Path:
    """Write it beside `photo` or, where that cannot be written, into the user's data folder; returns where.

    Raises:
        OutputUnwritable: neither place can be written.
    """
    try:
        # Its folder is never made: an album that was renamed meanwhile must not come back as a ghost.
        write_atomically(beside(photo, suffix), data, overwrite=True)
        return beside(photo, suffix)
    except OutputUnwritable:
        path = in_data_folder(photo, suffix)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(path, data, overwrite=True)
    except (OSError, OutputUnwritable) as error:
        reason = "neither the photo's folder nor your own data folder can be written"
        raise OutputUnwritable(beside(photo, suffix), reason) from error
    return path


def _changed_at(path: Path) -> int:
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return 0
