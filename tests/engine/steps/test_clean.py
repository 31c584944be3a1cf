"""Noise goes as far as wished; a clean photo, its depth, its space, its grey and its transparency stay what they were."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.color import to_srgb
from engine.errors import Cancelled, GeneratorBroken, GeneratorMissing, SettingInvalid
from engine.face_wishes import FaceWish
from engine.library import ModelLibrary
from engine.likeness import ALIKE, likeness
from engine.loader import Loader
from engine.noise_estimate import noise_of
from engine.photo import Metadata, Photo
from engine.progress import CancelToken, Progress
from engine.session import Device
from engine.steps.clean import ACCEPTED_NOISE, CLEAN, CleanSettings
from engine.steps.step import Analysis, Tools
from tests.engine import icc_files, photos
from tests.engine.astronaut import FACE, portrait
from tests.onnx_files import box_blur, identity, upscale_x2, write_generator

GO_ON = CancelToken()
ALL = CleanSettings(strength=1.0, texture=0.0)
USUAL = CleanSettings(texture=0.0)


@pytest.fixture(scope="module")
def tools(tmp_path_factory: pytest.TempPathFactory) -> Tools:
    folder = tmp_path_factory.mktemp("models")
    write_generator(folder, box_blur(1), "blur", kind="clean", multiple=8, minimum=16)
    return Tools(generator=Loader(ModelLibrary([folder]), Device("cpu", threads=1)))


def noisy(photo: Photo, level: float, *, own_in_channels: bool = False) -> Photo:
    """Normal noise of that many grey values of 255, in the photo's own values."""
    shape = photo.pixels.shape if own_in_channels else (*photo.pixels.shape[:2], 1)
    noise = np.random.default_rng(8).standard_normal(shape) * level * photo.maximum / 255
    pixels = np.clip(np.round(photo.pixels + noise), 0, photo.maximum).astype(photo.pixels.dtype)
    return Photo(pixels, photo.alpha, photo.metadata)


def cleaned(photo: Photo, tools: Tools, chosen: CleanSettings = ALL) -> Photo:
    return CLEAN.apply(photo, CLEAN.analyse(photo, chosen, tools), chosen, GO_ON)


def smooth(height: int = 120, width: int = 160, channels: int = 3) -> Photo:
    """A soft slope without any noise."""
    slope = np.linspace(60, 200, width)[None, :, None] + np.linspace(-20, 20, height)[:, None, None]
    return Photo(np.round(slope).astype(np.uint8).repeat(channels, 2))


def test_a_photo_without_noise_is_the_very_same_photo_and_no_generator_is_asked_for() -> None:
    photo = smooth()
    found = CLEAN.analyse(photo, CleanSettings(), Tools())
    assert found.arrays == {} and "clean.force" in found.note and found.values["share"] == 0
    for strength in (0.0, 0.5, 1.0):
        assert CLEAN.apply(photo, found, CleanSettings(strength=strength), GO_ON) is photo


def test_it_is_cleaned_all_the_same_if_that_is_wanted(tools: Tools) -> None:
    photo = smooth()
    found = CLEAN.analyse(photo, CleanSettings(force=True), tools)
    assert found.note == "" and "change" in found.arrays
    assert CLEAN.apply(photo, found, CleanSettings(force=True), GO_ON) is photo, "the middle takes nothing of nothing"
    assert not np.array_equal(cleaned(photo, tools, CleanSettings(strength=1.0, force=True)).pixels, photo.pixels)


def test_what_only_looks_like_noise_is_left_until_more_strength_is_asked_for(tmp_path: Path) -> None:
    """A generator that changes nothing where the photo is flat has found no noise."""
    write_generator(tmp_path, identity(with_guide=False), kind="clean")
    nothing_found = Tools(generator=Loader(ModelLibrary([tmp_path]), Device("cpu", threads=1)))
    photo = noisy(photos.coloured(), 8, own_in_channels=True)
    found = CLEAN.analyse(photo, CleanSettings(), nothing_found)
    assert found.values["share"] == 0 and "texture" in found.note and "change" in found.arrays
    assert CLEAN.apply(photo, found, CleanSettings(), GO_ON) is photo


