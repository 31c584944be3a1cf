"""Generators in two files: the same answers as in one, the encoder runs once a picture, and no half is taken unseen."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from engine import split
from engine.card import Card
from engine.contract import verified_bytes
from engine.errors import Cancelled, OutOfMemory
from engine.generator import Generator
from engine.library import ModelLibrary
from engine.loader import Loader
from engine.progress import CancelToken, Progress
from engine.selftest import self_test
from engine.session import Device, Session
from engine.split import SplitSession
from tests.engine.split_files import write_split, write_styled
from tests.fake_runtime import GpuWheel, installed
from tests.onnx_files import Graph, shape

CPU = Device("cpu", threads=1)
Array = NDArray[np.float32]
PLAIN: dict[str, Any] = {"inputs": {"image": "image"}, "outputs": {"restored": "restored"}}


class Counted(Session):
    """A real session that remembers what it was asked for."""

    def __init__(self, model: bytes, most_px: float = float("inf")) -> None:
        super().__init__(model, "test", "cpu", threads=1)
        self.sizes: list[tuple[int, ...]] = []
        self.kept: list[bool] = []
        self.most_px = most_px

    def run(self, feed: Mapping[str, Array], cancel: CancelToken, *, keep_memory: bool = False) -> dict[str, Array]:
        sides = next(iter(feed.values())).shape[2:]
        self.sizes.append(sides)
        self.kept.append(keep_memory)
        if sides[0] * sides[1] > self.most_px:
            raise OutOfMemory("the generator “test”")
        return super().run(feed, cancel, keep_memory=keep_memory)


def counted(card: Card, **limits: float) -> tuple[Generator, Counted, Counted]:
    """A split generator with its two sessions; limits: role -> pixels above which it runs out of memory."""
    first, second = (
        Counted(verified_bytes(card, role), limits.get(role, float("inf"))) for role in ("encoder", "decoder")
    )
    return Generator(card, SplitSession(first, second, "image")), first, second


def picture(height: int, width: int, seed: int = 1) -> Array:
    return np.random.default_rng(seed).random((height, width, 3), dtype=np.float32)


def guide_at(height: int, width: int, row: int, column: int, a: float = 0.3, b: float = -0.2) -> Array:
    guide = np.zeros((height, width, 3), np.float32)
    guide[row : row + 6, column : column + 6] = (a, b, 1)
    return guide


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> tuple[Generator, Generator]:
    """One network in one file and in two."""
    folder = tmp_path_factory.mktemp("both")
    return Generator.load(write_styled(folder), CPU), Generator.load(write_split(folder), CPU)


# --- the same answers ---


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 60), st.integers(1, 60), st.data())
def test_two_files_answer_as_one(
    both: tuple[Generator, Generator], height: int, width: int, data: st.DataObject
) -> None:
    one, two = both
    image = picture(height, width, data.draw(st.integers(0, 5)))
    row, column = data.draw(st.integers(0, height)), data.draw(st.integers(0, width))
    guide = data.draw(st.sampled_from([None, guide_at(height, width, row, column)]))
    style = data.draw(st.sampled_from([None, np.array([0.5, -0.25], np.float32)]))
    single, split_up = (generator.run(image, guide=guide, style=style) for generator in both)
    np.testing.assert_allclose(split_up.image, single.image, atol=1e-6)
    assert single.map is not None and split_up.map is not None
    np.testing.assert_allclose(split_up.map, single.map, atol=1e-6)
    assert (two.takes_guide, two.provider, two.styles.tolist()) == (one.takes_guide, one.provider, one.styles.tolist())


def test_tiles_of_two_files_are_those_of_one(both: tuple[Generator, Generator]) -> None:
    image, guide = picture(90, 130), guide_at(90, 130, 40, 60)
    one, two = (g.run_tiled(image, guide=guide, tile_px=48, overlap_px=8) for g in both)
    np.testing.assert_allclose(two.image, one.image, atol=1e-6)
    assert one.map is not None and two.map is not None
    np.testing.assert_allclose(two.map, one.map, atol=1e-6)


def test_threads_that_ask_at_once_get_their_own_pictures(both: tuple[Generator, Generator]) -> None:
    one, two = both
    images = [picture(40, 40, seed) for seed in range(6)]
    expected = [one.run(image).image for image in images]
    wrong: list[int] = []

    def ask(seed: int) -> None:
        for _ in range(5):
            if not np.allclose(two.run(images[seed]).image, expected[seed], atol=1e-6):
                wrong.append(seed)

    threads = [threading.Thread(target=ask, args=(seed,)) for seed in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


# --- what is kept ---


def test_another_guide_or_style_costs_the_decoder_alone(tmp_path: Path) -> None:
    generator, first, second = counted(write_split(tmp_path))
    image = picture(33, 47)
    generator.run(image)
    generator.run(image, guide=guide_at(33, 47, 5, 5))
    hinted = generator.run(image.copy(), guide=guide_at(33, 47, 20, 30), style=np.ones(2, np.float32))
    assert (len(first.sizes), len(second.sizes)) == (1, 3)
    afresh = counted(generator.card)[0].run(image, guide=guide_at(33, 47, 20, 30), style=np.ones(2, np.float32))
    np.testing.assert_array_equal(hinted.image, afresh.image)


def test_of_five_pictures_the_last_four_looked_at_are_kept(tmp_path: Path) -> None:
    generator, first, _ = counted(write_split(tmp_path))
    images = [picture(16, 16, seed) for seed in range(5)]
    for image in images[:4]:
        generator.run(image)
    generator.run(images[0])
    assert len(first.sizes) == 4, "all four are kept"
    generator.run(images[4])
    for image in (images[0], images[2], images[3], images[4]):
        generator.run(image)
    assert len(first.sizes) == 5, "the one not looked at for longest has gone"
    generator.run(images[1])
    assert len(first.sizes) == 6


def test_the_same_numbers_in_another_shape_are_another_picture(tmp_path: Path) -> None:
    generator, first, _ = counted(write_split(tmp_path))
    flat = np.full((16, 32, 3), 0.5, np.float32)
    assert generator.run(flat).image.shape == (16, 32, 3)
    assert generator.run(flat.transpose(1, 0, 2).copy()).image.shape == (32, 16, 3)
    assert len(first.sizes) == 2


def test_features_larger_than_their_share_of_memory_are_not_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(split, "MOST_KEPT_BYTES", 20_000)
    generator, first, _ = counted(write_split(tmp_path))
    small, large = picture(40, 40), picture(80, 80)
    generator.run(small)
    generator.run(small)
    assert len(first.sizes) == 1
    for _ in range(2):
        generator.run(large)
    assert len(first.sizes) == 3


def test_memory_is_given_back_after_the_last_tile_in_both_halves(tmp_path: Path) -> None:
    generator, first, second = counted(write_split(tmp_path))
    generator.run_tiled(picture(60, 60), tile_px=40, overlap_px=4)
    assert first.kept == second.kept == [True] * 3 + [False]


@pytest.mark.parametrize("role", ["encoder", "decoder"])
def test_short_memory_in_either_half_makes_smaller_tiles(tmp_path: Path, role: str) -> None:
    generator, *_ = counted(write_split(tmp_path), **{role: 40 * 40})
    image, said = picture(64, 64), list[Progress]()
    restored = generator.run_tiled(image, tile_px=64, overlap_px=8, report=said.append)
    assert any("smaller pieces of 32 pixels" in progress.note for progress in said)
    assert np.abs(restored.image - Generator.load(generator.card, CPU).run(image).image).mean() < 0.01


@pytest.mark.parametrize("role", ["encoder", "decoder"])
def test_where_memory_is_short_what_was_kept_is_given_back(tmp_path: Path, role: str) -> None:
    generator, first, _ = counted(write_split(tmp_path), **{role: 40 * 40})
    small = picture(16, 16)
    generator.run(small)
    with pytest.raises(OutOfMemory):
        generator.run(picture(64, 64))
    before = len(first.sizes)
    generator.run(small)
    assert len(first.sizes) == before + 1


# --- stopping ---


def chain(graph: Graph, value: str, channels: int, count: int) -> str:
    """The first channel of `value` after `count` convolutions of 32 channels, none of which changes it."""
    delta = np.zeros((32, 32, 3, 3), np.float32)
    delta[range(32), range(32), 1, 1] = 1
    value = graph.op("Conv", value, graph.constant(delta[:, :channels]), pads=[1] * 4)
    kernel = graph.constant(delta)
    for _ in range(count):
        value = graph.op("Conv", value, kernel, pads=[1] * 4)
    return graph.channel(value, 0)


def slow_halves(before: int, after: int) -> tuple[Graph, Graph]:
    """restored = the first channel; the halves take as many convolutions as they are told."""
    first, second = Graph(), Graph()
    first.output("root", chain(first, first.input("image", shape(3)), 3, before), shape(1))
    grey = chain(second, second.input("root", shape(1)), 1, after)
    second.output("restored", second.op("Concat", grey, grey, grey, axis=1), shape(3))
    return first, second


class StopsInside(CancelToken):
    """Cancelled while the session that runs as the `number`-th is at work."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self.left = number

    @contextmanager
    def interrupts(self, callback: Callable[[], None]) -> Iterator[None]:
        self.left -= 1
        stopper = threading.Timer(0.05, self.cancel if self.left == 0 else lambda: None)
        with super().interrupts(callback):
            stopper.start()
            yield
        stopper.join()


