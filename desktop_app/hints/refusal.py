"""Why hints would do nothing for a photo: no step that is on follows them, or its generator cannot."""

from __future__ import annotations

from collections.abc import Iterable

from engine.card import Card
from engine.recipe import Recipe
from engine.steps import STEPS


def why_no_hints(recipe: Recipe, generators: Iterable[Card]) -> str:
    """A sentence for the reader, "" where hints are followed. generators: the one that is used of each kind."""
    kinds = {STEPS[entry.step].kind for entry in recipe.enabled if STEPS[entry.step].uses_hints}
    if not kinds:
        return "Hints have no effect here: no step that is on follows them."
    deaf = [card.title for card in generators if card.kind in kinds and not card.takes_guide]
    return f"“{deaf[0]}” takes no hints; another generator may follow them." if deaf else ""
