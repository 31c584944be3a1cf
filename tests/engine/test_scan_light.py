"""The light of two scans: the second gets the first one's tones, and large uneven light is shared between them."""

from __future__ import annotations

import numpy as np
import pytest

from engine.photo import Photo
from engine.scan_light import Field, ScanLight
from tests.engine import photos

SHOWN = np.ones((4, 4), np.float32)


def test_a_field_is_enlarged_as_a_whole_whatever_rows_are_asked_for() -> None:
    plane = np.random.default_rng(1).random((5, 7)).astype(np.float32)
    field = Field(plane, 43, 60)
    whole = field.rows(0, 43)
    assert whole.shape == (43, 60)
    assert np.array_equal(np.concatenate([field.rows(0, 11), field.rows(11, 43)]), whole)
    assert plane.min() <= whole.min() and whole.max() <= plane.max()


@pytest.mark.parametrize("gamma", [0.8, 1.0, 1.3])
def test_other_tones_of_the_scanner_do_not_count(gamma: float) -> None:
    """Brightness and gamma of the second scan: afterwards its light is the first one's within one in a hundred."""
    first = photos.coloured(200, 260)
    worn = np.round(255 * (first.pixels / 255) ** gamma * 0.92).astype(np.uint8)
    mine, its = ScanLight.of(first, worn, SHOWN).rows(0, 200)
    assert np.abs(np.sqrt(mine) - np.sqrt(its)).mean() < 0.01


def test_uneven_light_is_shared() -> None:
    """A slope in one scan that the other does not have: both show half of it."""
    first = photos.grey(200, 260)
    slope = np.linspace(0.8, 1.0, 260)[None, :, None]
    light = ScanLight.of(first, np.round(first.pixels * slope).astype(np.uint8), SHOWN)
    mine, its = light.rows(0, 200)
    assert abs(mine / its - 1).mean() < 0.05
    plain, _ = ScanLight.of(first, first.pixels, SHOWN).rows(0, 200)
    darker = (mine / plain).mean((0, 2))
    assert darker[10] < darker[-10]


def test_grey_and_colour_go_together() -> None:
    colour = photos.coloured(100, 120)
    grey = Photo(colour.pixels.mean(2, keepdims=True).astype(np.uint8))
    for first, second in ((colour, grey), (grey, colour)):
        mine, its = ScanLight.of(first, second.pixels, SHOWN).rows(0, 100)
        assert mine.shape == its.shape == first.pixels.shape
