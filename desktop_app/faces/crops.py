"""Small square pictures of faces, cut out of a photo with a little of what is round them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PIL import Image
from PySide6.QtGui import QImage

from desktop_app.preview import qimage_of
from engine.faces import Face
from engine.photo import Photo

SURROUNDINGS = 1.5
"""Side of the square for each side of the face's box, which reaches from brow to chin: the hair is seen too."""
RAISED = 0.06
"""Of the square's side: a head reaches further above its face than below."""


def crops(photo: Photo, faces: Sequence[Face], side_px: int) -> tuple[QImage, ...]:
    """A square picture of `side_px` for each face of an 8-bit sRGB photo."""
    return tuple(qimage_of(_crop(photo, face, side_px)) for face in faces)


def square(face: Face, height: int, width: int) -> tuple[int, int, int]:
    """Left, top and side in pixels of the square that shows a face of a photo; inside the photo, and never empty."""
    left, top, wide, tall = face.box
    side = max(1, min(round(SURROUNDINGS * max(wide, tall)), height, width))
    x, y = round(left + wide / 2 - side / 2), round(top + tall / 2 - (0.5 + RAISED) * side)
    return min(max(0, x), width - side), min(max(0, y), height - side), side


def _crop(photo: Photo, face: Face, side_px: int) -> Photo:
    left, top, side = square(face, photo.height, photo.width)
    pixels = photo.pixels[top : top + side, left : left + side]
    picture = Image.fromarray(pixels[..., 0] if photo.has_one_channel else pixels)
    small = np.asarray(picture.resize((side_px, side_px), Image.Resampling.BILINEAR))
    return Photo(small.reshape(side_px, side_px, -1).copy())
