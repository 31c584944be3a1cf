"""Any part of a picture is enlarged as the whole would be."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from engine.enlargement import enlarged
from tests.engine import photos


@pytest.mark.parametrize("scale", [2, 4])
def test_the_whole_is_what_pillow_makes_of_it(scale: int) -> None:
    pixels = photos.coloured().pixels
    wanted = Image.fromarray(pixels).resize((160 * scale, 120 * scale), Image.Resampling.BICUBIC)
    np.testing.assert_array_equal(enlarged(pixels, scale, 0, 120, 0, 160), np.asarray(wanted))


@settings(max_examples=40, deadline=None)
@given(
    scale=st.sampled_from([2, 4]),
    dtype=st.sampled_from([np.uint8, np.uint16]),
    channels=st.sampled_from([1, 3]),
    rows=st.tuples(st.integers(0, 39), st.integers(1, 40)),
    columns=st.tuples(st.integers(0, 49), st.integers(1, 50)),
)
def test_a_part_is_a_part_of_the_whole(
    scale: int, dtype: type, channels: int, rows: tuple[int, int], columns: tuple[int, int]
) -> None:
    pixels = photos.grey(40, 50, dtype, channels).pixels
    (top, tall), (left, wide) = rows, columns
    bottom, right = min(40, top + tall), min(50, left + wide)
    whole = enlarged(pixels, scale, 0, 40, 0, 50)
    part = enlarged(pixels, scale, top, bottom, left, right)
    assert whole.dtype == (np.uint8 if dtype == np.uint8 else np.float32)
    expected = whole[top * scale : bottom * scale, left * scale : right * scale]
    # Pillow's arithmetic of bytes rounds a part's edge otherwise now and then.
    tolerance = 1 if dtype == np.uint8 else 0.01
    np.testing.assert_allclose(part.astype(np.float64), expected.astype(np.float64), atol=tolerance)
