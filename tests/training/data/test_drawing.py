"""Which photos a step gets, the squares cut from them, and batches made ahead: all from seed and step alone."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
import torch

from tests.training.photographs import folder_of
from training.config import Source
from training.data import photos
from training.data.drawing import Order, ahead, crop


@pytest.fixture
def pictures(tmp_path: Path) -> photos.Photos:
    return photos.load([Source(str(folder_of(tmp_path, 6)))], 64)


def test_each_pass_shows_every_photo_once(pictures: photos.Photos) -> None:
    order = Order(pictures, 4, seed=1)
    seen = [index for step in range(3) for index in order.indices(step)]
    assert sorted(seen[:6]) == sorted(seen[6:]) == list(range(6))
    assert seen[:6] != seen[6:]


def test_a_step_is_the_same_after_any_other(pictures: photos.Photos) -> None:
    order = Order(pictures, 4, seed=1)
    forwards = [order.indices(step) for step in range(20)]
    assert [order.indices(step) for step in reversed(range(20))] == forwards[::-1]
    assert [Order(pictures, 4, seed=2).indices(step) for step in range(20)] != forwards


def test_heavy_photos_come_more_often(pictures: photos.Photos) -> None:
    pictures.weights[0] = 50.0
    order = Order(pictures, 4, seed=1)
    seen = [index for step in range(50) for index in order.indices(step)]
    assert seen.count(0) > len(seen) / 2


@pytest.mark.parametrize("smallest", [0.3, 1.0])
def test_a_crop_is_a_square_of_the_photo(smallest: float) -> None:
    """Seen on a ramp: its width is within the promise, its place within the photo, half of them mirrored."""
    ramp = torch.arange(200, dtype=torch.uint8).expand(3, 100, 200)
    random = torch.Generator().manual_seed(1)
    mirrored, widths = 0, []
    for _ in range(200):
        row = crop(ramp, 50, smallest, random)[0, 0].int()
        mirrored += int(row[0] > row[-1])
        widths.append(int(row.max() - row.min()) + 1)
    assert 70 < mirrored < 130
    assert min(widths) >= 100 * smallest - 3 and max(widths) <= 100
    assert (max(widths) - min(widths) > 50) == (smallest < 0.5)


def test_a_tiny_photo_is_enlarged() -> None:
    assert crop(torch.zeros(3, 5, 3, dtype=torch.uint8), 32, 0.5, torch.Generator()).shape == (3, 32, 32)


def test_the_next_batch_is_made_while_the_last_is_worked_on_and_closing_ends_the_thread() -> None:
    second = threading.Event()

    def make(step: int, crop_px: int) -> tuple[int, int]:
        if step == 8:
            second.set()
        return step, crop_px

    made = ahead(make, 7, lambda step: 32 * step)
    assert next(made) == (7, 224)
    assert second.wait(10)
    assert next(made) == (8, 256)
    before = threading.active_count()
    made.close()
    assert threading.active_count() == before - 1


def test_what_goes_wrong_while_making_is_raised_where_it_is_asked_for() -> None:
    def make(step: int, crop_px: int) -> int:
        raise MemoryError("no room")

    with pytest.raises(MemoryError, match="no room"):
        next(ahead(make, 0, lambda step: 32))