def test_all_of_it_is_what_the_generator_makes_to_the_last_value(tools: Tools) -> None:
    photo = noisy(photos.coloured(), 8, own_in_channels=True)
    wanted = tools.generator("clean").run(to_srgb(photo)).image
    np.testing.assert_array_equal(cleaned(photo, tools).pixels, np.round(wanted * 255).astype(np.uint8))


def test_strength_runs_from_nothing_by_the_photos_own_measure_to_everything(tools: Tools) -> None:
    photo = noisy(photos.grey(channels=3), 10)
    found = CLEAN.analyse(photo, USUAL, tools)
    left = []
    for strength in (0.0, 0.25, 0.5, 0.75, 1.0):
        result = CLEAN.apply(photo, found, CleanSettings(strength=strength, texture=0.0), GO_ON)
        left.append(noise_of(result).luma)
    assert CLEAN.apply(photo, found, CleanSettings(strength=0.0), GO_ON) is photo
    assert left == sorted(left, reverse=True) and left[0] > 9 and left[-1] < 4


@pytest.mark.parametrize("level", [2, 5, 10])
def test_the_middle_takes_as_much_as_the_noise_calls_for(tools: Tools, level: int) -> None:
    photo = noisy(smooth(), level)
    values = CLEAN.analyse(photo, USUAL, tools).values
    assert values["luma_noise"] == pytest.approx(level, rel=0.25)
    assert values["share"] == pytest.approx(min(0.9, 1 - ACCEPTED_NOISE / level), abs=0.1)


@pytest.mark.parametrize("make", [lambda: photos.grey(), lambda: photos.grey(channels=3), lambda: smooth(channels=1)])
def test_grey_stays_grey(make: object, tools: Tools) -> None:
    photo = noisy(make(), 8)  # type: ignore[operator]
    found = CLEAN.analyse(photo, ALL, tools)
    result = CLEAN.apply(photo, found, CleanSettings(strength=1.0), GO_ON)
    assert found.arrays["change"].shape[2] == 1
    assert result.pixels.shape == photo.pixels.shape and result is not photo
    assert np.ptp(result.pixels.astype(int), axis=2).max() == 0


def test_sixteen_bits_stay_and_what_is_finer_than_eight(tools: Tools) -> None:
    fine = np.linspace(20000, 24000, 160)[None, :, None].repeat(120, 0)
    photo = noisy(Photo(np.round(fine).astype(np.uint16).repeat(3, 2)), 6)
    result = cleaned(photo, tools)
    wanted = tools.generator("clean").run(to_srgb(photo)).image * 65535
    assert result.pixels.dtype == np.uint16 and len(np.unique(result.pixels)) > 2000
    assert np.abs(result.pixels - wanted).max() <= 2


def test_alpha_and_metadata_stay(tools: Tools) -> None:
    alpha = np.arange(120 * 160, dtype=np.uint8).reshape(120, 160)
    photo = Photo(photos.grey().pixels, alpha, Metadata("png", icc=icc_files.grey(1.0), exif=b"exif", dpi=(300, 300)))
    result = cleaned(noisy(photo, 8), tools)
    assert result.alpha is photo.alpha and result.metadata == photo.metadata


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
def test_a_photo_in_another_space_stays_in_it(dtype: type, tools: Tools) -> None:
    photo = noisy(photos.with_metadata(photos.sepia(dtype=dtype), icc=icc_files.adobe_rgb()), 8)
    result = cleaned(photo, tools)
    assert result.metadata == photo.metadata and result.pixels.dtype == dtype
    wanted = tools.generator("clean").run(to_srgb(photo)).image
    seen = to_srgb(photo)
    inside = ((seen > 0) & (seen < 1)).all(-1)  # elsewhere its own colours stay, which sRGB cannot show
    assert inside.mean() > 0.5 and np.abs(to_srgb(result) - wanted)[inside].max() < 2 / 255


