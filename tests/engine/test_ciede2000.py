"""CIEDE2000 against the published test data, and what every measure of difference must be."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from engine.ciede2000 import colour_difference

# Sharma, Wu and Dalal (2005), table 1: the pairs that separate right from nearly right formulas.
PUBLISHED = [
    ((50.0, 2.6772, -79.7751), (50.0, 0.0, -82.7485), 2.0425),
    ((50.0, -1.3802, -84.2814), (50.0, 0.0, -82.7485), 1.0000),
    ((50.0, 0.0, 0.0), (50.0, -1.0, 2.0), 2.3669),
    ((50.0, 2.49, -0.001), (50.0, -2.49, 0.0009), 7.1792),
    ((50.0, 2.49, -0.001), (50.0, -2.49, 0.0011), 7.2195),
    ((50.0, -0.001, 2.49), (50.0, 0.0009, -2.49), 4.8045),
    ((50.0, -0.001, 2.49), (50.0, 0.0011, -2.49), 4.7461),
    ((50.0, 2.5, 0.0), (50.0, 0.0, -2.5), 4.3065),
    ((50.0, 2.5, 0.0), (73.0, 25.0, -18.0), 27.1492),
    ((50.0, 2.5, 0.0), (56.0, -27.0, -3.0), 31.9030),
    ((60.2574, -34.0099, 36.2677), (60.4626, -34.1751, 39.4387), 1.2644),
    ((63.0109, -31.0961, -5.8663), (62.8187, -29.7946, -4.0864), 1.2630),
    ((22.7233, 20.0904, -46.6940), (23.0331, 14.9730, -42.5619), 2.0373),
    ((36.4612, 47.8580, 18.3852), (36.2715, 50.5065, 21.2231), 1.4146),
    ((90.8027, -2.0831, 1.4410), (91.1528, -1.6435, 0.0447), 1.4441),
    ((2.0776, 0.0795, -1.1350), (0.9033, -0.0636, -0.5514), 0.9082),
]

COLOURS = st.tuples(st.floats(0, 100), st.floats(-100, 100), st.floats(-100, 100))


@pytest.mark.parametrize(("one", "other", "published"), PUBLISHED)
def test_the_published_pairs(one: tuple[float, ...], other: tuple[float, ...], published: float) -> None:
    # In double precision: some pairs lie on the two sides of a jump.
    found = colour_difference(np.array(one), np.array(other))  # type: ignore[arg-type]
    assert found == pytest.approx(published, abs=1e-4)


@given(COLOURS, COLOURS)
@example((0.0, 1.0, -1e-45), (0.0, -4.0, 0.0))  # hues exactly opposite
def test_it_is_a_difference(one: tuple[float, ...], other: tuple[float, ...]) -> None:
    first, second = (np.array([colour], np.float32) for colour in (one, other))
    forth, back = colour_difference(first, second)[0], colour_difference(second, first)[0]
    assert np.isfinite(forth) and forth >= 0
    assert colour_difference(first, first)[0] == 0
    assert forth == pytest.approx(back, rel=1e-3, abs=1e-3)


def test_pictures_are_compared_pixel_by_pixel() -> None:
    one = np.random.default_rng(1).uniform(0, 60, (7, 5, 3)).astype(np.float32)
    found = colour_difference(one, one[::-1])
    assert found.shape == (7, 5) and found.dtype == np.float32
    assert found[2, 3] == colour_difference(one[2, 3], one[4, 3])
