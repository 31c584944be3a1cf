"""Crops are near, pairs come as tensors, and a step's batch is always the same."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from tests.training.photographs import folder_of
from training import config
from training.ageing.noise import Array
from training.data import photos
from training.data.aged_batches import AgedBatch, AgedBatches, Pair, near_crop, srgb


def halved(good: Array, rng: np.random.Generator) -> Pair:
    noise = np.float32(rng.uniform(0, 0.1))
    return Pair(good * np.float32(0.5) + noise, good, (good[..., 0] > 0.5).astype(np.float32))


def feed(tmp_path: Path, **changes: object) -> AgedBatches:
    chosen = config.RunConfig(batch=4, data=config.Data(short_side_px=72, zoom=1.5), **changes)  # type: ignore[arg-type]
    return AgedBatches(photos.load([config.Source(str(folder_of(tmp_path / "photos", 6)))], 72), chosen, halved)


def parts(batch: AgedBatch) -> list[torch.Tensor]:
    return [batch.picture, batch.aim, batch.damage]


def test_a_step_has_one_batch(tmp_path: Path) -> None:
    made = feed(tmp_path)
    first, again, next_ = made.batch(3, 32), made.batch(3, 32), made.batch(4, 32)
    assert [part.shape for part in parts(first)] == [(4, 3, 32, 32), (4, 3, 32, 32), (4, 1, 32, 32)]
    assert all(torch.equal(a, b) for a, b in zip(parts(first), parts(again), strict=True))
    assert not torch.equal(first.aim, next_.aim)


def test_pairs_stay_pairs(tmp_path: Path) -> None:
    batch = feed(tmp_path).batch(0, 32)
    noise = batch.picture - batch.aim / 2
    assert float((noise.amax((1, 2, 3)) - noise.amin((1, 2, 3))).max()) < 1e-6
    assert torch.equal(batch.damage, (batch.aim[:, :1] > 0.5).float())


def test_split_gives_equal_parts_in_order(tmp_path: Path) -> None:
    batch = feed(tmp_path).batch(0, 32)
    halves = batch.split(2)
    assert [len(half.picture) for half in halves] == [2, 2] and torch.equal(halves[1].aim, batch.aim[2:])


def test_a_crop_is_not_shrunk_beyond_the_zoom_and_stays_sharp() -> None:
    """Stripes of two pixels survive a zoom of 1, bit for bit; of a large photo only a part is seen."""
    photo = torch.zeros(3, 200, 300, dtype=torch.uint8)
    photo[:, :, ::4] = photo[:, :, 1::4] = 200
    random = torch.Generator().manual_seed(1)
    for _ in range(20):
        seen = near_crop(photo, 64, 1.0, random)
        assert seen.shape == (3, 64, 64) and set(seen.unique().tolist()) == {0, 200}


def test_a_small_photo_is_enlarged_to_the_crop() -> None:
    assert near_crop(torch.zeros(3, 20, 50, dtype=torch.uint8), 64, 2.0, torch.Generator()).shape == (3, 64, 64)


@pytest.mark.parametrize("grey", [0, 128, 255])
def test_stored_lab_comes_back_as_srgb(grey: int) -> None:
    stored = photos._lab_bytes(np.full((4, 5, 3), grey, np.uint8))
    assert srgb(torch.from_numpy(stored).permute(2, 0, 1)) == pytest.approx(
        np.full((4, 5, 3), grey / 255, np.float32), abs=0.004
    )
