"""The two halves of a repairer: what is found does not depend on tiles, and only what is masked is filled."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from engine.errors import Cancelled, GeneratorBroken
from engine.generator import FINDING, Generator
from engine.progress import CancelToken, Progress
from engine.session import Device
from engine.split import SplitSession
from tests.engine.repair_files import write_repairer, write_repairer_in_one
from tests.engine.split_files import write_split
from tests.onnx_files import Graph, identity, shape, write_generator

CPU = Device("cpu", threads=1)
Array = NDArray[np.float32]


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> tuple[Generator, Generator]:
    folder = tmp_path_factory.mktemp("repairers")
    return Generator.load(write_repairer(folder), CPU), Generator.load(write_repairer_in_one(folder), CPU)


def picture(height: int, width: int, seed: int = 1) -> Array:
    """Noise in the middle tones with white specks."""
    values = 0.2 + 0.5 * np.random.default_rng(seed).random((height, width, 3), dtype=np.float32)
    values[np.random.default_rng(seed + 1).random((height, width)) < 0.02] = 1
    return values


def decibels(one: Array, other: Array) -> float:
    return float(-10 * np.log10(max(1e-12, np.mean((one - other) ** 2))))


class Counting:
    """The halves of a repairer, which remember how often each ran."""

    def __init__(self, generator: Generator, monkeypatch: pytest.MonkeyPatch) -> None:
        self.runs = {"encode": 0, "decode": 0}
        halves = generator._session
        assert isinstance(halves, SplitSession)
        for name in self.runs:
            monkeypatch.setattr(halves, name, self._counted(name, getattr(halves, name)))

    def _counted(self, name: str, run: Any) -> Any:
        def counted(*inputs: Any, **more: Any) -> Mapping[str, Array]:
            self.runs[name] += 1
            return run(*inputs, **more)  # type: ignore[no-any-return]

        return counted


def test_one_file_and_two_find_and_fill_the_same(both: tuple[Generator, Generator]) -> None:
    image = picture(70, 90)
    found = [generator.find(image) for generator in both]
    assert found[0].shape == (70, 90) and found[0].dtype == np.float32
    np.testing.assert_array_equal(found[0] > 0.99, (image == 1).all(-1))
    np.testing.assert_allclose(found[0], found[1], atol=1e-6)
    filled = [generator.fill(image, found[0] > 0.5) for generator in both]
    np.testing.assert_allclose(filled[0], filled[1], atol=1e-6)
    assert filled[0].max() < 0.8


@settings(max_examples=15, deadline=None)
@given(st.integers(40, 200), st.integers(40, 200), st.integers(64, 160), st.integers(0, 99))
def test_what_is_found_does_not_depend_on_tiles(
    both: tuple[Generator, Generator], height: int, width: int, tile_px: int, seed: int
) -> None:
    image = picture(height, width, seed)
    for generator in both:
        np.testing.assert_allclose(generator.find(image, tile_px=tile_px), generator.find(image), atol=1e-5)


@settings(max_examples=10, deadline=None)
@given(st.integers(150, 260), st.integers(150, 260), st.sampled_from([96, 128, 192]), st.integers(0, 99))
def test_what_is_filled_hardly_depends_on_tiles_and_the_rest_is_the_image(
    tmp_path_factory: pytest.TempPathFactory, height: int, width: int, tile_px: int, seed: int
) -> None:
    """Its card says how far it looks: at a quarter of the overlap from a tile's edge everything it wants to see is there."""
    generator = Generator.load(write_repairer(tmp_path_factory.mktemp("wide"), overlap=64), CPU)
    image = picture(height, width, seed)
    mask = np.random.default_rng(seed).random((height, width)) < 0.01
    whole, tiled = generator.fill(image, mask, tile_px=512), generator.fill(image, mask, tile_px=tile_px)
    assert decibels(whole, tiled) > 50
    np.testing.assert_array_equal(tiled[~mask], image[~mask])


def test_a_flat_field_has_no_seams(both: tuple[Generator, Generator]) -> None:
    """Filled everywhere but for a lattice of known places: wherever tiles meet, the one shade."""
    flat = np.full((300, 300, 3), 0.4, np.float32)
    mask = np.ones((300, 300), bool)
    mask[::8, ::8] = False
    assert np.abs(both[0].fill(flat, mask, tile_px=96) - 0.4).max() < 1e-5


def test_only_tiles_that_hold_some_of_the_mask_are_worked_on_and_only_by_the_half_that_is_needed(
    both: tuple[Generator, Generator], monkeypatch: pytest.MonkeyPatch
) -> None:
    generator, image = both[0], picture(256, 256)
    counting = Counting(generator, monkeypatch)
    mask = np.zeros((256, 256), bool)
    assert generator.fill(image, mask, tile_px=96).tobytes() == image.tobytes()
    assert counting.runs == {"encode": 0, "decode": 0}
    mask[5, 5] = True
    said: list[Progress] = []
    generator.fill(image, mask, tile_px=96, report=said.append)
    assert counting.runs == {"encode": 0, "decode": 1}
    done = [progress.done for progress in said]
    assert done == sorted(done) and done[-1] == pytest.approx(1)
    generator.find(image, tile_px=512, report=said.append)
    assert counting.runs == {"encode": 1, "decode": 1} and said[-1].stage == FINDING


def test_stopping_between_tiles(both: tuple[Generator, Generator]) -> None:
    token = CancelToken()
    with pytest.raises(Cancelled):
        both[0].find(picture(256, 256), tile_px=96, report=lambda progress: token.cancel(), cancel=token)


def test_a_repairer_that_cannot_say_or_be_told_is_refused_in_a_sentence(tmp_path: Path) -> None:
    deaf = Generator.load(write_generator(tmp_path, identity(with_guide=False), kind="repair"), CPU)
    with pytest.raises(GeneratorBroken, match="it does not say where damage is"):
        deaf.find(picture(40, 40))
    with pytest.raises(GeneratorBroken, match="it cannot be told where damage is"):
        deaf.fill(picture(40, 40), np.ones((40, 40), bool))


def test_white_dust_on_black_paper_is_no_fault_of_the_generator(both: tuple[Generator, Generator]) -> None:
    image, mask = np.zeros((40, 40, 3), np.float32), np.zeros((40, 40), bool)
    mask[10:13, 10:13] = True
    image[mask] = 1
    assert not both[0].fill(image, mask).any()


def test_a_mask_of_another_size_is_a_callers_bug(both: tuple[Generator, Generator]) -> None:
    with pytest.raises(ValueError, match="mask must be bool"):
        both[0].fill(picture(40, 40), np.ones((40, 41), bool))
    with pytest.raises(ValueError, match="seen"):
        both[0].fill(picture(40, 40), np.ones((40, 40), bool), seen=np.ones((40, 41), bool))


def test_an_encoder_that_gives_something_else_is_refused(tmp_path: Path) -> None:
    """The engine feeds the decoder itself and must know what it takes."""
    first, second = Graph(), Graph()
    first.output("features", first.input("image", shape(3)), shape(3))
    second.output("restored", second.input("features", shape(3)), shape(3))
    words: dict[str, Any] = {"inputs": {"image": "image"}, "outputs": {"restored": "restored"}, "kind": "repair"}
    for graph in (first, second):
        graph.metadata = {"kind": "repair"}
    card = write_split(tmp_path, first=first, second=second, **words)
    with pytest.raises(GeneratorBroken, match="its encoder gives “features” and must give “picture” and “found”"):
        Generator.load(card, CPU)
