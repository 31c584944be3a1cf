"""A generator's card: the JSON beside the ONNX file that says what it is, needs, was made from and is good for.

The file is one flat JSON object; every key below but the last is required and no other is allowed:

    name, title, kind, version, files, size, sha256, contract, inputs, outputs, range, scale, multiple, minimum,
    working_size, opset, producer, trained_on, terms, licence, figures, limits, parameters, made_by, overlap
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from engine.atomic import write_atomically
from engine.errors import CardInvalid

CONTRACT = 1
KINDS = ("colorize", "repair", "clean", "upscale", "tone", "age", "detector")
RANGES = ("rgb 0..1", "rgb 0..255", "bgr 0..1", "bgr 0..255")
GUIDE_CHANNELS = {"colorize": 3, "repair": 2}
"""How many channels `guide` has, for the kinds that may take one: DESIGN.md, "The contract of a generator"."""
OVERLAP_PX = 32

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_FILE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,95}\.onnx")
_SHA256 = re.compile(r"[0-9a-f]{64}")
_LARGEST_CARD_BYTES = 1_000_000


@dataclass(frozen=True)
class MadeBy:
    """How the file came to be: git commit, run configuration, seconds of training, machine in words."""

    commit: str
    config: str
    seconds: float
    machine: str


@dataclass(frozen=True)
class Card:
    """What a generator says about itself; checked when made, so that a Card in hand keeps the contract.

    name: its word on the command line, letters, digits, dots, dashes. title: its name in the window.
    kind: one of KINDS. version: 1, 2, …; of two bundled ones the higher is the default.
    files: {"generator": "name.onnx"}, or {"encoder": …, "decoder": …}; plain names, in the card's own folder.
    size, sha256: bytes and lower-case hex digest of each of those files.
    contract: version of DESIGN.md's contract, 1.
    inputs, outputs: the contract's word -> the tensor's name in the file: {"image": "image", "guide": "guide"}.
    range: one of RANGES; what the file takes and gives. scale: output pixels per input pixel along a side, 1..4.
    multiple, minimum: sides must be multiples of the one and at least the other, in input pixels.
    working_size: short side in pixels it was trained for; 0 for one that works at any size, tile by tile.
    opset, producer: of the ONNX file. trained_on: sets of photographs. terms: what their owners ask.
    licence: of the file itself. figures: what was measured, {"val_psnr_db": 23.8}. limits: where it fails, in words.
    parameters: how many numbers it holds. overlap: how many pixels neighbouring tiles share, as much as it looks round a
    place; written where it differs from OVERLAP_PX. path: where the card was read from, None before; not part of the JSON.

    Raises:
        CardInvalid: on creation, if a field has the wrong type or a value that the contract does not allow.
    """

    name: str
    title: str
    kind: str
    version: int
    files: Mapping[str, str]
    size: Mapping[str, int]
    sha256: Mapping[str, str]
    contract: int
    inputs: Mapping[str, str]
    outputs: Mapping[str, str]
    range: str
    scale: int
    multiple: int
    minimum: int
    working_size: int
    opset: int
    producer: str
    trained_on: tuple[str, ...]
    terms: str
    licence: str
    figures: Mapping[str, float]
    limits: str
    parameters: int
    made_by: MadeBy
    overlap: int = OVERLAP_PX
    path: Path | None = field(default=None, compare=False, repr=False)

    def __post_init__(self) -> None:
        reason = _what_is_wrong(self)
        if reason:
            raise CardInvalid(self.path or Path(f"{self.name}.json"), reason)

    @classmethod
    def read(cls, path: Path) -> Card:
        """The card in a JSON file; the generator's own file is not touched.

        Raises:
            CardInvalid: unreadable, not JSON, unknown or missing keys, or a value that the contract does not allow.
        """
        content = _read_object(path)
        try:
            made_by = _take(MadeBy, content.pop("made_by", None), "made_by")
            values = _take_keys({"overlap": OVERLAP_PX} | content, _KEYS - {"made_by"}, "")
        except ValueError as error:
            raise CardInvalid(path, error.args[0]) from None
        if isinstance(values["trained_on"], list):
            values["trained_on"] = tuple(values["trained_on"])
        return cls(**values, made_by=made_by, path=path)

    def write(self, path: Path) -> None:
        """Write the card as JSON, keys in the order above, whole or not at all; an older card there is replaced.

        Raises:
            OutputUnwritable: the disk or its owner has something against it.
        """
        content = {key: _plain(getattr(self, key)) for key in _ORDERED_KEYS}
        if self.overlap == OVERLAP_PX:
            del content["overlap"]
        text = json.dumps(content, indent=2, ensure_ascii=False, allow_nan=False)
        write_atomically(path, (text + "\n").encode("utf-8"), overwrite=True)

    @property
    def folder(self) -> Path:
        """Where the card and its files lie. Raises ValueError for a card that was not read from a file."""
        if self.path is None:
            raise ValueError(f"the card {self.name} was not read from a file")
        return self.path.parent

    @property
    def takes_guide(self) -> bool:
        """Whether it can follow hints (colorize) or marks (repair)."""
        return "guide" in self.inputs

    @property
    def digest(self) -> str:
        """What tells this generator from every other: the sha256 of its file (of two: joined by "+")."""
        return "+".join(self.sha256[role] for role in sorted(self.sha256))

    @property
    def metadata_props(self) -> dict[str, str]:
        """What the ONNX file's own metadata must say, so that one that lost its card still says what it is."""
        return {"autochrome.contract": str(self.contract), "kind": self.kind, "name": self.name}


