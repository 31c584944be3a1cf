"""A recipe is checked key by key, and what was checked can be written and read again."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.errors import RecipeInvalid, SettingInvalid
from engine.recipe import DEFAULT, Recipe, RecipeEntry, bundled, from_json, load
from engine.steps import STEPS
from engine.steps.colorize import ColorizeSettings
from engine.steps.step import settings_of

WRITTEN: dict[str, Any] = {
    "autochrome_recipe": 1,
    "name": "mine",
    "title": "Mine",
    "sentence": "Does what I like.",
    "steps": [{"step": "tone"}, {"step": "colorize", "enabled": False, "settings": {"strength": 0.5}}],
}


def test_defaults_fill_what_a_file_leaves_out() -> None:
    recipe = from_json(json.dumps(WRITTEN))
    assert [(entry.step, entry.enabled) for entry in recipe.entries] == [("tone", True), ("colorize", False)]
    assert recipe.entry("colorize").settings == ColorizeSettings(strength=0.5)
    assert [entry.step for entry in recipe.enabled] == ["tone"]


def test_writing_and_reading_gives_the_same() -> None:
    recipe = from_json(json.dumps(WRITTEN)).with_setting("colorize.saturation", 1.25).with_enabled("tone", False)
    assert from_json(recipe.to_json()) == recipe


def test_colorize_is_the_first_bundled_one_and_all_of_them_load() -> None:
    recipes = bundled()
    assert recipes[0].name == "colorize" and len(recipes) >= 3
    for recipe in recipes:
        assert load(recipe.name) == recipe and recipe.title and recipe.sentence.endswith(".") and recipe.enabled


def test_the_bundled_ones_come_in_the_order_of_the_work() -> None:
    """What makes a photo old is never the first that is offered, nor the usual one."""
    assert [recipe.name for recipe in bundled()] == [
        "colorize", "restore", "restore-and-colorize", "refresh", "enlarge", "age",
    ]  # fmt: skip
    assert DEFAULT == "colorize"


def test_a_recipe_knows_the_kinds_of_generator_it_needs() -> None:
    assert (
        load("refresh").kinds == ("tone",)
        and load("restore").kinds == ("repair", "clean", "tone")
        and load("age").kinds == ("age",)
    )
    assert load("restore-and-colorize").kinds == ("repair", "clean", "tone", "colorize")
    assert load("restore").with_enabled("repair", False).kinds == ("clean", "tone")
    assert load("restore").with_enabled("upscale", True).kinds == ("repair", "clean", "tone", "upscale ×2")


def test_a_step_that_enlarges_needs_a_generator_of_its_factor() -> None:
    entries = [RecipeEntry("upscale", STEPS["upscale"].settings(factor=factor)) for factor in ("2", "4")]
    assert [entry.kind for entry in entries] == ["upscale ×2", "upscale ×4"]
    assert [entry.scale for entry in entries] == [2, 4]
    recipe = Recipe("r", "R", "", (RecipeEntry("colorize", STEPS["colorize"].settings()), entries[0]))
    assert recipe.kinds == ("colorize", "upscale ×2") and recipe.entries[0].scale == 1
    assert recipe.with_text("upscale.factor", "4").kinds == ("colorize", "upscale ×4")


def test_a_recipe_file_is_taken_by_its_path(tmp_path: Path) -> None:
    path = tmp_path / "mine.json"
    path.write_text(json.dumps(WRITTEN | {"name": ""}))
    assert load(str(path)) == load(path)
    assert load(path).name == "mine"


def wrong(**changes: Any) -> str:
    return json.dumps(WRITTEN | changes)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("", "JSON"),
        ("[]", "{…}"),
        ("{" * 100_000, "JSON"),
        (wrong(surprise=1), "surprise"),
        (wrong(autochrome_recipe=2), "autochrome_recipe"),
        (wrong(steps=[]), "steps"),
        (wrong(steps="tone"), "steps"),
        (wrong(name=3), "name"),
        (wrong(steps=[{"step": "polish"}]), "polish"),
        (wrong(steps=[{"step": ["tone"]}]), "tone"),
        (wrong(steps=[{"step": "tone", "enabled": "yes"}]), "enabled"),
        (wrong(steps=[{"step": "tone", "settings": {"brightness": 1}}]), "brightness"),
        (wrong(steps=[{"step": "tone", "settings": {"fading": 7}}]), "tone.fading"),
        (wrong(steps=[{"step": "tone", "settings": {"fading": "0.5"}}]), "tone.fading"),
        (wrong(steps=[{"step": "tone", "settings": []}]), "tone"),
        (wrong(steps=[{"step": "tone"}, {"step": "tone"}]), "tone"),
        (wrong(steps=[{"step": "tone", "when": "always"}]), "when"),
        ('{"autochrome_recipe": 1, "steps": [{"step": "tone", "settings": {"fading": NaN}}]}', "tone.fading"),
    ],
)
def test_what_is_wrong_is_named(text: str, named: str) -> None:
    with pytest.raises(RecipeInvalid) as caught:
        from_json(text, "mine")
    assert named in caught.value.sentence


@pytest.mark.parametrize("name", ["nothing", "../colorize", "/etc/passwd", "missing.json", ""])
def test_what_is_not_there_is_said(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(RecipeInvalid):
        load(name)


def test_files_that_are_no_text_or_too_large_are_refused(tmp_path: Path) -> None:
    (tmp_path / "binary.json").write_bytes(b"\xff\xfe\x00" * 10)
    (tmp_path / "large.json").write_text(" " * 2_000_000)
    (tmp_path / "folder.json").mkdir()
    for name in ("binary", "large", "folder"):
        with pytest.raises(RecipeInvalid, match=name):
            load(tmp_path / f"{name}.json")


def test_settings_change_by_value_and_by_text() -> None:
    recipe = load("colorize")
    assert recipe.with_setting("colorize.strength", 0.25) == recipe.with_text("colorize.strength", "0.25")
    assert recipe.with_text("tone.enabled", "on").entry("tone").enabled
    assert recipe.with_text("colorize.working_size", "320").entry("colorize").settings.working_size == 320
    assert recipe == load("colorize"), "a recipe is a value"


@pytest.mark.parametrize(
    "key",
    ["strength", "colorize", "colorize.", ".strength", "colorize.colour", "polish.strength", "colorize.strength.x"],
)
def test_a_key_that_is_not_there_is_refused_by_name(key: str) -> None:
    with pytest.raises(SettingInvalid) as caught:
        load("colorize").with_text(key, "1")
    assert key in str(caught.value)


@pytest.mark.parametrize(("key", "value"), [("colorize.strength", 2.0), ("colorize.force", 1), ("tone.enabled", 1)])
def test_a_value_of_another_kind_is_refused(key: str, value: Any) -> None:
    with pytest.raises(SettingInvalid, match=key):
        load("colorize").with_setting(key, value)


@settings(max_examples=30, deadline=None)
@given(data=st.data())
def test_every_recipe_of_known_steps_survives_its_file(data: st.DataObject) -> None:
    entries = []
    for name in data.draw(st.lists(st.sampled_from(list(STEPS)), unique=True, min_size=1)):
        values: dict[str, Any] = {}
        for declared in settings_of(STEPS[name].settings):
            if declared.kind is bool:
                values[declared.name] = data.draw(st.booleans())
            elif declared.kind is int:
                values[declared.name] = data.draw(st.integers(int(declared.minimum or 0), int(declared.maximum or 0)))
            elif declared.kind is str:
                words = st.sampled_from(declared.choices or ("", "0:0 40:30.5 100:100"))
                values[declared.name] = data.draw(words)
            else:
                values[declared.name] = data.draw(st.floats(declared.minimum, declared.maximum))
        entries.append(RecipeEntry(name, STEPS[name].settings(**values), data.draw(st.booleans())))
    recipe = Recipe(
        data.draw(st.text(min_size=1)), data.draw(st.text(min_size=1)), data.draw(st.text()), tuple(entries)
    )
    assert from_json(recipe.to_json()) == recipe


@pytest.mark.parametrize("key", ["strength", "working_size"])
@pytest.mark.parametrize("digits", [400, 5000])
def test_a_number_of_hundreds_of_digits_is_one_short_sentence(key: str, digits: int) -> None:
    text = load("colorize").to_json().replace(f'"{key}": ', f'"{key}": {"9" * digits}')
    with pytest.raises(RecipeInvalid) as caught:
        from_json(text)
    assert len(caught.value.sentence) < 200
    with pytest.raises(SettingInvalid) as refused:
        load("colorize").with_text(f"colorize.{key}", "9" * digits)
    assert len(refused.value.sentence) < 200


def test_zero_is_the_generators_own_size_and_sizes_written_before_stay_valid() -> None:
    recipe = load("colorize")
    assert recipe.entry("colorize").settings.working_size == 0
    for size in (160, 256, 512):
        written = recipe.to_json().replace('"working_size": 0', f'"working_size": {size}')
        assert from_json(written).entry("colorize").settings.working_size == size
    for size in ("-1", "1", "159", "513"):
        with pytest.raises(SettingInvalid, match=r"is not between 160 and 512, nor 0 \(automatic\)"):
            recipe.with_text("colorize.working_size", size)


def test_what_was_chosen_by_eye_for_one_photo_is_not_shared() -> None:
    """Another photo keeps its own choice or has none; and a file that holds none reads as those before there were any."""
    chosen = load("colorize").with_setting("colorize.candidate", 3).with_setting("colorize.candidate_of", "abc")
    recipe = chosen.with_setting("colorize.strength", 0.5)
    shared = recipe.shared()
    assert shared == load("colorize").with_setting("colorize.strength", 0.5) and "candidate" not in shared.to_json()
    assert from_json(shared.to_json()) == shared
    assert recipe.shared(recipe) == recipe and shared.shared(chosen) == recipe
    assert recipe.shared(load("refresh")) == recipe.shared(load("restore")) == shared
    assert from_json(recipe.to_json()) == recipe, "the photo's own side-car holds it"
    older = recipe.to_json().replace(',\n        "candidate_of": "abc"', "")
    read = from_json(older).entry("colorize").settings
    assert (read.candidate, read.candidate_of) == (3, "")


def test_another_recipe_leaves_the_photo_what_was_chosen_for_it_unless_it_names_something_itself() -> None:
    chosen = load("colorize").with_setting("colorize.candidate", 3).with_setting("colorize.candidate_of", "abc")
    chosen = chosen.with_setting("colorize.strength", 0.5).with_setting("tone.curve", "0:0 35:28 100:100")
    other = load("restore-and-colorize").in_place_of(chosen)
    assert other != load("restore-and-colorize") and other.shared() == load("restore-and-colorize")
    kept = other.entry("colorize").settings
    assert (kept.candidate, kept.candidate_of, kept.strength) == (3, "abc", 1.0)
    assert other.entry("tone").settings.curve == "0:0 35:28 100:100"
    look = load("colorize").with_text("tone.curve", "0:0 50:60 100:100")
    assert look.in_place_of(chosen) == look


def test_a_colouring_named_in_words_is_not_the_one_that_was_chosen_by_eye() -> None:
    chosen = load("colorize").with_setting("colorize.candidate", 3).with_setting("colorize.candidate_of", "abc")
    named = chosen.with_text("colorize.candidate", "5").entry("colorize").settings
    assert (named.candidate, named.candidate_of) == (5, "")
    assert chosen.with_text("colorize.strength", "0.5").entry("colorize").settings.candidate_of == "abc"


def test_a_recipe_saved_by_notepad_is_read(tmp_path: Path) -> None:
    (tmp_path / "mine.json").write_text(load("refresh").to_json(), "utf-8-sig")
    assert load(tmp_path / "mine.json") == load("refresh")


@pytest.mark.parametrize(
    ("key", "text", "words"),
    [("colorize.strength", "much", "is not a number"), ("colorize.working_size", "0.5", "is not a whole number")],
)
def test_a_wrong_kind_of_value_is_told_in_plain_words(key: str, text: str, words: str) -> None:
    with pytest.raises(SettingInvalid, match=words):
        load("colorize").with_text(key, text)
