"""A preview made smaller keeps its shape and its tone."""

from __future__ import annotations

import numpy as np

from desktop_app.engine_process.pictures import reduced
from engine.photo import Photo


def test_a_smaller_copy_keeps_the_shape_and_a_small_photo_is_itself() -> None:
    rows, columns = np.mgrid[0:90, 0:120]
    photo = Photo((140 + 30 * np.sin(columns / 13) + 25 * np.cos(rows / 9)).astype(np.uint8)[..., None])
    assert reduced(photo, 120) is photo
    small = reduced(photo, 40)
    assert (small.height, small.width, small.pixels.shape[2]) == (30, 40, 1)
    assert abs(float(small.pixels.mean()) - float(photo.pixels.mean())) < 1