_ORDERED_KEYS = tuple(item.name for item in fields(Card) if item.name != "path")
_KEYS = frozenset(_ORDERED_KEYS)


def _read_object(path: Path) -> dict[str, Any]:
    """The JSON object in `path`; duplicate keys and NaN are refused, since readers disagree about them."""
    try:
        with path.open("rb") as file:
            data = file.read(_LARGEST_CARD_BYTES + 1)
    except OSError as error:
        raise CardInvalid(path, "it cannot be opened") from error
    if len(data) > _LARGEST_CARD_BYTES:
        raise CardInvalid(path, "it is too large to be a card")
    try:
        content = json.loads(data.decode("utf-8-sig"), object_pairs_hook=_once, parse_constant=_no_constant)
    except _Refused as error:
        raise CardInvalid(path, error.args[0]) from None
    except (ValueError, RecursionError) as error:
        raise CardInvalid(path, "it is not JSON") from error
    if not isinstance(content, dict):
        raise CardInvalid(path, "it is not a JSON object")
    return content


class _Refused(ValueError):
    """JSON that a strict reader does not take; its text is a reason."""


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    content: dict[str, Any] = {}
    for key, value in pairs:
        if key in content:
            raise _Refused(f"“{key}” is there twice")
        content[key] = value
    return content


def _no_constant(word: str) -> float:
    raise _Refused(f"{word} is not a number")


def _take(kind: type[MadeBy], content: object, where: str) -> MadeBy:
    if content is None:
        raise ValueError(f"“{where}” is missing")
    if not isinstance(content, dict):
        raise ValueError(f"“{where}” must be an object")
    return kind(**_take_keys(content, {item.name for item in fields(kind)}, f"{where}."))


def _take_keys(content: dict[str, Any], known: set[str] | frozenset[str], prefix: str) -> dict[str, Any]:
    """`content` if it has exactly the `known` keys; ValueError with a reason otherwise."""
    unknown = sorted(content.keys() - known)
    if unknown:
        raise ValueError(f"“{prefix}{unknown[0]}” is not a word of a card")
    missing = sorted(known - content.keys())
    if missing:
        raise ValueError(f"“{prefix}{missing[0]}” is missing")
    return content


def _plain(value: Any) -> Any:
    if isinstance(value, MadeBy):
        return {item.name: getattr(value, item.name) for item in fields(value)}
    if isinstance(value, Mapping):
        return dict(value)
    return list(value) if isinstance(value, tuple) else value


def _is(value: object, kind: type) -> bool:
    """JSON's idea of type: true is no number, 3 is also a float."""
    if isinstance(value, bool):
        return kind is bool
    if kind is float:
        return isinstance(value, int | float)
    return isinstance(value, kind)


def _what_is_wrong(card: Card) -> str:
    """The first thing in which a card does not keep the contract, as words that follow "…: "; "" if nothing."""
    return _wrong_type(card) or _wrong_value(card) or _wrong_files(card) or _wrong_tensors(card)


