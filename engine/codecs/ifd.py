"""TIFF's tag directories byte for byte: read, patched in place and appended, in EXIF blocks and TIFF files alike.

Nothing that is already in a file is ever moved: maker notes hold offsets that only their maker understands. A directory that gains
entries is written anew at the end, and its old place is forgotten.
"""

from __future__ import annotations

import struct
from collections.abc import Container, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import BinaryIO

SHORT, LONG, RATIONAL, BYTE, UNDEFINED = 3, 4, 5, 1, 7
EXIF, GPS, INTEROPERABILITY = 34665, 34853, 40965
POINTERS = (EXIF, GPS, INTEROPERABILITY)
"""Tags whose value is the place of another directory."""

_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4, 16: 8, 17: 8, 18: 8}
_CLASSIC_KINDS = range(1, 14)
_LONG8 = 16
_MOST_ENTRIES = 4096
_DEEPEST = 4


class NoTags(ValueError):
    """The bytes are not a TIFF structure, or point outside themselves."""


@dataclass(frozen=True)
class Entry:
    """One tag's value: TIFF type, number of items, the bytes in the file's order.

    head, place: where in its file the entry and its value lie; -1 for a new one.
    """

    kind: int
    count: int
    data: bytes
    head: int = -1
    place: int = -1


@dataclass(frozen=True)
class Directory:
    """entries: tag -> value; those that point outside the file are left out. following: the next directory's offset or 0."""

    entries: dict[int, Entry]
    following: int
    following_place: int


