"""Generators: the contract is checked, any size comes out right, hints are followed, wrong pictures are refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from engine.errors import GeneratorBroken
from engine.generator import Generator
from engine.session import Device
from tests.broken_onnx_files import BREAKS, write_broken
from tests.onnx_files import (
    TINT,
    Graph,
    box_blur,
    card_of,
    identity,
    multiply,
    shape,
    upscale_x2,
    write_bytes,
    write_colorizer,
    write_generator,
)

CPU = Device("cpu")


def load(folder: Path, graph: Graph, **fields: Any) -> Generator:
    return Generator.load(write_generator(folder, graph, **fields), CPU)


def picture(height: int, width: int, seed: int = 1) -> NDArray[np.float32]:
    return np.random.default_rng(seed).random((height, width, 3), dtype=np.float32)


@pytest.fixture(scope="module")
def copier(tmp_path_factory: pytest.TempPathFactory) -> Generator:
    """restored = image; sides must be multiples of 8, at least 24."""
    return load(tmp_path_factory.mktemp("copier"), identity(with_guide=False), multiple=8, minimum=24)


@pytest.fixture(scope="module")
def doubler(tmp_path_factory: pytest.TempPathFactory) -> Generator:
    return load(tmp_path_factory.mktemp("doubler"), upscale_x2(), kind="upscale", scale=2, multiple=4)


@pytest.fixture(scope="module")
def painter(tmp_path_factory: pytest.TempPathFactory) -> Generator:
    return Generator.load(write_colorizer(tmp_path_factory.mktemp("painter")), CPU)


# --- loading ---


def test_a_good_generator_loads_and_says_where_it_runs(painter: Generator) -> None:
    assert painter.provider == "CPUExecutionProvider"
    assert painter.takes_guide
    assert painter.card.name == "test-colorize"


@pytest.mark.parametrize("what", BREAKS)
def test_every_way_of_breaking_the_contract_is_refused(
    tmp_path: Path, what: str, capfd: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(GeneratorBroken, match=r"^The generator “broken” cannot be used: .*"):
        Generator.load(write_broken(tmp_path, what), CPU)
    assert capfd.readouterr() == ("", ""), "the terminal is the user's"


def test_a_file_that_was_exchanged_is_refused(tmp_path: Path) -> None:
    card = write_generator(tmp_path, multiply(0.5))
    good = (tmp_path / "test.onnx").read_bytes()
    for other in (good[:-1] + bytes([good[-1] ^ 1]), good + b"more", good[:-1], b""):
        (tmp_path / "test.onnx").write_bytes(other)
        with pytest.raises(GeneratorBroken, match=r"“test.onnx” is not the file that its card describes"):
            Generator.load(card, CPU)


def test_a_file_that_is_gone_or_unreadable(tmp_path: Path) -> None:
    card = write_generator(tmp_path, multiply(0.5))
    (tmp_path / "test.onnx").unlink()
    with pytest.raises(GeneratorBroken, match=r"its file “test.onnx” is missing"):
        Generator.load(card, CPU)
    (tmp_path / "test.onnx").mkdir()
    with pytest.raises(GeneratorBroken, match=r"its file “test.onnx” cannot be read"):
        Generator.load(card, CPU)


def test_what_a_later_version_will_run_is_refused_in_words(tmp_path: Path) -> None:
    with pytest.raises(GeneratorBroken, match="it is a detector, which finds faces"):
        Generator.load(card_of(kind="detector", outputs={"boxes": "boxes"}), CPU)


def test_a_file_without_metadata_is_taken_at_its_cards_word(tmp_path: Path) -> None:
    card = write_bytes(tmp_path, bytes(multiply(0.5).model().SerializeToString()))
    assert Generator.load(card, CPU).card == card


def test_a_card_that_promises_what_the_file_has_not(tmp_path: Path) -> None:
    for fields, reason in (
        ({"inputs": {"image": "image", "style": "style"}}, "its card says that it takes “style”"),
        ({"outputs": {"restored": "restored", "map": "map"}}, "its card says that it gives “map”"),
        ({"scale": 2}, "its result has another size than its card says"),
    ):
        with pytest.raises(GeneratorBroken, match=reason):
            load(tmp_path, multiply(0.5), **fields)


def test_a_style_of_free_length_is_refused(tmp_path: Path) -> None:
    graph = Graph()
    graph.input("style", ("n", "k"))
    graph.output("restored", graph.input("image", shape(3)), shape(3))
    with pytest.raises(GeneratorBroken, match="“style” must have two dimensions, the second of a fixed length"):
        load(tmp_path, graph)


# --- one piece ---


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 70), st.integers(1, 70))
def test_any_size_comes_back_exactly(copier: Generator, height: int, width: int) -> None:
    image = picture(height, width)
    restored = copier.run(image)
    assert np.array_equal(restored.image, image)
    assert restored.map is None


@settings(max_examples=20, deadline=None)
@given(st.integers(1, 30), st.integers(1, 30))
def test_an_enlarger_gives_every_pixel_twice(doubler: Generator, height: int, width: int) -> None:
    image = picture(height, width)
    assert np.array_equal(doubler.run(image).image, image.repeat(2, axis=0).repeat(2, axis=1))


def test_padding_reflects_so_that_a_blur_sees_no_border(tmp_path: Path) -> None:
    flat = np.full((10, 10, 3), 0.5, np.float32)
    restored = load(tmp_path, box_blur(2), minimum=16).run(flat).image
    assert np.allclose(restored[2:, 2:], 0.5), "where the picture was padded, the blur sees more of the picture"


def test_results_are_clipped(tmp_path: Path) -> None:
    image = np.full((4, 4, 3), 0.4, np.float32)
    assert np.all(load(tmp_path, multiply(9.0)).run(image).image == 1)


def test_a_black_picture_may_stay_black(copier: Generator) -> None:
    assert not copier.run(np.zeros((5, 5, 3), np.float32)).image.any()


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ("rgb 0..1", [0.4, 0.2, 0.2]),
        ("bgr 0..1", [0.2, 0.2, 0.4]),
        ("rgb 0..255", [0.4, 0.1, 0.2]),
        ("bgr 0..255", [0.2, 0.1, 0.4]),
    ],
)
def test_a_foreign_generators_range_and_order_are_kept_to(tmp_path: Path, values: str, expected: list[float]) -> None:
    """The graph halves what it calls the last channel, and what is above 50 in the middle one."""
    graph = Graph()
    image = graph.input("image", shape(3))
    first, middle, last = (graph.channel(image, index) for index in range(3))
    large = graph.op("Greater", middle, graph.constant(50.0))
    middle = graph.op("Where", large, graph.mul(middle, graph.constant(0.5)), middle)
    graph.output("restored", graph.op("Concat", first, middle, graph.mul(last, graph.constant(0.5)), axis=1), shape(3))
    colour = np.full((2, 2, 3), [0.4, 0.2, 0.4], np.float32)
    assert np.allclose(load(tmp_path, graph, range=values).run(colour).image[1, 1], expected)


def test_hints_colour_what_they_cover_and_the_rest_gets_the_tint(painter: Generator) -> None:
    image = np.full((21, 35, 3), 0.5, np.float32)
    guide = np.zeros((21, 35, 3), np.float32)
    guide[15:, 30:] = (30 / 110, -20 / 110, 1)
    restored = painter.run(image, guide=guide)
    assert restored.map is not None
    assert restored.map.shape == (21, 35)
    assert np.array_equal(restored.map, np.where(guide[..., 2] == 1, 1, 0.5))
    assert np.allclose(lab_chroma(restored.image[0, 0]), TINT, atol=0.1)
    assert np.allclose(lab_chroma(restored.image[20, 34]), (30, -20), atol=0.1)


def test_no_hints_and_empty_hints_are_the_same(painter: Generator) -> None:
    image = picture(20, 20)
    empty = painter.run(image, guide=np.zeros((20, 20, 3), np.float32))
    assert np.array_equal(painter.run(image).image, empty.image)


def test_hints_for_a_generator_that_cannot_follow_them(tmp_path: Path) -> None:
    generator = load(tmp_path, multiply(1.0), kind="colorize")
    guide = np.zeros((4, 4, 3), np.float32)
    generator.run(picture(4, 4), guide=guide)
    with pytest.raises(GeneratorBroken, match="it cannot follow hints"):
        generator.run(picture(4, 4), guide=guide + 1)


def test_style_is_zeros_unless_said(tmp_path: Path) -> None:
    generator = load(tmp_path, identity(with_guide=False, with_style=True))
    image = picture(5, 6) * 0.5
    assert np.array_equal(generator.run(image).image, image)
    other = generator.run(image, style=np.array([0.25, 9, 9, 9], np.float32)).image
    assert np.allclose(other, image + 0.25)


@pytest.mark.parametrize(
    "arrays",
    [
        {"image": np.zeros((4, 4), np.float32)},
        {"image": np.zeros((4, 4, 1), np.float32)},
        {"image": np.zeros((0, 4, 3), np.float32)},
        {"image": np.zeros((4, 4, 3), np.float64)},
        {"image": np.zeros((4, 4, 3), np.float32), "guide": np.zeros((4, 5, 3), np.float32)},
        {"image": np.zeros((4, 4, 3), np.float32), "guide": np.zeros((4, 4, 2), np.float32)},
        {"image": np.zeros((4, 4, 3), np.float32), "style": np.zeros(4, np.float32)},
    ],
)
def test_arrays_of_the_wrong_shape_are_a_callers_bug(painter: Generator, arrays: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="must be float32"):
        painter.run(**arrays)


def lab_chroma(rgb: NDArray[np.float32]) -> tuple[float, float]:
    """a*, b* of one sRGB colour."""
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    to_xyz = np.array(
        [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]]
    )
    x, y, z = np.cbrt(to_xyz @ linear / [0.95047, 1.0, 1.08883])
    return 500 * (x - y), 200 * (y - z)
