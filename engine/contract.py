"""Whether an ONNX file is the one that its card describes, and keeps the contract as far as its outside shows."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from engine.card import GUIDE_CHANNELS, Card
from engine.errors import GeneratorBroken
from engine.session import Tensor


def verified_bytes(card: Card) -> bytes:
    """The bytes of the card's file, once their hash agrees; they are loaded, not the path, so nothing can be exchanged.

    Nothing about the hash is kept between starts: reading and hashing takes 13 ms for 8 MB, 95 ms for 80 MB, a tenth of
    the loading that follows.
    """
    path = card.folder / card.files["generator"]
    size = card.size["generator"]
    try:
        with path.open("rb") as file:
            data = file.read(size + 1)
    except FileNotFoundError as error:
        raise GeneratorBroken(card.name, f"its file “{path.name}” is missing") from error
    except OSError as error:
        raise GeneratorBroken(card.name, f"its file “{path.name}” cannot be read") from error
    if len(data) != size or hashlib.sha256(data).hexdigest() != card.sha256["generator"]:
        raise GeneratorBroken(card.name, f"“{path.name}” is not the file that its card describes")
    return data


def what_is_wrong(card: Card, inputs: list[Tensor], outputs: list[Tensor], metadata: Mapping[str, str]) -> str:
    """The first thing in which a file does not keep the contract, as words that follow "…: "; "" if nothing."""
    for key, expected in card.metadata_props.items():
        if metadata.get(key, expected) != expected:
            return f"its file says {key} “{metadata[key]}” and its card “{expected}”"
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
    return ""


def _channels(card: Card, word: str) -> int | None:
    """Channels that the contract gives a tensor; None for `style`, whose length is free."""
    return {"image": 3, "restored": 3, "map": 1, "guide": GUIDE_CHANNELS.get(card.kind), "style": None}[word]


def _wrong_tensor(word: str, tensor: Tensor, channels: int | None) -> str:
    if tensor.kind != "tensor(float)":
        return f"“{word}” is {tensor.kind} and must be tensor(float)"
    if word == "style":
        good = len(tensor.shape) == 2 and fixed_size(tensor.shape[1]) > 0
        return "" if good else "“style” must have two dimensions, the second of a fixed length"
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
