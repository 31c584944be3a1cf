"""Colour is laid over a photo and nothing else about it changes."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from engine.color import luma, srgb_to_lab, to_srgb
from engine.errors import Cancelled, SettingInvalid
from engine.faces import Face
from engine.hints import Hint
from engine.library import ModelLibrary
from engine.loader import Loader
from engine.photo import Metadata, Photo
from engine.progress import CancelToken
from engine.session import Device
from engine.steps.colorize import COLORIZE, Colorize, ColorizeSettings, mark_of
from engine.steps.step import Analysis, Tools
from tests.engine import icc_files, photos
from tests.engine.split_files import PUSH, write_styled
from tests.onnx_files import TINT, with_map, write_colorizer, write_generator, write_tinter

DEFAULT = ColorizeSettings(working_size=160)
GO_ON = CancelToken()


@pytest.fixture(scope="module")
def tools(tmp_path_factory: pytest.TempPathFactory) -> Tools:
    folder = tmp_path_factory.mktemp("models")
    write_colorizer(folder)
    return Tools(generator=Loader(ModelLibrary([folder]), Device("cpu", threads=1)))


def tint(chroma: tuple[float, float] = (20.0, 12.0)) -> Analysis:
    """What a generator that sees one colour everywhere would have found."""
    return Analysis("colorize", {"chroma": np.full((40, 50, 2), chroma, np.float16)}, {"already_colour": False})


def lab(photo: Photo) -> np.ndarray:
    return srgb_to_lab(to_srgb(photo))


def test_a_grey_file_gains_colour_and_keeps_its_lightness(tools: Tools) -> None:
    photo = photos.grey()
    analysis = COLORIZE.analyse(photo, DEFAULT, tools)
    result = COLORIZE.apply(photo, analysis, DEFAULT, GO_ON)
    assert result.pixels.shape == (120, 160, 3) and result.pixels.dtype == np.uint8
    before, after = lab(photo), lab(result)
    assert np.abs(after[..., 0] - before[..., 0]).mean() < 0.15
    middle = (before[..., 0] > 30) & (before[..., 0] < 80)
    np.testing.assert_allclose(after[middle][:, 1:].mean(0), TINT, atol=0.5)


@pytest.mark.parametrize("make", [photos.grey, photos.sepia])
def test_sixteen_bits_stay_and_lightness_is_exact(make) -> None:
    photo = make(dtype=np.uint16)
    result = COLORIZE.apply(photo, tint(), DEFAULT, GO_ON)
    assert result.pixels.dtype == np.uint16
    assert np.abs(lab(result)[..., 0] - lab(photo)[..., 0]).max() < 0.01


def test_strength_zero_gives_the_very_same_photo() -> None:
    photo = photos.sepia()
    assert COLORIZE.apply(photo, tint(), ColorizeSettings(strength=0.0), GO_ON) is photo


def test_strength_goes_from_the_toned_look_to_the_coloured() -> None:
    photo = photos.sepia()
    whole = lab(COLORIZE.apply(photo, tint((-20, 10)), ColorizeSettings(strength=1.0), GO_ON))
    half = lab(COLORIZE.apply(photo, tint((-20, 10)), ColorizeSettings(strength=0.5), GO_ON))
    wanted = (whole[..., 1:] + lab(photo)[..., 1:]) / 2
    assert np.abs(half[..., 1:] - wanted).mean() < 0.5


def test_saturation_scales_and_warmth_turns_to_yellow() -> None:
    photo = Photo(np.full((40, 50, 1), 119, np.uint8))
    plain = lab(COLORIZE.apply(photo, tint(), DEFAULT, GO_ON))[..., 1:].mean((0, 1))
    half = lab(COLORIZE.apply(photo, tint(), ColorizeSettings(saturation=0.5), GO_ON))[..., 1:].mean((0, 1))
    warm = lab(COLORIZE.apply(photo, tint(), ColorizeSettings(temperature=1.0), GO_ON))[..., 1:].mean((0, 1))
    none = lab(COLORIZE.apply(photo, tint(), ColorizeSettings(saturation=0.0), GO_ON))[..., 1:].mean((0, 1))
    np.testing.assert_allclose(half, plain / 2, atol=0.6)
    np.testing.assert_allclose(none, 0, atol=0.5)
    assert warm[1] - plain[1] > 5


def test_chroma_gives_way_before_lightness_does() -> None:
    """At L* where sRGB cannot hold the found chroma, chroma shrinks; clipping would have moved L*."""
    ramp = Photo(np.repeat(np.arange(256, dtype=np.uint8)[None, :, None], 20, 0))
    result = lab(COLORIZE.apply(ramp, tint((90, -90)), DEFAULT, GO_ON))
    assert np.abs(result[..., 0] - lab(ramp)[..., 0]).max() < 0.9
    assert np.abs(result[:, -1, 1:]).max() < 1 and np.abs(result[:, 0, 1:]).max() < 1


def test_alpha_and_metadata_stay_and_a_grey_profile_goes() -> None:
    grey = photos.grey()
    alpha = np.arange(120 * 160, dtype=np.uint8).reshape(120, 160)
    photo = Photo(grey.pixels, alpha, Metadata("png", icc=b"a grey profile", exif=b"exif", dpi=(300, 300)))
    result = COLORIZE.apply(photo, tint(), DEFAULT, GO_ON)
    assert result.alpha is photo.alpha
    assert result.metadata == Metadata("png", icc=None, exif=b"exif", dpi=(300, 300))


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
def test_a_photo_in_another_space_stays_in_it_and_keeps_its_lightness(dtype: type) -> None:
    photo = photos.with_metadata(photos.sepia(dtype=dtype), icc=icc_files.adobe_rgb())
    result = COLORIZE.apply(photo, tint(), DEFAULT, GO_ON)
    assert result.metadata == photo.metadata and result.pixels.dtype == dtype
    before, after = lab(photo), lab(result)
    assert np.abs(after[..., 0] - before[..., 0]).mean() < 0.15
    np.testing.assert_allclose(after[..., 1:].reshape(-1, 2).mean(0), (20, 12), atol=1)


def test_a_grey_profile_is_read_before_it_goes() -> None:
    photo = photos.with_metadata(photos.grey(), icc=icc_files.grey(1.0))
    result = COLORIZE.apply(photo, tint((0, 0)), DEFAULT, GO_ON)
    assert result.metadata.icc is None
    np.testing.assert_allclose(luma(result), luma(photo), atol=0.5)


def test_a_colour_photo_is_left_alone_unless_forced(tools: Tools) -> None:
    photo = photos.coloured()
    analysis = COLORIZE.analyse(photo, DEFAULT, tools)
    assert analysis.note and COLORIZE.apply(photo, analysis, DEFAULT, GO_ON) is photo
    forced = ColorizeSettings(force=True)
    again = COLORIZE.apply(photo, COLORIZE.analyse(photo, forced, tools), forced, GO_ON)
    assert not np.array_equal(again.pixels, photo.pixels)


def test_hints_on_a_colour_photo_are_not_ignored_silently(tools: Tools) -> None:
    hinted = Tools(tools.generator, hints=(Hint(0.5, 0.5, "#3050c0"),))
    assert "hints were left alone" in COLORIZE.analyse(photos.coloured(), DEFAULT, hinted).note
    assert "hints" not in COLORIZE.analyse(photos.coloured(), DEFAULT, tools).note


def test_a_hint_colours_its_place(tools: Tools) -> None:
    photo = Photo(np.full((160, 160, 1), 128, np.uint8))
    hinted = Tools(tools.generator, hints=(Hint(0.25, 0.75, "#3050c0", size=30),))
    result = lab(COLORIZE.apply(photo, COLORIZE.analyse(photo, DEFAULT, hinted), DEFAULT, GO_ON))
    wanted = srgb_to_lab(np.array(Hint(0, 0, "#3050c0").srgb, np.float32))[1:]
    assert np.hypot(*(result[120, 40, 1:] - wanted)) < 0.5 * np.hypot(*(np.array(TINT) - wanted))
    np.testing.assert_allclose(result[40, 120, 1:], TINT, atol=1.5)


def test_a_small_face_is_coloured_by_itself_and_only_once(tools: Tools, monkeypatch: pytest.MonkeyPatch) -> None:
    """The whole is told to be blue, a square of its own skin; a hint on the face counts more than either."""
    shown = list[tuple[int, ...]]()

    def answer(_: Any, lightness: np.ndarray, style: object, tools: Tools) -> tuple[np.ndarray, None]:
        shown.append(lightness.shape)
        told = (-3, -9) if lightness.shape == (160, 213) else (18, 20)
        return np.full((*lightness.shape, 2), told, np.float32), None

    monkeypatch.setattr("engine.steps.colorize._answer", answer)
    face, step, settings = Face((60, 40, 20, 20), ((0, 0),) * 5, 1.0), Colorize(), DEFAULT
    for hint, wanted in (
        (None, (18, 20)),
        (Hint(0.1, 0.1, "#3050c0", size=4), (18, 20)),
        (Hint(0.44, 0.42, "#3050c0"), (-3, -9)),
    ):
        seen = Tools(tools.generator, hints=(hint,) if hint else (), faces=lambda photo: (face,))
        chroma = step.analyse(photos.grey(), settings, seen).arrays["chroma"]
        np.testing.assert_allclose(chroma[67, 93], wanted, atol=0.05)
        np.testing.assert_allclose(chroma[133, 27], (-3, -9), atol=0.05)
    assert len(shown) == 4 and shown.count((160, 213)) == 3


def test_a_generator_without_a_way_in_for_hints_colours_and_says_so(tmp_path: Path) -> None:
    """Hints are not followed and not silently ignored; one on the white paper leaves the paper white."""
    write_tinter(tmp_path, a=-15.0, b=10.0)
    load = Loader(ModelLibrary([tmp_path]), Device("cpu", threads=1))
    photo = photos.grey()
    plain, hinted = (
        COLORIZE.analyse(photo, DEFAULT, Tools(load, hints=hints)) for hints in ((), (Hint(0.5, 0.5, "#3050c0"),))
    )
    assert plain.note == "" and hinted.note.startswith("“Tinter” takes no hints")
    np.testing.assert_array_equal(hinted.arrays["chroma"], plain.arrays["chroma"])
    middle = lab(COLORIZE.apply(photo, hinted, DEFAULT, GO_ON))[40:80, 60:100, 1:].mean((0, 1))
    np.testing.assert_allclose(middle, (-15, 10), atol=1.5)


def test_how_sure_the_generator_is_goes_into_the_analysis(tmp_path: Path) -> None:
    write_generator(tmp_path, with_map(), kind="colorize")
    sure = Tools(generator=Loader(ModelLibrary([tmp_path]), Device("cpu", threads=1)))
    found = COLORIZE.analyse(photos.grey(), DEFAULT, sure)
    known = found.arrays["known"]
    assert known.shape == found.arrays["chroma"].shape[:2] == (160, 213) and 0 <= known.min() < known.max() <= 1


def test_paper_round_a_print_stays_neutral(tools: Tools) -> None:
    pixels = np.full((200, 240, 1), 238, np.uint8)
    pixels[20:180, 20:220] = photos.grey(160, 200).pixels
    photo = Photo(pixels)
    result = lab(COLORIZE.apply(photo, COLORIZE.analyse(photo, DEFAULT, tools), DEFAULT, GO_ON))
    chroma = np.hypot(result[..., 1], result[..., 2])
    assert chroma[:12].max() < 1.5 and chroma[:, -12:].max() < 1.5
    assert chroma[60:140, 60:180].mean() > 10


def test_a_preview_and_the_full_photo_agree(tools: Tools) -> None:
    full = photos.grey(480, 640)
    small = Photo(full.pixels.reshape(120, 4, 160, 4, 1).mean((1, 3)).round().astype(np.uint8))
    analysis = COLORIZE.analyse(full, DEFAULT, tools)
    large, preview = (COLORIZE.apply(photo, analysis, DEFAULT, GO_ON).pixels for photo in (full, small))
    shrunk = large.reshape(120, 4, 160, 4, 3).mean((1, 3))
    assert np.abs(shrunk - preview).mean() < 1.5


def test_only_slow_settings_shape_the_analysis(tools: Tools) -> None:
    quick = ColorizeSettings(strength=0.2, saturation=2.0, temperature=-1.0, working_size=160)
    one, other = (COLORIZE.analyse(photos.grey(), chosen, tools) for chosen in (DEFAULT, quick))
    np.testing.assert_array_equal(one.arrays["chroma"], other.arrays["chroma"])


def test_it_stops_between_strips() -> None:
    token = CancelToken()
    token.cancel()
    with pytest.raises(Cancelled):
        COLORIZE.apply(photos.grey(), tint(), DEFAULT, token)


@pytest.mark.parametrize("shape", [(1, 1), (1, 300), (300, 1), (9, 7)])
@pytest.mark.parametrize("channels", [1, 3])
def test_the_smallest_photos_work(tools: Tools, shape: tuple[int, int], channels: int) -> None:
    photo = Photo(np.full((*shape, channels), 120, np.uint8))
    result = COLORIZE.apply(photo, COLORIZE.analyse(photo, DEFAULT, tools), DEFAULT, GO_ON)
    np.testing.assert_allclose(lab(result)[..., 1:].mean((0, 1)), TINT, atol=1.5)


STRIP = """
import resource, sys
sys.path.insert(0, sys.argv[1])
import numpy as np
from engine.library import ModelLibrary
from engine.loader import Loader
from engine.photo import Photo
from engine.progress import CancelToken
from engine.session import Device
from engine.steps.colorize import COLORIZE, ColorizeSettings
from engine.steps.step import Tools
photo = Photo(np.random.default_rng(1).integers(0, 256, (20, 30_000, 1), np.uint8))
found = COLORIZE.analyse(photo, ColorizeSettings(), Tools(Loader(ModelLibrary(), Device("cpu", threads=1))))
COLORIZE.apply(photo, found, ColorizeSettings(), CancelToken())
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="reads a process's memory the Linux way")
def test_a_long_strip_needs_no_more_memory_than_other_photos() -> None:
    """With the bundled generator, whose memory grows with the square of the area; it was 3.5 GB."""
    command = [sys.executable, "-c", STRIP, str(Path(__file__).resolve().parents[3])]
    ran = subprocess.run(command, capture_output=True, text=True, check=True)
    assert int(ran.stdout) < 1_500_000, "kibibytes"


