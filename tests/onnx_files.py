"""Tiny real ONNX generators for tests: well-behaved ones and a slow one; broken ones: broken_onnx_files.py.

card = write_colorizer(tmp_path)                    # test-colorize.onnx and test-colorize.json, ready to load
card = write_generator(tmp_path, multiply(0.5))     # any graph below
card = write_generator(tmp_path, upscale_x2(), kind="upscale", scale=2)
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from engine.card import Card, MadeBy

TINT = (12.0, 18.0)
"""a*, b* that `colorizer()` gives to everything without a hint."""


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


def enlarger(scale: int, with_style: bool = False, tint: tuple[float, float, float] = (0.0, 0.0, 0.0)) -> Graph:
    """restored = every pixel `scale` times along both sides, plus `tint`; `style` (K = 1) adds a tenth of its value."""
    graph = Graph()
    scales = graph.constant([1, 1, scale, scale])
    result = graph.op("Resize", graph.input("image", shape(3)), "", scales, mode="nearest")
    result = graph.add(result, graph.constant(np.reshape(tint, (1, 3, 1, 1))))
    if with_style:
        style = graph.op("Reshape", graph.input("style", ("n", 1)), graph.constant([-1, 1, 1, 1], np.int64))
        result = graph.add(result, graph.mul(style, graph.constant(0.1)))
    graph.output("restored", result, shape(3, scale=scale))
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


def ager() -> Graph:
    """restored = a faded grey, 0.1 + 0.8 · (0.3 R + 0.6 G + 0.1 B), in all three channels."""
    graph = Graph()
    weights = graph.constant(np.broadcast_to(np.reshape([0.24, 0.48, 0.08], (1, 3, 1, 1)), (3, 3, 1, 1)))
    grey = graph.op("Conv", graph.input("image", shape(3)), weights)
    graph.output("restored", graph.add(grey, graph.constant(0.1)), shape(3))
    return graph


def freshener(black: float = 0.2, white: float = 0.8) -> Graph:
    """restored = image with `black` at 0 and `white` at 1, clipped."""
    graph = Graph()
    stretched = graph.mul(
        graph.add(graph.input("image", shape(3)), graph.constant(-black)), graph.constant(1 / (white - black))
    )
    graph.output("restored", graph.op("Clip", stretched, graph.constant(0.0), graph.constant(1.0)), shape(3))
    return graph


def tinter(a: float, b: float) -> Graph:
    """restored = the image's CIE lightness with one a*b* everywhere: a colouriser that takes no hints."""
    graph = Graph()
    lightness = _cube_root_of_luminance(graph, graph.input("image", shape(3)))
    graph.output("restored", _lab_to_srgb(graph, lightness, graph.constant(a), graph.constant(b)), shape(3))
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


def write_tinter(folder: Path, name: str = "test-tinter", a: float = -20.0, b: float = -10.0) -> Card:
    """`tinter(a, b)` and its card in `folder`, titled “Tinter”."""
    return write_generator(folder, tinter(a, b), name, kind="colorize", title="Tinter", multiple=8, minimum=16)


def write_ager(folder: Path, name: str = "test-age", **fields: Any) -> Card:
    """`ager()` and its card in `folder`: working size 64, multiple 8."""
    fields = {"title": "Old film", "multiple": 8, "minimum": 16, "working_size": 64} | fields
    return write_generator(folder, ager(), name, kind="age", **fields)


def write_freshener(folder: Path, name: str = "test-tone", black: float = 0.2, white: float = 0.8) -> Card:
    """`freshener(black, white)` and its card in `folder`: working size 64, multiple 8."""
    return write_generator(folder, freshener(black, white), name, kind="tone", multiple=8, minimum=16, working_size=64)


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
