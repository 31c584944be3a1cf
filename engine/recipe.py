"""A Recipe: the steps done to a photo, in order, with their settings; a JSON file that can be shared."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from engine.assets import asset
from engine.errors import RecipeInvalid, SettingInvalid, shortened
from engine.library import at_scale
from engine.steps import STEPS
from engine.steps.step import Setting, StepSettings, Value, settings_of

DEFAULT = "colorize"
FORMAT = 1
LARGEST_FILE_BYTES = 1_000_000
ENABLED = "enabled"


@dataclass(frozen=True)
class RecipeEntry:
    """One step of a recipe. step: its word in `steps.STEPS`; settings: that step's dataclass; enabled: False leaves it out."""

    step: str
    settings: Any
    enabled: bool = True

    @property
    def scale(self) -> int:
        """How many times as high and wide the step makes a photo, 1 for all that do not enlarge."""
        return int(getattr(self.settings, "scale", 1))

    @property
    def kind(self) -> str:
        """What the step asks of the generators there are: a kind, or a kind at a scale (library.at_scale)."""
        kind = STEPS[self.step].kind
        return kind if self.scale == 1 else at_scale(kind, self.scale)


@dataclass(frozen=True)
class Recipe:
    """Steps in order, each at most once. name: its word on the command line; title, sentence: for people."""

    name: str
    title: str
    sentence: str
    entries: tuple[RecipeEntry, ...]

    def __post_init__(self) -> None:
        words = [entry.step for entry in self.entries]
        twice = sorted({word for word in words if words.count(word) > 1})
        if twice:
            raise RecipeInvalid(self.name, f"the step “{twice[0]}” stands in it twice")

    @property
    def enabled(self) -> tuple[RecipeEntry, ...]:
        """The steps that are done, in order."""
        return tuple(entry for entry in self.entries if entry.enabled)

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds of generator (some at a scale) that the steps which are done need, in order."""
        return tuple(entry.kind for entry in self.enabled)

    def entry(self, step: str, asked_for: str = "") -> RecipeEntry:
        """The entry of `step`; SettingInvalid, naming `asked_for`, where the recipe has no such step."""
        for entry in self.entries:
            if entry.step == step:
                return entry
        known = ", ".join(entry.step for entry in self.entries)
        raise SettingInvalid(
            asked_for or step, f"the recipe “{self.name}” has no step “{shortened(step)}”; it has {known}"
        )

    def with_setting(self, key: str, value: Value) -> Recipe:
        """This recipe with `key` ("colorize.strength", or "colorize.enabled") changed. Raises SettingInvalid."""
        entry, declared = self._declared(key)
        if declared is None:
            if not isinstance(value, bool):
                raise SettingInvalid(key, f"{shortened(repr(value))} is neither on nor off")
            return self._with_entry(replace(entry, enabled=value))
        return self._with_entry(replace(entry, settings=replace(entry.settings, **{declared.name: value})))

    def with_text(self, key: str, text: str) -> Recipe:
        """As `with_setting`, the value written as on the command line ("0.8", "on"). Raises SettingInvalid."""
        entry, declared = self._declared(key)
        known = declared or Setting(ENABLED, "On", "Whether the step is done.", bool, True)
        recipe = self.shared() if known.by_eye else self  # what is said in words replaces what was chosen by eye
        return recipe.with_setting(key, known.parse(entry.step, text))

    def with_enabled(self, step: str, enabled: bool) -> Recipe:
        """This recipe with `step` switched on or off. Raises SettingInvalid."""
        return self.with_setting(f"{step}.{ENABLED}", enabled)

    def shared(self, own: Recipe | None = None) -> Recipe:
        """This recipe for another photo, which has `own`: what was chosen by eye stays with the photo it was chosen for.

        Such settings (Setting.by_eye) are as `own` has them, or at their defaults where that has none.
        """
        theirs = {} if own is None else {entry.step: entry.settings for entry in own.entries}
        recipe = self
        for entry in self.entries:
            source = theirs.get(entry.step, type(entry.settings)())
            chosen = {each.name: getattr(source, each.name) for each in settings_of(type(source)) if each.by_eye}
            recipe = recipe._with_entry(replace(entry, settings=replace(entry.settings, **chosen)))
        return recipe

    def in_place_of(self, own: Recipe) -> Recipe:
        """This recipe for a photo that had `own`: what was chosen by eye for it stays, unless this recipe itself names any."""
        return self.shared(own) if self == self.shared() else self

    def as_dict(self) -> dict[str, Any]:
        """What `to_json` writes, for embedding in another file; see `values_of`."""
        steps = [{"step": e.step, ENABLED: e.enabled, "settings": values_of(e.settings)} for e in self.entries]
        return {
            "autochrome_recipe": FORMAT,
            "name": self.name,
            "title": self.title,
            "sentence": self.sentence,
            "steps": steps,
        }

    def to_json(self) -> str:
        return json.dumps(self.as_dict(), indent=2, ensure_ascii=False) + "\n"

    def _declared(self, key: str) -> tuple[RecipeEntry, Setting | None]:
        """The entry and declaration that `key` names; None stands for "enabled"."""
        step, dot, name = key.partition(".")
        if not dot or not name:
            raise SettingInvalid(key, "it is not written as step.field")
        entry = self.entry(step, key)
        if name == ENABLED:
            return entry, None
        known = {declared.name: declared for declared in settings_of(type(entry.settings))}
        if name not in known:
            raise SettingInvalid(key, f"the step “{step}” has only {', '.join([*known, ENABLED])}")
        return entry, known[name]

    def _with_entry(self, changed: RecipeEntry) -> Recipe:
        entries = tuple(changed if entry.step == changed.step else entry for entry in self.entries)
        return replace(self, entries=entries)


def values_of(settings: Any) -> dict[str, Value]:
    """Every setting of a step by name, defaults too; but what nobody has chosen by eye is not named."""
    values = ((each, getattr(settings, each.name)) for each in settings_of(type(settings)))
    return {each.name: value for each, value in values if not (each.by_eye and value == each.default)}


def from_json(text: str, name: str = "recipe") -> Recipe:
    """The recipe written in `text`. `name` is used in sentences until the recipe's own is known. Raises RecipeInvalid."""
    try:
        written = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise RecipeInvalid(name, "it is not a JSON file") from error
    return from_dict(written, name)


