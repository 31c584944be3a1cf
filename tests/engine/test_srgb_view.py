"""A photo seen piece by piece is the photo seen whole."""

from __future__ import annotations

import numpy as np
import pytest

from engine.color import to_srgb
from engine.photo import Photo
from engine.srgb_view import SrgbView
from tests.engine import photos
from tests.engine.icc_files import adobe_rgb


@pytest.mark.parametrize("photo", [photos.grey(), photos.coloured(), photos.grey(dtype=np.uint16, channels=3)])
@pytest.mark.parametrize("icc", [None, "adobe"])
def test_any_part_is_what_the_whole_has_there(photo: Photo, icc: str | None) -> None:
    if icc and not photo.has_one_channel:
        photo = photos.with_metadata(photo, icc=adobe_rgb())
    view, place = SrgbView(photo), (slice(17, 60), slice(3, 99))
    assert view.shape == (120, 160, 3) and view[place].dtype == np.float32
    np.testing.assert_array_equal(view[place], to_srgb(photo)[place])
