"""What a cleaner took out counts as noise only where the cleaned photo is flat."""

from __future__ import annotations

import numpy as np
import pytest

from engine.noise_taken import noise_taken
from engine.packed_change import packed
from engine.photo import Photo


def photo_of(values: np.ndarray) -> Photo:
    return Photo(np.clip(np.rint(values * 255), 0, 255).astype(np.uint8))


@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.parametrize("level", [2.0, 8.0])
def test_all_of_the_noise_of_a_flat_photo(channels: int, level: float) -> None:
    noise = np.random.default_rng(1).normal(0, level / 255, (200, 300, channels)).astype(np.float32)
    photo = photo_of(np.full((200, 300, 3), 0.5, np.float32) + noise)
    assert noise_taken(photo, packed(-noise, 8)) == pytest.approx(level, rel=0.15)


def test_texture_that_was_smoothed_does_not_count_where_flat_places_were_left_alone() -> None:
    texture = np.random.default_rng(2).normal(0, 20 / 255, (192, 192, 1)).astype(np.float32)
    texture[:64] = 0
    change = np.where(np.arange(192)[:, None, None] < 64, 0, -texture * 0.3).astype(np.float32)
    assert noise_taken(photo_of(0.5 + texture), packed(change, 8)) == 0


def test_a_photo_smaller_than_a_block_tells_nothing() -> None:
    photo = Photo(np.full((5, 40, 1), 90, np.uint8))
    assert noise_taken(photo, packed(np.full((5, 40, 1), 0.1, np.float32), 8)) == 0
