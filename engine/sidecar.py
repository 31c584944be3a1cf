"""The side-car of a photo: its own recipe, hints and what its faces are to get, so that the work can be taken up next year."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from engine import companion
from engine.errors import RecipeInvalid, SettingInvalid, SidecarInvalid
from engine.face_wishes import FaceWish
from engine.hints import Hint
from engine.recipe import Recipe, from_dict

SUFFIX = ".autochrome.json"
FORMAT = 1
LARGEST_FILE_BYTES = 4_000_000


@dataclass(frozen=True)
class Sidecar:
    """What was decided for one photo.

    recipe, hints, faces: the photo's own. by_hand: True if somebody chose them (in the window); False if the command line only
    wrote down what it did. unknown: entries of a newer Autochrome, kept when the side-car is written again.
    """

    recipe: Recipe
    hints: tuple[Hint, ...] = ()
    by_hand: bool = True
    unknown: Mapping[str, Any] = field(default_factory=dict)
    faces: tuple[FaceWish, ...] = ()

    def to_json(self) -> str:
        known = {
            "autochrome_sidecar": FORMAT,
            "recipe": self.recipe.as_dict(),
            "hints": [asdict(hint) for hint in self.hints],
        } | ({"faces": [asdict(wish) for wish in self.faces]} if self.faces else {})
        return json.dumps(known | {"by_hand": self.by_hand} | dict(self.unknown), indent=2, ensure_ascii=False) + "\n"

    def write(self, photo: Path) -> Path:
        """Write it for `photo`, beside it or, where that cannot be written, in the user's data folder; returns where.

        Raises:
            OutputUnwritable: neither place can be written.
        """
        return companion.put(photo, SUFFIX, self.to_json().encode("utf-8"))


def beside(photo: Path) -> Path:
    """photo.jpg.autochrome.json, in the photo's folder."""
    return companion.beside(photo, SUFFIX)


def find(photo: Path) -> Path | None:
    """The side-car that counts for `photo`, None if it has none; see companion.py."""
    return companion.find(photo, SUFFIX)


def read(photo: Path) -> Sidecar | None:
    """The side-car of `photo`, None if it has none.

    Raises:
        SidecarInvalid: it is there and cannot be understood; it is never written over silently, so the caller decides.
    """
    path = find(photo)
    return None if path is None else _parsed(path)


def _parsed(path: Path) -> Sidecar:
    try:
        if path.stat().st_size > LARGEST_FILE_BYTES:
            raise SidecarInvalid(path, "the file is too large")
        written = json.loads(path.read_text("utf-8-sig"))
    except (OSError, ValueError, RecursionError) as error:
        raise SidecarInvalid(path, "it is not a JSON file") from error
    if not isinstance(written, dict) or written.get("autochrome_sidecar") != FORMAT:
        raise SidecarInvalid(path, "it was written by another version of Autochrome or another program")
    by_hand, hints, faces = written.get("by_hand", True), written.get("hints", []), written.get("faces", [])
    if not isinstance(by_hand, bool) or not isinstance(hints, list) or not isinstance(faces, list):
        raise SidecarInvalid(path, "“by_hand”, “hints” or “faces” is not what it should be")
    known = {"autochrome_sidecar", "recipe", "hints", "by_hand", "faces"}
    unknown = {key: value for key, value in written.items() if key not in known}
    try:
        recipe = from_dict(written.get("recipe"), path.name)
        return Sidecar(recipe, tuple(map(_hint, hints)), by_hand, unknown, tuple(map(_face, faces)))
    except (RecipeInvalid, SettingInvalid) as error:
        raise SidecarInvalid(path, error.sentence.rstrip(".")) from error


def _hint(written: object) -> Hint:
    """A Hint from its JSON. Raises SettingInvalid."""
    kinds: dict[str, tuple[type, ...]] = {"x": (int, float), "y": (int, float), "colour": (str,), "size": (int,)}
    if not isinstance(written, dict) or not {"x", "y", "colour"} <= set(written) <= set(kinds):
        raise SettingInvalid("hint", "it is not written as {x, y, colour, size}")
    if any(type(value) not in kinds[key] for key, value in written.items()):
        raise SettingInvalid("hint", "a place is a number, a colour a text like #a04020")
    return Hint(**written)


def _face(written: object) -> FaceWish:
    """A FaceWish from its JSON. Raises SettingInvalid."""
    kinds: dict[str, tuple[type, ...]] = {"x": (int, float), "y": (int, float), "treatment": (str,)}
    if not isinstance(written, dict) or set(written) != set(kinds):
        raise SettingInvalid("face", "it is not written as {x, y, treatment}")
    if any(type(value) not in kinds[key] for key, value in written.items()):
        raise SettingInvalid("face", "a place is a number, a treatment a word")
    return FaceWish(**written)
