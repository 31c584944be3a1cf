"""Why something about guesses cannot be used, in words."""

from __future__ import annotations

import pytest

from desktop_app.guesses.refusal import why_no_colourings, why_no_guess_map
from engine.recipe import load
from engine.steps.step import Analysis
from tests.onnx_files import card_of

RECIPE = load("colorize")
ABLE = card_of(
    title="Able",
    kind="colorize",
    inputs={"image": "image", "style": "style"},
    outputs={"restored": "restored", "map": "map"},
)
PLAIN = card_of(title="Plain", kind="colorize")
BOTH = pytest.mark.parametrize("why", [why_no_guess_map, why_no_colourings])


@BOTH
def test_what_can_be_used_needs_no_words(why):
    assert why(RECIPE, [ABLE], Analysis("colorize", values={"already_colour": False})) == ""
    assert why(RECIPE, [ABLE], None) == ""


@BOTH
def test_a_generator_that_cannot_is_named(why):
    assert why(RECIPE, [PLAIN], None).startswith("“Plain” ")


@BOTH
def test_a_photo_in_colour_and_a_recipe_without_colour_come_first(why):
    assert "in colour already" in why(RECIPE, [PLAIN], Analysis("colorize", values={"already_colour": True}))
    assert "No colours are looked for" in why(RECIPE.with_enabled("colorize", False), [ABLE], None)
