"""What somebody wishes for single faces of a photo; a step's own setting counts for all the others."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from engine.errors import SettingInvalid, shortened
from engine.faces import Face

TREATMENTS = ("gentle", "full", "original")
"""gentle: as much as leaves the face alike; full: as everywhere; original: nothing that nobody has marked."""


@dataclass(frozen=True)
class FaceWish:
    """x, y: 0..1 of the upright photo's width and height, the middle of the face when the wish was made. treatment: of TREATMENTS.

    Raises:
        SettingInvalid: a place outside the photo or another word.
    """

    x: float
    y: float
    treatment: str

    def __post_init__(self) -> None:
        if not (0.0 <= self.x <= 1.0 and 0.0 <= self.y <= 1.0):
            place = f"({shortened(str(self.x))}, {shortened(str(self.y))})"
            raise SettingInvalid("face", f"the place {place} is outside the photo")
        if self.treatment not in TREATMENTS:
            raise SettingInvalid("face", f"{shortened(repr(self.treatment))} is not one of {', '.join(TREATMENTS)}")


def treatments(
    faces: Sequence[Face], wishes: Sequence[FaceWish], usual: str, height: int, width: int
) -> tuple[str, ...]:
    """For each face of a photo of `height` x `width` the wish that lies in its box, the nearest to its middle; else `usual`.

    A wish is found again where the photo was enlarged or the detector is another one, since it is a place and no number.
    """
    return tuple(_treatment(face, wishes, usual, height, width) for face in faces)


def _treatment(face: Face, wishes: Sequence[FaceWish], usual: str, height: int, width: int) -> str:
    left, top, wide, tall = face.box
    inside = []
    for wish in wishes:
        x, y = wish.x * width, wish.y * height
        if left <= x <= left + wide and top <= y <= top + tall:
            inside.append((math.hypot(x - left - wide / 2, y - top - tall / 2), wish.treatment))
    return min(inside)[1] if inside else usual