def from_dict(written: object, name: str = "recipe") -> Recipe:
    """The recipe that `Recipe.as_dict` made, checked key by key. Raises RecipeInvalid."""
    known = {"autochrome_recipe", "name", "title", "sentence", "steps"}
    fields = _fields(written, known, name, "the file")
    if fields.get("autochrome_recipe") != FORMAT:
        raise RecipeInvalid(
            name, f"“autochrome_recipe” is not {FORMAT}; another version of Autochrome may have written it"
        )
    steps = fields.get("steps")
    if not isinstance(steps, list) or not steps:
        raise RecipeInvalid(name, "“steps” is not a list of steps")
    words = {key: fields.get(key, name if key == "name" else "") for key in ("name", "title", "sentence")}
    for key, word in words.items():
        if not isinstance(word, str):
            raise RecipeInvalid(name, f"“{key}” is not a text")
    entries = tuple(_entry(item, name) for item in steps)
    return Recipe(words["name"] or name, words["title"] or words["name"] or name, words["sentence"], entries)


def _entry(written: object, name: str) -> RecipeEntry:
    fields = _fields(written, {"step", ENABLED, "settings"}, name, "a step")
    word = fields.get("step")
    if not isinstance(word, str) or word not in STEPS:
        raise RecipeInvalid(name, f"there is no step “{shortened(str(word))}”; known ones: {', '.join(STEPS)}")
    enabled = fields.get(ENABLED, True)
    if not isinstance(enabled, bool):
        raise RecipeInvalid(name, f"“{ENABLED}” of the step “{word}” is neither true nor false")
    settings_type = STEPS[word].settings
    declared = {item.name for item in settings_of(settings_type)}
    values = _fields(fields.get("settings", {}), declared, name, f"the step “{word}”")
    try:
        settings: StepSettings = settings_type(**values)
    except SettingInvalid as error:
        raise RecipeInvalid(name, error.sentence.rstrip(".")) from error
    return RecipeEntry(word, settings, enabled)


def _fields(written: object, known: set[str], name: str, where: str) -> Mapping[str, Any]:
    if not isinstance(written, dict):
        raise RecipeInvalid(name, f"{where} is not written as {{…}}")
    unknown = [key for key in written if key not in known]
    if unknown:
        raise RecipeInvalid(
            name, f"{where} has an unknown key “{shortened(unknown[0])}”; known ones: {', '.join(sorted(known))}"
        )
    return written


def load(name_or_path: str | Path) -> Recipe:
    """A bundled recipe by name, or the one in a file (anything with a folder or a suffix is a file). Raises RecipeInvalid."""
    text = str(name_or_path)
    path = Path(name_or_path)
    if isinstance(name_or_path, str) and path.name == text and not path.suffix:
        if text not in _bundled_names():
            raise RecipeInvalid(text, f"there is none of that name; bundled ones: {', '.join(_bundled_names())}")
        path = asset("recipes", f"{text}.json")
    try:
        if path.stat().st_size > LARGEST_FILE_BYTES:
            raise RecipeInvalid(path.name, "it is too large for a recipe")
        written = path.read_text("utf-8-sig")
    except FileNotFoundError as error:
        raise RecipeInvalid(text, "there is no such file") from error
    except (OSError, UnicodeDecodeError) as error:
        raise RecipeInvalid(path.name, "it cannot be read as text") from error
    return from_json(written, path.stem)


def _bundled_names() -> list[str]:
    names = sorted(path.stem for path in asset("recipes").glob("*.json"))
    return sorted(names, key=lambda name: name != DEFAULT)


def bundled() -> list[Recipe]:
    """The recipes that come with Autochrome: `colorize`, then the others in the order of the steps they begin with."""
    order = list(STEPS)
    recipes = [load(name) for name in _bundled_names()]
    return sorted(recipes, key=lambda recipe: (recipe.name != DEFAULT, order.index(recipe.enabled[0].step)))
