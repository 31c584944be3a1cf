"""Tiles of a large photo are put together without seams, in few bytes, and smaller where memory is short."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest

from engine.errors import OutOfMemory
from engine.generator import Generator
from engine.packed_change import packed, unpacked
from engine.photo import Photo
from engine.progress import Progress
from engine.session import Device
from engine.steps.step import Tools
from engine.tile_by_tile import RowBlend, answers, in_tiles
from engine.tiles import Tiling, cut
from tests.engine import photos
from tests.onnx_files import box_blur, write_generator

VALUES = (np.random.default_rng(6).standard_normal((150, 210, 2)) * 0.1).astype(np.float32)


@pytest.mark.parametrize("scale", [1, 2, 4])
def test_tiles_of_one_picture_become_that_picture(scale: int) -> None:
    tiling = cut(150, 210, 64, 16, 8)
    large = VALUES.repeat(scale, 0).repeat(scale, 1)
    blend = RowBlend(tiling, 2, 16, scale)
    for tile in tiling:
        top, left = tile.top * scale, tile.left * scale
        blend.add(tile, large[top : top + tile.height * scale, left : left + tile.width * scale])
    np.testing.assert_allclose(unpacked(blend.whole()), large, atol=1e-4)


def test_one_tile_is_enough_for_a_small_picture() -> None:
    tiling = cut(150, 210, 512, 32, 8)
    blend = RowBlend(tiling, 2, 8)
    (tile,) = tiling
    blend.add(tile, VALUES)
    np.testing.assert_array_equal(blend.whole(), packed(VALUES, 8))


@dataclass
class Small:
    """A generator that has memory for tiles of at most `side`; everything else is the real one's."""

    real: Generator
    side: int
    sides: list[int] = field(default_factory=list)

    def __getattr__(self, name: str) -> object:
        return getattr(self.real, name)

    def run(self, image: np.ndarray, **options: object) -> object:
        self.sides.append(max(image.shape[:2]))
        if self.sides[-1] > self.side:
            raise OutOfMemory("a tile")
        return self.real.run(image, **options)  # type: ignore[arg-type]


@pytest.fixture
def generator(tmp_path: Path) -> Generator:
    card = write_generator(tmp_path, box_blur(2), multiple=8, minimum=16)
    return Generator.load(card, Device("cpu", threads=1))


def blurred(photo: Photo, generator: Generator, tools: Tools) -> np.ndarray:
    def find(tiling: Tiling) -> np.ndarray:
        blend = RowBlend(tiling, 3, 16)
        for answer in answers(photo, generator, tools, tiling):
            blend.add(answer.tile, answer.restored - answer.image)
        return unpacked(blend.whole())

    return in_tiles(photo, generator, tools, find)


def test_where_memory_is_short_smaller_tiles_give_the_same(generator: Generator) -> None:
    photo, told = photos.coloured(150, 210), list[Progress]()
    small = Small(generator, side=100)
    whole = blurred(photo, generator, Tools())
    np.testing.assert_allclose(blurred(photo, small, Tools(report=told.append)), whole, atol=1e-3)  # type: ignore[arg-type]
    notes = {progress.note for progress in told if progress.note}
    assert len(notes) >= 1 and all("smaller pieces" in note for note in notes)
    assert max(small.sides[-4:]) <= 100


def test_where_no_tile_fits_it_is_said(generator: Generator) -> None:
    with pytest.raises(OutOfMemory):
        blurred(photos.coloured(), Small(generator, side=8), Tools())  # type: ignore[arg-type]


def test_progress_goes_on_over_all_tiles(generator: Generator) -> None:
    told: list[Progress] = []
    blurred(photos.coloured(150, 210), Small(generator, side=100), Tools(report=told.append))  # type: ignore[arg-type]
    last = [progress.done for progress in told if not progress.note]
    assert last[-1] == 1 and len({round(done, 3) for done in last}) > 4