class TagFile:
    """A TIFF structure (classic or BigTIFF, either byte order) in a seekable binary file.

    Raises:
        NoTags: on creation, if it does not begin like one.
    """

    def __init__(self, file: BinaryIO) -> None:
        self.file = file
        start = self._read(0, 16)
        if len(start) < 8 or start[:2] not in (b"II", b"MM"):
            raise NoTags("no TIFF header")
        self.order = "<" if start[:2] == b"II" else ">"
        version = self._unpack("H", start[2:4])
        if version not in (42, 43) or (version == 43 and len(start) < 16):
            raise NoTags("no TIFF header")
        self.big = version == 43
        self.first = self._unpack("Q", start[8:16]) if self.big else self._unpack("I", start[4:8])

    def directory(self, offset: int) -> Directory:
        """The directory at `offset`. Raises NoTags if there is none."""
        count_size, head_size, inline = (8, 20, 8) if self.big else (2, 12, 4)
        raw = self._read(offset, count_size)
        if offset < 8 or len(raw) < count_size:
            raise NoTags("a directory lies outside the file")
        count = self._unpack("Q" if self.big else "H", raw)
        if count > _MOST_ENTRIES:
            raise NoTags("a directory of impossible size")
        start = offset + count_size
        heads = self._read(start, count * head_size + inline)
        end = self._end()
        entries: dict[int, Entry] = {}
        for at in range(0, min(count * head_size, len(heads) - head_size + 1), head_size):
            tag, kind = struct.unpack_from(self.order + "HH", heads, at)
            (items,) = struct.unpack_from(self.order + ("Q" if self.big else "I"), heads, at + 4)
            length = items * _SIZES.get(kind, end + 1)
            value = heads[at + head_size - inline : at + head_size]
            place = start + at + head_size - inline
            if length > inline:
                place = self._unpack("Q" if self.big else "I", value)
            if 0 < length <= end - place and tag not in entries:
                data = value[:length] if length <= inline else self._read(place, length)
                entries[tag] = Entry(kind, items, data, start + at, place)
        following_place = start + count * head_size
        tail = heads[count * head_size :]
        following = self._unpack("Q" if self.big else "I", tail) if len(tail) == inline else 0
        return Directory(entries, following, following_place)

    def number(self, entry: Entry | None) -> int | None:
        """The first item of a whole-number entry, else None."""
        codes = {1: "B", 3: "H", 4: "I", 13: "I", 16: "Q", 18: "Q"}
        if entry is None or entry.kind not in codes:
            return None
        return self._unpack(codes[entry.kind], entry.data[: _SIZES[entry.kind]])

    def ratio(self, entry: Entry | None) -> float | None:
        """The first item of a rational entry, None if it is no number above zero."""
        if entry is None or entry.kind != RATIONAL:
            return None
        above, below = struct.unpack(self.order + "II", entry.data[:8])
        return above / below if above and below else None

    def whole(self, kind: int, value: int) -> Entry:
        """A new entry with one whole number of type SHORT or LONG."""
        return Entry(kind, 1, struct.pack(self.order + {SHORT: "H", LONG: "I"}[kind], value))

    def pointer(self, offset: int) -> Entry:
        """A new entry that says where another directory lies."""
        return Entry(_LONG8, 1, struct.pack(self.order + "Q", offset)) if self.big else self.whole(LONG, offset)

    def rational(self, value: float) -> Entry:
        """A new entry with one positive rational."""
        share = Fraction(value).limit_denominator(10000)
        return Entry(RATIONAL, 1, struct.pack(self.order + "II", share.numerator, share.denominator))

    def set_number(self, entry: Entry, value: int) -> None:
        """Make a classic entry that is there say `value`, as LONG where it does not fit a SHORT; in place."""
        kind = SHORT if value < 1 << 16 else LONG
        self.overwrite(entry.head + 2, struct.pack(self.order + "HI", kind, 1))
        self.overwrite(entry.head + 8, self.whole(kind, value).data.ljust(4, b"\0"))

    def multiply(self, entry: Entry, times: int) -> None:
        """Make a rational entry that is there say `times` as much, in place; one that cannot hold so much stays."""
        above, below = struct.unpack(self.order + "II", entry.data[:8])
        if above * times < 1 << 32:
            self.overwrite(entry.place, struct.pack(self.order + "II", above * times, below))

    def overwrite(self, place: int, data: bytes) -> None:
        self.file.seek(place)
        self.file.write(data)

    def append(self, entries: Mapping[int, Entry], following: int = 0) -> int:
        """Write a directory at the end of the file and give its offset; values that lie in the file already stay there."""
        pointer = self.order + ("Q" if self.big else "I")
        inline = struct.calcsize(pointer)
        heads = b""
        for tag, entry in sorted(entries.items()):
            if len(entry.data) <= inline:
                value = entry.data.ljust(inline, b"\0")
            else:
                value = struct.pack(pointer, entry.place if entry.place >= 0 else self._write_at_end(entry.data))
            heads += struct.pack(self.order + "HH", tag, entry.kind) + struct.pack(pointer, entry.count) + value
        count = struct.pack(self.order + ("Q" if self.big else "H"), len(entries))
        return self._write_at_end(count + heads + struct.pack(pointer, following))

    def begin_with(self, offset: int) -> None:
        """Make the directory at `offset` the first one."""
        self.overwrite(8 if self.big else 4, struct.pack(self.order + ("Q" if self.big else "I"), offset))
        self.first = offset

    def _write_at_end(self, data: bytes) -> int:
        end = self._end()
        self.overwrite(end, b"\0" * (end % 2) + data)  # TIFF wants everything at even places
        return end + end % 2

    def _end(self) -> int:
        return self.file.seek(0, 2)

    def _read(self, offset: int, length: int) -> bytes:
        self.file.seek(offset)
        return self.file.read(length)

    def _unpack(self, code: str, data: bytes) -> int:
        return int(struct.unpack(self.order + code, data)[0])


def copied(
    source: TagFile, offset: int, target: TagFile, keep: Container[int] | None = None, depth: int = 0
) -> dict[int, Entry]:
    """Entries of a directory of `source`, ready for `target.append`; directories it points to are written to `target`.

    keep: the tags wanted of this directory, None for all. Both files have the same byte order.
    """
    result: dict[int, Entry] = {}
    for tag, entry in source.directory(offset).entries.items():
        if keep is not None and tag not in keep:
            continue
        if tag in POINTERS:
            inner = _copied_pointer(source, entry, target, depth)
            if inner:
                result[tag] = target.pointer(target.append(inner))
        elif entry.kind in _CLASSIC_KINDS:
            result[tag] = replace(entry, head=-1, place=-1)
    return result


def _copied_pointer(source: TagFile, entry: Entry, target: TagFile, depth: int) -> dict[int, Entry]:
    place = source.number(entry)
    if place is None or depth == _DEEPEST:
        return {}
    try:
        return copied(source, place, target, None, depth + 1)
    except NoTags:
        return {}
