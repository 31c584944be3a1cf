"""A faded photo gets its black and white back, everywhere alike, and a fine one is left as it is."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from engine.color import from_srgb_like, luma, srgb_to_lab, to_srgb
from engine.errors import Cancelled, GeneratorBroken, GeneratorMissing, SettingInvalid
from engine.library import ModelLibrary
from engine.loader import Loader
from engine.photo import Metadata, Photo
from engine.progress import CancelToken, Progress
from engine.session import Device
from engine.steps.step import Tools
from engine.steps.tone import CURVE_POINTS, TONE, ToneSettings, light_curve
from tests.engine import icc_files, photos
from tests.onnx_files import identity, write_freshener, write_generator

NOTHING = ToneSettings(fading=0.0, contrast=0.0, cast=0.0)
USUAL = ToneSettings()
GO_ON = CancelToken()


def tools_in(folder: Path) -> Tools:
    return Tools(generator=Loader(ModelLibrary([folder]), Device("cpu", threads=1)))


@pytest.fixture(scope="module")
def tools(tmp_path_factory: pytest.TempPathFactory) -> Tools:
    """With a generator that sets value 0.2 to black and 0.8 to white."""
    folder = tmp_path_factory.mktemp("models")
    write_freshener(folder)
    return tools_in(folder)


@pytest.fixture(scope="module")
def content(tmp_path_factory: pytest.TempPathFactory) -> Tools:
    """With a generator that finds every photo as it should be."""
    folder = tmp_path_factory.mktemp("content")
    write_generator(folder, identity(with_guide=False), kind="tone", multiple=8, minimum=16, working_size=64)
    return tools_in(folder)


def faded(photo: Photo) -> Photo:
    """Between the values 0.2 and 0.8."""
    most = photo.maximum
    return photo.with_pixels(np.round(0.2 * most + 0.6 * photo.pixels.astype(np.float64)).astype(photo.pixels.dtype))


def done(photo: Photo, tools: Tools, chosen: ToneSettings = USUAL) -> Photo:
    return TONE.apply(photo, TONE.analyse(photo, chosen, tools), chosen, GO_ON)


ALL_KINDS: list[Callable[[], Photo]] = [
    lambda: photos.grey(), lambda: photos.grey(dtype=np.uint16), lambda: photos.grey(channels=3),
    lambda: photos.sepia(), lambda: photos.sepia(dtype=np.uint16), lambda: photos.coloured(),
]  # fmt: skip


@pytest.mark.parametrize("made", ALL_KINDS)
def test_nothing_wished_gives_the_very_same_photo(made: Callable[[], Photo], tools: Tools) -> None:
    photo = made()
    assert done(photo, tools, NOTHING) is photo


@pytest.mark.parametrize("made", [photos.grey, photos.coloured])
def test_a_photo_that_is_as_it_should_be_is_the_very_same_photo(made: Callable[[], Photo], content: Tools) -> None:
    photo = made()
    assert done(photo, content) is photo


@pytest.mark.parametrize("made", [photos.grey, photos.coloured])
def test_a_photo_that_would_hardly_change_is_left_alone(made: Callable[[], Photo], tmp_path: Path) -> None:
    """A fine photo that was slightly misread."""
    write_freshener(tmp_path, black=0.006, white=0.994)
    photo = made()
    assert done(photo, tools_in(tmp_path)) is photo


@pytest.mark.parametrize("made", [photos.grey, lambda: photos.grey(dtype=np.uint16), photos.coloured])
def test_what_faded_comes_back(made: Callable[[], Photo], tools: Tools) -> None:
    photo = made()
    result = done(faded(photo), tools)
    assert result.pixels.dtype == photo.pixels.dtype and result.pixels.shape == photo.pixels.shape
    away = np.abs(result.pixels.astype(float) - photo.pixels) / photo.maximum
    assert away.mean() < 0.01 and np.percentile(away, 99) < 0.04


def test_half_the_fading_goes_half_the_way(tools: Tools) -> None:
    photo = faded(photos.grey())
    before, half, whole = (luma(done(photo, tools, ToneSettings(fading=share))).mean(0) for share in (0.0, 0.5, 1.0))
    np.testing.assert_allclose(half, (before + whole) / 2, atol=0.6)


def test_a_grey_file_stays_grey_in_its_depth_and_space(tools: Tools) -> None:
    for dtype in (np.uint8, np.uint16):
        photo = photos.with_metadata(faded(photos.grey(dtype=dtype)), format="tiff", dpi=(600, 600))
        result = done(photo, tools)
        assert result.pixels.shape == photo.pixels.shape and result.pixels.dtype == dtype
        assert result.metadata == photo.metadata
        assert np.ptp(result.pixels) > np.ptp(photo.pixels)


def test_grey_in_one_and_in_three_channels_gets_the_same(tools: Tools) -> None:
    one = faded(photos.grey())
    chosen = ToneSettings(fading=0.8, contrast=0.5)
    three = done(Photo(np.repeat(one.pixels, 3, 2)), tools, chosen).pixels.astype(int)
    assert np.ptp(three, axis=2).max() == 0
    assert np.abs(three[..., :1] - done(one, tools, chosen).pixels).max() <= 1


def test_cast_takes_sepia_out_and_leaves_lightness(tools: Tools) -> None:
    photo = photos.sepia()
    result = done(photo, tools, ToneSettings(fading=0.0))
    lab = srgb_to_lab(to_srgb(result))
    assert np.hypot(lab[..., 1], lab[..., 2]).max() < 1
    assert np.abs(lab[..., 0] - luma(photo)).mean() < 0.2


def test_without_cast_sepia_stays_sepia(tools: Tools) -> None:
    photo = faded(photos.sepia())
    before, after = (srgb_to_lab(to_srgb(each)) for each in (photo, done(photo, tools, ToneSettings(cast=0.0))))
    assert np.ptp(after[..., 0]) > np.ptp(before[..., 0]) + 10
    middle = (after[..., 0] > 30) & (after[..., 0] < 75)
    np.testing.assert_allclose(after[middle][:, 1:], before[middle][:, 1:], atol=2.5)


def test_colours_of_a_faded_photo_come_back(tools: Tools) -> None:
    old = faded(photos.coloured())
    chroma = [np.hypot(*np.moveaxis(srgb_to_lab(to_srgb(p)), -1, 0)[1:]).mean() for p in (old, done(old, tools))]
    assert chroma[1] > 1.4 * chroma[0]


def test_another_space_is_kept(tools: Tools) -> None:
    photo = photos.with_metadata(faded(photos.coloured()), icc=icc_files.adobe_rgb())
    result = done(photo, tools)
    assert result.metadata.icc == photo.metadata.icc
    whole = from_srgb_like(to_srgb(result), photo)
    assert np.abs(whole.astype(int) - result.pixels).max() <= 1


def test_alpha_stays(tools: Tools) -> None:
    alpha = np.full((120, 160), 77, np.uint8)
    photo = Photo(faded(photos.sepia()).pixels, alpha, Metadata())
    assert done(photo, tools).alpha is photo.alpha


def test_the_curve_shown_is_what_happens(tools: Tools) -> None:
    photo = faded(photos.grey())
    analysis = TONE.analyse(photo, USUAL, tools)
    for chosen in (
        USUAL,
        ToneSettings(fading=0.5),
        ToneSettings(contrast=0.6),
        ToneSettings(curve="0:10 60:30 100:90"),
    ):
        shown = np.interp(luma(photo), np.linspace(0, 100, CURVE_POINTS), light_curve(analysis, chosen))
        assert np.abs(luma(TONE.apply(photo, analysis, chosen, GO_ON)) - shown).mean() < 1.5


def test_a_curve_of_ones_own_takes_the_place_of_the_one_found(tools: Tools) -> None:
    photo = faded(photos.grey())
    same = done(photo, tools, ToneSettings(curve="0:0 100:100"))
    assert np.abs(luma(same) - luma(photo)).mean() < 1.2
    dark = done(photo, tools, ToneSettings(curve="0:0 100:50"))
    np.testing.assert_allclose(luma(dark), luma(photo) / 2, atol=3)


def test_a_curve_of_blanks_is_none() -> None:
    assert ToneSettings(curve="  ") == USUAL


@pytest.mark.parametrize("shape", [(1, 1, 1), (1, 1, 3), (1, 400, 3), (400, 1, 1), (5, 4, 3)])
def test_the_smallest_photos_work(shape: tuple[int, int, int], tools: Tools) -> None:
    assert done(Photo(np.full(shape, 90, np.uint8)), tools).pixels.shape == shape


def test_it_stops_between_strips(tools: Tools) -> None:
    photo, token = photos.sepia(), CancelToken()
    analysis = TONE.analyse(photo, USUAL, tools)
    token.cancel()
    with pytest.raises(Cancelled):
        TONE.apply(photo, analysis, USUAL, token)


@pytest.mark.parametrize("made", [photos.grey, photos.sepia])
def test_it_tells_how_far_it_is(made: Callable[[], Photo], tools: Tools) -> None:
    photo, told = faded(made()), list[Progress]()
    TONE.apply(photo, TONE.analyse(photo, USUAL, tools), USUAL, GO_ON, told.append)
    assert told[-1].done == 1.0 and {progress.stage for progress in told} == {"Tone"}


def test_without_a_generator_it_says_so(tmp_path: Path) -> None:
    with pytest.raises(GeneratorMissing):
        TONE.analyse(photos.grey(), USUAL, tools_in(tmp_path))


def test_a_generator_without_a_working_size_is_refused(tmp_path: Path) -> None:
    write_generator(tmp_path, identity(with_guide=False), kind="tone", multiple=8, minimum=16)
    with pytest.raises(GeneratorBroken):
        TONE.analyse(photos.grey(), USUAL, tools_in(tmp_path))


@pytest.mark.parametrize(("name", "value"), [("fading", 2.0), ("curve", "0:50 100:20")])
def test_a_wrong_setting_is_refused_by_name(name: str, value: float | str) -> None:
    with pytest.raises(SettingInvalid, match=rf"tone\.{name}"):
        ToneSettings(**{name: value})
