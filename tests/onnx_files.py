"""Tiny real ONNX generators for tests: well-behaved ones, a slow one, and one for each way of breaking the contract.

card = write_colorizer(tmp_path)                    # test-colorize.onnx and test-colorize.json, ready to load
card = write_generator(tmp_path, multiply(0.5))     # any graph below
card = write_generator(tmp_path, upscale_x2(), kind="upscale", scale=2)
for name in BREAKS: write_broken(tmp_path, name)    # the card is fine, the file is not
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from engine.card import Card, MadeBy

TINT = (12.0, 18.0)
"""a*, b* that `colorizer()` gives to everything without a hint."""

FREE = ("n", None, "h", "w")


class Graph:
    """Builds a graph expression by expression: `graph.op("Add", a, b)` returns the name of the sum."""

    def __init__(self) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.constants: list[onnx.TensorProto] = []
        self.inputs: list[onnx.ValueInfoProto] = []
        self.outputs: list[onnx.ValueInfoProto] = []
        self.metadata: dict[str, str] = {}

    def input(self, name: str, shape: tuple[Any, ...], dtype: int = TensorProto.FLOAT) -> str:
        self.inputs.append(helper.make_tensor_value_info(name, dtype, shape))
        return name

    def output(self, name: str, value: str, shape: tuple[Any, ...], dtype: int = TensorProto.FLOAT) -> None:
        self.nodes.append(helper.make_node("Identity", [value], [name]))
        self.outputs.append(helper.make_tensor_value_info(name, dtype, shape))

    def constant(self, value: Any, dtype: Any = np.float32) -> str:
        name = f"constant_{len(self.constants)}"
        self.constants.append(numpy_helper.from_array(np.asarray(value, dtype), name))
        return name

    def op(self, kind: str, *inputs: str, **attributes: Any) -> str:
        name = f"{kind.lower()}_{len(self.nodes)}"
        self.nodes.append(helper.make_node(kind, list(inputs), [name], **attributes))
        return name

    def add(self, a: str, b: str) -> str:
        return self.op("Add", a, b)

    def mul(self, a: str, b: str) -> str:
        return self.op("Mul", a, b)

    def channel(self, value: str, index: int) -> str:
        return self.op("Slice", value, *(self.constant([i], np.int64) for i in (index, index + 1, 1)))

    def model(self) -> onnx.ModelProto:
        graph = helper.make_graph(self.nodes, "test", self.inputs, self.outputs, self.constants)
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], producer_name="autochrome-tests")
        model.ir_version = 8
        helper.set_model_props(model, self.metadata)
        return model


def shape(channels: int, scale: int = 1) -> tuple[Any, ...]:
    """(N, channels, H, W) with free sizes; the names differ for another scale, since the sizes do."""
    return ("n", channels, "h", "w") if scale == 1 else ("n", channels, f"h{scale}", f"w{scale}")


def identity(with_guide: bool = True, with_style: bool = False) -> Graph:
    """restored = image; `guide` is taken and has no effect, `style` (K = 4) adds its first value."""
    graph = Graph()
    result = graph.input("image", shape(3))
    if with_guide:
        guide = graph.input("guide", shape(3))
        result = graph.add(result, graph.mul(guide, graph.constant(0.0)))
    if with_style:
        first = graph.op("Slice", graph.input("style", ("n", 4)), *(graph.constant([i], np.int64) for i in (0, 1, 1)))
        result = graph.add(result, graph.op("Reshape", first, graph.constant([-1, 1, 1, 1], np.int64)))
    graph.output("restored", result, shape(3))
    return graph


def multiply(factor: float) -> Graph:
    """restored = image · factor, so results outside 0..1 and wrong orders of work are easy to see."""
    graph = Graph()
    graph.output("restored", graph.mul(graph.input("image", shape(3)), graph.constant(factor)), shape(3))
    return graph


def with_map() -> Graph:
    """restored = image, map = its first channel."""
    graph = Graph()
    image = graph.input("image", shape(3))
    graph.output("restored", image, shape(3))
    graph.output("map", graph.channel(image, 0), shape(1))
    return graph


def upscale_x2() -> Graph:
    """restored = every pixel twice along both sides."""
    graph = Graph()
    image = graph.input("image", shape(3))
    scales = graph.constant([1, 1, 2, 2])
    graph.output("restored", graph.op("Resize", image, "", scales, mode="nearest"), shape(3, scale=2))
    return graph


def box_blur(radius: int) -> Graph:
    """restored = mean over a square of 2·radius + 1 pixels, zeros beyond the edge: local, so seams would show."""
    graph = Graph()
    side = 2 * radius + 1
    kernel = graph.constant(np.full((3, 1, side, side), 1 / side**2))
    image = graph.input("image", shape(3))
    graph.output("restored", graph.op("Conv", image, kernel, group=3, pads=[radius] * 4), shape(3))
    return graph


def slow(convolutions: int = 80) -> Graph:
    """restored = image, after many 32-channel convolutions: a second for 256 x 256 pixels, each operation short."""
    graph = Graph()
    delta = np.zeros((32, 32, 3, 3), np.float32)
    delta[range(32), range(32), 1, 1] = 1
    kernel, first, last = graph.constant(delta), graph.constant(delta[:, :3]), graph.constant(delta[:3])
    value = graph.op("Conv", graph.input("image", shape(3)), first, pads=[1] * 4)
    for _ in range(convolutions):
        value = graph.op("Conv", value, kernel, pads=[1] * 4)
    graph.output("restored", graph.op("Conv", value, last, pads=[1] * 4), shape(3))
    return graph


def colorizer() -> Graph:
    """restored = the image's CIE lightness with a*b* = TINT, or the guide's where its mask is 1; map = 0.5, 1 at hints.

    Exact but for colours that sRGB cannot hold, which are clipped.
    """
    graph = Graph()
    image, guide = graph.input("image", shape(3)), graph.input("guide", shape(3))
    mask = graph.channel(guide, 2)
    unmasked = graph.op("Sub", graph.constant(1.0), mask)
    chroma = [
        graph.add(
            graph.mul(mask, graph.mul(graph.channel(guide, i), graph.constant(110.0))),
            graph.mul(unmasked, graph.constant(TINT[i])),
        )
        for i in (0, 1)
    ]
    graph.output("restored", _lab_to_srgb(graph, _cube_root_of_luminance(graph, image), *chroma), shape(3))
    graph.output("map", graph.op("Max", mask, graph.mul(unmasked, graph.constant(0.5))), shape(1))
    return graph


def _cube_root_of_luminance(graph: Graph, image: str) -> str:
    """f(Y) of CIE Lab, (N, 1, H, W)."""
    linear = graph.op(
        "Where",
        graph.op("Less", image, graph.constant(0.04045)),
        graph.mul(image, graph.constant(1 / 12.92)),
        graph.op(
            "Pow", graph.mul(graph.add(image, graph.constant(0.055)), graph.constant(1 / 1.055)), graph.constant(2.4)
        ),
    )
    weights = graph.constant(np.reshape([0.2126729, 0.7151522, 0.0721750], (1, 3, 1, 1)))
    luminance = graph.op("Conv", linear, weights)
    return graph.op(
        "Where",
        graph.op("Less", luminance, graph.constant((6 / 29) ** 3)),
        graph.add(graph.mul(luminance, graph.constant((29 / 6) ** 2 / 3)), graph.constant(4 / 29)),
        graph.op("Pow", graph.op("Max", luminance, graph.constant(1e-6)), graph.constant(1 / 3)),
    )


def _lab_to_srgb(graph: Graph, f_luminance: str, a: str, b: str) -> str:
    f_x = graph.add(f_luminance, graph.mul(a, graph.constant(1 / 500)))
    f_z = graph.op("Sub", f_luminance, graph.mul(b, graph.constant(1 / 200)))
    f = graph.op("Concat", f_x, f_luminance, f_z, axis=1)
    xyz = graph.op(
        "Where",
        graph.op("Less", f, graph.constant(6 / 29)),
        graph.mul(graph.add(f, graph.constant(-4 / 29)), graph.constant(3 * (6 / 29) ** 2)),
        graph.mul(f, graph.mul(f, f)),
    )
    to_rgb = np.array(
        [[3.2404542, -1.5371385, -0.4985314], [-0.9692660, 1.8760108, 0.0415560], [0.0556434, -0.2040259, 1.0572252]]
    )
    linear = graph.op("Conv", xyz, graph.constant((to_rgb * [0.95047, 1.0, 1.08883]).reshape(3, 3, 1, 1)))
    linear = graph.op("Clip", linear, graph.constant(0.0), graph.constant(1.0))
    gamma = graph.op("Pow", graph.op("Max", linear, graph.constant(1e-6)), graph.constant(1 / 2.4))
    return graph.op(
        "Where",
        graph.op("Less", linear, graph.constant(0.0031308)),
        graph.mul(linear, graph.constant(12.92)),
        graph.add(graph.mul(gamma, graph.constant(1.055)), graph.constant(-0.055)),
    )


def write_colorizer(folder: Path, name: str = "test-colorize") -> Card:
    """`colorizer()` and its card in `folder`: working size 64, multiple 8."""
    return write_generator(folder, colorizer(), name, kind="colorize", multiple=8, minimum=16, working_size=64)


def write_generator(folder: Path, graph: Graph, name: str = "test", kind: str = "clean", **fields: Any) -> Card:
    """Write `name`.onnx and `name`.json; `fields` replace the card's defaults. Returns the card as read back."""
    graph.metadata = graph.metadata or {"autochrome.contract": "1", "kind": kind, "name": name}
    inputs = {value.name: value.name for value in graph.inputs}
    outputs = {value.name: value.name for value in graph.outputs}
    fields = {"inputs": inputs, "outputs": outputs} | fields
    return write_bytes(folder, graph.model().SerializeToString(), name, kind, **fields)


