"""The row for how much larger says what comes of it."""

from __future__ import annotations

import pytest

from desktop_app.document import DocumentState
from desktop_app.recipe_panel.factor_row import FactorRow, sentence
from desktop_app.recipe_panel.panel import RecipePanel
from engine.recipe import Recipe, RecipeEntry
from engine.steps.upscale import UpscaleSettings


def recipe(factor: str) -> DocumentState:
    return DocumentState(Recipe("larger", "Larger", "", (RecipeEntry("upscale", UpscaleSettings(factor=factor)),)))


@pytest.mark.parametrize(
    ("size", "factor", "words"),
    [
        ((600, 450), 2, "1200 × 900 pixels: 10 × 7.6 cm in print"),
        ((245, 210), 4, "980 × 840 pixels: 8.3 × 7.1 cm in print"),
        ((4000, 4000), 4, "That would be more than 250 megapixels."),
    ],
)
def test_the_result_is_told_in_pixels_and_on_paper(size, factor, words):
    assert sentence(size, factor) == words


def test_it_follows_the_photo_and_the_choice(qtbot):
    panel = RecipePanel([], {}, set())
    qtbot.addWidget(panel)
    panel.show_state(recipe("2"))
    panel.show()
    row = panel.card("upscale").row("factor")
    assert isinstance(row, FactorRow) and not row.result.isVisible()
    panel.show_size((100, 80))
    assert row.result.isVisible() and row.result.text().startswith("200 × 160 pixels")
    panel.show_state(recipe("4"))
    assert row.result.text().startswith("400 × 320 pixels")


def test_a_card_that_is_made_anew_knows_the_photo(qtbot):
    panel = RecipePanel([], {}, set())
    qtbot.addWidget(panel)
    panel.show_size((100, 80))
    panel.show_state(recipe("2"))
    row = panel.card("upscale").row("factor")
    assert isinstance(row, FactorRow) and row.result.text().startswith("200 × 160 pixels")
