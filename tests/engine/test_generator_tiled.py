"""Tiles of a generator: no seams at any size, honest progress, short memory and stopping survived."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from engine.errors import Cancelled, OutOfMemory
from engine.generator import Generator
from engine.progress import CancelToken, Progress
from engine.session import Device, Session, Tensor
from tests.onnx_files import (
    Graph,
    box_blur,
    identity,
    multiply,
    upscale_x2,
    with_map,
    write_colorizer,
    write_generator,
)

CPU = Device("cpu")
SMALLEST_STEP = 0.01 / 255


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


@settings(max_examples=25, deadline=None)
@given(st.integers(1, 150), st.integers(1, 150), st.integers(1, 100), st.integers(0, 40))
def test_tiles_of_any_size_give_the_picture_back(
    copier: Generator, height: int, width: int, tile_px: int, overlap_px: int
) -> None:
    image = picture(height, width)
    restored = copier.run_tiled(image, tile_px=tile_px, overlap_px=overlap_px).image
    assert np.abs(restored - image).max() < SMALLEST_STEP


@settings(max_examples=15, deadline=None)
@given(st.integers(1, 90), st.integers(1, 90), st.integers(8, 60))
def test_tiles_of_an_enlarger_lie_where_they_belong(doubler: Generator, height: int, width: int, tile_px: int) -> None:
    image = picture(height, width)
    restored = doubler.run_tiled(image, tile_px=tile_px, overlap_px=8).image
    assert np.abs(restored - image.repeat(2, axis=0).repeat(2, axis=1)).max() < SMALLEST_STEP


def test_tiles_carry_their_part_of_hints_and_map(painter: Generator) -> None:
    image, guide = picture(70, 90), np.zeros((70, 90, 3), np.float32)
    guide[20:60, 30:80] = (0.3, 0.1, 1)
    whole = painter.run(image, guide=guide)
    tiled = painter.run_tiled(image, guide=guide, tile_px=32, overlap_px=8)
    assert np.abs(whole.image - tiled.image).max() < SMALLEST_STEP
    assert whole.map is not None
    assert tiled.map is not None
    assert np.abs(whole.map - tiled.map).max() < 1e-5


def test_a_local_generator_leaves_no_seams(tmp_path: Path) -> None:
    """With an overlap wider than what the generator looks at, the joins are as smooth as the picture done whole."""
    blur = load(tmp_path, box_blur(2))
    image = picture(120, 120)
    whole, tiled = blur.run(image).image, blur.run_tiled(image, tile_px=48, overlap_px=12).image
    # The blur darkens each tile's own two outermost pixels (zeros beyond); smooth blending gives them next to no weight.
    assert np.abs(whole - tiled)[4:-4, 4:-4].max() < 0.02
    hard_edge = np.abs(whole - blur.run_tiled(image, tile_px=48, overlap_px=0).image)[4:-4, 4:-4].max()
    assert hard_edge > 0.1, "the test would not notice seams"


def test_progress_is_honest_and_never_goes_back(copier: Generator) -> None:
    said: list[Progress] = []
    copier.run_tiled(picture(64, 128), tile_px=32, overlap_px=0, report=said.append)
    assert [round(progress.done * 8) for progress in said] == list(range(9))
    assert said[0].stage == "Cleaning"


def test_one_piece_says_when_it_begins_and_ends(copier: Generator) -> None:
    said: list[Progress] = []
    copier.run(picture(9, 9), report=said.append)
    assert [progress.done for progress in said] == [0.0, 1.0]


def test_stopping_between_tiles(copier: Generator) -> None:
    cancel, said = CancelToken(), list[Progress]()

    def stop_after_three(progress: Progress) -> None:
        said.append(progress)
        if len(said) == 4:
            cancel.cancel()

    with pytest.raises(Cancelled):
        copier.run_tiled(picture(64, 128), tile_px=32, overlap_px=0, report=stop_after_three, cancel=cancel)
    assert len(said) == 4


def test_the_tile_follows_the_memory_and_the_card(copier: Generator, tmp_path: Path) -> None:
    sizes = [copier.tile_for(gigabytes) for gigabytes in (0, 0.001, 0.1, 0.5, 1, 100)]
    assert sizes == sorted(sizes)
    assert sizes[0] == 24, "never below the card's minimum"
    assert sizes[-1] == 1024
    assert all(size % 8 == 0 for size in sizes)
    wide = load(tmp_path, multiply(1.0), parameters=40_000_000)
    assert wide.tile_for(0.5) < copier.tile_for(0.5)


# --- short memory ---


class Tight:
    """A real session on a computer whose memory holds no more than `most_px` pixels at once; remembers what it was fed."""

    def __init__(self, session: Session, most_px: int) -> None:
        self.session, self.most_px = session, most_px
        self.provider: str = session.provider
        self.nodes: Mapping[str, int] = session.nodes
        self.inputs: list[Tensor] = session.inputs
        self.metadata: Mapping[str, str] = session.metadata
        self.sizes: list[tuple[int, int]] = []
        self.kept: list[bool] = []

    def run(
        self, feed: Mapping[str, NDArray[np.float32]], cancel: CancelToken, *, keep_memory: bool = False
    ) -> dict[str, NDArray[np.float32]]:
        height, width = feed["image"].shape[2:]
        self.sizes.append((height, width))
        if height * width > self.most_px:
            raise OutOfMemory("the generator “test”")
        self.kept.append(keep_memory)
        return self.session.run(feed, cancel, keep_memory=keep_memory)


def tight(folder: Path, graph: Graph, most_px: int, **fields: Any) -> tuple[Generator, Tight]:
    card = write_generator(folder, graph, **fields)
    session = Tight(Session(graph.model().SerializeToString(), "test", "cpu"), most_px)
    return Generator(card, session), session


def test_short_memory_halves_the_tile_tries_the_same_place_and_says_so(tmp_path: Path) -> None:
    generator, session = tight(tmp_path, identity(with_guide=False), 40 * 40, multiple=8, minimum=16)
    image, said = picture(128, 256), list[Progress]()
    restored = generator.run_tiled(image, tile_px=128, overlap_px=8, report=said.append)
    assert np.abs(restored.image - image).max() < SMALLEST_STEP
    notes = [progress.note for progress in said if progress.note]
    assert notes == [
        "There was less memory than expected: working in smaller pieces of 64 pixels.",
        "There was less memory than expected: working in smaller pieces of 24 pixels.",
    ], "128 does not fit; 64 would be its half, cut evenly 48, whose half is 24"
    too_large = [height for height, width in session.sizes if height * width > 40 * 40]
    assert len(too_large) == 2, "what failed once is not tried again elsewhere"
    done = [progress.done for progress in said]
    assert done == sorted(done)
    assert done[-1] == pytest.approx(1)


def test_short_memory_with_an_enlarger_and_a_map(tmp_path: Path) -> None:
    image = picture(61, 83)
    doubling, _ = tight(tmp_path / "x2", upscale_x2(), 24 * 24, scale=2, minimum=8)
    restored = doubling.run_tiled(image, tile_px=64)
    assert np.abs(restored.image - image.repeat(2, axis=0).repeat(2, axis=1)).max() < SMALLEST_STEP
    mapping, _ = tight(tmp_path / "map", with_map(), 24 * 24, minimum=8)
    sure = mapping.run_tiled(image, tile_px=64).map
    assert sure is not None
    assert np.abs(sure - image[..., 0]).max() < SMALLEST_STEP


def test_too_little_memory_for_the_smallest_tile_is_an_error(tmp_path: Path) -> None:
    generator, session = tight(tmp_path, identity(with_guide=False), 10 * 10, multiple=8, minimum=16)
    with pytest.raises(OutOfMemory):
        generator.run_tiled(picture(100, 100), tile_px=64)
    assert min(max(size) for size in session.sizes) == 16


def test_a_whole_picture_that_does_not_fit_is_the_callers_to_decide(tmp_path: Path) -> None:
    generator, _ = tight(tmp_path, identity(with_guide=False), 10 * 10)
    with pytest.raises(OutOfMemory):
        generator.run(picture(11, 11))


def test_memory_is_given_back_after_the_last_tile_only(tmp_path: Path) -> None:
    generator, session = tight(tmp_path, identity(with_guide=False), 10**9)
    generator.run_tiled(picture(100, 100), tile_px=40, overlap_px=4)
    assert session.kept == [True] * 8 + [False]
    generator.run(picture(10, 10))
    assert session.kept[-1] is False


def test_a_result_too_large_for_any_memory_is_one_sentence(copier: Generator) -> None:
    endless = np.broadcast_to(np.float32(0.5), (10**7, 10**7, 3))
    with pytest.raises(OutOfMemory, match="There was not enough memory for a picture of 10000000 x 10000000 pixels"):
        copier.run_tiled(endless)
