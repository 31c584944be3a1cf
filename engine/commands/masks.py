"""Which mask belongs to a photo: the one that --mask names, one in the folder that it names, or the photo's own side-car mask."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from engine import companion
from engine.codecs import read_preview
from engine.errors import EngineError, SettingInvalid
from engine.marks import SUFFIX, Marks
from engine.originals import place_key

LOOKED_AT_PX = 512
"""Long side at which a photo is opened to see whether a mask has its proportions."""


@dataclass(frozen=True)
class Mask:
    """A mask's file. asked_for: by --mask; else it is the photo's side-car."""

    path: Path
    asked_for: bool

    def marks_for(self, photo: Path) -> tuple[Marks | None, str]:
        """The marks for a photo, and a line for the reader. A side-car that cannot be used is told and left aside.

        Raises:
            EngineError: the mask was asked for and cannot be used, or the photo cannot be opened.
        """
        try:
            marks = Marks.from_file(self.path)
            small = read_preview(photo, LOOKED_AT_PX)
            if not marks.fits(small.height, small.width):
                raise _misfit(self.path, marks, photo)
        except EngineError as error:
            if self.asked_for:
                raise
            return None, error.sentence
        return marks, f"with the mask “{self.path.name}”" if self.asked_for else "with the mask of its side-car"


class Masks:
    """Photo -> Mask. asked: what --mask names, or None. sidecars: False for --no-sidecar.

    Raises:
        SettingInvalid: what --mask names is not there.
    """

    def __init__(self, asked: Path | None = None, sidecars: bool = True) -> None:
        if asked is not None and not os.path.exists(asked):
            raise SettingInvalid("mask", f"there is no “{asked}”")
        self.asked = asked
        self._sidecars = sidecars

    def of(self, photo: Path) -> Mask | None:
        """The mask of `photo`; one that is asked for counts more than its side-car."""
        asked = self._asked_for(photo)
        if asked is not None:
            return Mask(asked, True)
        path = companion.find(photo, SUFFIX) if self._sidecars else None
        return None if path is None else Mask(path, False)

    def _asked_for(self, photo: Path) -> Path | None:
        if self.asked is None or not os.path.isdir(self.asked):
            return self.asked
        names = (f"{photo.stem}.png", f"{photo.stem}-mask.png", photo.name + SUFFIX)
        there = (self.asked / name for name in names if os.path.isfile(self.asked / name))
        # In a folder where photos and masks lie together a.png may be the photo itself.
        return next((path for path in there if place_key(path) != place_key(photo)), None)


def _misfit(mask: Path, marks: Marks, photo: Path) -> SettingInvalid:
    height, width = marks.damaged.shape
    reason = f"“{mask.name}” has {width} × {height} pixels, which are not the proportions of “{photo.name}”"
    return SettingInvalid("mask", reason)
