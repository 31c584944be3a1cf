"""`evaluate` of restorers: others stand beside them, damage is found and filled, recipes go their whole way."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.engine.repair_files import write_repairer
from tests.onnx_files import box_blur, identity, multiply, upscale_x2, write_colorizer, write_generator
from tests.training.commands.evaluating import run
from tests.training.photographs import folder_of
from training.config import ConfigError


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    return folder_of(tmp_path / "photos", 4)


def kept(tmp_path: Path, *words: object) -> dict[str, dict[str, float]]:
    """Name -> figures of everybody who was judged; the generator's own stand under ""."""
    file = tmp_path / "figures.json"
    assert run(*words, "--json", file) == 0
    written = json.loads(file.read_text())
    return {"": written["figures"], **written.get("to_beat", {})}


def test_others_are_judged_beside_a_generator_with_and_without_a_table(
    photos: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_generator(tmp_path, box_blur(2), "blur", kind="clean")
    write_generator(tmp_path, multiply(0.5), "dark", kind="clean")
    words = (tmp_path / "blur.json", photos, "--task", "clean", "--beside", tmp_path / "dark.json")
    told = kept(tmp_path, *words, "--seconds")
    assert list(told) == ["", "dark"] and told[""]["psnr"] > told["dark"]["psnr"]
    assert told[""]["seconds_per_mp"] > 0 < told["dark"]["seconds_per_mp"]
    capsys.readouterr()
    pytest.importorskip("cv2")
    run(*words, "--table")
    assert capsys.readouterr().out.splitlines()[1].split("  ")[0] == ""
    assert list(kept(tmp_path, *words, "--table")) == ["", "worn input", "non-local means", "dark"]


def test_the_same_generator_stands_beside_its_other_style(photos: Path, tmp_path: Path) -> None:
    write_generator(tmp_path, identity(with_guide=False, with_style=True), "two", kind="clean")
    words = (tmp_path / "two.json", photos, "--style", 0.2, 0, 0, 0, "--beside", tmp_path / "two.json")
    told = kept(tmp_path, *words)
    assert list(told) == ["", "two, default"] and told[""]["psnr"] < told["two, default"]["psnr"] - 1


def test_a_tone_generator_is_judged_as_the_app_uses_it(photos: Path, tmp_path: Path) -> None:
    """What finds every print as it should be leaves it, but for the tone of black-and-white ones."""
    write_generator(
        tmp_path, identity(with_guide=False), "content", kind="tone", multiple=8, minimum=16, working_size=64
    )
    told = kept(tmp_path, tmp_path / "content.json", photos, "--table")
    assert list(told) == ["", "aged input"]
    assert told[""]["psnr"] > told["aged input"]["psnr"] and told[""]["delta_e"] < told["aged input"]["delta_e"]


def test_small_worn_prints_are_enlarged_by_the_cards_scale(photos: Path, tmp_path: Path) -> None:
    write_generator(tmp_path, upscale_x2(), "twice", kind="upscale", scale=2)
    clean, worn = (
        kept(tmp_path, tmp_path / "twice.json", photos, "--task", task, "--table")
        for task in ("upscale", "upscale-worn")
    )
    assert list(clean) == list(worn) == ["", "bicubic"] and worn[""]["scale"] == 2
    assert worn["bicubic"]["psnr"] < clean["bicubic"]["psnr"]


def test_damage_is_found_by_width_and_over_thresholds(
    photos: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_repairer(tmp_path, "mine")
    write_repairer(tmp_path, "other")
    words = (tmp_path / "mine.json", photos, "--task", "find", "--beside", tmp_path / "other.json")
    told = kept(tmp_path, *words, "--sheet", tmp_path / "sheet.png")
    assert told[""]["recall"] == told["other"]["recall"]
    assert {"precision", "false_alarm", "false_alarm_aged", "damaged", "threshold"} <= told[""].keys()
    assert [point["threshold"] for point in json.loads((tmp_path / "figures.json").read_text())["thresholds"]] == [
        0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9,
    ]  # fmt: skip
    with Image.open(tmp_path / "sheet.png") as sheet:
        assert sheet.size == (3 * 3 * 192, 2 * 192)
    capsys.readouterr()
    run(*words, "--table")
    table, curve = capsys.readouterr().out.split("\n\n")
    assert "false_alarm_aged" in table
    assert curve.split()[:5] == ["threshold", "recall", "precision", "false_alarm", "false_alarm_aged"]


def test_told_damage_is_filled_and_the_rest_left(photos: Path, tmp_path: Path) -> None:
    """The test's repairer knows white alone for damage, and fills with the mean of what is round it: told, it mends the rest."""
    pytest.importorskip("cv2")
    write_repairer(tmp_path)
    told, blind = (
        kept(tmp_path, tmp_path / "test-repair.json", photos, "--task", task, "--table") for task in ("fill", "repair")
    )
    assert list(told) == ["", "aged input", "Telea, true mask", "Navier-Stokes, true mask"]
    assert told["aged input"]["psnr_damaged"] + 4 < told[""]["psnr_damaged"] < told["Telea, true mask"]["psnr_damaged"]
    assert told[""]["psnr_damaged"] > blind[""]["psnr_damaged"] + 4


def test_told_damage_is_looked_through_when_that_is_asked(photos: Path, tmp_path: Path) -> None:
    """The test's repairer believes that what it may look through is half white."""
    pytest.importorskip("cv2")
    write_repairer(tmp_path, unveils=True)
    blind, seeing = (
        kept(tmp_path, tmp_path / "test-repair.json", photos, "--task", task, "--table")
        for task in ("fill", "look-through")
    )
    assert blind["Telea, true mask"] == seeing["Telea, true mask"]
    assert abs(blind[""]["psnr_damaged"] - seeing[""]["psnr_damaged"]) > 0.1


def test_textures_are_damage_too(photos: Path, tmp_path: Path) -> None:
    folder = tmp_path / "textures"
    folder.mkdir()
    for index in range(5):
        Image.fromarray(np.pad(np.full((44, 44), 255, np.uint8), 3)).save(folder / f"{index}.png")
    write_repairer(tmp_path)
    words = (tmp_path / "test-repair.json", photos, "--task", "find")
    plain, laid = (kept(tmp_path, *words, *more)[""]["damaged"] for more in ((), ("--textures", folder)))
    assert laid > plain


def test_a_recipe_goes_through_the_app_and_good_photos_pass_it(photos: Path, tmp_path: Path) -> None:
    pytest.importorskip("cv2")
    told = kept(tmp_path, "refresh", photos, "--table")
    assert told["aged input"]["psnr_gain"] == 0 and {"psnr_gain_low", "ssim_gain"} <= told[""].keys()
    passed = kept(tmp_path, "refresh", photos, "--strength", 0)[""]
    assert passed["strength"] == 0 and passed["psnr"] > 38
    assert "psnr_gain" not in passed


def test_a_recipe_in_a_file_takes_its_generators_from_a_folder(photos: Path, tmp_path: Path) -> None:
    from engine import recipe

    write_colorizer(tmp_path / "models")
    (tmp_path / "mine.json").write_text(recipe.load("colorize").to_json())
    words = (tmp_path / "mine.json", photos, "--task", "denoise", "--generators", tmp_path / "models", "--limit", 1)
    assert kept(tmp_path, *words)[""]["psnr"] < 40


def test_words_that_do_not_fit_are_said_in_a_sentence(photos: Path, tmp_path: Path) -> None:
    write_generator(tmp_path, identity(with_guide=False), "same", kind="clean")
    write_generator(tmp_path, upscale_x2(), "twice", kind="upscale", scale=2)
    write_colorizer(tmp_path)
    write_repairer(tmp_path)
    same, twice = tmp_path / "same.json", tmp_path / "twice.json"
    for words, sentence in (
        ((same, photos, "--task", "find"), "same does not say where damage is"),
        ((same, photos, "--task", "fill"), "same cannot be told where damage is"),
        ((same, photos, "--task", "upscale-worn"), "same: it answers with as many pixels as it gets"),
        ((twice, photos, "--task", "clean"), "twice enlarges 2 times, which clean does not ask for"),
        ((twice, photos, "--beside", same), "same: it answers with as many pixels as it gets"),
        ((same, photos, "--beside", twice), "twice enlarges 2 times"),
        (
            (same, photos, "--beside", tmp_path / "test-colorize.json", tmp_path / "test-colorize.json"),
            "test-colorize twice",
        ),
        ((same, photos, "--scale", 2), "--scale is for enlarging, not for denoise"),
        ((twice, photos, "--scale", 2), "a generator's card says it"),
        (("refresh", photos, "--task", "upscale"), "say with --scale how much the recipe refresh enlarges"),
        (("refresh", photos, "--task", "find"), "find is judged of a generator"),
        (("refresh", photos, "--task", "colorize"), "colorize is judged of a generator, not of a recipe"),
        (("grey", photos, "--beside", same), "--beside is for restoring, not for colorize"),
        ((tmp_path / "test-repair.json", photos, "--task", "find", "--features", same), "find is judged by maps"),
    ):
        with pytest.raises(ConfigError, match=sentence):
            run(*words)
