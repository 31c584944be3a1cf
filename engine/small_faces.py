"""Faces too small to be known as faces at the size at which a generator is shown the photo, each in a square of its own.

In a group portrait a face may be 15 pixels high there: a generator that paints skin otherwise leaves it grey, or takes it for a
part of the wall. Shown four times its size round about, it is a portrait.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from engine.color import srgb_to_lab, to_srgb_small
from engine.face_regions import regions_of, towards
from engine.faces import Face
from engine.photo import Photo
from engine.working_shape import working_shape

Plane = NDArray[np.float32]

SMALL_PX = 36
"""Height of a face, at working size, below which it is looked at by itself."""
AROUND = 4.0
"""Side of the square, in faces."""
MOST = 24
SKIN, SPREAD, SOFT = 48.0, 35.0, 15.0
"""Hue in degrees of a*b* about which skin of all tones lies, and how far from it a colour still counts, less and less at last:
of what is told of the square nothing but skin is taken, for the wall behind it has its colour from the whole photo."""


@dataclass(frozen=True, eq=False)
class SmallFace:
    """lightness: (n, m) L* of the square, at working size. rows, columns: where it lies in the whole, at its working size.
    weight: of that shape, 0..1, how far a place belongs to the face."""

    lightness: Plane
    rows: slice
    columns: slice
    weight: Plane


def small_faces(
    photo: Photo, faces: Iterable[Face], height: int, width: int, working_size: int
) -> tuple[SmallFace, ...]:
    """Those of `faces` that are small where `photo` is shown at `height` x `width`, the largest first and at most MOST."""
    scale = min(height / photo.height, width / photo.width)
    small = sorted((face for face in faces if face.box[3] * scale < SMALL_PX), key=lambda face: -face.size_px)
    return tuple(_seen(photo, face, height, width, working_size) for face in small[:MOST])


def _seen(photo: Photo, face: Face, height: int, width: int, working_size: int) -> SmallFace:
    x, y, across, down = face.box
    half = AROUND * max(across, down) / 2
    middle = (y + down / 2) / photo.height * height, (x + across / 2) / photo.width * width
    places = list[slice]()
    for at, side, full in zip(middle, (height, width), (photo.height, photo.width), strict=True):
        reach = half / full * side
        places.append(slice(max(0, int(at - reach)), min(side, int(np.ceil(at + reach)))))
    rows, columns = places
    cut = tuple(
        slice(round(place.start / side * full), round(place.stop / side * full))
        for place, side, full in zip(places, (height, width), (photo.height, photo.width), strict=True)
    )
    square = Photo(photo.pixels[cut], None, photo.metadata)
    shown = to_srgb_small(square, *working_shape(square.height, square.width, working_size))
    region = regions_of([face], [1.0], photo.height, photo.width)
    weight = towards(0.0, region, rows.start, rows.stop, height, width)[:, columns]
    return SmallFace(srgb_to_lab(shown)[..., 0], rows, columns, weight)


def lay(chroma: Plane, face: SmallFace, own: Plane) -> None:
    """Give the face in `chroma` (h, w, 2), a*b* of the whole, the skin of `own` (n, m, 2), a*b* of its square."""
    height, width = face.weight.shape
    planes = [
        np.asarray(Image.fromarray(own[..., i]).resize((width, height), Image.Resampling.BILINEAR)) for i in (0, 1)
    ]
    told = np.stack(planes, -1)
    away = np.abs(np.degrees(np.arctan2(told[..., 1], told[..., 0])) - SKIN)
    share = (face.weight * np.clip((SPREAD - away) / SOFT, 0, 1))[..., None]
    part = chroma[face.rows, face.columns]
    part += share * (told - part)