@pytest.mark.parametrize(("working_size", "short_side"), [(0, 256), (8, 64), (96, 96), (512, 512)])
def test_unless_asked_otherwise_the_generator_sees_its_own_working_size(
    tmp_path: Path, working_size: int, short_side: int
) -> None:
    write_styled(tmp_path, working_size=working_size)
    its_own = Tools(Loader(ModelLibrary([tmp_path]), Device("cpu", threads=1)))
    photo = photos.grey(600, 700)
    assert min(COLORIZE.analyse(photo, ColorizeSettings(), its_own).arrays["chroma"].shape[:2]) == short_side
    asked = ColorizeSettings(working_size=200)
    assert min(COLORIZE.analyse(photo, asked, its_own).arrays["chroma"].shape[:2]) == 200


def test_another_colouring_is_taken_where_it_is_asked_for(tmp_path: Path) -> None:
    write_styled(tmp_path, styles=[[0, -1], [0.25, -0.5]])
    styled = Tools(Loader(ModelLibrary([tmp_path]), Device("cpu", threads=1)))
    bright = Photo(np.full((80, 80, 1), 130, np.uint8))  # light, and its colour open in part
    for candidate, push in ((0, (0, 0)), (1, (0, -PUSH)), (2, (PUSH / 4, -PUSH / 2))):
        found = COLORIZE.analyse(bright, ColorizeSettings(candidate=candidate), styled)
        free = 1 - found.arrays["known"].astype(np.float32).mean()
        assert 0.2 < free < 0.8
        np.testing.assert_allclose(found.arrays["chroma"].mean((0, 1)), np.add(TINT, np.multiply(free, push)), atol=0.5)
        assert found.note == ""


