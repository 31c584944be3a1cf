"""Whether anything follows what is marked in a photo, and why not: no step that is on does, or its generator cannot."""

from __future__ import annotations

from collections.abc import Iterable

from engine.card import Card
from engine.recipe import Recipe
from engine.steps import STEPS


def follows_marks(recipe: Recipe) -> bool:
    """A step that is on mends damage."""
    return any(STEPS[entry.step].uses_marks for entry in recipe.enabled)


def why_no_marks(recipe: Recipe, generators: Iterable[Card]) -> str:
    """A sentence for the reader, "" where marks are followed. generators: the one that is used of each kind."""
    if not follows_marks(recipe):
        return "No damage is mended here: no step that is on follows the brush."
    kinds = {STEPS[entry.step].kind for entry in recipe.enabled if STEPS[entry.step].uses_marks}
    deaf = [card.title for card in generators if card.kind in kinds and not card.takes_guide]
    return f"“{deaf[0]}” mends only what it finds itself; another generator may follow the brush." if deaf else ""
