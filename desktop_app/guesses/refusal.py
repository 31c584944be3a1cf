"""Why a photo has no guess map, no suggested place or no other colourings: words for what cannot be used."""

from __future__ import annotations

from collections.abc import Iterable

from engine.card import Card
from engine.recipe import Recipe
from engine.steps.step import Analysis

_NOT_COLOURED = "No colours are looked for here, so none is guessed."
_IN_COLOUR = "The photo is in colour already, so nothing was guessed."


def why_no_guess_map(recipe: Recipe, generators: Iterable[Card], analysis: Analysis | None) -> str:
    """A sentence for the reader, "" where the colouring says how sure it is.

    generators: the one that is used of each kind. analysis: of `colorize`, None while it is not known.
    """
    why = _why_nothing_is_guessed(recipe, analysis)
    silent = [card.title for card in _colourisers(generators) if "map" not in card.outputs]
    return why or (f"“{silent[0]}” does not tell how sure it is of its colours." if silent else "")


def why_no_colourings(recipe: Recipe, generators: Iterable[Card], analysis: Analysis | None) -> str:
    """Likewise, where a photo can be coloured in more than one way."""
    why = _why_nothing_is_guessed(recipe, analysis)
    single = [card.title for card in _colourisers(generators) if "style" not in card.inputs]
    return why or (f"“{single[0]}” knows only one colouring of a photo; hints can still change it." if single else "")


def _why_nothing_is_guessed(recipe: Recipe, analysis: Analysis | None) -> str:
    if all(entry.step != "colorize" for entry in recipe.enabled):
        return _NOT_COLOURED
    return _IN_COLOUR if analysis is not None and analysis.values.get("already_colour") else ""


def _colourisers(generators: Iterable[Card]) -> list[Card]:
    return [card for card in generators if card.kind == "colorize"]
