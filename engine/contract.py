"""Whether ONNX files are the ones that their card describes, and keep the contract as far as their outsides show."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Protocol

from engine.card import GUIDE_CHANNELS, Card
from engine.errors import GeneratorBroken
from engine.session import Tensor
from engine.styles import styles_of

PICTURE, FOUND = "picture", "found"
"""What the encoder of a `repair` generator gives: the image itself, and how likely each place is damaged (N, 1, H, W). The
engine puts a mask of its own in the place of the second."""


BOX_NUMBERS = 15
"""What a detector says of a face: x, y, width, height of its box, five landmarks x, y, its score."""


class Outside(Protocol):
    """What shows of a loaded file; a Session has it."""

    inputs: list[Tensor]
    outputs: list[Tensor]
    metadata: Mapping[str, str]


def verified_bytes(card: Card, role: str) -> bytes:
    """The bytes of one of the card's files, once their hash agrees; they are loaded, not the path, so nothing can be exchanged.

    role: of the file in `card.files`.

    Nothing about the hash is kept between starts: reading and hashing takes 13 ms for 8 MB, 95 ms for 80 MB, a tenth of
    the loading that follows.
    """
    path = card.folder / card.files[role]
    size = card.size[role]
    try:
        with path.open("rb") as file:
            data = file.read(size + 1)
    except FileNotFoundError as error:
        raise GeneratorBroken(card.name, f"its file “{path.name}” is missing") from error
    except OSError as error:
        raise GeneratorBroken(card.name, f"its file “{path.name}” cannot be read") from error
    if len(data) != size or hashlib.sha256(data).hexdigest() != card.sha256[role]:
        raise GeneratorBroken(card.name, f"“{path.name}” is not the file that its card describes")
    return data


def what_is_wrong(card: Card, inputs: list[Tensor], outputs: list[Tensor], metadata: Mapping[str, str]) -> str:
    """The first thing in which a file does not keep the contract, as words that follow "…: "; "" if nothing."""
    reason = _wrong_words(card, metadata)
    if reason:
        return reason
    for tensors, names, what in ((inputs, card.inputs, "takes"), (outputs, card.outputs, "gives")):
        there = {tensor.name for tensor in tensors}
        missing, unknown = set(names.values()) - there, there - set(names.values())
        if missing:
            return f"its card says that it {what} “{min(missing)}”, its file does not"
        if unknown and what == "takes":  # an output nobody asked for does no harm
            return f"its file takes “{min(unknown)}”, which its card does not name"
        by_name = {tensor.name: tensor for tensor in tensors}
        for word, name in names.items():
            reason = _wrong_tensor(word, by_name[name], _channels(card, word))
            if reason:
                return reason
    try:
        styles_of(metadata, next((fixed_size(t.shape[1]) for t in inputs if t.name == card.inputs.get("style")), 0))
    except ValueError as error:
        return str(error)
    return ""


def what_is_wrong_between(card: Card, encoder: Outside, decoder: Outside) -> str:
    """The first thing in which two files do not fit together as `card` has it, as words that follow "…: "; "" if nothing.

    What they are together, as seen from outside, is for `what_is_wrong`.
    """
    reason = _wrong_words(card, encoder.metadata) or _wrong_words(card, decoder.metadata)
    if reason:
        return reason
    if [tensor.name for tensor in encoder.inputs] != [card.inputs["image"]]:
        return f"its encoder takes {_listed(encoder.inputs)} and must take “{card.inputs['image']}” alone"
    taken = {tensor.name: tensor for tensor in decoder.inputs}
    if not encoder.outputs:
        return "its encoder gives nothing"
    names = {tensor.name for tensor in encoder.outputs}
    if card.kind == "repair" and names != {PICTURE, FOUND}:
        return f"its encoder gives {_listed(encoder.outputs)} and must give “{PICTURE}” and “{FOUND}”"
    for given in encoder.outputs:
        if given.name not in taken or given.name in card.inputs.values():
            return f"its encoder gives “{given.name}”, which its decoder does not take"
        for tensor in (given, taken.pop(given.name)):
            reason = _wrong_features(tensor, given)
            if reason:
                return reason
    unknown = taken.keys() - {name for word, name in card.inputs.items() if word != "image"}
    if unknown:
        return f"its decoder takes “{min(unknown)}”, which neither its encoder gives nor its card names"
    return ""


def _listed(tensors: list[Tensor]) -> str:
    return ", ".join(f"“{tensor.name}”" for tensor in tensors) or "nothing"


def _wrong_features(tensor: Tensor, given: Tensor) -> str:
    """What is wrong with features as the encoder gives or the decoder takes them, next to how they are `given`."""
    if tensor.kind != "tensor(float)":
        return f"“{tensor.name}” is {tensor.kind} and must be tensor(float)"
    if len(tensor.shape) != 4:
        return f"“{tensor.name}” must have four dimensions"
    if fixed_size(tensor.shape[2]) or fixed_size(tensor.shape[3]):
        return f"“{tensor.name}” has a fixed size, but photos have every size"
    channels, others = fixed_size(tensor.shape[1]), fixed_size(given.shape[1])
    if channels and others and channels != others:
        return f"its encoder gives “{tensor.name}” with {others} channels and its decoder takes {channels}"
    return ""


def _wrong_words(card: Card, metadata: Mapping[str, str]) -> str:
    """Where a file's own metadata contradict its card."""
    for key, expected in card.metadata_props.items():
        if metadata.get(key, expected) != expected:
            return f"its file says {key} “{metadata[key]}” and its card “{expected}”"
    return ""


def _channels(card: Card, word: str) -> int | None:
    """Channels that the contract gives a tensor; None for `style`, whose length is free, and for `boxes`, which has none."""
    return {"image": 3, "restored": 3, "map": 1, "guide": GUIDE_CHANNELS.get(card.kind)}.get(word)


def _wrong_tensor(word: str, tensor: Tensor, channels: int | None) -> str:
    if tensor.kind != "tensor(float)":
        return f"“{word}” is {tensor.kind} and must be tensor(float)"
    if word == "style":
        good = len(tensor.shape) == 2 and fixed_size(tensor.shape[1]) > 0
        return "" if good else "“style” must have two dimensions, the second of a fixed length"
    if word == "boxes":
        good = len(tensor.shape) == 3 and fixed_size(tensor.shape[2]) in (0, BOX_NUMBERS)
        return "" if good else f"“boxes” must have three dimensions, the third of {BOX_NUMBERS} numbers"
    is_input = word in ("image", "guide")
    if len(tensor.shape) != 4:
        return "" if not is_input and not tensor.shape else f"“{word}” must have four dimensions"
    if tensor.shape[1] != channels and (is_input or fixed_size(tensor.shape[1])):
        return f"“{word}” has {tensor.shape[1]} channels and must have {channels}"
    if is_input and (fixed_size(tensor.shape[2]) or fixed_size(tensor.shape[3])):
        return f"“{word}” has a fixed size, but photos have every size"
    return ""


def fixed_size(dimension: int | str | None) -> int:
    """A dimension that is a number; 0 for a free one."""
    return dimension if isinstance(dimension, int) else 0