def _wrong_type(card: Card) -> str:
    for kind, word, keys in (
        (str, "text", "name title kind range producer terms licence limits"),
        (int, "a whole number", "version contract scale multiple minimum working_size opset parameters overlap"),
        (tuple, "a list", "trained_on"),
        (Mapping, "an object", "files size sha256 inputs outputs figures"),
        (MadeBy, "an object", "made_by"),
    ):
        for key in keys.split():
            if not _is(getattr(card, key), kind):
                return f"“{key}” must be {word}"
    for held, word, keys in (
        (str, "text", "files sha256 inputs outputs"),
        (int, "whole numbers", "size"),
        (float, "numbers", "figures"),
    ):
        for key in keys.split():
            if not all(_is(value, held) for value in getattr(card, key).values()):
                return f"“{key}” must hold {word}"
    if not all(isinstance(item, str) for item in card.trained_on):
        return "“trained_on” must hold text"
    made = card.made_by
    if not (
        _is(made.seconds, float) and all(isinstance(text, str) for text in (made.commit, made.config, made.machine))
    ):
        return "“made_by” must hold commit, config and machine as text and seconds as a number"
    if not all(abs(value) < math.inf for value in (*card.figures.values(), card.made_by.seconds)):
        return "“figures” and “made_by.seconds” must be finite numbers"
    return ""


def _wrong_value(card: Card) -> str:
    if not _NAME.fullmatch(card.name):
        return "“name” must be letters, digits, dots and dashes"
    if card.contract != CONTRACT:
        return f"it is written for contract {card.contract}, this Autochrome knows {CONTRACT}"
    for key, value, known in (("kind", card.kind, KINDS), ("range", card.range, RANGES)):
        if value not in known:
            return f"“{key}” is “{value}” and must be one of {', '.join(known)}"
    for key, low, high in (
        ("version", 1, 1_000_000),
        ("scale", 1, 4),
        ("multiple", 1, 256),
        ("minimum", 1, 1024),
        ("working_size", 0, 8192),
        ("opset", 7, 1000),
        ("parameters", 0, 10**12),
        ("overlap", 0, 512),
    ):
        if not low <= getattr(card, key) <= high:
            return f"“{key}” is {getattr(card, key)} and must be between {low} and {high}"
    if card.kind == "colorize" and (32 % card.multiple or card.scale != 1):
        return "a colorize generator has scale 1 and a “multiple” that divides 32"
    if card.kind == "repair" and card.scale != 1:
        return "a repair generator has scale 1"
    return ""


def _wrong_files(card: Card) -> str:
    if set(card.files) not in ({"generator"}, {"encoder", "decoder"}):
        return "“files” must name a generator, or an encoder and a decoder"
    if not card.files.keys() == card.size.keys() == card.sha256.keys():
        return "“files”, “size” and “sha256” must name the same files"
    if len({name.lower() for name in card.files.values()}) != len(card.files):
        return "“files” names one file twice"
    for role, name in card.files.items():
        if not _FILE.fullmatch(name) or ".." in name:
            return f"“{name}” is not a plain name of an ONNX file"
        if not 1 <= card.size[role] <= 2**31:
            return f"the size of “{name}” must be between 1 byte and 2 GB"
        if not _SHA256.fullmatch(card.sha256[role]):
            return f"the sha256 of “{name}” must be 64 lower-case hexadecimal digits"
    return ""


def _wrong_tensors(card: Card) -> str:
    result = "boxes" if card.kind == "detector" else "restored"
    for key, needed, allowed in (
        ("inputs", "image", {"image", "guide", "style"}),
        ("outputs", result, {result, "map"} - ({"map"} if card.kind == "detector" else set())),
    ):
        names = getattr(card, key)
        if needed not in names:
            return f"“{key}” must name “{needed}”"
        if not names.keys() <= allowed:
            return f"“{key}” names “{min(names.keys() - allowed)}”, which the contract does not know"
        if len(set(names.values())) != len(names):
            return f"“{key}” names one tensor twice"
    if "guide" in card.inputs and card.kind not in GUIDE_CHANNELS:
        return f"a {card.kind} generator takes no guide"
    return ""
