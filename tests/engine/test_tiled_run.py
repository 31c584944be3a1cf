"""Work in tiles: what is not wanted is left out, and everything together counts to the end (sharper: test_generator_tiled.py)."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from engine.errors import OutOfMemory
from engine.progress import Progress
from engine.tiled_run import TiledRun
from engine.tiles import Tile


def run(said: list[Progress], worked: list[Tile], most_px: int = 10**9) -> TiledRun:
    """Two results, one twice as large, that are one shade; tiles in the left half are wanted."""

    def work(tile: Tile, more_follow: bool) -> tuple[NDArray[np.float32], ...]:
        if tile.height * tile.width > most_px:
            raise OutOfMemory("a test")
        worked.append(tile)
        one, two = (np.full((tile.height * s, tile.width * s, s), 0.5, np.float32) for s in (1, 2))
        return one, two

    return TiledRun(
        work,
        ((1, 1), (2, 2)),
        legal_tile=lambda side: max(16, side // 8 * 8),
        tile_px=48,
        overlap_px=8,
        multiple=8,
        stage="Testing",
        report=said.append,
        is_wanted=lambda tile: tile.left < 90,
    )


@pytest.mark.parametrize("most_px", [10**9, 24 * 24])
def test_what_is_wanted_is_done_once_and_blends_without_seams(most_px: int) -> None:
    said, worked = list[Progress](), list[Tile]()
    one, two = run(said, worked, most_px).results(100, 180)
    assert one.shape == (100, 180, 1) and two.shape == (200, 360, 2)
    np.testing.assert_allclose(one[:, :90], 0.5, atol=1e-6)
    np.testing.assert_allclose(two[:, :180], 0.5, atol=1e-6)
    assert not one[:, 150:].any() and not two[:, 300:].any()
    assert max(tile.left for tile in worked) < 90 and len(set(worked)) == len(worked)
    assert max(tile.height * tile.width for tile in worked) <= most_px
    done = [progress.done for progress in said]
    assert done == sorted(done) and done[-1] == pytest.approx(1)
    assert any(progress.note for progress in said) == (most_px < 10**9)
