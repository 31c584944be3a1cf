"""The user's own textures: which are for judging, how they are read, how they lie on a picture."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.training.ageing.prints import flat
from training.ageing.recipe import TRAINING, age
from training.ageing.textures import Textures, split
from training.config import ConfigError


def blob(size: int = 64) -> np.ndarray:
    """White square on black."""
    grey = np.zeros((size, size), np.uint8)
    grey[20:44, 20:44] = 255
    return grey


def folder_of(folder: Path, count: int) -> Path:
    for index in range(count):
        Image.fromarray(blob()).save(folder / f"{index:02}.png")
    (folder / "README.txt").write_text("not a texture")
    return folder


@pytest.mark.parametrize("count", [1, 4, 5, 23])
def test_every_fifth_texture_is_for_judging_alone(tmp_path: Path, count: int) -> None:
    folder_of(tmp_path, count)
    training, judging = split(tmp_path, judging=False), split(tmp_path, judging=True)
    assert not set(training) & set(judging)
    assert sorted(training + judging) == sorted(tmp_path.glob("*.png"))
    assert [file.stem for file in judging] == [f"{index:02}" for index in range(4, count, 5)]


def test_alpha_and_dark_marks_on_white_are_read_as_cover(tmp_path: Path) -> None:
    """Three ways to write the same mark, and each lays it alike."""
    Image.fromarray(blob()).save(tmp_path / "0.png")
    Image.fromarray(255 - blob()).save(tmp_path / "1.png")
    whole = Image.new("RGBA", (64, 64), (255, 255, 255, 0))
    whole.putalpha(Image.fromarray(blob()))
    whole.save(tmp_path / "2.png")
    textures = Textures(tmp_path)
    assert len(textures) == 3
    masks = []
    for name in ("0.png", "1.png", "2.png"):
        (tmp_path / name[0]).mkdir()
        (tmp_path / name).rename(tmp_path / name[0] / name)
        one = Textures(tmp_path / name[0])
        masks.append(one.lay(flat(0.3), np.random.default_rng(2), 0.4, count=1, dark=0).mask)
    assert masks[0].max() == 1
    assert masks[0] == pytest.approx(masks[1], abs=0.02) and masks[0] == pytest.approx(masks[2], abs=0.02)


def test_a_texture_changes_what_its_mask_says(tmp_path: Path) -> None:
    textures, found = Textures(folder_of(tmp_path, 3)), 0
    for seed in range(12):
        laid = textures.lay(flat(0.4, 50, 70), np.random.default_rng(seed), 0.2, count=2, dark=0.5)
        untouched = laid.mask == 0
        assert (laid.picture[untouched] == np.float32(0.4)).all()
        found += int((laid.mask > 0.9).sum())
    assert found > 100


def test_a_piece_of_a_print_shows_them_larger(tmp_path: Path) -> None:
    whole = np.zeros((40, 40), np.uint8)
    whole[12:28, 12:28] = 255
    folder = folder_of(tmp_path, 3)
    for file in folder.glob("*.png"):
        Image.fromarray(whole).save(file)
    textures = Textures(folder)

    def covered(size: float) -> float:
        laid = (
            textures.lay(flat(0.4, 90, 90), np.random.default_rng(seed), 0.4, count=1, dark=0, size=size)
            for seed in range(9)
        )
        return sum(float((one.mask > 0.9).mean()) for one in laid)

    assert covered(2) > 1.5 * covered(1) > 0


def test_the_recipe_lays_them(tmp_path: Path) -> None:
    textures = Textures(folder_of(tmp_path, 3))
    one = age(flat(0.4), np.random.default_rng(3), TRAINING.only("textures"), 1.0, textures)
    assert one.done == ("textures",)


def test_a_folder_without_textures_is_an_error_that_names_it(tmp_path: Path) -> None:
    folder_of(tmp_path, 3)  # none of three is a fifth
    with pytest.raises(ConfigError, match="for judging"):
        Textures(tmp_path, judging=True)
