"""A tiny real ONNX detector for tests: every bright square of 32 pixels is a face."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from engine.card import Card
from tests.onnx_files import Graph, shape, write_generator

CELL = 32
LANDMARKS = ((8, 8), (24, 8), (16, 16), (10, 26), (22, 26))
"""Where in its square a face has them."""


def spotter(numbers: int = 15) -> Graph:
    """boxes: the grid of squares, the mean of red as the score; `numbers`: how many of the 15 it gives."""
    graph = Graph()
    red = graph.channel(graph.input("image", shape(3)), 0)
    score = graph.op("AveragePool", red, kernel_shape=[CELL, CELL], strides=[CELL, CELL])
    ones = graph.add(graph.mul(score, graph.constant(0.0)), graph.constant(1.0))

    def place(axis: int) -> str:
        count = graph.op("CumSum", ones, graph.constant(axis, np.int64))
        return graph.mul(graph.add(count, graph.constant(-1.0)), graph.constant(CELL))

    x, y = place(3), place(2)
    side = graph.mul(ones, graph.constant(CELL))
    marks = [graph.add(axis, graph.constant(at[i])) for at in LANDMARKS for i, axis in enumerate((x, y))]
    rows = graph.op("Concat", *[x, y, side, side, *marks, score][:numbers], axis=1)
    flat = graph.op("Reshape", rows, graph.constant([0, numbers, -1], np.int64))
    graph.output("boxes", graph.op("Transpose", flat, perm=[0, 2, 1]), ("n", "m", numbers))
    return graph


def write_detector(folder: Path, graph: Graph | None = None, **fields: Any) -> Card:
    """`spotter()` and its card in `folder`."""
    fields = {"multiple": CELL, "minimum": 2 * CELL} | fields
    return write_generator(folder, graph or spotter(), "spotter", kind="detector", **fields)
