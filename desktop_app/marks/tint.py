"""Found and marked damage as a picture to lay over the photo: orange-red where it is mended, blue-green where it stays."""

from __future__ import annotations

import functools
import math
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QColor, QImage

from desktop_app.marks.sheet import DAMAGED, LONG_SIDE_PX, SOUND, SQUARE_PX, Box, MarkSheet, Plane
from desktop_app.theme.tokens import DARK

DAMAGED_TINT = DARK.color("accent_mark")
"""The same in both themes, since the photo under it is."""
SOUND_TINT = QColor("#2fb5c4")
"""Told from the orange-red by every kind of colour blindness, and lighter."""
FOUND_ALPHA, DAMAGED_ALPHA, SOUND_ALPHA = 0.5, 0.7, 0.5


Read = Callable[[Box], Plane]
"""Gives the marks of a box of the sheet, (h, w, 2)."""


class MaskPicture:
    """The tints over the whole photo, kept true box by box while somebody paints.

    image: Format_ARGB32_Premultiplied, a whole part of the sheet's resolution where that is finer than a preview.
    """

    def __init__(self, sheet: MarkSheet, found: NDArray[np.uint8] | None, read: Read) -> None:
        """found, read: see `show_found`."""
        self._height, self._width = sheet.height, sheet.width
        self._step = math.ceil(max(sheet.height, sheet.width) / LONG_SIDE_PX)
        height, width = math.ceil(sheet.height / self._step), math.ceil(sheet.width / self._step)
        self.image = QImage(width, height, QImage.Format.Format_ARGB32_Premultiplied)
        self._pixels = np.frombuffer(self.image.bits(), np.uint32).reshape(height, width)
        self._found = np.zeros((height, width), np.uint8)
        self._pixels[:] = 0
        self.show_found(found, read)
        for box in sheet.changed_since(None):
            self.show(box, read)

    def show_found(self, found: NDArray[np.uint8] | None, read: Read) -> Box:
        """What is mended now, (h, w) uint8 0..255 of any size over the whole photo, None where that is not known; read: gives
        the marks that are shown. Returns where it looks different, as a box of the sheet."""
        before, self._found = self._found, _strength(found, *self._found.shape)
        different = before != self._found
        changed = Box(0, 0, 0, 0)
        height, width = self._found.shape
        for top in range(0, height, SQUARE_PX):
            for left in range(0, width, SQUARE_PX):
                square = Box(top, left, top + SQUARE_PX, left + SQUARE_PX).within(height, width)
                if different[square.slices].any():
                    self._show(square, read)
                    changed = changed.united(square)
        return self._on_sheet(changed)

    def show(self, box: Box, read: Read) -> None:
        """The marks in `box` of the sheet are others now; read: gives them."""
        step = self._step
        self._show(
            Box(box.top // step, box.left // step, math.ceil(box.bottom / step), math.ceil(box.right / step)), read
        )

    def _show(self, box: Box, read: Read) -> None:
        """box: of the picture."""
        marks = read(self._on_sheet(box))
        if self._step > 1:
            marks = _coarser(marks, self._step)
        strength = np.maximum(_marked_levels()[marks[..., DAMAGED]], self._found[box.slices]).astype(np.uint16)
        self._pixels[box.slices] = _colours()[strength << 8 | marks[..., SOUND]]

    def _on_sheet(self, box: Box) -> Box:
        """What a box of the picture stands for."""
        return Box(*(side * self._step for side in box)).within(self._height, self._width)

    def place_of(self, box: Box) -> QRectF:
        """A box of the sheet as shares of the photo."""
        return QRectF(
            box.left / self._width,
            box.top / self._height,
            (box.right - box.left) / self._width,
            (box.bottom - box.top) / self._height,
        )


def sample(found: float, damaged: float, sound: float, size: QSize, device_ratio: float) -> QImage:
    """A patch of the picture where that is found and said (0..1), for the legend."""
    strength = round(255 * max(found * FOUND_ALPHA, damaged * DAMAGED_ALPHA))
    image = QImage(size * device_ratio, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(int(_colours()[strength << 8 | round(255 * sound)]))
    image.setDevicePixelRatio(device_ratio)
    return image


def _strength(found: NDArray[np.uint8] | None, height: int, width: int) -> Plane:
    """How strongly the damage that was found is tinted, 0..255, at the picture's size."""
    if found is None:
        return np.zeros((height, width), np.uint8)
    levels = Image.fromarray((found * np.float32(FOUND_ALPHA)).astype(np.uint8))
    return np.asarray(levels.resize((width, height), Image.Resampling.BILINEAR)).copy()


@functools.cache
def _marked_levels() -> Plane:
    """How strongly a place is tinted that is marked as damaged, 0..255."""
    return np.round(np.arange(256) * DAMAGED_ALPHA).astype(np.uint8)


@functools.cache
def _colours() -> NDArray[np.uint32]:
    """[strength of damage · 256 + sound] -> premultiplied ARGB: what is sound takes the damage's tint away and lays its own."""
    strength, sound = np.arange(256, dtype=np.float32)[:, None] / 255, np.arange(256, dtype=np.float32)[None, :] / 255
    damaged = strength * (1 - sound)
    other = sound * np.float32(SOUND_ALPHA)
    packed = np.zeros((256, 256), np.uint32)
    for shift, one, two in (
        (24, 255, 255),
        (16, DAMAGED_TINT.red(), SOUND_TINT.red()),
        (8, DAMAGED_TINT.green(), SOUND_TINT.green()),
        (0, DAMAGED_TINT.blue(), SOUND_TINT.blue()),
    ):
        channel = damaged * one + other * (1 - damaged) * two
        packed |= np.round(channel).astype(np.uint32) << np.uint32(shift)
    return packed.reshape(-1)


def _coarser(marks: Plane, step: int) -> Plane:
    """The most that is said in each square of `step` pixels; the last ones may be cut off by the photo's edge."""
    padded = np.pad(marks, ((0, -marks.shape[0] % step), (0, -marks.shape[1] % step), (0, 0)))
    height, width = padded.shape[0] // step, padded.shape[1] // step
    most: Plane = padded.reshape(height, step, width, step, 2).max(axis=(1, 3))
    return most
