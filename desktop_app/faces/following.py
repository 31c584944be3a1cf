"""Whether anything in a recipe treats faces apart, and what it does with those that nobody has said anything about."""

from __future__ import annotations

from collections.abc import Iterator

from engine.recipe import Recipe, RecipeEntry
from engine.steps import STEPS


def follows_faces(recipe: Recipe) -> bool:
    """A step that is on treats faces apart."""
    return any(True for _ in _entries(recipe))


def usual_treatment(recipe: Recipe) -> str:
    """The word for all faces of the photo, of TREATMENTS; "" where its steps have different ones, or none treats faces apart."""
    words = {entry.settings.faces for entry in _entries(recipe)}
    return str(words.pop()) if len(words) == 1 else ""


def _entries(recipe: Recipe) -> Iterator[RecipeEntry]:
    for entry in recipe.enabled:
        # Mending that looks for no damage itself mends what a hand has marked, in faces as everywhere.
        looks_for_nothing = entry.step == "repair" and entry.settings.sensitivity == 0
        if STEPS[entry.step].uses_faces and not looks_for_nothing:
            yield entry