def test_texture_comes_back_and_noise_does_not(tools: Tools) -> None:
    weave = (np.indices((50, 160)).sum(0) % 2 * 40)[..., None]
    pixels = np.full((300, 160, 3), 120.0)
    pixels[:50] += weave
    photo = noisy(Photo(pixels.astype(np.uint8)), 6)
    found = CLEAN.analyse(photo, ALL, tools)
    plain, given = (
        CLEAN.apply(photo, found, CleanSettings(strength=1.0, texture=part), GO_ON).pixels[..., 0].astype(float)
        for part in (0.0, 1.0)
    )
    assert plain[8:42, 8:-8].std() < 4 and given[8:42, 8:-8].std() > 12, "the weave was blurred away, and is back"
    assert given[80:-8, 8:-8].std() < plain[80:-8, 8:-8].std() + 1.5, "the noise is not"


def test_a_preview_shows_what_the_full_photo_becomes(tools: Tools) -> None:
    full = noisy(photos.coloured(480, 640), 12)
    small = Photo(full.pixels.reshape(240, 2, 320, 2, 3).mean((1, 3)).round().astype(np.uint8))
    found, chosen = CLEAN.analyse(full, USUAL, tools), CleanSettings()
    shrunk = CLEAN.apply(full, found, chosen, GO_ON).pixels.reshape(240, 2, 320, 2, 3).mean((1, 3))
    assert np.abs(CLEAN.apply(small, found, chosen, GO_ON).pixels - shrunk).max() <= 1.6


def test_tiles_show_no_seams(tools: Tools, monkeypatch: pytest.MonkeyPatch) -> None:
    photo = noisy(photos.coloured(200, 300), 8)
    whole = cleaned(photo, tools).pixels.astype(int)
    monkeypatch.setattr("engine.tile_by_tile.MEMORY_GB", 0.005)
    assert tools.generator("clean").tile_for(0.005) < 100
    assert np.abs(cleaned(photo, tools).pixels - whole).max() <= 1


def test_a_generator_that_changes_nothing_leaves_the_very_same_photo(tmp_path: Path) -> None:
    write_generator(tmp_path, identity(with_guide=False), kind="clean")
    nothing = Tools(generator=Loader(ModelLibrary([tmp_path]), Device("cpu", threads=1)))
    photo = noisy(photos.coloured(), 8)
    assert cleaned(photo, nothing) is photo


def test_a_generator_that_enlarges_is_refused(tmp_path: Path) -> None:
    write_generator(tmp_path, upscale_x2(), kind="clean", scale=2)
    larger = Tools(generator=Loader(ModelLibrary([tmp_path]), Device("cpu", threads=1)))
    with pytest.raises(GeneratorBroken, match="it enlarges"):
        CLEAN.analyse(noisy(photos.coloured(), 8), ALL, larger)


def test_without_a_generator_it_is_said_where_one_belongs(tmp_path: Path) -> None:
    nothing = Tools(generator=Loader(ModelLibrary([tmp_path]), Device("cpu")))
    with pytest.raises(GeneratorMissing, match="“clean” is installed"):
        CLEAN.analyse(noisy(photos.coloured(), 8), ALL, nothing)


def test_a_change_found_in_colour_fits_a_photo_that_stayed_grey(tools: Tools) -> None:
    """The step before may give no colour at the strength that is set, and did at the one that was analysed."""
    found = CLEAN.analyse(noisy(photos.sepia(), 8), ALL, tools)
    result = CLEAN.apply(photos.grey(), found, ALL, GO_ON)
    assert result.pixels.shape == (120, 160, 1)


@settings(max_examples=25, deadline=None)
@given(height=st.integers(1, 40), width=st.integers(1, 40), channels=st.sampled_from([1, 3]), strength=st.floats(0, 1))
def test_the_smallest_photos_work(tools: Tools, height: int, width: int, channels: int, strength: float) -> None:
    photo = noisy(Photo(np.full((height, width, channels), 120, np.uint8)), 20)
    chosen = CleanSettings(strength=strength, force=True)
    assert cleaned(photo, tools, chosen).pixels.shape == photo.pixels.shape


