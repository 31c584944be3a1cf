"""What a colouring is called, wherever one is named, and which one a photo has."""

from __future__ import annotations

from desktop_app.document import Document, slow_part


def colouring_name(number: int) -> str:
    """Of a value of `colorize.candidate`: the same number that the command line takes."""
    return f"Colouring {number}" if number else "Likeliest"


def chosen_words(document: Document) -> str:
    """Which colouring the photo has, in words; "" where none was chosen, so that it has the likeliest without saying so.

    What is really laid is known only from the analysis: a generator may have no colouring of that number.
    """
    state, analyses = document.state, document.analyses
    number = next((entry.settings.candidate for entry in state.recipe.enabled if entry.step == "colorize"), 0)
    if not number:
        return ""
    found = analyses.found.get("colorize") if analyses is not None and analyses.slow_part == slow_part(state) else None
    laid = found.values.get("candidate") if found is not None else None
    if laid is None:
        return f"Chosen: {colouring_name(number)}"
    return f"In use: {colouring_name(number)}" if laid == number else f"In use: Likeliest, not {colouring_name(number)}"