@pytest.mark.parametrize(("number", "before", "after"), [(1, 80, 0), (2, 0, 80)])
def test_either_half_is_stopped_inside(tmp_path: Path, number: int, before: int, after: int) -> None:
    first, second = slow_halves(before, after)
    generator, counting, _ = counted(write_split(tmp_path, first=first, second=second, **PLAIN))
    with pytest.raises(Cancelled) as stopped:
        generator.run(picture(400, 400), cancel=StopsInside(number))
    assert "terminate" in str(stopped.value.__context__), "the run itself ended, not only its caller"
    small = picture(16, 16)
    np.testing.assert_allclose(generator.run(small).image[..., 0], small[..., 0], atol=1e-6)
    assert len(counting.sizes) == 2


# --- around it ---


def test_the_library_and_the_loader_know_a_generator_in_two_files(tmp_path: Path) -> None:
    """As a user installs it: three files copied into a folder."""
    made = write_split(tmp_path / "made", parameters=5)
    (tmp_path / "own").mkdir()
    for name in (*made.files.values(), "test-split.json"):
        (tmp_path / "own" / name).write_bytes((tmp_path / "made" / name).read_bytes())
    loader = Loader(ModelLibrary([tmp_path / "bundled", tmp_path / "own"]), CPU)
    assert loader("colorize").card == made
    assert loader.card("colorize").digest == f"{made.sha256['decoder']}+{made.sha256['encoder']}"


