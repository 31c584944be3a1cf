"""The arithmetic under the picker: what can be shown, and that a hint keeps the a* and b* that were meant."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop_app.hints import gamut
from desktop_app.hints.names import COMMON, word_for
from engine.color import srgb_to_lab

CODES = st.integers(0, 0xFFFFFF).map(lambda code: f"#{code:06x}")
RUNS = settings(max_examples=30, deadline=None)


def distance(one: tuple[float, float], other: tuple[float, float]) -> float:
    return float(np.hypot(one[0] - other[0], one[1] - other[1]))


@given(CODES, st.floats(0, 100))
@RUNS
def test_a_hint_keeps_its_hue_and_chroma_at_any_lightness(code: str, lightness: float):
    """Whatever place of the photo it is meant for: only the lightness may give way."""
    _, a, b = gamut.lab_of(code)
    _, kept_a, kept_b = gamut.lab_of(gamut.colour_keeping(lightness, a, b))
    assert distance((kept_a, kept_b), (a, b)) < 1.6


@given(CODES, st.floats(0, 100))
@RUNS
def test_what_will_be_seen_has_the_photos_lightness(code: str, lightness: float):
    """And the hint's hue, with as much chroma as the screen has there."""
    _, a, b = gamut.lab_of(code)
    seen_lightness, seen_a, seen_b = gamut.lab_of(gamut.colour_at(lightness, a, b))
    assert seen_lightness == pytest.approx(lightness, abs=1.2)
    assert np.hypot(seen_a, seen_b) <= np.hypot(a, b) + 1.6


@given(st.floats(5, 95), st.floats(-120, 120), st.floats(-120, 120))
@RUNS
def test_within_shortens_and_never_turns(lightness: float, a: float, b: float):
    inner_a, inner_b = gamut.within(lightness, a, b)
    assert inner_a * b == pytest.approx(inner_b * a, abs=1e-6 * (1 + abs(a * b)))
    assert np.hypot(inner_a, inner_b) <= np.hypot(a, b) + 1e-9
    assert gamut.within(lightness, inner_a, inner_b) == pytest.approx((inner_a, inner_b), abs=2)


def test_grey_is_always_within():
    assert all(gamut.within(lightness, 0, 0) == (0, 0) for lightness in range(0, 101, 10))


@pytest.mark.parametrize("lightness", [40, 60, 80])
def test_the_plane_shows_each_colour_where_it_belongs(lightness: int):
    """Read back from its pixels: a* to the right, b* up, at the lightness that was asked for; clear outside."""
    side = 120
    image, extent = gamut.plane_image(lightness, side), gamut.extent_at(lightness)
    seen = 0
    for x in range(2, side, 9):
        for y in range(2, side, 9):
            colour = image.pixelColor(x, y)
            if colour.alpha() < 255:
                continue
            seen += 1
            rgb = np.array([[colour.redF(), colour.greenF(), colour.blueF()]], np.float32)
            found = srgb_to_lab(rgb)[0]
            a, b = extent.to_ab((x + 0.5) / side, (y + 0.5) / side)
            assert found == pytest.approx((lightness, a, b), abs=1.8)
    assert seen > 30
    assert image.pixelColor(0, 0).alpha() == 0


@given(st.integers(40, 80), st.floats(0, 1), st.floats(0, 1))
@RUNS
def test_a_place_of_the_plane_goes_to_a_colour_and_back(lightness: int, x: float, y: float):
    extent = gamut.extent_at(lightness)
    assert extent.to_unit(*extent.to_ab(x, y)) == pytest.approx((x, y), abs=1e-6)


def test_the_plane_is_never_too_dark_to_pick_from():
    assert gamut.plane_lightness(0) == 40
    assert gamut.plane_lightness(55) == 55
    assert gamut.plane_lightness(100) == 80


@pytest.mark.parametrize(
    ("code", "word"),
    [
        ("#808080", "grey"),
        ("#cc2222", "red"),
        ("#27375f", "dark blue"),
        ("#8f5d40", "brown"),
        ("#6c8f3d", "olive"),
        ("#ffffff", "white"),
    ],
)
def test_colours_have_everyday_names(code: str, word: str):
    assert word_for(code) == word


def test_common_colours_are_different_and_begin_with_people():
    names, codes = zip(*COMMON, strict=True)
    assert len(set(names)) == len(set(codes)) == 16
    assert "skin" in names[0]
