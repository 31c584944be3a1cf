"""Whether hints have an effect is said before anybody sets one."""

from __future__ import annotations

from desktop_app.hints.refusal import why_no_hints
from engine.recipe import load
from tests.onnx_files import card_of

GUIDED = card_of(kind="colorize", inputs={"image": "image", "guide": "guide"})
DEAF = card_of(kind="colorize", title="Landscapes")


def test_a_colouriser_with_a_way_in_takes_hints():
    assert why_no_hints(load("colorize"), [GUIDED]) == ""
    others = [GUIDED, card_of(kind="age")]
    assert why_no_hints(load("restore-and-colorize"), others) == "", "what another kind takes does not matter"


def test_one_without_is_named():
    assert why_no_hints(load("colorize"), [DEAF]).startswith("“Landscapes” takes no hints")


def test_a_recipe_without_colour_has_no_use_for_them():
    for recipe in (load("refresh"), load("age"), load("colorize").with_enabled("colorize", False)):
        assert "no step that is on follows them" in why_no_hints(recipe, [GUIDED])
