"""The generators there are: those that come with Autochrome, then the user's own, which win where names are equal."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from engine.assets import asset
from engine.card import Card
from engine.errors import CardInvalid, EngineError, GeneratorMissing

_SCALE = " ×"
"""Between a kind and the scale that is asked for."""


def at_scale(kind: str, scale: int) -> str:
    """What is asked for where a generator of a kind must also have a scale: "upscale ×4". Everybody who takes a kind takes this."""
    return f"{kind}{_SCALE}{scale}"


def work_of(card: Card) -> str:
    """What a generator is there for: its kind, and of those that enlarge ("upscale") its scale. Others may stand in for it."""
    return at_scale(card.kind, card.scale) if card.kind == "upscale" else card.kind


def does(card: Card, wanted: str) -> bool:
    """Whether a generator does what is asked for: a kind, or a kind at a scale. A multiple of it does too: its answer is shrunk."""
    kind, _, scale = wanted.partition(_SCALE)
    return card.kind == kind and (not scale or card.scale % int(scale) == 0)


def does_exactly(card: Card, wanted: str) -> bool:
    """Whether it does so with nothing to shrink."""
    kind, _, scale = wanted.partition(_SCALE)
    return card.kind == kind and scale in ("", str(card.scale))


def kind_of(wanted: str) -> str:
    """The kind alone of what is asked for."""
    return wanted.partition(_SCALE)[0]


class ModelLibrary:
    """Cards found in folders, read once when made. A broken card never hides the others: it is told in `problems`.

    folders: the bundled one first, then the user's; None takes resources/models and `user_folder()`. A folder need not
    exist.
    """

    def __init__(self, folders: Sequence[Path] | None = None) -> None:
        self.folders = tuple(folders) if folders is not None else (asset("models"), user_folder())
        self.problems: list[EngineError] = []
        self._cards: dict[str, Card] = {}
        self._bundled: frozenset[str] = frozenset()
        for number, folder in enumerate(self.folders):
            found = self._found_in(folder)
            self._cards |= found
            if number == 0:
                self._bundled = frozenset(found)

    def cards(self) -> list[Card]:
        """All usable ones, by kind and then by name."""
        return sorted(self._cards.values(), key=lambda card: (card.kind, card.name))

    def find(self, name: str) -> Card:
        """The card of that name. Raises GeneratorMissing."""
        if name not in self._cards:
            raise GeneratorMissing(name, sorted(self._cards))
        return self._cards[name]

    def why_not(self, kinds: Iterable[str]) -> EngineError | None:
        """Why work that needs generators of all these `kinds` (some at a scale) cannot be done here; None where it can."""
        missing = [kind for kind in kinds if not any(does(card, kind) for card in self._cards.values())]
        return GeneratorMissing.of_kind(missing[0], self.folders[-1]) if missing else None

    def default_for(self, kind: str) -> Card:
        """What runs when the user has chosen none: the bundled one of the highest version, or else the user's.

        kind: may name a scale too, see `at_scale`. One of exactly that scale comes before one of a multiple.

        Raises:
            GeneratorMissing: there is none of that kind.
        """
        missing = self.why_not([kind])
        if missing is not None:
            raise missing
        candidates = [card for card in self.cards() if does(card, kind)]
        return max(
            candidates,
            key=lambda card: (does_exactly(card, kind), card.name in self._bundled, card.version, card.name),
        )

    def chosen_for(self, kind: str, chosen: Mapping[str, str]) -> Card:
        """What runs for `kind` (which may name a scale) where the user has chosen; chosen: kind, without scale -> name.

        The default for a kind without choice, and for a scale that the chosen one has not and another has.

        Raises:
            GeneratorMissing: there is none, or the chosen one is not there or of another kind.
        """
        if kind_of(kind) not in chosen:
            return self.default_for(kind)
        card = self.find(chosen[kind_of(kind)])
        if card.kind != kind_of(kind):
            known = [other.name for other in self.cards() if does(other, kind)]
            raise GeneratorMissing(f"{card.name} for {kind}", known)
        default = self.default_for(kind)
        chosen_serves = does_exactly(card, kind) or (does(card, kind) and not does_exactly(default, kind))
        return card if chosen_serves else default

    def _found_in(self, folder: Path) -> dict[str, Card]:
        """name -> card of one folder; of two with one name the first file counts."""
        found: dict[str, Card] = {}
        for path in sorted(folder.glob("*.json")):
            try:
                card = _complete_card(path)
            except EngineError as error:
                self.problems.append(error)
                continue
            if card.name in found:
                self.problems.append(CardInvalid(path, f"“{card.name}” is also the name of another one in that folder"))
                continue
            found[card.name] = card
        return found


def user_folder() -> Path:
    """Where the user's own generators lie; not created here."""
    import platformdirs

    return Path(platformdirs.user_data_dir("Autochrome", appauthor=False)) / "models"


def _complete_card(path: Path) -> Card:
    """A card whose files are there; their contents are checked when they are loaded. Raises CardInvalid."""
    card = Card.read(path)
    for name in card.files.values():
        if not (card.folder / name).is_file():
            raise CardInvalid(path, f"its file “{name}” is missing")
    return card
