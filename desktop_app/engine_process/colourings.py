"""The plausible colourings of a preview: what the steps before `colorize` leave of it, coloured in several ways."""

from __future__ import annotations

from dataclasses import replace

from engine.candidates import Candidate, candidates
from engine.photo import Photo
from engine.pipeline import Pipeline
from engine.recipe import Recipe, RecipeEntry
from engine.steps.step import Tools, settings_of


def colourings_of(photo: Photo, recipe: Recipe, pipeline: Pipeline, tools: Tools) -> list[Candidate]:
    """See engine/candidates.py. tools.hints: the photo's.

    Raises:
        SettingInvalid: the recipe has no step `colorize`. What generators raise, Cancelled among it.
    """
    entry = recipe.entry("colorize")
    place = recipe.entries.index(entry)
    # As Pipeline.analyse shows it to the step: earlier steps at their default strengths, whatever the sliders say.
    earlier = replace(recipe, entries=tuple(_at_default_strength(other) for other in recipe.entries[:place]))
    found = pipeline.analyse(photo, earlier, tools.hints, cancel=tools.cancel)
    seen = pipeline.apply_all(photo, earlier, found, tools.cancel)
    return candidates(seen, entry.settings, tools)


def _at_default_strength(entry: RecipeEntry) -> RecipeEntry:
    quick = {item.name: item.default for item in settings_of(type(entry.settings)) if not item.slow}
    return replace(entry, settings=replace(entry.settings, **quick))
