"""Tiny colourisers with styles for tests, in one ONNX file and the same in two: an encoder and a decoder.

card = write_split(tmp_path)                        # test-split-encoder.onnx, test-split-decoder.onnx, test-split.json
card = write_styled(tmp_path)                       # the same answers from one file
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import numpy as np

from engine.card import Card
from tests.onnx_files import TINT, Graph, _cube_root_of_luminance, _lab_to_srgb, card_of, shape, write_generator

STYLE_LENGTH = 2
PUSH = 40.0
"""How far in a*, b* a style of 1 moves what is lighter than the middle."""
FIELDS = {"multiple": 8, "minimum": 16, "working_size": 64}
QUARTER = ("n", 1, "h4", "w4")


def _encoded(graph: Graph, image: str) -> tuple[str, str]:
    """f(Y) of CIE Lab (N, 1, H, W), and its means over squares of four pixels (N, 1, H/4, W/4)."""
    root = _cube_root_of_luminance(graph, image)
    return root, graph.op("AveragePool", root, kernel_shape=[4, 4], strides=[4, 4])


def _decoded(graph: Graph, root: str, means: str, guide: str, style: str) -> tuple[str, str]:
    """restored: a*b* = TINT, plus PUSH · style where the means are light, or the guide's. map: darker is surer; 1 at hints."""
    scales = graph.constant([1, 1, 4, 4])
    large = graph.op("Resize", means, "", scales, mode="nearest")
    light = graph.op("Cast", graph.op("Greater", large, graph.constant(0.6)), to=1)
    mask = graph.channel(guide, 2)
    unmasked = graph.op("Sub", graph.constant(1.0), mask)
    pushed = graph.op("Reshape", style, graph.constant([-1, STYLE_LENGTH, 1, 1], np.int64))
    chroma = []
    for i in (0, 1):
        push = graph.mul(light, graph.mul(graph.channel(pushed, i), graph.constant(PUSH)))
        own = graph.mul(unmasked, graph.add(push, graph.constant(TINT[i])))
        said = graph.mul(mask, graph.mul(graph.channel(guide, i), graph.constant(110.0)))
        chroma.append(graph.add(said, own))
    sure = graph.op("Max", mask, graph.op("Sub", graph.constant(1.0), large))
    return _lab_to_srgb(graph, root, *chroma), sure


def styled(styles: object = None) -> Graph:
    """All of it in one graph; styles: what its metadata names, None for no entry."""
    graph = Graph()
    image, guide = graph.input("image", shape(3)), graph.input("guide", shape(3))
    style = graph.input("style", ("n", STYLE_LENGTH))
    restored, sure = _decoded(graph, *_encoded(graph, image), guide, style)
    graph.output("restored", restored, shape(3))
    graph.output("map", sure, shape(1))
    _name(graph, styles)
    return graph


def encoder() -> Graph:
    graph = Graph()
    root, means = _encoded(graph, graph.input("image", shape(3)))
    graph.output("root", root, shape(1))
    graph.output("means", means, QUARTER)
    return graph


def decoder(styles: object = None) -> Graph:
    graph = Graph()
    root, means = graph.input("root", shape(1)), graph.input("means", QUARTER)
    guide, style = graph.input("guide", shape(3)), graph.input("style", ("n", STYLE_LENGTH))
    restored, sure = _decoded(graph, root, means, guide, style)
    graph.output("restored", restored, shape(3))
    graph.output("map", sure, shape(1))
    _name(graph, styles)
    return graph


def _name(graph: Graph, styles: object) -> None:
    if styles is not None:
        graph.metadata["autochrome.styles"] = json.dumps(styles)


def write_styled(folder: Path, name: str = "test-styled", styles: object = None, **fields: Any) -> Card:
    """`styled()` and its card in `folder`: kind colorize, working size 64, multiple 8."""
    graph = styled(styles)
    graph.metadata |= {"autochrome.contract": "1", "kind": "colorize", "name": name}
    return write_generator(folder, graph, name, "colorize", **(FIELDS | fields))


def write_split(
    folder: Path,
    name: str = "test-split",
    styles: object = None,
    *,
    first: Graph | None = None,
    second: Graph | None = None,
    **fields: Any,
) -> Card:
    """`first` and `second`, or `encoder()` and `decoder(styles)`, and their card in `folder`; `fields` replace the card's."""
    folder.mkdir(parents=True, exist_ok=True)
    words = {"autochrome.contract": "1", "kind": "colorize", "name": name}
    data = {}
    for role, graph in (("encoder", first or encoder()), ("decoder", second or decoder(styles))):
        graph.metadata = words | graph.metadata
        data[role] = graph.model().SerializeToString()
        (folder / f"{name}-{role}.onnx").write_bytes(data[role])
    written = {
        "files": {role: f"{name}-{role}.onnx" for role in data},
        "size": {role: len(content) for role, content in data.items()},
        "sha256": {role: hashlib.sha256(content).hexdigest() for role, content in data.items()},
        "inputs": {word: word for word in ("image", "guide", "style")},
        "outputs": {word: word for word in ("restored", "map")},
        "kind": "colorize",
        "name": name,
    }
    card_of(**(written | FIELDS | fields)).write(folder / f"{name}.json")
    return Card.read(folder / f"{name}.json")
