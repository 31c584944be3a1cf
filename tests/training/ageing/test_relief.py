"""A print's relief under a lamp: lit from the other side it is the other way round, and what is flat stays as it is."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.random import default_rng

from tests.training.photographs import picture
from training.ageing.relief import LAMP_FROM_DEG, Relief, damage_of, lit, relief_of, scanned

FLAT = Relief(np.zeros((72, 96), np.float32), np.zeros((72, 96), np.float32))


def sample() -> np.ndarray:
    return np.asarray(picture(1), np.float32) / 255


def test_what_is_flat_is_lit_as_it_is() -> None:
    assert np.abs(lit(sample(), FLAT.paper, 30) - sample()).max() < 1e-4


def test_light_from_the_other_side_turns_the_shading_round() -> None:
    """A slope that is bright in one light is as much too dark in the other."""
    slope = np.tile(np.linspace(0, 4, 96, dtype=np.float32), (72, 1))
    grey = np.full((72, 96, 3), 0.5, np.float32)
    right, left = (lit(grey, slope, light).mean() for light in (0, 180))
    assert right < 0.5 < left and 0.5 - right == pytest.approx(left - 0.5, abs=0.01)
    assert np.abs(lit(grey, slope, 90) - 0.5).max() < 0.01


def test_a_plain_scan_shows_the_prints_own_pixels() -> None:
    """Without turn, noise and dust; so the truth lies on the first scan's grid."""
    scan = scanned(sample(), FLAT, default_rng(1), noise=0)
    assert np.abs(scan.picture - sample()).max() < 1e-4 and scan.light_deg == LAMP_FROM_DEG


def test_a_turned_scan_shows_each_place_where_it_says() -> None:
    scan = scanned(sample(), FLAT, default_rng(1), turn_deg=180, noise=0)
    assert np.abs(scan.picture[::-1, ::-1] - sample()).max() < 2e-3
    x, y = scan.places(np.array([0.0, 95.0]), np.array([0.0, 71.0]))
    assert (x, y) == (pytest.approx([95, 0]), pytest.approx([71, 0]))


def test_the_lid_lies_about_the_print_and_dust_on_the_glass() -> None:
    scan = scanned(sample(), FLAT, default_rng(2), turn_deg=175, margin_px=10, dust=6, noise=0)
    assert scan.picture.shape[0] > 90 and np.abs(scan.picture[1, 1] - 0.93).max() < 0.02
    assert scan.dust.shape == scan.picture.shape[:2] and 0 < (scan.dust > 0).mean() < 0.3


def test_damage_is_what_creases_and_scratches_change() -> None:
    relief = relief_of(default_rng(3), 72, 96, texture=0.1, creases=2, scratches=4)
    assert 0 < damage_of(sample(), relief, (LAMP_FROM_DEG,)).mean() < 0.4
    paper_alone = Relief(relief.paper, np.zeros_like(relief.wear))
    assert not damage_of(sample(), paper_alone, (LAMP_FROM_DEG,)).any()


@pytest.mark.parametrize("regular", [False, True])
def test_texture_has_the_slope_that_was_asked_for(regular: bool) -> None:
    relief = relief_of(default_rng(4), 120, 160, texture=0.08, regular=regular, creases=0, scratches=0, curl=0)
    assert np.sqrt((np.gradient(relief.paper, axis=1) ** 2).mean()) == pytest.approx(0.08, rel=0.1)
    assert not relief.wear.any()