def test_a_colouring_that_is_not_there_gives_the_likeliest_and_a_note(tmp_path: Path) -> None:
    write_styled(tmp_path, styles=[[0, -1]])
    styled = Tools(Loader(ModelLibrary([tmp_path]), Device("cpu", threads=1)))
    likeliest, beyond = (COLORIZE.analyse(photos.grey(), ColorizeSettings(candidate=n), styled) for n in (0, 2))
    np.testing.assert_array_equal(beyond.arrays["chroma"], likeliest.arrays["chroma"])
    assert beyond.note == "“Test generator” has no colouring 2, so the likeliest was taken."


def test_a_colouring_of_another_generator_gives_the_likeliest_and_a_note(tmp_path: Path) -> None:
    """Its number means another style there; with its own generator it is laid, as is a number that nobody bound."""
    both = []
    for name, styles in (("one", [[0, -1]]), ("other", [[1, 0]])):
        write_styled(tmp_path / name, name, styles=styles)
        both.append(Tools(Loader(ModelLibrary([tmp_path / name]), Device("cpu", threads=1))))
    marks = [mark_of(tools.generator("colorize").card) for tools in both]
    assert marks[0] != marks[1]
    for tools, its_own, foreign in zip(both, marks, reversed(marks), strict=True):
        likeliest, bound, free, wrong = (
            COLORIZE.analyse(photos.grey(), ColorizeSettings(candidate=number, candidate_of=mark), tools)
            for number, mark in ((0, foreign), (1, its_own), (1, ""), (1, foreign))
        )
        np.testing.assert_array_equal(bound.arrays["chroma"], free.arrays["chroma"])
        np.testing.assert_array_equal(wrong.arrays["chroma"], likeliest.arrays["chroma"])
        assert np.abs(bound.arrays["chroma"] - likeliest.arrays["chroma"]).max() > 5
        assert [found.values["candidate"] for found in (likeliest, bound, free, wrong)] == [0, 1, 1, 0]
        assert likeliest.note == bound.note == free.note == "" and "chosen with another generator" in wrong.note


def test_a_generator_that_takes_neither_hints_nor_styles_says_both(tmp_path: Path) -> None:
    write_tinter(tmp_path)
    deaf = Tools(Loader(ModelLibrary([tmp_path]), Device("cpu", threads=1)), hints=(Hint(0.5, 0.5, "#3050c0"),))
    note = COLORIZE.analyse(photos.grey(), ColorizeSettings(candidate=1), deaf).note
    assert "takes no hints" in note and "has no colouring 1" in note


@pytest.mark.parametrize(
    "wrong",
    [
        {"strength": 1.5},
        {"saturation": -0.1},
        {"working_size": 100},
        {"working_size": 513},
        {"candidate": 33},
        {"candidate": -1},
        {"force": 1},
    ],
)
def test_wrong_settings_are_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(SettingInvalid):
        ColorizeSettings(**wrong)
