"""`autochrome-cli recipes`, `models` and `devices`: what there is, as text or as JSON."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from engine.library import ModelLibrary, user_folder, work_of
from engine.recipe import Recipe, bundled, values_of
from engine.steps import STEPS
from engine.steps.step import Setting, settings_of


def recipes(as_json: bool) -> str:
    """The bundled recipes, those that cannot be used here and why, and every step with its settings."""
    there, library = bundled(), ModelLibrary()
    why_not = {recipe.name: str(error) for recipe in there if (error := library.why_not(recipe.kinds)) is not None}
    if as_json:
        written = [recipe.as_dict() for recipe in there]
        return _json({"recipes": written, "unusable": why_not, "steps": [_step(name) for name in STEPS]})
    lines = [line for recipe in there for line in _recipe_lines(recipe, why_not.get(recipe.name, ""))]
    lines.append("Settings, for --set:")
    for name, step in STEPS.items():
        for declared in settings_of(step.settings):
            lines.append(
                f"  {name}.{declared.name} = {_shown(declared.default)} {_range(declared)}  {declared.sentence}".rstrip()
            )
    return "\n".join(lines)


def models(as_json: bool) -> str:
    """The generators in the bundled and the user's folder; those that cannot be used, and why; where the user's own belong."""
    library, own = ModelLibrary(), str(user_folder())
    if as_json:
        cards = [{key: value for key, value in asdict(card).items() if key != "path"} for card in library.cards()]
        return _json({"models": cards, "problems": [str(problem) for problem in library.problems], "folder": own})
    lines = []
    for card in library.cards():
        default = " (default)" if library.default_for(work_of(card)).name == card.name else ""
        deaf = "; takes no hints" if card.kind == "colorize" and not card.takes_guide else ""
        lines += [f"{card.name}  {card.title}, for {card.kind}{default}{deaf}", f"  limits: {card.limits}"]
        lines += [f"  {key}: {value:g}" for key, value in card.figures.items()]
    lines += [str(problem) for problem in library.problems]
    return "\n".join([*(lines or ["There is no generator."]), f"Your own generators belong into {own}"])


def devices(as_json: bool) -> str:
    """What generators can run on here, each really tried."""
    from engine.session import available_devices

    found = available_devices()
    if as_json:
        return _json({"devices": [asdict(device) for device in found]})
    return "\n".join(f"{d.name:9} {'works' if d.usable else f'does not work: {d.reason}'}" for d in found)


def _step(name: str) -> dict[str, Any]:
    step = STEPS[name]
    settings = [asdict(declared) | {"kind": declared.kind.__name__} for declared in settings_of(step.settings)]
    return {"name": name, "title": step.title, "sentence": step.sentence, "kind": step.kind, "settings": settings}


def _recipe_lines(recipe: Recipe, why_not: str) -> list[str]:
    lines = [f"{recipe.name}  {recipe.title}. {recipe.sentence}"]
    if why_not:
        lines.append(f"  cannot be used yet: {why_not}")
    for entry in recipe.entries:
        values = ", ".join(f"{key} {_shown(value)}" for key, value in values_of(entry.settings).items())
        lines.append(f"  {entry.step}{'' if entry.enabled else ' (off)'}: {values}")
    return [*lines, ""]


def _range(declared: Setting) -> str:
    if declared.choices:
        return f"({', '.join(declared.choices)})"
    if declared.minimum is None or declared.maximum is None:
        return "(on, off)" if declared.kind is bool else ""
    zero = f"; 0: {declared.zero}" if declared.zero else ""
    return f"({declared.minimum:g} to {declared.maximum:g}{' ' + declared.unit if declared.unit else ''}{zero})"


def _shown(value: bool | int | float | str) -> str:
    return {True: "on", False: "off"}[value] if isinstance(value, bool) else str(value)


def _json(value: object) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False, default=dict)
