"""Filling cell by cell: no seams, nothing worked on that holds no damage or has not changed."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from engine.errors import Cancelled
from engine.filling import CELL_PX, FADE_PX, Filling, _reach, _share
from engine.generator import Generator
from engine.kept import KeptArrays
from engine.progress import CancelToken, Progress
from engine.session import Device
from tests.engine.repair_files import line, write_repairer
from tests.engine.test_generator_repair import Counting

Array = NDArray[np.float32]


@pytest.fixture(scope="module")
def generator(tmp_path_factory: pytest.TempPathFactory) -> Generator:
    return Generator.load(write_repairer(tmp_path_factory.mktemp("repairer")), Device("cpu", threads=1))


def filling(generator: Generator, cancel: CancelToken | None = None) -> Filling:
    return Filling(generator, KeptArrays(10**8), cancel or CancelToken())


def wave(height: int, width: int) -> Array:
    """A smooth picture in three shades."""
    down, across = np.mgrid[0:height, 0:width].astype(np.float32)
    shade = 0.4 + 0.2 * np.sin(down / 40) * np.cos(across / 50)
    return np.stack([shade, shade * 0.9, shade * 0.8], -1)


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 5 * CELL_PX))
def test_what_cells_count_sums_to_one(size: int) -> None:
    total = np.zeros(size)
    for begin in range(0, size, CELL_PX):
        total[_reach(begin, size)] += _share(begin, size)
    np.testing.assert_allclose(total, 1, atol=1e-6)


@settings(max_examples=8, deadline=None)
@given(st.integers(20, 700), st.integers(20, 700), st.integers(0, 99))
def test_cells_fill_as_the_whole_picture_would(generator: Generator, height: int, width: int, seed: int) -> None:
    """What a window shows round a place is all that this generator looks at."""
    mask = line(height, width, seed)
    mask |= np.random.default_rng(seed).random((height, width)) < 0.001
    image = np.where(mask[..., None], 1, wave(height, width)).astype(np.float32)
    values = filling(generator).values(image, mask, mask, np.zeros_like(mask))
    np.testing.assert_allclose(values, generator.fill(image, mask, tile_px=1024)[mask], atol=1e-5)


def test_known_places_of_a_mask_keep_what_the_picture_has(generator: Generator) -> None:
    mask, unknown = np.zeros((300, 300), bool), np.zeros((300, 300), bool)
    mask[200:280, 200:280] = unknown[240:250, 240:250] = True
    image = np.where(unknown[..., None], 1, wave(300, 300)).astype(np.float32)
    values = filling(generator).values(image, mask, unknown, np.zeros_like(mask))
    known = ~unknown[mask]
    np.testing.assert_allclose(values[known], image[mask][known], atol=1e-6)
    assert values[~known].max() < 0.7


def test_only_what_changed_is_filled_again(generator: Generator, monkeypatch: pytest.MonkeyPatch) -> None:
    counting, work = Counting(generator, monkeypatch), filling(generator)
    mask = np.zeros((1000, 1000), bool)
    mask[100::200, 100::200] = True
    image = wave(1000, 1000)
    first = work.values(image, mask, mask, np.zeros_like(mask))
    assert counting.runs["decode"] == 16, "a cell each, not a run for every speck and none for the empty"
    assert np.array_equal(work.values(image, mask, mask, np.zeros_like(mask)), first) and counting.runs["decode"] == 16
    mask[500:504, 396:404] = True
    work.values(image, mask, mask, np.zeros_like(mask))
    assert counting.runs["decode"] == 17 + 1, "the stroke lies in one cell and in the surroundings of another"
    changed = image.copy()
    changed[105, 105] = 0
    work.values(changed, mask, mask, np.zeros_like(mask))
    assert counting.runs["decode"] == 18 + 1, "another picture is another answer"


def test_progress_goes_on_and_stopping_is_heard(generator: Generator) -> None:
    mask = line(900, 900)
    said: list[Progress] = []
    filling(generator).values(wave(900, 900), mask, mask, np.zeros_like(mask), said.append)
    done = [progress.done for progress in said]
    assert len(done) > 4 and done == sorted(done) and done[-1] == 1
    token = CancelToken()
    with pytest.raises(Cancelled):
        filling(generator, token).values(
            wave(900, 900), mask, mask, np.zeros_like(mask), lambda progress: token.cancel()
        )


def test_the_fade_is_narrower_than_a_cell() -> None:
    assert 4 * FADE_PX < CELL_PX
