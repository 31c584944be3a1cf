"""A faded photo gets its black and white back, gently, and a fine one is left as it is."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.color import from_srgb_like, lab_to_srgb, luma, srgb_to_lab, to_srgb
from engine.errors import Cancelled, SettingInvalid
from engine.photo import Metadata, Photo
from engine.progress import CancelToken
from engine.steps.step import Analysis, Tools
from engine.steps.tone import TONE, ToneSettings, tone_curve
from tests.engine import photos

NOTHING = ToneSettings(fading=0.0, contrast=0.0, cast=0.0)
ALL = ToneSettings(fading=1.0, contrast=0.0, cast=1.0)
GO_ON = CancelToken()


def faded(photo: Photo) -> Photo:
    """Black at L* 25, white at 80."""
    lab = srgb_to_lab(to_srgb(photo))
    lab[..., 0] = 25 + lab[..., 0] * 0.55
    return photo.with_pixels(from_srgb_like(lab_to_srgb(lab), Photo(np.repeat(photo.pixels[..., :1], 3, 2))))


def done(photo: Photo, chosen: ToneSettings) -> Photo:
    return TONE.apply(photo, TONE.analyse(photo, chosen, Tools()), chosen, GO_ON)


@pytest.mark.parametrize("photo", [photos.grey(), photos.grey(dtype=np.uint16), photos.sepia(), photos.coloured()])
def test_all_zero_gives_the_very_same_photo(photo: Photo) -> None:
    assert done(photo, NOTHING) is photo


@pytest.mark.parametrize("photo", [photos.grey(channels=3), photos.sepia(), photos.coloured()])
def test_black_and_white_come_back(photo: Photo) -> None:
    before, after = luma(faded(photo)), luma(done(faded(photo), ALL))
    assert np.percentile(after, 0.5) < np.percentile(before, 0.5) - 8
    assert np.percentile(after, 99.5) > np.percentile(before, 99.5) + 4
    assert after.min() >= 0 and after.max() <= 100


def test_a_photo_with_full_range_is_left_alone() -> None:
    every_shade = np.tile(np.arange(256, dtype=np.uint8), 125)
    photo = Photo(np.random.default_rng(1).permutation(every_shade).reshape(200, 160, 1))
    assert done(photo, ToneSettings(fading=1.0, contrast=0.0, cast=1.0)) is photo


def test_a_grey_file_stays_grey_in_its_depth_and_space() -> None:
    for dtype in (np.uint8, np.uint16):
        photo = photos.with_metadata(faded_grey(dtype), format="tiff", dpi=(600, 600))
        result = done(photo, ALL)
        assert result.pixels.shape == photo.pixels.shape and result.pixels.dtype == dtype
        assert result.metadata == photo.metadata
        assert np.ptp(result.pixels) > np.ptp(photo.pixels)


def faded_grey(dtype: type) -> Photo:
    most = np.iinfo(dtype).max
    return Photo((photos.grey(dtype=dtype).pixels * 0.5 + 0.2 * most).astype(dtype))


def test_grey_in_one_and_in_three_channels_gets_the_same() -> None:
    one = faded_grey(np.uint8)
    three = Photo(np.repeat(one.pixels, 3, 2))
    chosen = ToneSettings(fading=0.8, contrast=0.5)
    np.testing.assert_array_equal(np.repeat(done(one, chosen).pixels, 3, 2), done(three, chosen).pixels)


def test_cast_takes_sepia_out_and_leaves_lightness() -> None:
    photo = photos.sepia()
    result = done(photo, ToneSettings(fading=0.0, contrast=0.0, cast=1.0))
    lab = srgb_to_lab(to_srgb(result))
    assert np.hypot(lab[..., 1], lab[..., 2]).max() < 1
    assert np.abs(lab[..., 0] - luma(photo)).mean() < 0.2


def test_cast_of_a_colour_photo_goes_but_its_colours_stay() -> None:
    lab = srgb_to_lab(to_srgb(photos.coloured()))
    lab[..., 2] += 10
    photo = Photo(np.round(lab_to_srgb(lab) * 255).astype(np.uint8))
    result = srgb_to_lab(to_srgb(done(photo, ToneSettings(fading=0.0, contrast=0.0, cast=1.0))))
    assert np.hypot(result[..., 1], result[..., 2]).mean() > 10


def test_alpha_stays() -> None:
    alpha = np.full((120, 160), 77, np.uint8)
    photo = Photo(faded(photos.sepia()).pixels, alpha, Metadata())
    assert done(photo, ALL).alpha is photo.alpha


def test_a_white_border_does_not_pass_for_the_white_of_the_picture() -> None:
    picture = faded(photos.grey(channels=3))
    pixels = np.full((180, 220, 3), 250, np.uint8)
    pixels[30:150, 30:190] = picture.pixels
    found, plain = (TONE.analyse(photo, ALL, Tools()).values["white"] for photo in (Photo(pixels), picture))
    assert abs(float(found) - float(plain)) < 3


@settings(max_examples=30, deadline=None)
@given(
    ends=st.tuples(st.floats(0, 100), st.floats(0, 100), st.floats(0, 100)).map(sorted),
    fading=st.floats(0, 1),
    contrast=st.floats(0, 1),
)
def test_the_curve_always_rises_and_stays_inside(ends: list[float], fading: float, contrast: float) -> None:
    black, middle, white = ends
    analysis = Analysis("tone", values={"black": black, "middle": middle, "white": white})
    curve = tone_curve(analysis, ToneSettings(fading=fading, contrast=contrast))
    assert (np.diff(curve) >= -1e-4).all()
    assert curve[0] < 0.01 and curve[-1] > 99.99


@pytest.mark.parametrize("shape", [(1, 1, 1), (1, 1, 3), (1, 400, 3), (400, 1, 1), (5, 4, 3)])
def test_the_smallest_photos_work(shape: tuple[int, int, int]) -> None:
    result = done(Photo(np.full(shape, 90, np.uint8)), ALL)
    assert result.pixels.shape == shape


def test_it_stops_between_strips() -> None:
    token = CancelToken()
    token.cancel()
    photo = photos.sepia()
    with pytest.raises(Cancelled):
        TONE.apply(photo, TONE.analyse(photo, ALL, Tools()), ALL, token)


def test_a_wrong_setting_is_refused_by_name() -> None:
    with pytest.raises(SettingInvalid, match=r"tone\.fading"):
        ToneSettings(fading=2.0)
