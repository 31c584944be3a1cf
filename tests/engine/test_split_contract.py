"""No half of a generator in two files is taken unseen: each way of not fitting is one sentence."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from onnx import TensorProto

from engine.errors import CardInvalid, GeneratorBroken
from engine.generator import Generator
from engine.library import ModelLibrary
from engine.session import Device
from tests.engine.split_files import decoder, encoder, write_split
from tests.onnx_files import Graph, card_of, shape

CPU = Device("cpu", threads=1)
PLAIN: dict[str, Any] = {"inputs": {"image": "image"}, "outputs": {"restored": "restored"}}


def test_a_half_that_is_gone_or_exchanged_is_one_sentence(tmp_path: Path) -> None:
    for role in ("encoder", "decoder"):
        card = write_split(tmp_path / role)
        half = card.folder / card.files[role]
        good = half.read_bytes()
        half.write_bytes(good + b"more")
        with pytest.raises(GeneratorBroken, match=f"“test-split-{role}.onnx” is not the file that its card describes"):
            Generator.load(card, CPU)
        half.unlink()
        with pytest.raises(GeneratorBroken, match=f"its file “test-split-{role}.onnx” is missing"):
            Generator.load(card, CPU)
        library = ModelLibrary([tmp_path / role])
        assert library.cards() == []
        assert [f"its file “test-split-{role}.onnx” is missing" in p.sentence for p in library.problems] == [True]


def test_a_card_cannot_name_one_file_for_both_halves() -> None:
    with pytest.raises(CardInvalid, match="“files” names one file twice"):
        card_of(
            files={"encoder": "a.onnx", "decoder": "A.onnx"},
            size={"encoder": 1, "decoder": 1},
            sha256=dict.fromkeys(("encoder", "decoder"), "0" * 64),
        )


def two_channels() -> Graph:
    """A decoder that takes features of two channels where the encoder gives one."""
    graph = Graph()
    root = graph.channel(graph.input("root", shape(2)), 0)
    graph.output("restored", graph.op("Concat", root, root, root, axis=1), shape(3))
    return graph


def nothing_but_root(kind: int = TensorProto.FLOAT, sizes: tuple[Any, ...] = shape(1)) -> Graph:
    """An encoder that gives only `root`, as it is told."""
    graph = Graph()
    root = graph.channel(graph.input("image", shape(3)), 0)
    if kind != TensorProto.FLOAT:
        root = graph.op("Cast", root, to=kind)
    if len(sizes) != 4:
        root = graph.op("ReduceMean", root, axes=[1], keepdims=0)
    graph.output("root", root, sizes, kind)
    return graph


def takes_more() -> Graph:
    graph = encoder()
    graph.input("noise", shape(3))
    return graph


def says(graph: Graph, **words: str) -> Graph:
    graph.metadata |= words
    return graph


def never_a_picture() -> Graph:
    graph = Graph()
    image = graph.input("image", shape(3))
    zero = graph.op("Sub", image, image)
    graph.output("root", graph.channel(graph.op("Div", zero, zero), 0), shape(1))
    return graph


def grey_decoder(sizes: tuple[Any, ...] = shape(1)) -> Graph:
    graph = Graph()
    root = graph.input("root", sizes)
    graph.output("restored", graph.op("Concat", root, root, root, axis=1), shape(3))
    return graph


def black_decoder() -> Graph:
    graph = Graph()
    nothing = graph.mul(graph.input("root", shape(1)), graph.constant(0.0))
    graph.output("restored", graph.op("Concat", nothing, nothing, nothing, axis=1), shape(3))
    return graph


def wants_the_picture() -> Graph:
    graph = Graph()
    graph.output("restored", graph.mul(graph.input("root", shape(1)), graph.input("image", shape(3))), shape(3))
    return graph


REFUSED: dict[str, tuple[Callable[[], Graph], Callable[[], Graph], str]] = {
    "halves exchanged": (
        decoder,
        encoder,
        "its encoder takes “root”, “means”, “guide”, “style” and must take “image” alone",
    ),
    "encoder takes more": (takes_more, decoder, "its encoder takes “image”, “noise” and must take “image” alone"),
    "features nobody takes": (encoder, grey_decoder, "its encoder gives “means”, which its decoder does not take"),
    "features nobody gives": (nothing_but_root, decoder, "its decoder takes “means”, which neither its encoder gives"),
    "other channels": (
        nothing_but_root,
        two_channels,
        "its encoder gives “root” with 1 channels and its decoder takes 2",
    ),
    "half precision": (
        lambda: nothing_but_root(TensorProto.FLOAT16),
        grey_decoder,
        "“root” is tensor\\(float16\\) and must be tensor\\(float\\)",
    ),
    "three dimensions": (
        lambda: nothing_but_root(sizes=("n", "h", "w")),
        grey_decoder,
        "“root” must have four dimensions",
    ),
    "a fixed size": (nothing_but_root, lambda: grey_decoder((1, 1, 16, 24)), "“root” has a fixed size"),
    "features never numbers": (never_a_picture, grey_decoder, "it gave no picture"),
    "black": (nothing_but_root, black_decoder, "it gave a black picture"),
    "encoder of another": (
        lambda: says(nothing_but_root(), name="other"),
        grey_decoder,
        "its file says name “other” and its card “test-split”",
    ),
    "decoder of another kind": (
        nothing_but_root,
        lambda: says(grey_decoder(), kind="clean"),
        "its file says kind “clean” and its card “colorize”",
    ),
    "a decoder that wants the picture": (
        nothing_but_root,
        wants_the_picture,
        "its decoder takes “image”, which neither its encoder gives",
    ),
}


@pytest.mark.parametrize("what", REFUSED)
def test_halves_that_do_not_keep_the_contract_are_refused(
    tmp_path: Path, what: str, capfd: pytest.CaptureFixture[str]
) -> None:
    first, second, reason = REFUSED[what]
    takes_hints = "means" in reason or "noise" in reason
    card = write_split(tmp_path, first=first(), second=second(), **({} if takes_hints else PLAIN))
    with pytest.raises(GeneratorBroken, match=f"^The generator “test-split” cannot be used: {reason}"):
        Generator.load(card, CPU)
    assert capfd.readouterr() == ("", ""), "the terminal is the user's"


def test_the_halves_together_give_what_the_card_says(tmp_path: Path) -> None:
    with pytest.raises(GeneratorBroken, match="its card says that it takes “guide”, its file does not"):
        Generator.load(write_split(tmp_path, first=nothing_but_root(), second=grey_decoder()), CPU)
    with pytest.raises(
        GeneratorBroken, match="its decoder takes “style”, which neither its encoder gives nor its card names"
    ):
        Generator.load(write_split(tmp_path, inputs={"image": "image", "guide": "guide"}), CPU)
