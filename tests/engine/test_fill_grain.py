"""A filled place gets the photo's own grain: as strong, as coarse and as coloured as round about, and never twice the same."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from engine.fill_grain import grain_of
from engine.wavelet_bands import detail_bands, smoothed

Array = NDArray[np.float32]


def flat(level: float, seed: int = 0, soft: bool = False, side: int = 400, shade: float = 0.5) -> Array:
    """Grey with noise of that standard deviation in each channel, fine or smoothed."""
    noise = np.random.default_rng(seed).standard_normal((side, side, 3), np.float32)
    if soft:
        noise = np.stack([smoothed(np.ascontiguousarray(plane), 0) for plane in np.moveaxis(noise, 2, 0)], -1)
        noise /= noise.std()
    return np.float32(shade) + np.float32(level) * noise


def hole(side: int = 400) -> NDArray[np.bool_]:
    mask = np.zeros((side, side), bool)
    mask[100:200, 120:260] = True
    return mask


def filled(picture: Array, share: float = 1.0, shade: float = 0.5) -> Array:
    """The hole of a picture filled flat, then with grain, as a picture of the hole alone."""
    grain, mask = grain_of(picture, hole()), hole()
    assert grain is not None
    smooth = np.full((int(mask.sum()), 3), shade, np.float32)
    rows, columns = np.nonzero(mask)
    return grain.on(smooth, rows, columns, share).reshape(100, 140, 3)


@pytest.mark.parametrize("level", [0.01, 0.03, 0.08])
@pytest.mark.parametrize("soft", [False, True])
def test_the_grain_is_as_strong_and_as_coarse_as_round_about(level: float, soft: bool) -> None:
    picture = flat(level, soft=soft)
    made, around = filled(picture), picture[220:320, 120:260]
    *finer, coarsest = zip(_bands(made), _bands(around), strict=True)
    for own, of_photo in finer:
        assert own == pytest.approx(of_photo, rel=0.2)
    # What is coarser than it was taken away with the slopes of the square, and some of this band too.
    assert coarsest[0] == pytest.approx(coarsest[1], rel=0.3)


def test_the_channels_of_grey_grain_stay_alike() -> None:
    picture = np.repeat(flat(0.03)[..., :1], 3, 2)
    made = filled(picture)
    np.testing.assert_allclose(made[..., 0], made[..., 2], atol=1e-5)


@pytest.mark.parametrize("kept", [0.5, 1.0])
def test_what_has_grain_already_gets_only_the_rest(kept: float) -> None:
    """As a filler leaves it that looked through a veil."""
    picture, mask = flat(0.04), hole()
    grain = grain_of(picture, mask)
    assert grain is not None
    seen = (0.5 + kept * (flat(0.04, seed=5) - 0.5))[mask]
    made = grain.on(seen, *np.nonzero(mask), 1.0)
    assert made.std() == pytest.approx(0.04, rel=0.1)


def test_its_share_is_how_much_there_is() -> None:
    picture = flat(0.04)
    whole, half, none = (filled(picture, share) for share in (1.0, 0.5, 0.0))
    assert half.std() == pytest.approx(whole.std() / 2, rel=0.01)
    assert float(np.ptp(none)) == 0


def test_dark_places_get_as_much_as_dark_places_have() -> None:
    picture = flat(0.04, shade=0.7)
    picture[:, 200:] = flat(0.01, seed=1, shade=0.2)[:, 200:]
    grain = grain_of(picture, np.zeros((400, 400), bool))
    assert grain is not None
    rows, columns = np.nonzero(hole()[:, :280])
    light, dark = (
        grain.on(np.full((len(rows), 3), shade, np.float32), rows, columns + aside, 1.0)
        for shade, aside in ((0.7, -100), (0.2, 120))
    )
    assert light.std() / dark.std() == pytest.approx(4, rel=0.35)


def test_in_a_clear_sky_there_is_none_however_lively_the_meadow_is() -> None:
    picture = flat(0.1, soft=True, side=600, shade=0.4)
    picture[:120] = 0.98 + 0.001 * np.random.default_rng(2).standard_normal((120, 600, 1), np.float32)
    mask = np.zeros((600, 600), bool)
    mask[20:80, 200:320] = mask[400:480, 200:320] = True
    grain = grain_of(picture, mask)
    assert grain is not None
    rows, columns = np.nonzero(mask)
    middle = np.full((len(rows), 3), 0.4, np.float32)  # as bright as the meadow, wherever it lies
    made = grain.on(middle, rows, columns, 1.0)
    assert float(made[rows < 120].std()) < 0.005
    assert float(made[rows > 120].std()) > 0.05


def test_where_none_is_to_be_seen_there_is_none() -> None:
    assert grain_of(flat(0.0), hole()) is None
    assert grain_of(flat(0.001), hole()) is None


def test_a_photo_with_too_little_sound_is_left_smooth() -> None:
    assert grain_of(flat(0.05), np.ones((400, 400), bool)) is None
    assert grain_of(flat(0.05, side=40), np.zeros((40, 40), bool)) is None


def test_what_stands_in_the_hole_has_no_part_in_it() -> None:
    picture, mask = flat(0.03), hole()
    spoilt = picture.copy()
    spoilt[mask] = 1
    first, second = grain_of(picture, mask), grain_of(spoilt, mask)
    assert first is not None and second is not None
    np.testing.assert_array_equal(first.tile, second.tile)


def test_grain_that_reaches_white_is_still_grain() -> None:
    assert filled(np.clip(flat(0.1, shade=0.8), 0, 1), shade=0.8).std() == pytest.approx(0.1, rel=0.25)


def test_figure_is_not_taken_for_grain() -> None:
    """Half of the photo is coarse texture, half has grain."""
    picture = flat(0.02)
    picture[:, 200:] += 0.3 * (np.indices((400, 200)).sum(0) // 4 % 2)[..., None]
    assert filled(picture).std() == pytest.approx(0.02, rel=0.35)


def test_twigs_everywhere_are_not_taken_for_grain_either() -> None:
    """Lively all over, with calm places between: every square of the photo has both."""
    lively = flat(0.1, seed=3)
    calm = np.kron(np.indices((20, 20)).sum(0) % 4 == 0, np.ones((20, 20), bool))
    picture = np.where(calm[..., None], flat(0.035), lively)
    assert filled(picture).std() < 0.85 * filled(lively).std()


@settings(max_examples=20, deadline=None)
@given(row=st.integers(0, 300), column=st.integers(0, 300))
def test_a_place_has_the_same_grain_whatever_else_is_filled(row: int, column: int) -> None:
    grain = grain_of(flat(0.03), hole())
    assert grain is not None
    values = np.full((2, 3), 0.5, np.float32)
    both = grain.on(values, np.array([row, 7]), np.array([column, 9]), 1.0)
    alone = grain.on(values[:1], np.array([row]), np.array([column]), 1.0)
    np.testing.assert_array_equal(both[:1], alone)


def _bands(picture: Array) -> list[float]:
    """How strong the three finest bands of the green channel are."""
    return [float(band.std()) for band in detail_bands(np.ascontiguousarray(picture[..., 1]), 3)]
