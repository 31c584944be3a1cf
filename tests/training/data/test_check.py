"""A check finds what was put there: broken, grey, toned and repeated photos, and those of another set."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageOps

from tests.training.photographs import folder_of, picture
from training.config import ConfigError
from training.data import check


def sepia(seed: int) -> Image.Image:
    """A print in one tone a lightness, as toning makes it."""
    return ImageOps.colorize(picture(seed).convert("L"), (25, 15, 5), (245, 225, 190), mid=(130, 105, 75))


def spoilt(folder: Path) -> Path:
    """Four good photos and one of each kind of bad one."""
    folder_of(folder, 4)
    (folder / "broken.jpg").write_text("no photo")
    picture(20).convert("L").save(folder / "grey.png")
    sepia(21).save(folder / "sepia.png")
    picture(2).resize((80, 60)).save(folder / "zweite.jpg", quality=80)
    return folder


def test_everything_is_found_and_nothing_else(tmp_path: Path) -> None:
    report = check.check(spoilt(tmp_path))
    assert report.photos == 7
    assert report.short_side_px == {"least": 60, "median": 72, "most": 72}
    assert (report.broken, report.grey, report.toned) == (["broken.jpg"], ["grey.png"], ["sepia.png"])
    assert report.near_duplicates == [("zweite.jpg", "002.png")]
    assert report.overlap is None and not report.clean


def test_photos_of_the_other_set_are_named(tmp_path: Path) -> None:
    train, validation = folder_of(tmp_path / "train", 4), tmp_path / "validation"
    validation.mkdir()
    picture(3).resize((60, 45)).save(validation / "v.jpg")
    picture(50).save(validation / "w.jpg")
    assert check.check(train, validation).overlap == [("003.png", "v.jpg")]
    assert not check.check(train, validation).clean
    assert check.check(train, spoilt(tmp_path / "other")).overlap == [(f"{n:03}.png", f"{n:03}.png") for n in range(4)]


def test_a_good_set_is_clean(tmp_path: Path) -> None:
    report = check.check(folder_of(tmp_path, 5))
    assert report.clean and report.photos == 5


def test_a_repeated_photo_is_held_against_the_first_alone(tmp_path: Path) -> None:
    for name in "abc":
        picture(1).save(tmp_path / f"{name}.png")
    assert check.check(tmp_path).near_duplicates == [("b.png", "a.png"), ("c.png", "a.png")]


@pytest.mark.parametrize("seed", range(4))
def test_tone_of_a_photo(seed: int) -> None:
    assert check.tone_of(picture(seed)) == "colour"
    assert check.tone_of(picture(seed).convert("L").convert("RGB")) == "grey"
    assert check.tone_of(sepia(seed)) == "toned"


def test_a_grey_scene_with_one_red_thing_is_colour() -> None:
    """What the cheap look cannot tell from a toned print is judged as the app does."""
    pixels = np.asarray(picture(1).convert("L").convert("RGB")).copy()
    pixels[30:44, 40:54] = (200, 40, 40)
    assert check.tone_of(Image.fromarray(pixels)) == "colour"


def test_nothing_to_look_at_is_said(tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    with pytest.raises(ConfigError, match="no photos in"):
        check.check(empty)
    with pytest.raises(ConfigError, match="no photos in"):
        check.check(folder_of(tmp_path / "a", 1), empty)
    (tmp_path / "c").mkdir()
    (tmp_path / "c" / "x.jpg").touch()
    assert check.check(tmp_path / "c").broken == ["x.jpg"]
