"""Mending: wide places that somebody marked are drawn from the picture, all else is what the generator says."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from engine import hole_pyramid
from engine.exemplars import wide_places
from engine.filling import Filling
from engine.generator import Generator
from engine.kept import KeptArrays
from engine.mending import mended
from engine.progress import CancelToken, ignore
from engine.session import Device
from tests.engine.repair_files import write_repairer
from tests.engine.test_exemplars import bricks, hole


@pytest.fixture(scope="module")
def filling(tmp_path_factory: pytest.TempPathFactory) -> Filling:
    path: Path = write_repairer(tmp_path_factory.mktemp("repairer"))
    return Filling(Generator.load(path, Device("cpu", threads=1)), KeptArrays(10**8), CancelToken())


def test_only_what_is_wide_is_drawn(filling: Filling) -> None:
    wall, mask = bricks(200, 200), hole(200, 200, 50)
    mask[20:26, 10:190] = True
    unseen = np.zeros_like(mask)
    plain = hole_pyramid.mended(wall, mask, unseen, filling, ignore)
    np.testing.assert_array_equal(mended(wall, mask, unseen, unseen, unseen, filling, ignore), plain)
    drawn = mended(wall, mask, unseen, wide_places(mask), unseen, filling, ignore)
    wide = hole(200, 200, 50)[mask]
    np.testing.assert_array_equal(drawn[~wide], plain[~wide])
    assert np.abs(drawn - wall[mask])[wide].mean() < 0.5 * np.abs(plain - wall[mask])[wide].mean()