def write_bytes(folder: Path, data: bytes, name: str = "test", kind: str = "clean", **fields: Any) -> Card:
    """Write `data` as `name`.onnx with a card that fits its size and hash, whatever it holds."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.onnx").write_bytes(data)
    files = {
        "files": {"generator": f"{name}.onnx"},
        "size": {"generator": max(1, len(data))},
        "sha256": {"generator": hashlib.sha256(data).hexdigest()},
    }
    card_of(name=name, kind=kind, **(files | fields)).write(folder / f"{name}.json")
    return Card.read(folder / f"{name}.json")


def card_of(**fields: Any) -> Card:
    """A valid card that belongs to no file, with some fields replaced."""
    defaults: dict[str, Any] = {
        "name": "test",
        "title": "Test generator",
        "kind": "clean",
        "version": 1,
        "files": {"generator": "test.onnx"},
        "size": {"generator": 1},
        "sha256": {"generator": "0" * 64},
        "contract": 1,
        "inputs": {"image": "image"},
        "outputs": {"restored": "restored"},
        "range": "rgb 0..1",
        "scale": 1,
        "multiple": 1,
        "minimum": 1,
        "working_size": 0,
        "opset": 17,
        "producer": "autochrome-tests",
        "trained_on": ("nothing",),
        "terms": "made by the tests",
        "licence": "MIT",
        "figures": {},
        "limits": "only for tests",
        "parameters": 0,
        "made_by": MadeBy(commit="", config="tests/onnx_files.py", seconds=0.0, machine="any"),
    }
    return Card(**(defaults | fields))


# --- files that break the contract, each in one way
# ---------------------------------------------------------------------


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
