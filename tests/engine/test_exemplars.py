"""Wide holes drawn from the picture: textures go on, what is narrow or outside stays, and nothing is invented."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from engine import exemplars
from engine.errors import Cancelled
from engine.kept import KeptArrays
from engine.progress import CancelToken, Progress, ignore

Array = NDArray[np.float32]
Mask = NDArray[np.bool_]


def bricks(height: int, width: int) -> Array:
    """A wall: bricks of 24 by 12 pixels, each row half a brick further, darker from left to right."""
    rows, columns = np.mgrid[:height, :width]
    joint = (rows % 12 < 2) | ((columns + 12 * (rows // 12 % 2)) % 24 < 2)
    wall = np.where(joint[..., None], (0.85, 0.85, 0.8), (0.6, 0.3, 0.2))
    return (wall * np.linspace(1, 0.8, width)[:, None]).astype(np.float32)


def smooth(picture: Array, mask: Mask) -> Array:
    """The hole as a timid generator fills it: with the mean of the columns."""
    filled = picture.copy()
    filled[mask] = np.broadcast_to(picture.mean(0), picture.shape)[mask]
    return filled


def drawn(picture: Array, mask: Mask, barred: Mask | None = None, kept: KeptArrays | None = None) -> Array:
    """The picture with its hole, smooth before, drawn from patches."""
    result = smooth(picture, mask)
    result[mask] = exemplars.drawn(
        np.where(mask[..., None], 0, picture).astype(np.float32),
        mask,
        result[mask],
        exemplars.wide_places(mask),
        np.zeros_like(mask) if barred is None else barred,
        KeptArrays(10**8) if kept is None else kept,
        CancelToken(),
        ignore,
    )
    return result


def hole(height: int, width: int, side: int) -> Mask:
    mask = np.zeros((height, width), bool)
    mask[height // 3 : height // 3 + side, width // 3 : width // 3 + side] = True
    return mask


@pytest.mark.parametrize("side", [12, 20, 50, 80])
def test_a_wall_goes_on_brick_for_brick(side: int) -> None:
    wall, mask = bricks(240, 300), hole(240, 300, side)
    before, after = smooth(wall, mask), drawn(wall, mask)
    np.testing.assert_array_equal(after[~mask], wall[~mask])
    assert np.abs(after - wall)[mask].mean() < 0.2 * np.abs(before - wall)[mask].mean(), "joints meet joints"
    assert after[mask].std() > 0.85 * wall[mask].std()


def test_brightness_stays_what_the_generator_said() -> None:
    wall, mask = bricks(240, 300), hole(240, 300, 80)
    before, after = smooth(wall, mask), drawn(wall, mask)
    for part in np.array_split(np.arange(100, 180), 4):
        assert after[80:160, part].mean() == pytest.approx(before[80:160, part].mean(), abs=0.04)


def test_narrow_damage_is_left_to_the_generator() -> None:
    wall = bricks(200, 200)
    mask = np.zeros((200, 200), bool)
    mask[90:96, 10:190] = True
    assert not exemplars.wide_places(mask).any()
    mask[60:100, 60:100] = True
    wide = exemplars.wide_places(mask)
    assert wide[60:100, 60:100].all() and np.count_nonzero(wide) == 40 * 40
    after = drawn(wall, mask)
    np.testing.assert_array_equal(after[mask & ~wide], smooth(wall, mask)[mask & ~wide])
    assert (after[wide] != smooth(wall, mask)[wide]).any()


@settings(max_examples=25, deadline=None)
@given(st.integers(20, 120), st.integers(20, 120), st.integers(0, 2**31))
def test_whatever_the_hole_nothing_but_the_pictures_own_colours_comes_in(height: int, width: int, seed: int) -> None:
    random = np.random.default_rng(seed)
    picture = random.uniform(0.2, 0.7, (height, width, 3)).astype(np.float32)
    mask = np.zeros((height, width), bool)
    for _ in range(int(random.integers(0, 4))):
        top, left = int(random.integers(0, height)), int(random.integers(0, width))
        mask[top : top + int(random.integers(1, height)), left : left + int(random.integers(1, width))] = True
    after = drawn(picture, mask)
    assert after.shape == picture.shape and after.dtype == np.float32
    np.testing.assert_array_equal(after[~mask], picture[~mask])
    assert after.min() >= 0.2 - 1e-5 and after.max() <= 0.7 + 1e-5


def test_where_nearly_all_is_hole_the_generators_word_stands() -> None:
    picture = bricks(100, 100)
    mask = np.ones((100, 100), bool)
    mask[:8, :8] = False
    np.testing.assert_array_equal(drawn(picture, mask), smooth(picture, mask))


def test_nor_is_a_hole_searched_that_is_too_large_where_there_is_enough_to_take(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Of a strip of 30 pixels a quarter is too little; at half its size the hole has 8,500."""
    monkeypatch.setattr(exemplars, "MOST_SEARCHED", 1000)
    picture = bricks(200, 200)
    mask = np.ones((200, 200), bool)
    mask[:, :30] = False
    np.testing.assert_array_equal(drawn(picture, mask), smooth(picture, mask))


def test_the_same_hole_is_drawn_alike_and_only_once(monkeypatch: pytest.MonkeyPatch) -> None:
    wall, mask, kept = bricks(160, 160), hole(160, 160, 40), KeptArrays(10**8)
    first = drawn(wall, mask, kept=kept)
    np.testing.assert_array_equal(first, drawn(wall, mask))
    monkeypatch.setattr(exemplars, "_drawn", lambda *_: pytest.fail("drawn again"))
    np.testing.assert_array_equal(first, drawn(wall, mask, kept=kept))


def test_progress_ends_at_one_and_stopping_is_heard() -> None:
    wall, mask = bricks(200, 400), hole(200, 400, 60)
    mask[100:160, 330:390] = True
    said: list[Progress] = []
    arguments = (wall, mask, smooth(wall, mask)[mask], mask, ~mask & False, KeptArrays(10**8))
    exemplars.drawn(*arguments, CancelToken(), said.append)
    assert [progress.done for progress in said] == sorted(progress.done for progress in said) and said[-1].done == 1
    token = CancelToken()
    token.cancel()
    with pytest.raises(Cancelled):
        exemplars.drawn(*arguments, token, ignore)


def test_a_hole_with_more_patches_than_are_searched_is_drawn_from_half_the_size(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(exemplars, "MOST_SEARCHED", 1500)
    wall, mask = bricks(240, 300), hole(240, 300, 80)
    after = drawn(wall, mask)
    assert np.abs(after - wall)[mask].mean() < 0.6 * np.abs(smooth(wall, mask) - wall)[mask].mean()
    assert after[mask].std() > 0.8 * wall[mask].std(), "as sharp as what it is drawn from"


def test_nothing_is_taken_of_what_is_barred() -> None:
    """The only red there is: a disc that the hole would like to go on."""
    rows, columns = np.mgrid[:160, :160]
    disc = (rows - 80) ** 2 + (columns - 60) ** 2 < 30**2
    picture = np.where(disc[..., None], (0.8, 0.1, 0.1), (0.4, 0.4, 0.4)).astype(np.float32)
    mask = np.zeros((160, 160), bool)
    mask[60:100, 70:110] = True
    free, barred = drawn(picture, mask), drawn(picture, mask, barred=disc)
    assert free[mask][:, 0].max() > 0.75 and np.abs(barred[mask] - 0.4).max() < 1e-3