def test_it_stops_and_tells_how_far_it_is(tools: Tools, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engine.steps.clean.STRIP_PIXELS", 5000)
    photo, token, told = noisy(photos.coloured(), 8), CancelToken(), list[Progress]()
    found = CLEAN.analyse(photo, ALL, tools)
    CLEAN.apply(photo, found, ALL, GO_ON, told.append)
    assert len(told) >= 3 and told[-1].done == 1 and {progress.stage for progress in told} == {"Clean"}
    token.cancel()
    for work in (
        lambda: CLEAN.apply(photo, found, ALL, token),
        lambda: CLEAN.analyse(photo, ALL, Tools(tools.generator, cancel=token)),
    ):
        with pytest.raises(Cancelled):
            work()


def test_analysing_depends_on_nothing_that_a_slider_changes(tools: Tools) -> None:
    photo = noisy(photos.coloured(), 8)
    found = [CLEAN.analyse(photo, CleanSettings(strength=part, texture=1 - part), tools) for part in (0.0, 1.0)]
    assert isinstance(found[0], Analysis) and found[0].values == found[1].values
    np.testing.assert_array_equal(found[0].arrays["change"], found[1].arrays["change"])


@pytest.mark.parametrize("wrong", [{"strength": 1.5}, {"texture": -0.1}, {"force": 1}])
def test_wrong_settings_are_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(SettingInvalid):
        CleanSettings(**wrong)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def smearing(tmp_path_factory: pytest.TempPathFactory) -> Tools:
    """Takes far too much away, and knows where the portrait's face is."""
    folder = tmp_path_factory.mktemp("smearing")
    write_generator(folder, box_blur(5), "smear", kind="clean", multiple=8, minimum=16)
    loader = Loader(ModelLibrary([folder]), Device("cpu", threads=1))
    return Tools(generator=loader, faces=lambda photo: (FACE,))


EYE, WALL = (slice(96, 108), slice(196, 212)), (slice(300, 340), slice(20, 60))
"""Rows and columns of the portrait."""


def away(first: Photo, second: Photo, place: tuple[slice, slice]) -> float:
    return float(np.abs(first.pixels[place].astype(float) - second.pixels[place]).mean())


def test_a_face_stays_as_it_was_where_that_is_wanted(smearing: Tools) -> None:
    photo = portrait()
    result = cleaned(photo, smearing, CleanSettings(strength=1.0, faces="original", force=True))
    assert away(photo, result, EYE) == 0 and away(photo, result, WALL) > 0


def test_a_face_gets_no_more_than_leaves_it_the_same_face(smearing: Tools) -> None:
    photo, full = portrait(), CleanSettings(strength=1.0, texture=0.0, faces="full", force=True)
    gentle = dataclasses.replace(full, faces="gentle")
    found = CLEAN.analyse(photo, gentle, smearing)
    result = CLEAN.apply(photo, found, gentle, GO_ON)
    whole = cleaned(photo, smearing, full)
    assert found.note == "On 1 of 1 faces less was done, so that they stay alike."
    assert 0 < away(photo, result, EYE) < 0.85 * away(photo, whole, EYE)
    assert away(result, whole, WALL) == 0
    before, after, smeared = (picture.pixels.astype(np.float32) / 255 for picture in (photo, result, whole))
    assert likeness(before, smeared, FACE) < ALIKE <= likeness(before, after, FACE) + 0.01


def test_little_of_it_is_laid_on_a_face_as_anywhere(smearing: Tools) -> None:
    """The bound is of the whole change: a tenth of it leaves a face alike."""
    photo, gentle = portrait(), CleanSettings(strength=0.1, texture=0.0, force=True)
    full = dataclasses.replace(gentle, faces="full")
    assert away(cleaned(photo, smearing, gentle), cleaned(photo, smearing, full), EYE) == 0


def test_a_wish_for_one_face_counts_before_the_setting(smearing: Tools) -> None:
    photo, full = portrait(), CleanSettings(strength=1.0, texture=0.0, faces="full", force=True)
    wish = FaceWish(222 / 512, 123 / 512, "original")
    result = cleaned(photo, dataclasses.replace(smearing, face_wishes=(wish,)), full)
    assert away(photo, result, EYE) == 0 and away(photo, result, WALL) > 0