def test_a_device_is_tested_with_both_halves(tmp_path: Path) -> None:
    sound = Generator.load(write_split(tmp_path), CPU)
    result = self_test(CPU, sound)
    assert result.passed and result.difference == 0
    halves = [Session(verified_bytes(sound.card, role), "half", "cpu") for role in ("encoder", "decoder")]
    assert sum(sound.nodes.values()) == sum(sum(half.nodes.values()) for half in halves)
    with installed(GpuWheel(dims=0.9)):
        assert not self_test(Device("cuda"), sound).passed


@pytest.mark.parametrize("wheel", [GpuWheel(fails=RuntimeError("CUDA failure 700")), GpuWheel(dims=0.0)])
def test_a_device_that_fails_either_half_is_left_with_both(tmp_path: Path, wheel: GpuWheel) -> None:
    card = write_split(tmp_path)
    with installed(wheel):
        device = Device("auto")
        generator = Generator.load(card, device)
    assert generator.provider == "CPUExecutionProvider"
    assert "“test-split” does not run on “cuda”" in device.fell_back
    assert device.fell_back.endswith("It runs on “cpu” instead.")
    image = picture(20, 20)
    np.testing.assert_array_equal(generator.run(image).image, Generator.load(card, CPU).run(image).image)


def test_the_trial_at_load_leaves_nothing_kept(tmp_path: Path) -> None:
    """The known ramp would push a picture of the user's out."""
    card, seen = write_split(tmp_path), list[int]()

    def accept(session: SplitSession) -> None:
        Generator(card, session).run(picture(16, 16))
        seen.append(session._kept_bytes)

    opened = SplitSession.open(card, CPU, accept)
    assert seen[0] > 0 and opened._kept_bytes == 0
