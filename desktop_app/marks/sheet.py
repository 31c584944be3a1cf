"""The marks of one photo in squares that earlier states share, so that two hundred steps of undo cost what was painted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.marks import Marks

Plane = NDArray[np.uint8]
Place = tuple[int, int]
"""Row and column of a square."""

SQUARE_PX = 128
LONG_SIDE_PX = 2000
"""Of a new sheet, at most: as fine as the preview it is painted on. One read from a file keeps its own size."""
DAMAGED, SOUND = 0, 1
"""Where a square's last axis holds what."""


class Box(NamedTuple):
    """Pixels of a sheet: rows top..bottom, columns left..right, the last ones not included."""

    top: int
    left: int
    bottom: int
    right: int

    @property
    def is_empty(self) -> bool:
        return self.bottom <= self.top or self.right <= self.left

    @property
    def slices(self) -> tuple[slice, slice]:
        return slice(self.top, self.bottom), slice(self.left, self.right)

    def within(self, height: int, width: int) -> Box:
        return Box(max(0, self.top), max(0, self.left), min(height, self.bottom), min(width, self.right))

    def united(self, other: Box | None) -> Box:
        """The smallest box that holds both."""
        if other is None or other.is_empty:
            return self
        if self.is_empty:
            return other
        return Box(
            min(self.top, other.top),
            min(self.left, other.left),
            max(self.bottom, other.bottom),
            max(self.right, other.right),
        )


@dataclass(frozen=True, eq=False)
class MarkSheet:
    """What somebody says about a photo's damage; never changed in place.

    height, width: pixels of the sheet, which lies over the whole upright photo.
    squares: place -> (h, w, 2) uint8, damaged and sound 0..255; those that are not there are empty.
    """

    height: int
    width: int
    squares: Mapping[Place, Plane] = field(default_factory=dict)

    @classmethod
    def empty_for(cls, photo_width: int, photo_height: int) -> MarkSheet:
        """Nothing said of a photo of that size, at the resolution in which marks are painted."""
        scale = min(1.0, LONG_SIDE_PX / max(photo_width, photo_height))
        return cls(max(1, round(photo_height * scale)), max(1, round(photo_width * scale)))

    @classmethod
    def of(cls, marks: Marks) -> MarkSheet:
        height, width = marks.damaged.shape
        empty = cls(height, width)
        return empty.with_patch(Box(0, 0, height, width), np.stack((marks.damaged, marks.sound), axis=-1))

    @property
    def is_empty(self) -> bool:
        return not self.squares

    def fits(self, photo_width: int, photo_height: int) -> bool:
        """Whether a photo of that size has the sheet's shape."""
        return Marks(*np.zeros((2, self.height, self.width), np.uint8)).fits(photo_height, photo_width)

    def marks(self) -> Marks:
        """The same as the engine takes it."""
        planes = np.zeros((2, self.height, self.width), np.uint8)
        for place, square in self.squares.items():
            planes[(slice(None), *self._box_of(place).slices)] = square.transpose(2, 0, 1)
        return Marks(*planes)

    @cached_property
    def shares(self) -> tuple[float, float]:
        """How much of the photo is marked damaged and how much sound, 0..1, soft rims counted by half."""
        damaged, sound = (
            sum(int(square[..., word].sum(dtype=np.uint32)) for square in self.squares.values())
            for word in (DAMAGED, SOUND)
        )
        return damaged / (255 * self.height * self.width), sound / (255 * self.height * self.width)

    def read(self, box: Box) -> Plane:
        """A copy of the pixels of `box`, (h, w, 2)."""
        found = np.zeros((box.bottom - box.top, box.right - box.left, 2), np.uint8)
        for place in self._places_in(box):
            square = self.squares.get(place)
            if square is not None:
                inside, there = _shared(box, self._box_of(place))
                found[inside.slices] = square[there.slices]
        return found

    def with_patch(self, box: Box, patch: Plane) -> MarkSheet:
        """With other pixels in `box`; every square outside it is this sheet's own."""
        squares = dict(self.squares)
        for place in self._places_in(box):
            of_place = self._box_of(place)
            inside, there = _shared(box, of_place)
            square = self.read(of_place)
            square[there.slices] = patch[inside.slices]
            if square.any():
                squares[place] = square
            else:
                squares.pop(place, None)
        return MarkSheet(self.height, self.width, squares)

    def changed_since(self, older: MarkSheet | None) -> Iterator[Box]:
        """The boxes of squares that `older` has not; of all squares where `older` is None."""
        before = older.squares if older is not None else {}
        for place in {*self.squares, *before}:
            if self.squares.get(place) is not before.get(place):
                yield self._box_of(place)

    def _places_in(self, box: Box) -> Iterator[Place]:
        for row in range(box.top // SQUARE_PX, -(-box.bottom // SQUARE_PX)):
            for column in range(box.left // SQUARE_PX, -(-box.right // SQUARE_PX)):
                yield row, column

    def _box_of(self, place: Place) -> Box:
        top, left = place[0] * SQUARE_PX, place[1] * SQUARE_PX
        return Box(top, left, top + SQUARE_PX, left + SQUARE_PX).within(self.height, self.width)


def _shared(one: Box, other: Box) -> tuple[Box, Box]:
    """What two boxes share, as places in each of them."""
    top, left = max(one.top, other.top), max(one.left, other.left)
    bottom, right = min(one.bottom, other.bottom), min(one.right, other.right)
    return (
        Box(top - one.top, left - one.left, bottom - one.top, right - one.left),
        Box(top - other.top, left - other.left, bottom - other.top, right - other.left),
    )
