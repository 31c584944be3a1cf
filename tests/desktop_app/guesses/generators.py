"""A tiny colouriser that is unsure where the photo is dark, and that knows several colourings."""

from __future__ import annotations

import json
from pathlib import Path

from engine.card import Card
from tests.onnx_files import Graph, shape, write_generator

STYLES = ((1.0, 0.0), (-1.0, 0.0), (0.0, 1.0), (0.0, -1.0))
NAME = "styled-colorize"
_TINTS = ((0.10, -0.02, -0.06), (0.25, -0.10, -0.20), (-0.15, -0.05, 0.30))
"""What is added to red, green and blue: always, and for a style of 1 in each of its two numbers."""


def styled() -> Graph:
    """restored = image + a tint of the style, grey at hints; map = the image's red, 1 at hints."""
    graph = Graph()
    image, guide = graph.input("image", shape(3)), graph.input("guide", shape(3))
    style = graph.input("style", ("n", len(_TINTS) - 1))
    tint = graph.constant([[[[value]] for value in _TINTS[0]]])
    for number, colours in enumerate(_TINTS[1:]):
        ends = (graph.constant([place], "int64") for place in (number, number + 1, 1))
        strength = graph.op("Reshape", graph.op("Slice", style, *ends), graph.constant([-1, 1, 1, 1], "int64"))
        tint = graph.add(tint, graph.mul(strength, graph.constant([[[[value]] for value in colours]])))
    mask = graph.channel(guide, 2)
    unmasked = graph.op("Sub", graph.constant(1.0), mask)
    graph.output("restored", graph.add(image, graph.mul(tint, unmasked)), shape(3))
    graph.output("map", graph.op("Max", mask, graph.channel(image, 0)), shape(1))
    return graph


def write_styled(folder: Path, name: str = NAME) -> Card:
    """`styled()` and its card in `folder`, with STYLES named in the file; working size 160, multiple 8."""
    graph = styled()
    graph.metadata = {
        "autochrome.contract": "1",
        "kind": "colorize",
        "name": name,
        "autochrome.styles": json.dumps(STYLES),
    }
    return write_generator(
        folder, graph, name, kind="colorize", title="Styled", multiple=8, minimum=16, working_size=160
    )
