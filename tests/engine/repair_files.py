"""Tiny repairers for tests, in one ONNX file and the same in two: white is damage, and is filled with the mean of what is round it.

card = write_repairer(tmp_path)                      # test-repair-encoder.onnx, test-repair-decoder.onnx, test-repair.json
card = write_repairer(tmp_path, unveils=True)        # what it may look through is half white, and it knows
card = write_repairer_in_one(tmp_path)               # the same answers from one file
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from engine.card import Card
from tests.engine.split_files import write_split
from tests.onnx_files import Graph, shape, write_generator

WHITE = 0.96
"""Where all channels reach this, damage is certain; it fades to none a tenth below."""
REACH_PX = 16
"""The mean is taken over squares of 2 · REACH_PX + 1."""
FIELDS: dict[str, Any] = {
    "kind": "repair",
    "multiple": 32,
    "minimum": 32,
    "working_size": 0,
    "inputs": {"image": "image", "guide": "guide"},
    "outputs": {"restored": "restored", "map": "map"},
}


def _found(graph: Graph, image: str) -> str:
    """(N, 1, H, W): 0 below WHITE - 0.1, 1 from WHITE on, by the darkest channel."""
    darkest = graph.op("ReduceMin", image, axes=[1], keepdims=1)
    risen = graph.mul(graph.add(darkest, graph.constant(0.1 - WHITE)), graph.constant(10.0))
    return graph.op("Clip", risen, graph.constant(0.0), graph.constant(1.0))


def _means(graph: Graph, value: str) -> str:
    side = 2 * REACH_PX + 1
    across = graph.op(
        "AveragePool", value, kernel_shape=[1, side], pads=[0, REACH_PX, 0, REACH_PX], count_include_pad=1
    )
    return graph.op("AveragePool", across, kernel_shape=[side, 1], pads=[REACH_PX, 0, REACH_PX, 0], count_include_pad=1)


def _filled(graph: Graph, picture: str, found: str, guide: str) -> tuple[str, str]:
    """restored and map of the contract: max(found, damaged)·(1 - sound), unknown above a half."""
    damaged, sound = graph.channel(guide, 0), graph.channel(guide, 1)
    likely = graph.mul(graph.op("Max", found, damaged), graph.op("Sub", graph.constant(1.0), sound))
    unknown = graph.op("Cast", graph.op("Greater", likely, graph.constant(0.5)), to=1)
    known = graph.op("Sub", graph.constant(1.0), unknown)
    seen = graph.mul(picture, known)
    mean = graph.op("Div", _means(graph, seen), graph.op("Max", _means(graph, known), graph.constant(1e-4)))
    return graph.add(seen, graph.mul(mean, unknown)), likely


def finder() -> Graph:
    graph = Graph()
    image = graph.input("image", shape(3))
    graph.output("picture", image, shape(3))
    graph.output("found", _found(graph, image), shape(1))
    return graph


def _unveiled(graph: Graph, picture: str, restored: str, guide: str) -> str:
    """Twice the picture less white where the word for damage is neither 0 nor 1, else `restored`."""
    word = graph.channel(guide, 0)
    veiled = graph.op(
        "And", graph.op("Greater", word, graph.constant(0.0)), graph.op("Less", word, graph.constant(1.0))
    )
    clear = graph.add(graph.mul(picture, graph.constant(2.0)), graph.constant(-1.0))
    return graph.op("Where", veiled, graph.op("Clip", clear, graph.constant(0.0), graph.constant(1.0)), restored)


def filler(unveils: bool = False) -> Graph:
    graph = Graph()
    picture, found, guide = (graph.input(name, shape(n)) for name, n in (("picture", 3), ("found", 1), ("guide", 2)))
    restored, likely = _filled(graph, picture, found, guide)
    if unveils:
        restored = _unveiled(graph, picture, restored, guide)
    graph.output("restored", restored, shape(3))
    graph.output("map", likely, shape(1))
    return graph


def in_one() -> Graph:
    graph = Graph()
    image, guide = graph.input("image", shape(3)), graph.input("guide", shape(2))
    restored, likely = _filled(graph, image, _found(graph, image), guide)
    graph.output("restored", restored, shape(3))
    graph.output("map", likely, shape(1))
    return graph


def write_repairer(folder: Path, name: str = "test-repair", unveils: bool = False, **fields: Any) -> Card:
    """`finder()` and `filler()` and their card in `folder`; `fields` replace the card's."""
    halves = {"first": finder(), "second": filler(unveils)}
    for graph in halves.values():
        graph.metadata = {"kind": "repair"}
    return write_split(folder, name, **halves, **(FIELDS | fields))


def write_repairer_in_one(folder: Path, name: str = "test-repair-one", **fields: Any) -> Card:
    return write_generator(folder, in_one(), name, **(FIELDS | fields))


def line(height: int, width: int, seed: int = 0) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """(H, W): a thin scratch from edge to edge."""
    ends = np.random.default_rng(seed).random(2)
    columns = np.rint(np.linspace(*ends, height) * (width - 1)).astype(int)
    mask = np.zeros((height, width), bool)
    mask[np.arange(height), columns] = True
    return mask
