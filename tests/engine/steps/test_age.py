"""A photo gets an old look and its grain; its detail, size, depth and all that belongs to it stay."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.color import luma, srgb_to_lab, to_srgb
from engine.errors import Cancelled, GeneratorMissing, SettingInvalid
from engine.library import ModelLibrary
from engine.loader import Loader
from engine.photo import Metadata, Photo
from engine.progress import CancelToken, Progress
from engine.session import Device
from engine.steps.age import AGE, AgeSettings
from engine.steps.step import Analysis, Tools
from tests.engine import icc_files, photos
from tests.onnx_files import upscale_x2, write_ager, write_generator

SMOOTH = AgeSettings(grain=0.0)
GO_ON = CancelToken()


@pytest.fixture(scope="module")
def tools(tmp_path_factory: pytest.TempPathFactory) -> Tools:
    folder = tmp_path_factory.mktemp("models")
    write_ager(folder)
    return Tools(generator=Loader(ModelLibrary([folder]), Device("cpu", threads=1)))


def lab(photo: Photo) -> np.ndarray:
    return srgb_to_lab(to_srgb(photo))


def aged(photo: Photo, tools: Tools, chosen: AgeSettings = SMOOTH) -> Photo:
    return AGE.apply(photo, AGE.analyse(photo, chosen, tools), chosen, GO_ON)


def faded(photo: Photo) -> np.ndarray:
    """L* of what the test's generator would make of every pixel at full size."""
    grey = 0.1 + 0.8 * to_srgb(photo) @ np.array([0.3, 0.6, 0.1], np.float32)
    return srgb_to_lab(np.repeat(grey[..., None], 3, 2).astype(np.float32))[..., 0]


def toned(photo: Photo, tone: tuple[float, float]) -> Analysis:
    """What a generator that leaves lightness alone and tones the print would have found."""
    found = np.empty((40, 50, 3), np.float16)
    found[..., 0] = 50
    found[..., 1:] = tone
    return Analysis("age", {"lab": found})


def test_a_colour_photo_becomes_neutral_and_gets_the_found_lightness(tools: Tools) -> None:
    photo = photos.coloured()
    result = lab(aged(photo, tools))
    assert np.hypot(result[..., 1], result[..., 2]).max() < 1.5
    assert np.abs(result[..., 0] - faded(photo)).mean() < 1.5
    assert result[..., 0].min() > 8, "black is faded"


def test_detail_finer_than_the_generator_saw_remains(tools: Tools) -> None:
    photo = photos.grey(480, 640, channels=3)
    before, after = luma(photo), lab(aged(photo, tools))[..., 0]
    fine_before, fine_after = (
        plane - plane.reshape(120, 4, 160, 4).mean((1, 3)).repeat(4, 0).repeat(4, 1) for plane in (before, after)
    )
    assert np.corrcoef(fine_before.ravel(), fine_after.ravel())[0, 1] > 0.9
    assert 0.6 < fine_after.std() / fine_before.std() < 1.2


def test_strength_zero_gives_the_very_same_photo() -> None:
    photo = photos.coloured()
    assert AGE.apply(photo, toned(photo, (0, 0)), AgeSettings(strength=0.0, grain=1.0), GO_ON) is photo


def test_strength_goes_from_the_photo_to_its_old_look(tools: Tools) -> None:
    photo = photos.coloured()
    whole, half = (lab(aged(photo, tools, AgeSettings(strength=part, grain=0.0))) for part in (1.0, 0.5))
    assert np.abs(half - (whole + lab(photo)) / 2).mean() < 0.5


def test_a_toned_look_is_kept() -> None:
    photo = Photo(np.full((60, 80, 3), 119, np.uint8))
    result = lab(AGE.apply(photo, toned(photo, (4, 14)), SMOOTH, GO_ON))
    np.testing.assert_allclose(result.mean((0, 1)), (50, 4, 14), atol=0.5)


def test_grain_is_luma_noise_that_comes_again_in_the_same_way(tools: Tools) -> None:
    photo = Photo(np.full((300, 400, 3), 119, np.uint8))
    smooth, some, more = (aged(photo, tools, AgeSettings(grain=part)) for part in (0.0, 0.3, 1.0))
    stds = [lab(result)[..., 0].std() for result in (smooth, some, more)]
    assert stds[0] < 0.1 and stds[1] > 0.5 and 2.5 < stds[2] / stds[1] < 4
    assert abs(lab(more)[..., 0].mean() - lab(smooth)[..., 0].mean()) < 0.5
    assert np.ptp(more.pixels.astype(int), axis=2).max() <= 1, "no colour in it"
    np.testing.assert_array_equal(more.pixels, aged(photo, tools, AgeSettings(grain=1.0)).pixels)


def test_grain_leaves_black_and_white_paper_clean() -> None:
    photo = Photo(np.concatenate([np.full((40, 90, 3), value, np.uint8) for value in (0, 255)]))
    found = np.zeros((80, 90, 3), np.float16)
    found[40:, :, 0] = 100
    result = AGE.apply(photo, Analysis("age", {"lab": found}), AgeSettings(grain=1.0), GO_ON).pixels
    assert result[:30].max() < 8 and result[50:].min() > 247


