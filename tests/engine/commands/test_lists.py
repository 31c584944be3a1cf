"""`recipes`, `models` and `devices` list what there is, for people and for programs."""

from __future__ import annotations

import json
from pathlib import Path

from engine.recipe import from_dict, load
from engine.steps import STEPS
from engine.steps.step import settings_of
from tests.engine.commands.conftest import Cli


def test_recipes_name_every_setting(cli: Cli) -> None:
    said = cli("recipes")
    assert said.code == 0 and said.out.startswith("colorize")
    for name, step in STEPS.items():
        for declared in settings_of(step.settings):
            assert f"{name}.{declared.name}" in said.out


def test_recipes_as_json_can_be_taken_as_recipes(cli: Cli) -> None:
    written = json.loads(cli("recipes", "--json").out)
    recipes = [from_dict(recipe) for recipe in written["recipes"]]
    assert recipes[0] == load("colorize") and len(recipes) >= 3
    assert [step["name"] for step in written["steps"]] == list(STEPS)
    strength = next(s for s in written["steps"][-1]["settings"] if s["name"] == "strength")
    assert (strength["kind"], strength["minimum"], strength["maximum"]) == ("float", 0, 1)


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
