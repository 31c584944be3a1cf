"""Tiny ONNX files that break the contract of a generator, each in one way, beside a card that describes a sound one.

for name in BREAKS: write_broken(tmp_path, name)    # the card is fine, the file is not
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from onnx import TensorProto

from engine.card import Card
from tests.onnx_files import Graph, colorizer, multiply, shape, upscale_x2, write_bytes

FREE = ("n", None, "h", "w")


def _plain(image: tuple[Any, ...] = FREE, restored: tuple[Any, ...] = FREE, dtype: int = TensorProto.FLOAT) -> Graph:
    """restored = image with chosen shapes and type; None among the sizes stands for 3 channels."""
    graph = Graph()
    value = graph.input("image", tuple(3 if size is None else size for size in image), dtype)
    graph.output("restored", value, tuple(3 if size is None else size for size in restored), dtype)
    return graph


def _renamed(input_name: str, output_name: str) -> Graph:
    graph = Graph()
    graph.output(output_name, graph.input(input_name, shape(3)), shape(3))
    return graph


def _one_channel_result() -> Graph:
    graph = Graph()
    graph.output("restored", graph.channel(graph.input("image", shape(3)), 0), shape(1))
    return graph


def _wide_map() -> Graph:
    graph = Graph()
    image = graph.input("image", shape(3))
    graph.output("restored", image, shape(3))
    graph.output("map", image, shape(3))
    return graph


def _small_map() -> Graph:
    graph = Graph()
    image = graph.input("image", shape(3))
    graph.output("restored", image, shape(3))
    graph.output(
        "map", graph.op("MaxPool", graph.channel(image, 0), kernel_shape=[2, 2], strides=[2, 2]), ("n", 1, "y", "x")
    )
    return graph


def _two_channel_guide() -> Graph:
    graph = Graph()
    image, guide = graph.input("image", shape(3)), graph.input("guide", shape(2))
    graph.output("restored", graph.add(image, graph.channel(guide, 0)), shape(3))
    return graph


def _extra_input() -> Graph:
    graph = Graph()
    graph.output("restored", graph.add(graph.input("image", shape(3)), graph.input("noise", shape(3))), shape(3))
    return graph


def _never_a_picture() -> Graph:
    graph = Graph()
    image = graph.input("image", shape(3))
    graph.output("restored", graph.op("Div", graph.op("Sub", image, image), graph.op("Sub", image, image)), shape(3))
    return graph


def _says(**metadata: str) -> Graph:
    graph = _plain()
    graph.metadata = {"autochrome.contract": "1", "kind": "colorize", "name": "broken"} | {
        key.replace("contract", "autochrome.contract"): value for key, value in metadata.items()
    }
    return graph


def _bytes(graph: Graph) -> bytes:
    return bytes(graph.model().SerializeToString())


def _unknown_operator() -> bytes:
    graph = Graph()
    graph.output("restored", graph.op("Enchant", graph.input("image", shape(3))), shape(3))
    return _bytes(graph)


def _weights_elsewhere() -> bytes:
    model = multiply(1.0).model()
    weight = model.graph.initializer[0]
    weight.ClearField("raw_data")
    weight.data_location = TensorProto.EXTERNAL
    weight.external_data.add(key="location", value="weights.bin")
    return bytes(model.SerializeToString())


BREAKS: dict[str, Callable[[], bytes]] = {
    "input has another name": lambda: _bytes(_renamed("picture", "restored")),
    "result has another name": lambda: _bytes(_renamed("image", "result")),
    "image has three dimensions": lambda: _bytes(_plain((None, "h", "w"), (None, "h", "w"))),
    "image has one channel": lambda: _bytes(_plain(("n", 1, "h", "w"), ("n", 1, "h", "w"))),
    "image has a fixed size": lambda: _bytes(_plain((1, None, 64, 64), (1, None, 64, 64))),
    "image is half precision": lambda: _bytes(_plain(dtype=TensorProto.FLOAT16)),
    "image is whole numbers": lambda: _bytes(_plain(dtype=TensorProto.UINT8)),
    "result has one channel": lambda: _bytes(_one_channel_result()),
    "result has another scale": lambda: _bytes(upscale_x2()),
    "result is never a picture": lambda: _bytes(_never_a_picture()),
    "result is black": lambda: _bytes(multiply(0.0)),
    "map has three channels": lambda: _bytes(_wide_map()),
    "map has another size": lambda: _bytes(_small_map()),
    "guide has two channels": lambda: _bytes(_two_channel_guide()),
    "an input nobody knows": lambda: _bytes(_extra_input()),
    "made for another contract": lambda: _bytes(_says(contract="2")),
    "says it is of another kind": lambda: _bytes(_says(kind="upscale")),
    "says it has another name": lambda: _bytes(_says(name="somebody-else")),
    "an operator nobody knows": _unknown_operator,
    "weights in another file": _weights_elsewhere,
    "cut in the middle": lambda: _bytes(colorizer())[:700],
    "text": lambda: b"This is not a generator.\n",
    "zeros": lambda: bytes(1000),
}
"""What is wrong -> the file's bytes; each must be refused with a sentence when it is loaded as `colorize`."""


def write_broken(folder: Path, what: str) -> Card:
    """The file of BREAKS[what] as "broken", with a card of kind colorize that describes a sound one."""
    inputs, outputs = {"image": "image"}, {"restored": "restored"}
    if "guide" in what:
        inputs["guide"] = "guide"
    if "map" in what:
        outputs["map"] = "map"
    return write_bytes(folder, BREAKS[what](), "broken", "colorize", inputs=inputs, outputs=outputs)
