"""A photo becomes two or four times as large: the generator's detail over a plain enlargement, and all that belongs to it kept."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from engine.color import to_srgb
from engine.errors import Cancelled, EnlargementTooLarge, GeneratorMissing, SettingInvalid
from engine.library import ModelLibrary
from engine.loader import Loader
from engine.photo import Metadata, Photo
from engine.progress import CancelToken, Progress
from engine.session import Device
from engine.steps.step import Tools
from engine.steps.upscale import UPSCALE, UpscaleSettings
from tests.engine import icc_files, photos
from tests.engine.astronaut import FACE, portrait
from tests.onnx_files import enlarger, write_generator

GO_ON = CancelToken()
TWICE, FOUR_TIMES = UpscaleSettings(), UpscaleSettings(factor="4")


def with_enlargers(folder: Path, *, with_style: bool = True) -> Tools:
    for scale in (2, 4):
        write_generator(
            folder, enlarger(scale, with_style), f"enlarge-{scale}", kind="upscale", scale=scale, multiple=8, minimum=16
        )
    return Tools(generator=Loader(ModelLibrary([folder]), Device("cpu", threads=1)))


@pytest.fixture(scope="module")
def tools(tmp_path_factory: pytest.TempPathFactory) -> Tools:
    return with_enlargers(tmp_path_factory.mktemp("models"))


def larger(photo: Photo, tools: Tools, chosen: UpscaleSettings = TWICE) -> Photo:
    return UPSCALE.apply(photo, UPSCALE.analyse(photo, chosen, tools), chosen, GO_ON)


def bicubic(photo: Photo, scale: int) -> np.ndarray:
    pixels = photo.pixels[..., 0] if photo.has_one_channel else photo.pixels
    size = (photo.width * scale, photo.height * scale)
    return np.asarray(Image.fromarray(pixels).resize(size, Image.Resampling.BICUBIC)).reshape(*size[::-1], -1)


@pytest.mark.parametrize("chosen", [TWICE, FOUR_TIMES], ids=lambda chosen: chosen.factor)
@pytest.mark.parametrize("channels", [1, 3])
def test_a_grey_photo_becomes_what_the_generator_makes_to_the_last_value(
    chosen: UpscaleSettings, channels: int, tools: Tools
) -> None:
    photo = photos.grey(channels=channels)
    result = larger(photo, tools, chosen)
    assert result.pixels.shape == (120 * chosen.scale, 160 * chosen.scale, channels)
    every_pixel = photo.pixels.repeat(chosen.scale, 0).repeat(chosen.scale, 1)
    np.testing.assert_array_equal(result.pixels, every_pixel)


@pytest.mark.parametrize("chosen", [TWICE, FOUR_TIMES], ids=lambda chosen: chosen.factor)
def test_a_colour_photo_gets_its_brightness_and_its_colours_softly(chosen: UpscaleSettings, tools: Tools) -> None:
    photo = photos.coloured()
    result = larger(photo, tools, chosen).pixels.astype(float)
    wanted = photo.pixels.repeat(chosen.scale, 0).repeat(chosen.scale, 1).astype(float)
    luma = np.array([0.299, 0.587, 0.114])
    assert np.abs((result - wanted) @ luma)[8:-8, 8:-8].mean() < 1
    assert np.abs(result - wanted).mean() < 2.5


def test_without_detail_it_is_a_plain_enlargement(tools: Tools) -> None:
    photo = photos.coloured()
    result = larger(photo, tools, UpscaleSettings(detail=0.0))
    np.testing.assert_array_equal(result.pixels, bicubic(photo, 2))
    half = larger(photo, tools, UpscaleSettings(detail=0.5)).pixels.astype(float)
    whole = larger(photo, tools).pixels.astype(float)
    between = np.abs(half - (whole + result.pixels) / 2)
    assert np.quantile(between, 0.999) <= 1, "but where a colour beyond white was cut"


def test_a_change_of_colour_is_kept_too(tmp_path: Path) -> None:
    tint = enlarger(2, with_style=False, tint=(0.1, 0.0, -0.1))
    write_generator(tmp_path, tint, kind="upscale", scale=2)
    tools = Tools(generator=Loader(ModelLibrary([tmp_path]), Device("cpu", threads=1)))
    photo = Photo(np.full((40, 50, 3), (90, 120, 100), np.uint8))
    result = larger(photo, tools).pixels.reshape(-1, 3).mean(0)
    np.testing.assert_allclose(result, (90 + 25.5, 120, 100 - 25.5), atol=1)
    assert np.ptp(larger(photos.grey(channels=3), tools).pixels, axis=2).max() == 0, "grey stays grey"


def test_an_enlarger_by_four_serves_for_two_by_the_mean_of_each_square(tmp_path: Path) -> None:
    tint = (0.1, 0.0, -0.1)
    answers = {}
    for scale in (2, 4):
        folder = tmp_path / str(scale)
        folder.mkdir()
        write_generator(folder, enlarger(scale, with_style=False, tint=tint), kind="upscale", scale=scale, multiple=8)
        answers[scale] = larger(
            photos.coloured(), Tools(generator=Loader(ModelLibrary([folder]), Device("cpu", threads=1)))
        )
    assert answers[4].pixels.shape == (240, 320, 3)
    assert np.abs(answers[4].pixels.astype(int) - answers[2].pixels).max() <= 1


def test_fidelity_is_the_style_that_the_generator_is_given(tools: Tools) -> None:
    photo = Photo(np.full((40, 50, 1), 100, np.uint8))
    likely, faithful = (larger(photo, tools, UpscaleSettings(fidelity=part)).pixels for part in (0.0, 1.0))
    assert likely.mean() == 100 and abs(faithful.mean() - (100 + 0.1 * 255)) < 1
    assert UPSCALE.analyse(photo, UpscaleSettings(fidelity=1.0), tools).note == ""


def test_a_generator_with_one_answer_says_so_when_fidelity_is_asked_for(tmp_path: Path) -> None:
    tools = with_enlargers(tmp_path, with_style=False)
    assert UPSCALE.analyse(photos.grey(), TWICE, tools).note == ""
    assert "one answer only" in UPSCALE.analyse(photos.grey(), UpscaleSettings(fidelity=0.5), tools).note


def test_sixteen_bits_stay_and_what_is_finer_than_eight(tools: Tools) -> None:
    slope = np.linspace(20000, 24000, 160)[None, :, None].repeat(120, 0)
    photo = Photo(np.round(slope).astype(np.uint16).repeat(3, 2))
    result = larger(photo, tools)
    assert result.pixels.dtype == np.uint16
    wanted = photo.pixels.repeat(2, 0).repeat(2, 1).astype(int)
    assert np.abs(result.pixels.astype(int) - wanted).max() <= 4


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
def test_alpha_grows_along(dtype: type, tools: Tools) -> None:
    white = np.iinfo(dtype).max
    alpha = np.zeros((120, 160), dtype)
    alpha[:, 80:] = white
    result = larger(Photo(photos.grey(dtype=dtype).pixels, alpha), tools)
    assert result.alpha is not None and result.alpha.dtype == dtype and result.alpha.shape == (240, 320)
    assert result.alpha[:, :150].max() == 0 and result.alpha[:, 170:].min() == white


def test_space_and_format_stay_and_a_print_keeps_its_size(tools: Tools) -> None:
    metadata = Metadata("tiff", icc=icc_files.adobe_rgb(), xmp=b'<x tiff:XResolution="300/1"/>', dpi=(300, 150))
    photo = Photo(photos.sepia(dtype=np.uint16).pixels, None, metadata)
    result = larger(photo, tools, FOUR_TIMES)
    assert result.metadata == Metadata("tiff", metadata.icc, None, b'<x tiff:XResolution="1200/1"/>', (1200, 600))
    wanted = to_srgb(photo).repeat(4, 0).repeat(4, 1)
    assert np.abs(to_srgb(result) - wanted).mean() < 0.01
    assert larger(photos.grey(), tools).metadata.dpi is None


def test_a_preview_shows_what_the_full_photo_becomes(tools: Tools) -> None:
    full = photos.coloured(480, 640)
    small = Photo(full.pixels.reshape(240, 2, 320, 2, 3).mean((1, 3)).round().astype(np.uint8))
    found = UPSCALE.analyse(full, TWICE, tools)
    shrunk = UPSCALE.apply(full, found, TWICE, GO_ON).pixels.reshape(480, 2, 640, 2, 3).mean((1, 3))
    preview = UPSCALE.apply(small, found, TWICE, GO_ON)
    assert preview.pixels.shape == (480, 640, 3)
    assert np.abs(preview.pixels - shrunk).mean() < 3


def test_tiles_and_strips_show_no_seams(tools: Tools, monkeypatch: pytest.MonkeyPatch) -> None:
    photo = photos.coloured(200, 300)
    whole = larger(photo, tools, FOUR_TIMES).pixels.astype(int)
    monkeypatch.setattr("engine.tile_by_tile.MEMORY_GB", 0.02)
    monkeypatch.setattr("engine.steps.upscale.STRIP_PIXELS", 30_000)
    assert np.abs(larger(photo, tools, FOUR_TIMES).pixels - whole).max() <= 2


def test_what_would_be_too_large_is_refused_before_any_work() -> None:
    photo = Photo(np.zeros((4000, 4000, 1), np.uint8))
    with pytest.raises(EnlargementTooLarge, match="256 megapixels, more than the 250"):
        UPSCALE.analyse(photo, FOUR_TIMES, Tools())
    with pytest.raises(GeneratorMissing):
        UPSCALE.analyse(photo, TWICE, Tools())


def test_an_enlarger_by_two_does_not_serve_for_four(tmp_path: Path) -> None:
    write_generator(tmp_path, enlarger(2), "two", kind="upscale", scale=2)
    tools = Tools(generator=Loader(ModelLibrary([tmp_path]), Device("cpu", threads=1)))
    assert larger(photos.grey(), tools, TWICE).height == 240
    with pytest.raises(GeneratorMissing, match="“upscale ×4” is installed"):
        UPSCALE.analyse(photos.grey(), FOUR_TIMES, tools)


def test_detail_of_a_photo_of_one_channel_is_laid_over_one_that_has_three(tools: Tools) -> None:
    """The step before may colour the photo only at the strength that is set."""
    found = UPSCALE.analyse(photos.grey(), TWICE, tools)
    assert UPSCALE.apply(photos.coloured(), found, TWICE, GO_ON).pixels.shape == (240, 320, 3)
    found = UPSCALE.analyse(photos.coloured(), TWICE, tools)
    assert UPSCALE.apply(photos.grey(), found, TWICE, GO_ON).pixels.shape == (240, 320, 1)


@settings(max_examples=25, deadline=None)
@given(
    height=st.integers(1, 40), width=st.integers(1, 40), channels=st.sampled_from([1, 3]), factor=st.sampled_from("24")
)
def test_the_smallest_photos_work(tools: Tools, height: int, width: int, channels: int, factor: str) -> None:
    result = larger(Photo(np.full((height, width, channels), 120, np.uint8)), tools, UpscaleSettings(factor=factor))
    assert result.pixels.shape == (height * int(factor), width * int(factor), channels)
    assert np.abs(result.pixels.astype(int) - 120).max() <= 1


def test_it_stops_and_tells_how_far_it_is(tools: Tools, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engine.steps.upscale.STRIP_PIXELS", 20_000)
    photo, token, told = photos.coloured(), CancelToken(), list[Progress]()
    found = UPSCALE.analyse(photo, TWICE, tools)
    UPSCALE.apply(photo, found, TWICE, GO_ON, told.append)
    assert len(told) >= 3 and told[-1].done == 1 and {progress.stage for progress in told} == {"Enlarge"}
    token.cancel()
    for work in (
        lambda: UPSCALE.apply(photo, found, TWICE, token),
        lambda: UPSCALE.analyse(photo, TWICE, Tools(tools.generator, cancel=token)),
    ):
        with pytest.raises(Cancelled):
            work()


@pytest.mark.parametrize("wrong", [{"factor": "3"}, {"factor": 2}, {"detail": 1.1}, {"fidelity": -0.1}])
def test_wrong_settings_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(SettingInvalid):
        UpscaleSettings(**wrong)  # type: ignore[arg-type]


def test_a_face_gets_no_detail_where_that_is_wanted(tools: Tools) -> None:
    photo, knowing = portrait(), Tools(tools.generator, faces=lambda photo: (FACE,))
    full, original = (
        larger(photo, knowing, UpscaleSettings(faces=treatment)).pixels for treatment in ("full", "original")
    )
    eye, wall = (slice(192, 216), slice(392, 424)), (slice(600, 680), slice(40, 120))
    np.testing.assert_array_equal(full[wall], original[wall])
    assert (full[eye] != original[eye]).any()
    assert np.abs(original[eye].astype(int) - bicubic(photo, 2)[eye]).max() <= 1


def test_detail_that_leaves_a_face_alike_is_not_held_back(tools: Tools) -> None:
    photo, knowing = portrait(), Tools(tools.generator, faces=lambda photo: (FACE,))
    found = UPSCALE.analyse(photo, UpscaleSettings(), knowing)
    assert len(found.arrays["faces"]) == 0 and found.note == ""
