"""`recipes`, `models` and `devices` list what there is, for people and for programs."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from engine.recipe import from_dict, load
from engine.steps import STEPS
from engine.steps.step import settings_of
from tests.engine.commands.conftest import Cli
from tests.engine.split_files import write_split
from tests.onnx_files import write_ager, write_tinter


def test_recipes_name_every_setting(cli: Cli) -> None:
    said = cli("recipes")
    assert said.code == 0 and said.out.startswith("colorize")
    for name, step in STEPS.items():
        for declared in settings_of(step.settings):
            assert f"{name}.{declared.name}" in said.out


def test_what_zero_stands_for_is_said(cli: Cli) -> None:
    (line,) = [line for line in cli("recipes").out.splitlines() if "colorize.working_size =" in line]
    assert "= 0 (160 to 512 px; 0: automatic)" in line


def test_recipes_as_json_can_be_taken_as_recipes(cli: Cli) -> None:
    written = json.loads(cli("recipes", "--json").out)
    recipes = [from_dict(recipe) for recipe in written["recipes"]]
    assert recipes[0] == load("colorize") and len(recipes) >= 3
    assert [step["name"] for step in written["steps"]] == list(STEPS)
    strength = next(s for s in written["steps"][-1]["settings"] if s["name"] == "strength")
    assert (strength["kind"], strength["minimum"], strength["maximum"]) == ("float", 0, 1)


def test_a_generator_in_two_files_is_listed(cli: Cli, data_folder: Path) -> None:
    card = write_split(data_folder / "models")
    assert "test-split  Test generator, for colorize" in cli("models").out
    (listed,) = [c for c in json.loads(cli("models", "--json").out)["models"] if c["name"] == "test-split"]
    assert listed["files"] == dict(card.files) and set(listed["sha256"]) == {"encoder", "decoder"}


@pytest.mark.usefixtures("nothing_bundled")
def test_a_recipe_without_its_generator_is_named_with_the_reason(cli: Cli, data_folder: Path) -> None:
    lines = [line for line in cli("recipes").out.splitlines() if "cannot be used yet" in line]
    (line,) = [line for line in lines if "“age”" in line]
    assert str(data_folder / "models") in line and len(lines) == 5
    assert set(json.loads(cli("recipes", "--json").out)["unusable"]) == {
        "restore",
        "restore-and-colorize",
        "refresh",
        "enlarge",
        "age",
    }
    write_ager(data_folder / "models")
    assert "“age”" not in cli("recipes").out
    assert set(json.loads(cli("recipes", "--json").out)["unusable"]) == {
        "restore",
        "restore-and-colorize",
        "refresh",
        "enlarge",
    }


def test_models_say_where_ones_own_belong_and_which_take_no_hints(cli: Cli, data_folder: Path) -> None:
    write_tinter(data_folder / "models")
    lines = cli("models").out.splitlines()
    assert str(data_folder / "models") in lines[-1]
    deaf = [line.split()[0] for line in lines if line.endswith("takes no hints")]
    assert "test-tinter" in deaf and "zz-test-colorize" not in deaf
    assert json.loads(cli("models", "--json").out)["folder"] == str(data_folder / "models")


def test_models_tell_cards_and_problems(cli: Cli, data_folder: Path) -> None:
    (data_folder / "models" / "broken.json").write_text("{")
    said = cli("models")
    assert said.code == 0 and "zz-test-colorize" in said.out and "broken.json" in said.out
    written = json.loads(cli("models", "--json").out)
    assert "zz-test-colorize" in [card["name"] for card in written["models"]]
    assert len(written["problems"]) >= 1 and "path" not in written["models"][0]


def test_devices_tell_what_works(cli: Cli) -> None:
    written = {device["name"]: device for device in json.loads(cli("devices", "--json").out)["devices"]}
    assert written["cpu"]["usable"] and set(written) == {"cpu", "cuda", "directml", "coreml"}
    assert "cpu" in cli("devices").out
