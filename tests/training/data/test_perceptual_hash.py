"""The hash survives what a copy goes through, tells pictures apart, and is found among thousands."""

from __future__ import annotations

import io

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from tests.training.photographs import picture
from training.data.perceptual_hash import NEAR_BITS, Kept, difference_hash


def away(first: Image.Image, second: Image.Image) -> int:
    return (difference_hash(first) ^ difference_hash(second)).bit_count()


@pytest.mark.parametrize("seed", range(8))
def test_copies_are_near_and_others_far(seed: int) -> None:
    original = picture(seed)
    jpeg = io.BytesIO()
    original.resize((60, 45)).save(jpeg, "JPEG", quality=60)
    assert away(original, Image.open(jpeg)) <= NEAR_BITS
    assert away(original, original.point(lambda value: value * 0.8 + 20)) <= NEAR_BITS
    assert away(original, picture(seed + 100)) > 2 * NEAR_BITS
    assert away(original, original.transpose(Image.Transpose.FLIP_LEFT_RIGHT)) > 2 * NEAR_BITS


def test_bits_tell_whether_it_gets_lighter_to_the_right() -> None:
    ramp = Image.fromarray(np.tile(np.arange(0, 180, 2, dtype=np.uint8), (80, 1)))
    assert difference_hash(ramp) == 2**64 - 1
    assert difference_hash(ramp.transpose(Image.Transpose.FLIP_LEFT_RIGHT)) == 0


@given(st.lists(st.integers(0, 2**64 - 1), max_size=40), st.integers(0, 2**64 - 1), st.integers(0, 2**20))
def test_the_nearest_is_found_as_by_counting_by_hand(hashes: list[int], wanted: int, noise: int) -> None:
    kept = Kept()
    for bits in [*hashes, wanted ^ noise]:
        kept.keep(bits)
    by_hand = [(bits ^ wanted).bit_count() for bits in [*hashes, wanted ^ noise]]
    found = kept.nearest(wanted)
    assert (found is not None) == (min(by_hand) <= NEAR_BITS)
    assert found is None or by_hand[found] == min(by_hand)


def test_it_grows_and_an_empty_one_knows_nothing() -> None:
    kept = Kept()
    assert kept.nearest(0) is None
    for bits in range(0, 3000):
        kept.keep(bits * 0x9E3779B97F4A7C15 % 2**64)
    assert len(kept) == 3000 and kept.nearest(2999 * 0x9E3779B97F4A7C15 % 2**64) == 2999
