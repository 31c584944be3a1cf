"""A batch depends on seed and step alone, hints tell the truth, ageing touches only what the generator sees."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from tests.training.photographs import folder_of
from training.config import Data, Hints, RunConfig, Source
from training.data import photos
from training.data.batches import Batches, age, repaint


@pytest.fixture
def pictures(tmp_path: Path) -> photos.Photos:
    return photos.load([Source(str(folder_of(tmp_path, 6)))], 64)


def batches(pictures: photos.Photos, **changes: object) -> Batches:
    return Batches(pictures, RunConfig(batch=4, **changes))  # type: ignore[arg-type]


def test_shapes_and_ranges(pictures: photos.Photos) -> None:
    batch = batches(pictures).batch(0, 64)
    assert batch.lightness.shape == batch.true_lightness.shape == (4, 1, 64, 64)
    assert batch.chroma.shape == (4, 2, 64, 64) and batch.guide.shape == (4, 3, 64, 64)
    assert float(batch.lightness.min()) >= 0 and float(batch.lightness.max()) <= 100.01
    assert set(batch.guide[:, 2].unique().tolist()) <= {0.0, 1.0}


def test_the_same_step_gives_the_same_batch_and_another_another(pictures: photos.Photos) -> None:
    first, again, other = (batches(pictures).batch(step, 64) for step in (3, 3, 4))
    assert torch.equal(first.lightness, again.lightness) and torch.equal(first.guide, again.guide)
    assert not torch.equal(first.chroma, other.chroma)


def test_hints_tell_the_mean_colour_of_their_place(pictures: photos.Photos) -> None:
    chosen = Hints(photos=1.0, most=1, smallest_px=6, largest_px=6, repainted=0.5)
    batch = batches(pictures, hints=chosen, data=Data(aged=0.0)).batch(1, 64)
    for photo in range(4):
        inside = batch.guide[photo, 2] > 0
        assert int(inside.sum()) == 36
        told = batch.guide[photo, :2][:, inside]
        assert torch.allclose(told.mean(1), batch.chroma[photo][:, inside].mean(1), atol=1e-5)
        assert float(told.std(1).max()) < 1e-6


def test_repainting_changes_the_object_and_nothing_else() -> None:
    chroma = torch.zeros(2, 64, 64)
    chroma[0, :, 32:] = 0.3
    painted = repaint(
        torch.full((1, 64, 64), 50.0), chroma, (slice(8, 14), slice(8, 14)), torch.Generator().manual_seed(1)
    )
    moved = (painted - chroma).norm(dim=0)
    assert float(moved[:, :28].min()) > 0.14
    assert float(moved[:, 36:].max()) == 0
    assert float(moved[:, :28].std()) < 1e-6


def test_without_hints_the_guide_is_silent(pictures: photos.Photos) -> None:
    assert not batches(pictures, hints=Hints(photos=0.0)).batch(0, 64).guide.any()


def test_ageing_changes_tone_only_of_what_is_seen(pictures: photos.Photos) -> None:
    plain, aged = (batches(pictures, data=Data(aged=share)).batch(2, 64) for share in (0.0, 1.0))
    assert torch.equal(plain.lightness, plain.true_lightness)
    assert torch.equal(plain.true_lightness, aged.true_lightness)
    assert float((aged.lightness - aged.true_lightness).abs().mean()) > 1.0


def test_prints_change_only_what_is_seen(pictures: photos.Photos) -> None:
    plain, prints, again = (
        batches(pictures, data=Data(aged=0.0, printed=share)).batch(2, 64) for share in (0.0, 1.0, 1.0)
    )
    assert torch.equal(plain.true_lightness, prints.true_lightness) and torch.equal(plain.chroma, prints.chroma)
    assert torch.equal(prints.lightness, again.lightness)
    moved = (prints.lightness - prints.true_lightness).abs().mean((1, 2, 3))
    assert float(moved.min()) > 0.5 and float(prints.lightness.min()) >= 0 and float(prints.lightness.max()) <= 100


def test_age_stays_in_range() -> None:
    aged = age(torch.rand(8, 1, 16, 16) * 100, torch.Generator().manual_seed(1))
    assert float(aged.min()) >= 0 and float(aged.max()) <= 100.01
