"""A pack: photographs decoded once into one file that travels, read back through a memory map.

The file, numbers little-endian:

    8 bytes   magic b"ACPACK\\r\\n" (a transfer as text would spoil it visibly)
    uint32    version, 1
    uint64    where the header begins
    uint64    how many bytes the header has; it ends the file
    ...       the photos' pixels one after another: Lab bytes (H, W, 3) as training.data.photos keeps them
    header    JSON in UTF-8: {"short_side_px": 176, "photos": [[name, height, width, weight], ...]}

The header stands last because a photo goes to the disk as soon as it is decoded. Reading trusts nothing: every length is
checked against the file's own before a pixel is touched, and nothing in it is ever run.
"""

from __future__ import annotations

import contextlib
import json
import math
import os
import re
import struct
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from training.config import ConfigError

_HEAD = struct.Struct("<8sIQQ")
_MAGIC = b"ACPACK\r\n"
_VERSION = 1
_LARGEST_HEADER = 1 << 28


@dataclass(frozen=True)
class Packed:
    """One photo of a pack; picture: (H, W, 3) uint8, a window into the file (copied when written to)."""

    name: str
    picture: NDArray[np.uint8]
    weight: float = 1.0


@dataclass(frozen=True)
class Pack:
    """short_side_px: what the photos were shrunk to; smaller ones stayed as they were."""

    short_side_px: int
    photos: tuple[Packed, ...]


def read(path: Path) -> Pack:
    """Open a pack; pixels are read from the disk when they are used.

    Raises:
        ConfigError: Not a pack, cut off, or with a header that does not fit the file.
    """
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            magic, version, start, length = _HEAD.unpack(file.read(_HEAD.size))
            if magic != _MAGIC:
                raise ValueError("it does not begin as a pack")
            if version != _VERSION:
                raise ConfigError(f"{path} is a pack of version {version}; this program reads version {_VERSION}")
            if start + length != size or length > _LARGEST_HEADER:
                raise ValueError("it is cut off")
            file.seek(start)
            short_side_px, entries = _header(json.loads(file.read(length).decode("utf-8")), start)
        pixels = np.memmap(path, np.uint8, mode="c", offset=_HEAD.size, shape=start - _HEAD.size)
    except (OSError, ValueError, KeyError, TypeError, struct.error, RecursionError) as error:
        if isinstance(error, ConfigError):
            raise
        raise ConfigError(f"{path} is not a pack, or it is damaged: {error}") from error
    photos, begin = [], 0
    for name, height, width, weight in entries:
        end = begin + height * width * 3
        # A plain view: slices of a memmap object are slow to make and to index.
        photos.append(Packed(name, np.asarray(pixels[begin:end]).reshape(height, width, 3), weight))
        begin = end
    return Pack(short_side_px, tuple(photos))


def _header(header: Any, start: int) -> tuple[int, list[tuple[str, int, int, float]]]:
    """The short side and the entries of a parsed header, once they are known to describe exactly the bytes before `start`."""
    short_side_px, entries = header["short_side_px"], header["photos"]
    total = 0
    for name, height, width, weight in entries:
        sides = type(height) is int and type(width) is int and min(height, width) > 0
        if not (sides and isinstance(name, str) and type(weight) in (int, float) and 0 < weight < 1e9):
            raise ValueError("its header describes an impossible photo")
        total += height * width * 3
    if type(short_side_px) is not int or not entries or total != start - _HEAD.size:
        raise ValueError("its header does not fit its length")
    return short_side_px, entries


def write(
    photos: Iterable[tuple[str, NDArray[np.uint8], float]], path: Path, short_side_px: int, part_mb: float | None = None
) -> list[Path]:
    """Pack `photos`, (name, Lab bytes (H, W, 3), weight), into `path`; with `part_mb` into NAME-1.pack, NAME-2.pack, ...

    No part is larger than `part_mb` (in 10^6 bytes) unless a single photo is. The files appear when all of them are whole.

    Raises:
        ConfigError: `path` or a part of that name is there already, `path` is no .pack, or there are no photos.
    """
    if path.suffix != ".pack":
        raise ConfigError(f"a pack's name ends with .pack, {path.name} does not")
    part = re.compile(re.escape(path.stem) + r"-\d+\.pack")
    there = sorted(file for file in path.parent.glob("*.pack") if file == path or part.fullmatch(file.name))
    if there:
        raise ConfigError(f"{there[0]} is there already: remove it, or choose another name")
    path.parent.mkdir(parents=True, exist_ok=True)
    limit = math.inf if part_mb is None else part_mb * 1e6
    with contextlib.ExitStack() as unfinished:
        written: list[_Unfinished] = []
        for name, picture, weight in photos:
            entry = [name, *picture.shape[:2], weight]
            if not written or (written[-1].entries and written[-1].size_with(entry) > limit):
                if written:
                    written[-1].finish(short_side_px)
                target = path if part_mb is None else path.with_name(f"{path.stem}-{len(written) + 1}.pack")
                written.append(_Unfinished(target))
                unfinished.callback(written[-1].discard)
            written[-1].add(entry, picture)
        if not written:
            raise ConfigError("there are no photos to pack")
        written[-1].finish(short_side_px)
        for one in written:
            one.temporary.replace(one.target)
    return [one.target for one in written]


class _Unfinished:
    """A pack that is being written beside its place."""

    def __init__(self, target: Path) -> None:
        self.target, self.temporary = target, target.with_name(target.name + ".part")
        self.entries: list[list[Any]] = []
        self._file: BinaryIO = self.temporary.open("wb")
        self._file.write(bytes(_HEAD.size))
        self._size = _HEAD.size + len(_encoded_header(0, [])) + 20

    def size_with(self, entry: list[Any]) -> int:
        """How large the file gets at most with this photo."""
        return self._size + entry[1] * entry[2] * 3 + len(json.dumps(entry)) + 2

    def add(self, entry: list[Any], picture: NDArray[np.uint8]) -> None:
        self._size = self.size_with(entry)
        self.entries.append(entry)
        self._file.write(np.ascontiguousarray(picture).data)

    def finish(self, short_side_px: int) -> None:
        """Write header and head, and sync."""
        start, header = self._file.tell(), _encoded_header(short_side_px, self.entries)
        self._file.write(header)
        self._file.seek(0)
        self._file.write(_HEAD.pack(_MAGIC, _VERSION, start, len(header)))
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()

    def discard(self) -> None:
        """Remove what is left beside the place: nothing, when all went well."""
        self._file.close()
        self.temporary.unlink(missing_ok=True)


def _encoded_header(short_side_px: int, entries: list[list[Any]]) -> bytes:
    return json.dumps({"short_side_px": short_side_px, "photos": entries}).encode("utf-8")
