"""Strips of Lab, in and out, whatever depth and space a photo has."""

from __future__ import annotations

import numpy as np
import pytest

from engine import relight
from engine.photo import Photo
from engine.progress import CancelToken
from engine.relight import Plane, is_grey_valued, ramp, relit
from tests.engine import photos


def unchanged(lightness: Plane, a: Plane, b: Plane, top: int) -> tuple[Plane, Plane, Plane]:
    return lightness, a, b


@pytest.mark.parametrize(
    "photo", [photos.sepia(), photos.coloured(), photos.grey(channels=3), photos.sepia(dtype=np.uint16)]
)
def test_there_and_back_is_where_one_was(photo: Photo) -> None:
    result = relit(photo, unchanged, CancelToken())
    # One code of 8 bits is what bounding and rounding may cost a saturated colour.
    assert np.abs(result.pixels.astype(int) - photo.pixels).max() <= photo.maximum // 255


def test_a_grey_file_becomes_rgb_in_srgb() -> None:
    photo = photos.with_metadata(photos.grey(), icc=b"some grey profile", format="tiff")
    result = relit(photo, unchanged, CancelToken())
    assert result.pixels.shape == (120, 160, 3) and result.metadata.icc is None and result.metadata.format == "tiff"


@pytest.mark.parametrize("photo", [photos.sepia(), photos.grey()])
def test_strips_of_any_size_give_the_same(photo: Photo, monkeypatch: pytest.MonkeyPatch) -> None:
    tops = []

    def darker_below(lightness: Plane, a: Plane, b: Plane, top: int) -> tuple[Plane, Plane, Plane]:
        tops.append(top)
        return lightness * np.linspace(1, 0.5, 120, dtype=np.float32)[top : top + len(lightness), None], a, b

    whole = relit(photo, darker_below, CancelToken())
    monkeypatch.setattr(relight, "STRIP_PIXELS", 7 * 160)
    in_strips = relit(photo, darker_below, CancelToken())
    np.testing.assert_array_equal(whole.pixels, in_strips.pixels)
    assert tops == [0, *range(0, 120, 7)]


def test_without_chroma_lightness_is_the_same() -> None:
    seen: list[Plane] = []

    def look(lightness: Plane, a: Plane, b: Plane, top: int) -> tuple[Plane, Plane, Plane]:
        seen.append(lightness.copy())
        return lightness, a, b

    for needs_chroma in (True, False):
        relit(photos.coloured(), look, CancelToken(), needs_chroma=needs_chroma)
    np.testing.assert_allclose(seen[0], seen[1], atol=1e-3)


def test_the_ramp_is_the_lightness_of_each_value() -> None:
    for photo in (photos.grey(), photos.sepia(), photos.grey(dtype=np.uint16)):
        lightness = ramp(photo)
        assert len(lightness) == photo.maximum + 1 and (np.diff(lightness) > 0).all()
        assert abs(lightness[0]) < 0.01 and abs(lightness[-1] - 100) < 0.01


def test_grey_values_are_seen_in_any_number_of_channels() -> None:
    assert is_grey_valued(photos.grey().pixels) and is_grey_valued(photos.grey(channels=3).pixels)
    assert not is_grey_valued(photos.sepia().pixels)
