"""Frames are cut from films made here: scenes once each, nothing black, borders gone, damaged films passed over."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable, Sequence
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.training.photographs import picture
from training.config import ConfigError
from training.data import frames
from training.data.frames import Borders, Cut, FilmUnreadable

av = pytest.importorskip("av")

RATE = 8
Scene = Callable[[int], Image.Image]


def scene(seed: int) -> Scene:
    """The same picture with a little noise, as film grain makes it."""
    still = np.asarray(picture(seed, 96, 128)).astype(np.int16)

    def at(number: int) -> Image.Image:
        noise = np.random.default_rng(number).integers(-4, 5, still.shape)
        return Image.fromarray((still + noise).clip(0, 255).astype(np.uint8))

    return at


def black(number: int) -> Image.Image:
    return Image.new("RGB", (128, 96), (3, 3, 3))


def letterboxed(seed: int) -> Scene:
    def at(number: int) -> Image.Image:
        wide = Image.new("RGB", (128, 96), (2, 2, 2))
        wide.paste(picture(seed, 64, 112).point(lambda value: 60 + value // 2), (10, 16))
        return wide

    return at


def film(path: Path, *scenes: Scene, aspect: Fraction | None = None, turned: int = 0) -> Path:
    """A second of each scene in MPEG-4."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream("mpeg4", rate=RATE)
        stream.width, stream.height, stream.pix_fmt = 128, 96, "yuv420p"
        stream.bit_rate = 2_000_000
        if aspect is not None:
            stream.sample_aspect_ratio = aspect
        if turned:
            stream.set_display_rotation(turned)
        for number in range(RATE * len(scenes)):
            frame = av.VideoFrame.from_image(scenes[number // RATE](number))
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    return path


def saved(file: Path) -> Image.Image:
    """A frame as it was saved, read to its end."""
    return Image.open(io.BytesIO(file.read_bytes()))


def cut(films: Sequence[Path], folder: Path, **settings: float) -> list[Cut | FilmUnreadable]:
    return [answer for _, answer in frames.cut(films, folder, **settings)]  # type: ignore[arg-type]


def test_each_scene_once_and_nothing_black(tmp_path: Path) -> None:
    """Four scenes, one of them twice, and a black second: three frames, named by their time in the film."""
    path = film(tmp_path / "film.mp4", scene(1), black, scene(2), scene(1), scene(3))
    assert cut([path], tmp_path / "frames", every_s=0.5) == [Cut(saved=3, repeated=5, empty=2)]
    names = sorted(file.name for file in (tmp_path / "frames").iterdir())
    assert names == ["film-00000000.webp", "film-00002000.webp", "film-00004000.webp"]
    for name, seed in zip(names, (1, 2, 3), strict=True):
        pixels = np.asarray(saved(tmp_path / "frames" / name)).astype(int)
        assert pixels.shape == (96, 128, 3)
        assert np.abs(pixels - np.asarray(picture(seed, 96, 128))).mean() < 12


def test_every_second_or_rarer(tmp_path: Path) -> None:
    path = film(tmp_path / "film.mp4", *(scene(seed) for seed in range(6)))
    assert cut([path], tmp_path / "a", every_s=1.0) == [Cut(saved=6)]
    assert cut([path], tmp_path / "b", every_s=2.5) == [Cut(saved=3)]
    assert [file.name for file in sorted((tmp_path / "b").iterdir())] == [
        "film-00000000.webp",
        "film-00002500.webp",
        "film-00005000.webp",
    ]


def test_a_scene_of_another_film_is_repeated_too_and_names_do_not_collide(tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    films = [
        film(tmp_path / "film.mp4", scene(1), scene(2)),
        film(tmp_path / "other" / "film.mp4", scene(2), scene(3)),
    ]
    assert cut(films, tmp_path / "frames", every_s=1.0) == [Cut(saved=2), Cut(saved=1, repeated=1)]
    assert [file.name for file in sorted((tmp_path / "frames").iterdir())] == [
        "film-00000000.webp",
        "film-00001000.webp",
        "film-2-00001000.webp",
    ]


def test_borders_are_cut_and_the_short_side_is_limited(tmp_path: Path) -> None:
    """The picture of 112 x 64 within 128 x 96, less a pixel or two of soft edge, at half the size; no dark rows left."""
    path = film(tmp_path / "film.mp4", letterboxed(1), black, letterboxed(2))
    assert cut([path], tmp_path / "frames", every_s=1.0, short_side_px=32) == [Cut(saved=2, empty=1)]
    for file in (tmp_path / "frames").iterdir():
        frame = saved(file)
        assert min(frame.size) == 32 and 1.65 < frame.width / frame.height < 1.9
        assert np.asarray(frame.convert("L")).min() > 40


def test_a_dark_film_is_not_taken_for_borders() -> None:
    """More than a quarter dark on a side is left alone, and so is what is dark only now and then."""
    rows, columns = np.full((20, 100), 90, np.float32), np.full((20, 200), 90, np.float32)
    rows[:, :40] = 5
    columns[:18, :10] = 5
    assert frames.borders_of(rows, columns) == Borders()
    columns[:, :10] = 5
    assert frames.borders_of(rows, columns) == Borders(left=12)


def test_a_broken_film_does_not_stop_the_others(tmp_path: Path) -> None:
    """No film, no picture in it, not there: one sentence each; a film that breaks off gives what it has."""
    (tmp_path / "text.mp4").write_text("no film")
    whole = film(tmp_path / "whole.mp4", scene(1))
    cut_off = film(tmp_path / "cut.avi", *(scene(seed) for seed in range(2, 8)))
    cut_off.write_bytes(cut_off.read_bytes()[: cut_off.stat().st_size // 2])
    answers = cut([tmp_path / "text.mp4", tmp_path / "nowhere.mp4", cut_off, whole], tmp_path / "frames", every_s=1.0)
    assert str(answers[0]).startswith("text.mp4 cannot be opened as a film: Invalid data")
    assert str(answers[1]) == "nowhere.mp4 cannot be opened as a film: No such file or directory."
    assert isinstance(answers[2], Cut) and 1 <= answers[2].saved < 6
    assert answers[3] == Cut(saved=1)


def test_a_film_without_pictures_is_named(tmp_path: Path) -> None:
    with av.open(str(tmp_path / "song.wav"), "w") as container:
        stream = container.add_stream("pcm_s16le", rate=8000, layout="mono")
        sound = av.AudioFrame.from_ndarray(np.zeros((1, 800), np.int16), "s16", "mono")
        sound.rate = 8000
        container.mux(stream.encode(sound))
    (answer,) = cut([tmp_path / "song.wav"], tmp_path / "frames")
    assert str(answer) == "song.wav has no picture in it."


def test_damage_within_a_film_is_passed_over(tmp_path: Path) -> None:
    path = film(tmp_path / "film.avi", *(scene(seed) for seed in range(6)))
    content = bytearray(path.read_bytes())
    middle = len(content) // 2
    content[middle : middle + 3000] = bytes(3000)
    path.write_bytes(content)
    (answer,) = cut([path], tmp_path / "frames", every_s=1.0)
    assert isinstance(answer, Cut) and answer.saved >= 3


def test_pixels_become_square_and_turned_films_upright(tmp_path: Path) -> None:
    wide = film(tmp_path / "wide.mkv", scene(1), aspect=Fraction(3, 2))
    turned = film(tmp_path / "turned.mp4", scene(2), turned=90)
    assert cut([wide, turned], tmp_path / "frames") == [Cut(saved=1), Cut(saved=1)]
    assert saved(tmp_path / "frames" / "wide-00000000.webp").size == (192, 96)
    upright = np.asarray(saved(tmp_path / "frames" / "turned-00000000.webp")).astype(int)
    true = np.asarray(picture(2, 96, 128).transpose(Image.Transpose.ROTATE_90))
    assert upright.shape == true.shape and np.abs(upright - true).mean() < 12


def test_stopping_leaves_whole_frames_alone(tmp_path: Path) -> None:
    path = film(tmp_path / "film.mp4", *(scene(seed) for seed in range(4)))

    def told(name: str, done_s: float, all_s: float) -> None:
        assert name == "film.mp4" and 0 <= done_s <= all_s == pytest.approx(4, abs=0.2)
        if done_s >= 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        list(frames.cut([path], tmp_path / "frames", every_s=1.0, told=told))
    files = sorted((tmp_path / "frames").iterdir())
    assert [file.name for file in files] == ["film-00000000.webp", "film-00001000.webp"]
    for file in files:
        saved(file).load()


def test_a_missing_pyav_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "av", None)
    with pytest.raises(ConfigError, match="needs PyAV: install it with"):
        cut([tmp_path / "film.mp4"], tmp_path / "frames")


@pytest.mark.parametrize(
    ("picture_", "empty"),
    [
        (black(0), True),
        (Image.new("RGB", (128, 96), (120, 130, 140)), True),
        (Image.new("L", (3, 2), 200), True),
        (picture(1), False),
        (picture(1).point(lambda value: value // 4), False),
    ],
)
def test_what_counts_as_empty(picture_: Image.Image, empty: bool) -> None:
    assert frames.is_empty(picture_) == empty
