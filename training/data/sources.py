"""Where photographs lie: folders, tar shards, packs, single files, and lists that name them with a weight.

A list is a `.txt` file. Each line names one of the others, relative to the list's folder, and may end with a weight (how often
its photos are drawn, 1 = as others); lines that begin with # are comments:

    # portraits are rare and wanted
    portraits/          3
    shards/intel-00.tar
    IMG_0042.jpg        0.5
"""

from __future__ import annotations

import math
import tarfile
from collections.abc import Iterator
from pathlib import Path

from training.config import ConfigError

SUFFIXES = frozenset({".jpg", ".jpeg", ".png", ".webp"})
_WHOLE_SETS = frozenset({".tar", ".pack"})


def found_at(path: Path) -> Iterator[tuple[str, Path, float]]:
    """(name, file, weight) of every photo, shard and pack at `path`, in a fixed order. Hidden files are passed over.

    Raises:
        ConfigError: `path`, or what a list names, is not there or is none of these.
    """
    if path.suffix == ".txt" and path.is_file():
        yield from _listed(path)
    else:
        yield from ((name, file, 1.0) for name, file in _unlisted(path))


def inside(name: str, file: Path) -> Iterator[tuple[str, bytes]]:
    """(name, encoded bytes) of one photo, or of every photo in a shard. What cannot be read from the disk comes empty.

    Raises:
        ConfigError: The shard is damaged.
    """
    if file.suffix != ".tar":
        try:
            yield name, file.read_bytes()
        except OSError:
            yield name, b""
        return
    try:
        with tarfile.open(file) as shard:
            for entry in shard:
                content = shard.extractfile(entry) if _is_photo(Path(entry.name)) else None
                if content is not None:
                    yield f"{file.stem}/{entry.name}", content.read()
    except (tarfile.TarError, EOFError, OSError) as error:
        raise ConfigError(f"{file} is not a tar shard, or it is damaged: {error}") from error


def _unlisted(path: Path) -> Iterator[tuple[str, Path]]:
    if path.is_dir():
        for file in sorted(path.rglob("*")):
            if (_is_photo(file) or file.suffix in _WHOLE_SETS) and file.is_file():
                yield file.relative_to(path).as_posix(), file
    elif path.is_file() and (path.suffix in _WHOLE_SETS or path.suffix.lower() in SUFFIXES):
        yield path.name, path
    elif path.exists():
        raise ConfigError(f"{path} is neither a folder, a photo, a tar shard, a pack (.pack) nor a list (.txt)")
    else:
        raise ConfigError(f"there is no {path}")


def _is_photo(file: Path) -> bool:
    return file.suffix.lower() in SUFFIXES and not file.name.startswith(".")


def _listed(path: Path) -> Iterator[tuple[str, Path, float]]:
    try:
        lines = path.read_text("utf-8-sig").splitlines()
    except UnicodeDecodeError as error:
        raise ConfigError(f"{path} is not a list: it is not text in UTF-8") from error
    for number, line in enumerate(lines, 1):
        entry, weight = line.strip(), 1.0
        if not entry or entry.startswith("#"):
            continue
        # A name may hold blanks and end with a number: what lies there counts first.
        if not (path.parent / entry).exists() and len(entry.split()) > 1:
            entry, word = entry.rsplit(maxsplit=1)
            weight = _weight(word, f"{path}, line {number}")
        target = path.parent / entry
        if target.suffix == ".txt":
            raise ConfigError(f"{path}, line {number}: a list may not name another list")
        try:
            for name, file in _unlisted(target):
                yield (f"{entry.rstrip('/')}/{name}" if target.is_dir() else entry), file, weight
        except ConfigError as error:
            raise ConfigError(f"{path}, line {number}: {error}") from error


def _weight(word: str, where: str) -> float:
    try:
        weight = float(word)
    except ValueError:
        weight = math.nan
    if not (0 < weight < math.inf):
        raise ConfigError(f"{where}: the weight must be a number above 0, not {word!r}")
    return weight