def test_a_preview_and_the_full_photo_agree_also_in_their_grain(tools: Tools) -> None:
    full = photos.coloured(960, 1280)
    small = Photo(full.pixels.reshape(240, 4, 320, 4, 3).mean((1, 3)).round().astype(np.uint8))
    grained: list[np.ndarray] = []
    smooth: list[np.ndarray] = []
    for photo in (full, small):
        found = AGE.analyse(photo, SMOOTH, tools)
        for chosen, into in ((AgeSettings(grain=1.0), grained), (SMOOTH, smooth)):
            into.append(lab(AGE.apply(photo, found, chosen, GO_ON))[..., 0])
    shrunk, preview = smooth[0].reshape(240, 4, 320, 4).mean((1, 3)), smooth[1]
    assert np.abs(shrunk - preview).mean() < 1.5
    grain = (grained[0] - smooth[0]).reshape(240, 4, 320, 4).mean((1, 3))
    assert np.corrcoef(grain.ravel(), (grained[1] - smooth[1]).ravel())[0, 1] > 0.7


@pytest.mark.parametrize("make", [photos.grey, photos.sepia])
def test_sixteen_bits_stay(make: Callable[..., Photo], tools: Tools) -> None:
    photo = make(dtype=np.uint16)
    result = aged(photo, tools)
    assert result.pixels.dtype == np.uint16 and result.pixels.shape == (120, 160, 3)
    assert len(np.unique(result.pixels)) > 1000
    assert np.abs(lab(result)[..., 0] - faded(photo)).mean() < 1.5


def test_alpha_and_metadata_stay_and_a_grey_profile_goes(tools: Tools) -> None:
    grey = photos.grey()
    alpha = np.arange(120 * 160, dtype=np.uint8).reshape(120, 160)
    photo = Photo(grey.pixels, alpha, Metadata("png", icc=icc_files.grey(1.0), exif=b"exif", dpi=(300, 300)))
    result = aged(photo, tools)
    assert result.alpha is photo.alpha
    assert result.metadata == Metadata("png", icc=None, exif=b"exif", dpi=(300, 300))


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
def test_a_photo_in_another_space_stays_in_it(dtype: type, tools: Tools) -> None:
    photo = photos.with_metadata(photos.sepia(dtype=dtype), icc=icc_files.adobe_rgb())
    result = aged(photo, tools)
    assert result.metadata == photo.metadata and result.pixels.dtype == dtype
    assert np.abs(lab(result)[..., 1:]).max() < 1.5


@settings(max_examples=25, deadline=None)
@given(height=st.integers(1, 40), width=st.integers(1, 40), channels=st.sampled_from([1, 3]), grain=st.floats(0, 1))
def test_the_smallest_photos_work(tools: Tools, height: int, width: int, channels: int, grain: float) -> None:
    photo = Photo(np.full((height, width, channels), 120, np.uint8))
    result = aged(photo, tools, AgeSettings(grain=grain))
    assert result.pixels.shape == (height, width, 3)
    assert abs(lab(result)[..., 0].mean() - faded(Photo(np.full((1, 1, 3), 120, np.uint8))).item()) < 6


def test_long_strips_work(tools: Tools) -> None:
    assert aged(Photo(np.full((9, 5_000, 3), 90, np.uint8)), tools, AgeSettings()).pixels.shape == (9, 5_000, 3)


@pytest.mark.parametrize(("working_size", "short_side"), [(0, 256), (8, 64), (96, 96), (512, 512)])
def test_the_generator_sees_the_photo_at_its_own_working_size(
    tmp_path: Path, working_size: int, short_side: int
) -> None:
    write_ager(tmp_path, working_size=working_size)
    own = Tools(generator=Loader(ModelLibrary([tmp_path]), Device("cpu", threads=1)))
    found = AGE.analyse(photos.coloured(480, 640), SMOOTH, own).arrays["lab"]
    assert found.dtype == np.float16
    assert found.shape[:2] == (short_side, round(short_side * 4 / 3))


def test_a_generator_that_enlarges_is_carried_all_the_same(tmp_path: Path) -> None:
    write_generator(tmp_path, upscale_x2(), kind="age", scale=2, working_size=64)
    larger = Tools(generator=Loader(ModelLibrary([tmp_path]), Device("cpu", threads=1)))
    photo = photos.coloured()
    result = aged(photo, larger)
    assert np.abs(lab(result) - lab(photo)).mean() < 2, "this one changes nothing else"


def test_without_a_generator_it_is_said_where_one_belongs(tmp_path: Path) -> None:
    nothing = Tools(generator=Loader(ModelLibrary([tmp_path]), Device("cpu")))
    with pytest.raises(GeneratorMissing, match="“age” is installed") as caught:
        AGE.analyse(photos.coloured(), SMOOTH, nothing)
    assert str(tmp_path) in caught.value.next_step


def test_it_stops_between_strips_and_tells_how_far_it_is(tools: Tools) -> None:
    photo = photos.coloured(480, 640)
    found, token = AGE.analyse(photo, SMOOTH, tools), CancelToken()
    told: list[Progress] = []
    AGE.apply(photo, found, SMOOTH, GO_ON, told.append)
    assert len(told) >= 3 and told[-1].done == 1 and {progress.stage for progress in told} == {"Age"}
    token.cancel()
    with pytest.raises(Cancelled):
        AGE.apply(photo, found, SMOOTH, token)


@pytest.mark.parametrize("wrong", [{"strength": 1.5}, {"grain": -0.1}, {"grain": "much"}])
def test_wrong_settings_are_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(SettingInvalid):
        AgeSettings(**wrong)
