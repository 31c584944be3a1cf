"""What somebody wishes for one face, added to what is wished for the others: plain values, no Qt."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from engine.face_wishes import FaceWish, treatments
from engine.faces import Face

Wishes = tuple[FaceWish, ...]


@dataclass(frozen=True)
class FoundFaces:
    """The faces of a photo, in pixels of the preview that they were found in, which is `height` x `width`."""

    faces: Sequence[Face]
    height: int
    width: int

    def treatments(self, wishes: Wishes, usual: str) -> tuple[str, ...]:
        """What each face gets, as the engine takes the wishes. usual: for a face without one, also ""."""
        return treatments(self.faces, wishes, usual, self.height, self.width)

    def middle(self, number: int) -> tuple[float, float]:
        """x, y of a face's middle, 0..1 of the photo."""
        left, top, wide, tall = self.faces[number].box
        return min(1.0, (left + wide / 2) / self.width), min(1.0, (top + tall / 2) / self.height)

    def with_treatment(self, wishes: Wishes, number: int, treatment: str, usual: str) -> Wishes:
        """The wishes with which the face of that number gets `treatment`, and every other what it got before.

        A face that gets `usual` needs no wish of its own, unless it lies over another one that has a wish: that one's place may lie
        in its box too, and would be taken for its own. treatment "": whatever it gets without a wish of its own.
        """
        wanted = list(self.treatments(wishes, usual))
        wanted[number] = treatment
        wishes = self._without(wishes, number)
        for _ in self.faces:
            got = self.treatments(wishes, usual)
            wrong = [place for place, word in enumerate(wanted) if word and got[place] != word]
            if not wrong:
                break
            place = number if number in wrong else wrong[0]
            wishes = (*self._without(wishes, place), FaceWish(*self.middle(place), wanted[place]))
        return wishes

    def _without(self, wishes: Wishes, number: int) -> Wishes:
        return tuple(wish for wish in wishes if self._about(wish) != number)

    def _about(self, wish: FaceWish) -> int | None:
        """The number of the face that a wish is about: of those whose box it lies in, the one with the nearest middle."""
        x, y = wish.x * self.width, wish.y * self.height
        inside = []
        for number, face in enumerate(self.faces):
            left, top, wide, tall = face.box
            if left <= x <= left + wide and top <= y <= top + tall:
                inside.append((math.hypot(x - left - wide / 2, y - top - tall / 2), number))
        return min(inside)[1] if inside else None
