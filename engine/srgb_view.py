"""A photo seen as sRGB 0..1 piece by piece, so that a large one never becomes floats as a whole."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from engine.color import to_srgb
from engine.photo import Photo


class SrgbView:
    """`view[rows, columns]` is float32 (n, m, 3) sRGB 0..1 of that part of the photo; see generator.Picture."""

    def __init__(self, photo: Photo) -> None:
        self._photo = photo

    @property
    def shape(self) -> tuple[int, ...]:
        return self._photo.height, self._photo.width, 3

    def __getitem__(self, place: tuple[slice, slice]) -> NDArray[np.float32]:
        return to_srgb(Photo(self._photo.pixels[place], None, self._photo.metadata))
