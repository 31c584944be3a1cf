"""Pictures of the engine as pictures of Qt, in memory that the QImage owns; and a preview with its steps applied as one."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QImage

from desktop_app.engine_process.pictures import fill_rgb32, srgb_pixels
from engine.errors import Cancelled
from engine.photo import Photo
from engine.pipeline import Pipeline
from engine.progress import CancelToken
from engine.recipe import Recipe
from engine.steps.step import Analysis


@dataclass(frozen=True)
class Applied:
    """image: a photo with its steps applied. seconds: how long that took."""

    image: QImage
    seconds: float


def applied(photo: Photo, recipe: Recipe, found: Mapping[str, Analysis], cancel: CancelToken) -> Applied | None:
    """The arithmetic of all steps, for a thread of its own; None if something newer was wanted meanwhile."""
    began = time.perf_counter()
    try:
        image = qimage_of(Pipeline.apply_all(photo, recipe, found, cancel))
    except Cancelled:
        return None
    return Applied(image, time.perf_counter() - began)


def qimage_of(photo: Photo) -> QImage:
    """`photo` in sRGB, 8 bit (Format_RGB32), over mid-grey where it is transparent."""
    image, rows = _empty(photo.height, photo.width)
    fill_rgb32(rows, srgb_pixels(photo))
    return image


def qimage_of_rgb32(pixels: NDArray[np.uint8]) -> QImage:
    """A QImage of (H, W, 4) bytes that are in Format_RGB32's order already."""
    image, rows = _empty(pixels.shape[0], pixels.shape[1])
    rows[:] = pixels
    return image


def _empty(height: int, width: int) -> tuple[QImage, NDArray[np.uint8]]:
    """An image and its bytes as an array, valid as long as the image lives and is not shared (4-byte pixels: no padding)."""
    image = QImage(width, height, QImage.Format.Format_RGB32)
    return image, np.frombuffer(image.bits(), np.uint8).reshape(height, width, 4)
