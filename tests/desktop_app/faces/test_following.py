"""Faces are listed where something is done to them, under the word that the photo has for all of them."""

from __future__ import annotations

import pytest

from desktop_app.faces.following import follows_faces, usual_treatment
from engine.recipe import Recipe, RecipeEntry
from engine.steps import STEPS


def recipe(**words: str) -> Recipe:
    """Of steps with their word for faces."""
    return Recipe(
        "one", "One", "", tuple(RecipeEntry(step, STEPS[step].settings(faces=word)) for step, word in words.items())
    )


@pytest.mark.parametrize("step", ["repair", "clean", "upscale"])
def test_every_step_that_treats_faces_apart_is_followed(step):
    one = recipe(**{step: "original"})
    assert follows_faces(one) and usual_treatment(one) == "original"
    assert not follows_faces(one.with_enabled(step, False))


def test_a_recipe_that_only_colours_has_no_word_for_faces():
    colours = Recipe("one", "One", "", (RecipeEntry("colorize", STEPS["colorize"].settings()),))
    assert not follows_faces(colours) and usual_treatment(colours) == ""


def test_steps_with_different_words_have_no_usual_one():
    assert usual_treatment(recipe(clean="full", upscale="full")) == "full"
    assert usual_treatment(recipe(clean="full", upscale="gentle")) == ""


def test_mending_that_looks_for_nothing_treats_no_face_apart():
    """What a hand has marked is mended in faces as everywhere."""
    blind = recipe(repair="gentle").with_setting("repair.sensitivity", 0.0)
    assert not follows_faces(blind)
