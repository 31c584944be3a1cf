"""A fingerprint tells pictures apart and knows the same one again."""

from __future__ import annotations

from engine.fingerprint import fingerprint
from engine.photo import Photo
from tests.engine import photos


def test_equal_pictures_have_one_and_others_another() -> None:
    photo = photos.coloured()
    changed = photo.pixels.copy()
    changed[60, 80, 1] += 1
    others = [
        Photo(changed),
        photos.with_metadata(photo, icc=b"a profile"),
        Photo(photo.pixels.reshape(160, 120, 3)),
        Photo(photo.pixels.astype("uint16")),
    ]
    assert fingerprint(Photo(photo.pixels[::1].copy())) == fingerprint(photo)
    assert len({fingerprint(photo), *map(fingerprint, others)}) == 5
