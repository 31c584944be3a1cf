"""Parts round holes: every hole in one of them, no place in two."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.hole_regions import regions_round


@settings(max_examples=40, deadline=None)
@given(st.integers(30, 400), st.integers(30, 400), st.integers(0, 2**31))
def test_regions_cover_all_deep_places_and_never_overlap(height: int, width: int, seed: int) -> None:
    random = np.random.default_rng(seed)
    deep = np.zeros((height, width), bool)
    for _ in range(int(random.integers(0, 4))):
        top, left = int(random.integers(0, height)), int(random.integers(0, width))
        deep[top : top + int(random.integers(1, 60)), left : left + int(random.integers(1, 60))] = True
    covered = np.zeros((height, width), int)
    for region in regions_round(deep):
        assert region.top % 2 == region.left % 2 == 0 and region.bottom <= height and region.right <= width
        covered[region.top : region.bottom, region.left : region.right] += 1
    assert covered.max(initial=0) <= 1 and covered[deep].all()
