"""Large holes: a smooth core that goes on what is round it, in a time that does not grow with the photo."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from engine.filling import Filling
from engine.generator import Generator
from engine.hole_pyramid import FADED_PX, RIM_PX, _depth, _halved, mended
from engine.hole_regions import Region
from engine.kept import KeptArrays
from engine.progress import CancelToken, ignore
from engine.session import Device
from tests.engine.repair_files import write_repairer
from tests.engine.test_generator_repair import Counting

Array = NDArray[np.float32]
Mask = NDArray[np.bool_]


@pytest.fixture(scope="module")
def generator(tmp_path_factory: pytest.TempPathFactory) -> Generator:
    return Generator.load(write_repairer(tmp_path_factory.mktemp("repairer")), Device("cpu", threads=1))


def slope(height: int, width: int) -> Array:
    """A shade that grows from left to right."""
    shade = np.broadcast_to(np.linspace(0.2, 0.8, width, dtype=np.float32), (height, width))
    return np.stack([shade, shade, shade * 0.9], -1)


def filled(image: Array, mask: Mask, generator: Generator, seen: Mask | None = None) -> Array:
    """All of the mask filled, as the step does; nothing is looked through unless `seen` says so."""
    filling = Filling(generator, KeptArrays(10**8), CancelToken())
    result = image.copy()
    result[mask] = mended(image, mask, np.zeros_like(mask) if seen is None else seen, filling, ignore)
    return result


def test_a_large_hole_gets_a_smooth_core_that_goes_on_the_picture(generator: Generator) -> None:
    """The generator alone sees 16 pixels far and leaves the middle of a hole of 160 black."""
    mask = np.zeros((400, 500), bool)
    mask[120:280, 150:310] = True
    image = np.where(mask[..., None], 1, slope(400, 500)).astype(np.float32)
    assert generator.fill(image, mask, tile_px=512)[200, 230].max() < 0.01
    result = filled(image, mask, generator)
    np.testing.assert_array_equal(result[~mask], image[~mask])
    inside = result[mask]
    assert inside.min() > 0.3 and inside.max() < 0.65, "between the shades round it"
    steps = max(np.abs(np.diff(result[..., 0], axis=axis)).max() for axis in (0, 1))
    assert steps < 0.05, "and no seam between rim and core, or between sizes"
    assert abs(result[200, 160, 0] - slope(400, 500)[200, 160, 0]) < 0.06
    assert result[200, 300, 0] - result[200, 160, 0] > 0.05, "darker where the picture is darker"


def test_a_hole_of_400_pixels_in_a_photo_of_4000_costs_as_much_as_in_one_of_1500(
    generator: Generator, monkeypatch: pytest.MonkeyPatch
) -> None:
    counting, runs, looked_at = Counting(generator, monkeypatch), [], []

    class Watched:
        """A picture that remembers how many pixels were asked for, and is one shade."""

        def __init__(self, side: int) -> None:
            self.shape: tuple[int, ...] = (side, side, 3)
            self.pixels = 0

        def __getitem__(self, place: tuple[slice, slice]) -> Array:
            size = [side.stop - side.start for side in place]
            self.pixels += size[0] * size[1]
            return np.full((*size, 3), 0.5, np.float32)

    for side in (1500, 4000):
        mask = np.zeros((side, side), bool)
        mask[512:912, 512:912] = True
        filling, picture, before = (
            Filling(generator, KeptArrays(10**8), CancelToken()),
            Watched(side),
            counting.runs["decode"],
        )
        values = mended(picture, mask, np.zeros_like(mask), filling, ignore)
        assert np.abs(values - 0.5).max() < 1e-3
        runs.append(counting.runs["decode"] - before)
        looked_at.append(picture.pixels)
    assert runs[0] == runs[1] < 40 and looked_at[0] == looked_at[1] < 4_000_000


def test_through_a_veil_each_size_shows_its_detail(tmp_path: Path) -> None:
    """As fine as single pixels, also in the middle of a veil of 160."""
    unveiling = Generator.load(write_repairer(tmp_path, unveils=True), Device("cpu", threads=1))
    mask = np.zeros((400, 500), bool)
    mask[120:280, 150:310] = True
    random = np.random.default_rng(1)
    true = (slope(400, 500) + random.normal(0, 0.1, (400, 500, 1))).astype(np.float32).clip(0, 1)
    image = np.where(mask[..., None], 0.5 + 0.5 * true, true).astype(np.float32)
    core = slice(160, 240), slice(190, 270)

    def detail(picture: Array) -> Array:
        return (picture[core] - slope(400, 500)[core])[..., 0].ravel()

    clear, blind = filled(image, mask, unveiling, seen=mask), filled(image, mask, unveiling)
    assert np.corrcoef(detail(clear), detail(true))[0, 1] > 0.97
    assert np.abs(clear - true)[mask].mean() < 0.02
    assert np.corrcoef(detail(blind), detail(true))[0, 1] < 0.2, "where it must not look nothing shows"


def test_what_is_lost_for_somebody_is_not_looked_through(tmp_path: Path) -> None:
    """A part of the hole only; what stands there plays no role."""
    unveiling = Generator.load(write_repairer(tmp_path, unveils=True), Device("cpu", threads=1))
    mask, lost = np.zeros((200, 200), bool), np.zeros((200, 200), bool)
    mask[60:140, 60:140] = lost[60:140, 100:140] = True
    image = slope(200, 200)
    spoilt = np.where(lost[..., None], 0.9, image).astype(np.float32)
    results = [filled(each, mask, unveiling, seen=mask & ~lost) for each in (image, spoilt)]
    np.testing.assert_array_equal(results[0][lost], results[1][lost])


def test_narrow_damage_needs_no_smaller_size(generator: Generator, monkeypatch: pytest.MonkeyPatch) -> None:
    counting, runs = Counting(generator, monkeypatch), []
    image = slope(300, 300)
    for rows in (2 * RIM_PX, 4 * RIM_PX):
        mask = np.zeros((300, 300), bool)
        mask[100 : 100 + rows] = True
        before = counting.runs["decode"]
        filled(image, mask, generator)
        runs.append(counting.runs["decode"] - before)
    assert runs[0] == 2 < runs[1], "one for each cell that the hole touches"


@pytest.mark.parametrize("share", [1.0, 0.9])
def test_a_photo_that_is_nearly_all_hole_comes_to_an_end(generator: Generator, share: float) -> None:
    mask = np.zeros((200, 333), bool)
    mask[: round(200 * share)] = True
    result = filled(np.full((200, 333, 3), 0.6, np.float32), mask, generator)
    assert np.isfinite(result).all() and (share == 1 or np.abs(result - 0.6).max() < 0.01)


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 40), st.integers(1, 40), st.integers(0, 2**31), st.floats(0, 1))
def test_halving_takes_the_mean_of_what_is_known(height: int, width: int, seed: int, share: float) -> None:
    random = np.random.default_rng(seed)
    image, mask = random.random((height, width, 3), dtype=np.float32), random.random((height, width)) < share
    seen = random.random((height, width)) < 0.5
    half, unknown, through = _halved(image, mask, seen, Region(0, 0, height, width))
    assert half.shape == (-(-height // 2), -(-width // 2), 3) and unknown.shape == half.shape[:2]
    for row in range(unknown.shape[0]):
        for column in range(unknown.shape[1]):
            place = slice(2 * row, 2 * row + 2), slice(2 * column, 2 * column + 2)
            known = image[place][~mask[place]]
            shown = (~mask | seen)[place]
            assert unknown[row, column] == (len(known) < 2)
            assert through[row, column] == (unknown[row, column] and shown.all())
            if through[row, column] or len(known):
                mean = image[place].mean((0, 1)) if through[row, column] else known.mean(0)
                np.testing.assert_allclose(half[row, column], mean, atol=1e-6)


def test_smaller_sizes_count_more_the_deeper_a_place_lies() -> None:
    mask = np.zeros((300, 300), bool)
    mask[50:250, 50:250] = True
    depth = np.zeros(mask.shape, np.float32)
    depth[mask] = _depth(mask, mask)
    line = depth[150, 50:150]
    assert (line[:RIM_PX] == 0).all() and (line[FADED_PX:] == 1).all()
    steps = np.diff(line)
    assert (steps >= 0).all() and steps.max() < 0.1, "nowhere at once"
