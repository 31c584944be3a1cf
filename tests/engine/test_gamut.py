"""Chroma is bounded where sRGB ends, hue and lightness kept."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.color import lab_to_srgb, srgb_to_lab
from engine.gamut import bound_chroma, chroma_limits, to_codes


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_bounded_colours_can_be_shown_and_keep_hue_and_lightness(seed: int) -> None:
    rng = np.random.default_rng(seed)
    lightness = rng.uniform(0, 100, 500).astype(np.float32)
    a, b = (rng.uniform(-120, 120, 500).astype(np.float32) for _ in "ab")
    hue = np.arctan2(b, a)
    bound_chroma(lightness, a, b)
    shown = srgb_to_lab(lab_to_srgb(np.stack([lightness, a, b], -1)))
    assert np.abs(shown[:, 0] - lightness).max() < 0.8
    assert np.abs(shown[:, 0] - lightness).mean() < 0.05
    strong = np.hypot(a, b) > 2
    turned = np.angle(np.exp(1j * (np.arctan2(b, a) - hue)))[strong]
    assert np.abs(turned).max() < 1e-3


def test_colours_inside_stay_as_they_are() -> None:
    rgb = np.random.default_rng(1).uniform(0.1, 0.9, (2000, 3)).astype(np.float32)
    lightness, a, b = (plane.copy() for plane in srgb_to_lab(rgb).T)
    before = a.copy(), b.copy()
    bound_chroma(lightness, a, b)
    changed = np.hypot(a - before[0], b - before[1])
    # The limits are a table; a colour at the very edge may lose a little.
    assert (changed < 0.01).mean() > 0.98 and changed.max() < 3


def test_black_and_white_have_no_chroma() -> None:
    limits = chroma_limits()
    assert limits[0].max() == limits[-1].max() == 0
    assert limits[len(limits) // 2].min() > 20


def test_codes_are_those_of_the_exact_way() -> None:
    rgb = np.random.default_rng(2).random((4000, 3)).astype(np.float32)
    lab = srgb_to_lab(rgb)
    planes = [np.ascontiguousarray(lab[:, i]) for i in range(3)]
    eight = to_codes(*planes, np.dtype(np.uint8))
    sixteen = to_codes(*planes, np.dtype(np.uint16))
    assert np.abs(eight - np.round(rgb * 255)).max() <= 1
    assert (eight == np.round(rgb * 255)).mean() > 0.98
    assert np.abs(sixteen - rgb * 65535.0).max() < 40
