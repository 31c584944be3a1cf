"""ICC profiles that can be used, those that cannot, and that none of them ever crashes us."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.profiles import MatrixSpace, TableSpace, cmyk_to_srgb, grey_curve, space_of, srgb_profile, usable_profile
from tests.engine import icc_files


def test_what_kind_of_space_a_profile_is():
    assert space_of(srgb_profile()) is None
    assert isinstance(space_of(icc_files.adobe_rgb()), MatrixSpace)
    assert isinstance(space_of(icc_files.scanner()), TableSpace)


def test_only_a_profile_that_leads_back_can_hold_a_result():
    one_way, both_ways = space_of(icc_files.scanner()), space_of(icc_files.scanner(both_ways=True))
    assert one_way is not None and not one_way.invertible
    assert both_ways is not None and both_ways.invertible


@pytest.mark.parametrize("channels", [1, 3, 4])
def test_a_profile_must_fit_the_channels(channels):
    fitting = {1: icc_files.grey(2.2), 3: icc_files.adobe_rgb(), 4: icc_files.cmyk()}
    assert {n for n, icc in fitting.items() if usable_profile(icc, channels) is not None} == {channels}


@pytest.mark.parametrize("icc", [b"", b"x" * 500, icc_files.adobe_rgb()[:200], icc_files.absurd()])
def test_broken_and_absurd_profiles_count_as_none(icc):
    assert usable_profile(icc, 3) is None
    assert space_of(icc) is None


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_a_damaged_profile_never_crashes(data):
    """Bytes overwritten anywhere: it is used or not, but nothing raises and colours stay colours."""
    source = data.draw(
        st.sampled_from([icc_files.adobe_rgb(), icc_files.scanner(True), icc_files.cmyk(), icc_files.grey(1.8)])
    )
    damaged = bytearray(source)
    for place in data.draw(st.lists(st.integers(0, len(source) - 1), min_size=1, max_size=8)):
        damaged[place] = data.draw(st.integers(0, 255))
    for channels in (1, 3, 4):
        usable_profile(bytes(damaged), channels)
    grey_curve(bytes(damaged))
    space = space_of(bytes(damaged))
    if space is not None:
        assert np.isfinite(space.to_linear(np.zeros((1, 2, 3), np.uint8))).all()


def test_ink_without_profile():
    """Paper is white, each ink takes its colour away, black takes all; the same in both depths."""
    ink = np.array([[[0, 0, 0, 0], [255, 0, 0, 0], [0, 255, 255, 0], [0, 0, 0, 255], [128, 0, 0, 128]]], np.uint8)
    expected = [[255, 255, 255], [0, 255, 255], [255, 0, 0], [0, 0, 0], [63, 127, 127]]
    assert cmyk_to_srgb(ink, None)[0].tolist() == expected
    np.testing.assert_allclose(cmyk_to_srgb(ink.astype(np.uint16) * 257, None)[0] / 257, expected, atol=0.6)


def test_ink_through_its_profile():
    """The test's press prints pale inks, so pure cyan is not sRGB's."""
    ink = np.array([[[0, 0, 0, 0], [255, 0, 0, 0], [0, 0, 0, 255]]], np.uint8)
    paper, cyan, black = cmyk_to_srgb(ink, icc_files.cmyk())[0].tolist()
    assert min(paper) > 250 and 40 < max(black) < 56  # 3 % of light is 48
    assert cyan[0] < cyan[1] - 60 and cyan[0] > 0
