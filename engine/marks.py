"""Marks: what somebody says about a photo's damage with brush and eraser, and the mask file that keeps it."""

from __future__ import annotations

import hashlib
import io
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from engine import codecs, companion
from engine.errors import FormatUnsupported, MaskUnreadable, PhotoUnreadable
from engine.photo import Photo

Plane = NDArray[np.uint8]

SUFFIX = ".autochrome-mask.png"
MEANT = 128
"""From this value on a place counts as marked; below it lies the soft rim of a brush."""
_NO_BLUE = 8
_STEEPEST_STRETCH = 1.02


@dataclass(frozen=True, eq=False)
class Marks:
    """What is damaged and what is sound in a photo; where both are said, sound counts.

    damaged, sound: uint8 (h, w), 0 nothing said to 255 said, of the upright photo's proportions and any size; read-only.

    Raises:
        ValueError: the planes have different sizes, no pixels or another type (a caller's bug).
    """

    damaged: Plane
    sound: Plane

    def __post_init__(self) -> None:
        for plane in (self.damaged, self.sound):
            if plane.dtype != np.uint8 or plane.ndim != 2 or not plane.size or plane.shape != self.damaged.shape:
                raise ValueError(f"marks must be two uint8 (h, w), not {plane.dtype} {plane.shape}")
            plane.flags.writeable = False

    @classmethod
    def from_file(cls, path: Path) -> Marks:
        """The marks in a picture: red damaged, green sound; of any other picture what is white or, where it is partly
        transparent, opaque counts as damaged.

        Raises:
            MaskUnreadable: it is no picture. PhotoMissing, PhotoTooLarge, OutOfMemory.
        """
        try:
            picture = codecs.read(path)
        except (PhotoUnreadable, FormatUnsupported) as error:
            raise MaskUnreadable(path) from error
        return _marks_in(picture)

    @classmethod
    def read(cls, photo: Path) -> Marks | None:
        """The marks kept for `photo`, beside it or in the user's data folder; None if there are none. Raises as `from_file`."""
        path = companion.find(photo, SUFFIX)
        return None if path is None else cls.from_file(path)

    def write(self, photo: Path) -> Path:
        """Keep the marks for `photo`, where its side-car would lie; returns the file. Raises OutputUnwritable."""
        return companion.put(photo, SUFFIX, self.to_png())

    def to_png(self) -> bytes:
        """A PNG that `from_file` reads as these marks again."""
        from PIL import Image

        file = io.BytesIO()
        rgb = np.stack([self.damaged, self.sound, np.zeros_like(self.sound)], -1)
        Image.fromarray(rgb).save(file, "png")
        return file.getvalue()

    @cached_property
    def digest(self) -> str:
        """A hash of both planes: equal marks have equal ones."""
        found = hashlib.blake2b(repr(self.damaged.shape).encode(), digest_size=16)
        for plane in (self.damaged, self.sound):
            found.update(np.ascontiguousarray(plane).data)
        return found.hexdigest()

    @property
    def is_empty(self) -> bool:
        """Whether nothing is said."""
        return not (self.damaged.any() or self.sound.any())

    def fits(self, height: int, width: int) -> bool:
        """Whether a photo of this size has the proportions of the marks, as far as rounding lets one tell."""
        rows, columns = self.damaged.shape
        stretch = (height / rows) / (width / columns)
        rounding = 1 + 1 / min(rows, columns) + 1 / min(height, width)
        return bool(max(stretch, 1 / stretch) <= _STEEPEST_STRETCH * rounding)

    def at(self, height: int, width: int) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Both planes as float32 (height, width) 0..1. Made smaller, every pixel keeps the strongest mark it covers, so that a
        thin line never vanishes; enlarged, marks are smooth."""
        damaged, sound = (_resized(plane, height, width) for plane in (self.damaged, self.sound))
        return damaged * np.float32(1 / 255), sound * np.float32(1 / 255)

    def meant_at(self, height: int, width: int) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
        """Where a photo of this size is marked damaged and where sound, for (height, width); no place is both."""
        damaged, sound = (_resized(plane, height, width) >= MEANT for plane in (self.damaged, self.sound))
        damaged &= ~sound
        return damaged, sound


def _marks_in(picture: Photo) -> Marks:
    scale = 1 if picture.pixels.dtype == np.uint8 else 257
    alpha = None if picture.alpha is None else (picture.alpha // scale).astype(np.uint8)
    if alpha is not None and alpha.min() < 255:
        return Marks(alpha, np.zeros_like(alpha))
    rgb = (picture.pixels // scale).astype(np.uint8)
    if rgb.shape[2] == 3 and rgb[..., 2].max() < _NO_BLUE:
        return Marks(np.ascontiguousarray(rgb[..., 0]), np.ascontiguousarray(rgb[..., 1]))
    white = rgb.mean(2, dtype=np.float32).astype(np.uint8)
    return Marks(white, np.zeros_like(white))


def _resized(plane: Plane, height: int, width: int) -> Plane:
    from PIL import Image

    strongest = _strongest(_strongest(plane, height, 0), width, 1)
    if strongest.shape == (height, width):
        return strongest
    return np.asarray(Image.fromarray(strongest).resize((width, height), Image.Resampling.BILINEAR))


def _strongest(plane: Plane, length: int, axis: int) -> Plane:
    """`plane` with `axis` shrunk to `length`: the maximum of every source pixel that a target pixel touches."""
    source = plane.shape[axis]
    if source <= length:
        return plane
    place = np.arange(length)
    begins, ends = place * source // length, -(-(place + 1) * source // length)
    # One row beyond the end lets every range have an end inside; a maximum does not mind zeros.
    padded = np.concatenate([plane, np.zeros_like(plane.take([0], axis))], axis)
    return np.maximum.reduceat(padded, np.stack([begins, ends], 1).ravel(), axis).take(2 * place, axis)
