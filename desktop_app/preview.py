"""Pictures of the engine as pictures of Qt, in memory that the QImage owns."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QImage

from desktop_app.engine_process.pictures import fill_rgb32, srgb_pixels
from engine.photo import Photo


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
