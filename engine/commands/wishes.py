"""What is to be done with each photo: the command line's recipe and settings, and what the photo's side-car remembers."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from engine import sidecar
from engine.commands.masks import Mask, Masks
from engine.errors import OutputUnwritable, SettingInvalid, SidecarInvalid
from engine.face_wishes import FaceWish
from engine.hints import Hint
from engine.recipe import DEFAULT, Recipe, load
from engine.sidecar import Sidecar
from engine.steps import STEPS


@dataclass(frozen=True)
class Wish:
    """recipe, hints, faces, mask: what is done with the photo. remembered: its side-car or None. notes: for the reader.

    writes: whether what is done is written down: never over somebody's own choice, nor over what could not be read, nor where
    nothing was decided (the default recipe, and no side-car yet), so that a plain run leaves no files among the originals.
    """

    recipe: Recipe
    hints: tuple[Hint, ...] = ()
    mask: Mask | None = None
    remembered: Sidecar | None = None
    notes: tuple[str, ...] = ()
    writes: bool = False
    faces: tuple[FaceWish, ...] = ()


class Wishes:
    """Photo -> Wish, for the arguments of one run.

    recipe: --recipe, None if not given; as an attribute: the recipe asked for, with its changes. changes: of --set, each
    "step.field=value". sidecars: False for --no-sidecar. masks: where a photo's mask is found.

    Raises:
        RecipeInvalid, SettingInvalid: on creation, if recipe or changes cannot be used, or if a mask is asked for that no step
        takes.
    """

    def __init__(self, recipe: str | None, changes: list[str], sidecars: bool, masks: Masks | None = None) -> None:
        self._changes = [_split(change) for change in changes]
        self.recipe = self._changed(load(recipe or DEFAULT))
        self._asked_for = recipe is not None
        self._sidecars = sidecars
        self._masks = masks or Masks(sidecars=sidecars)
        if self._masks.asked is not None and not _takes_marks(self.recipe):
            raise SettingInvalid("mask", f"no step of the recipe “{self.recipe.name}” takes a mask")
        self._known: dict[Path, Wish] = {}

    def of(self, source: Path) -> Wish:
        if source not in self._known:
            wish = self._look_up(source)
            mask = self._masks.of(source) if _takes_marks(wish.recipe) else None
            self._known[source] = replace(wish, mask=mask)
        return self._known[source]

    def remember(self, source: Path) -> str:
        """Write down what was done with a photo, where that is allowed; returns a note if that went wrong, else ""."""
        wish = self.of(source)
        old = wish.remembered
        unknown = {} if old is None else old.unknown
        new = Sidecar(wish.recipe, wish.hints, by_hand=False, unknown=unknown, faces=wish.faces)
        if not wish.writes or new == old:
            return ""
        try:
            new.write(source)
        except OutputUnwritable as error:
            return error.sentence
        return ""

    def _look_up(self, source: Path) -> Wish:
        if not self._sidecars:
            return Wish(self.recipe)
        try:
            remembered = sidecar.read(source)
        except SidecarInvalid as error:
            return Wish(self.recipe, notes=(error.sentence,))
        if remembered is None:
            return Wish(self.recipe, writes=self.recipe != load(DEFAULT))
        recipe, notes = self.recipe, []
        if remembered.by_hand and not self._asked_for:
            try:
                recipe = self._changed(remembered.recipe)
                notes.append("with the recipe of its side-car")
            except SettingInvalid:
                notes.append("the recipe of its side-car lacks a step that --set names, so it was not taken")
        elif remembered.by_hand:
            recipe = self.recipe.in_place_of(remembered.recipe)
            if recipe != self.recipe:
                notes.append("with what was chosen by eye for it")
        if remembered.hints and any(STEPS[entry.step].uses_hints for entry in recipe.enabled):
            count = len(remembered.hints)
            notes.append(f"with {count} {'hint' if count == 1 else 'hints'} of its side-car")
        return Wish(
            recipe,
            remembered.hints,
            None,
            remembered,
            tuple(notes),
            writes=not remembered.by_hand,
            faces=remembered.faces,
        )

    def _changed(self, recipe: Recipe) -> Recipe:
        for key, text in self._changes:
            recipe = recipe.with_text(key, text)
        return recipe


def _takes_marks(recipe: Recipe) -> bool:
    return any(STEPS[entry.step].uses_marks for entry in recipe.enabled)


def _split(change: str) -> tuple[str, str]:
    key, equals, text = change.partition("=")
    if not equals:
        raise SettingInvalid(change, "it is not written as step.field=value")
    return key.strip(), text.strip()
