"""Stored features are what the encoders see, to a byte; windows, hints and mirrored halves agree with one another."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import torch

from tests.training.photographs import picture
from training.config import ConfigError, Data, Hints, RunConfig, Source, Stage
from training.data import feature_store
from training.data.photos import _lab_bytes
from training.data.stored_batches import StoredBatches
from training.networks.colour_unet import ColourUNet

PHOTOS = 6


def network(seed: int = 0) -> ColourUNet:
    torch.manual_seed(seed)
    return ColourUNet((8, 8, 8, 8), pretrained=False).eval()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    pictures = (_lab_bytes(np.asarray(picture(seed))) for seed in range(PHOTOS))
    assert feature_store.write(network(), pictures, 10, tmp_path / "seen", side_px=64, aged=0.5) == PHOTOS
    return tmp_path / "seen"


def config(*folders: Path, **changes: object) -> RunConfig:
    data = Data(features=tuple(Source(str(folder)) for folder in folders))
    stages = (Stage(1.0, 64, train_encoder=False),)
    return dataclasses.replace(RunConfig(batch=4, data=data, hints=Hints(photos=0.0), stages=stages), **changes)  # type: ignore[arg-type]


def test_what_is_stored_is_what_the_encoder_sees(folder: Path) -> None:
    store = feature_store.FeatureStore(folder)
    for index in range(PHOTOS):
        with torch.no_grad():
            seen = network().encode(store.seen(index)[None].float() / 2.55)
        for stored, true in zip(store.features(index), seen, strict=True):
            spread = float(true.std()) + 1e-6
            assert float((stored - true[0]).abs().mean()) < 0.1 * spread


def test_some_crops_look_old_and_keep_their_true_colours(folder: Path) -> None:
    store = feature_store.FeatureStore(folder)
    changed = [bool((store.true(index)[:1] != store.seen(index)).any()) for index in range(PHOTOS)]
    assert any(changed) and not all(changed)


def test_a_batch_depends_on_the_step_alone_and_its_features_are_of_its_windows(folder: Path) -> None:
    feed = StoredBatches(config(folder))
    first, again, other = feed.batch(2, 32), feed.batch(2, 32), feed.batch(3, 32)
    assert torch.equal(first.lightness, again.lightness) and not torch.equal(first.lightness, other.lightness)
    assert [tuple(part.shape[2:]) for part in first.features] == [(8, 8), (4, 4), (2, 2), (1, 1)]
    whole = feed.batch(0, 64)
    store = feature_store.FeatureStore(folder)
    kept = {store.seen(index).float().sum().item(): index for index in range(PHOTOS)}
    for photo in range(4):
        index = kept[round(float(whole.lightness[photo].sum() * 2.55))]
        shown = store.seen(index).float() / 2.55
        mirrored = not torch.allclose(whole.lightness[photo], shown, atol=1e-3)
        for part, stored in zip(whole.features, store.features(index), strict=True):
            assert torch.equal(part[photo], stored.flip(2) if mirrored else stored)


def test_several_folders_stand_in_a_row_with_their_weights(folder: Path, tmp_path: Path) -> None:
    pictures = (_lab_bytes(np.asarray(picture(seed))) for seed in (20, 21))
    feature_store.write(network(), pictures, 2, tmp_path / "second", side_px=64)
    both = StoredBatches(config(folder, tmp_path / "second"))
    assert len(both.photos) == PHOTOS + 2
    assert both.photos.at(PHOTOS - 1) == (both.photos.stores[0], PHOTOS - 1)
    assert both.photos.at(PHOTOS) == (both.photos.stores[1], 0)


def test_features_of_other_encoders_are_refused(folder: Path, tmp_path: Path) -> None:
    feed = StoredBatches(config(folder))
    feed.check(network())
    with pytest.raises(ConfigError, match="other encoders"):
        feed.check(network(seed=5))
    feature_store.write(
        network(5), (_lab_bytes(np.asarray(picture(1))) for _ in range(2)), 2, tmp_path / "b", side_px=64
    )
    with pytest.raises(ConfigError, match="different encoders"):
        StoredBatches(config(folder, tmp_path / "b"))


def test_what_was_stored_before_an_interruption_can_be_used(tmp_path: Path) -> None:
    def broken_off() -> Iterator[np.ndarray]:
        for seed in range(feature_store.SCALED_ON + feature_store.BATCH):
            yield _lab_bytes(np.asarray(picture(seed % 5, 32, 32)))
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        feature_store.write(network(), broken_off(), 400, tmp_path, side_px=32, aged=0.0)
    assert feature_store.FeatureStore(tmp_path).count == feature_store.SCALED_ON + feature_store.BATCH


def test_a_folder_that_was_not_finished_and_a_window_too_large_are_refused(folder: Path) -> None:
    with pytest.raises(ConfigError, match="have only 64 px"):
        StoredBatches(config(folder, stages=(Stage(0.5, 64, train_encoder=False), Stage(1.0, 96, train_encoder=False))))
    with pytest.raises(ConfigError, match="encoders cannot learn"):
        StoredBatches(config(folder, stages=(Stage(1.0, 64),)))
    printed = dataclasses.replace(config(folder).data, printed=0.3)
    with pytest.raises(ConfigError, match="stored crops keep the look"):
        StoredBatches(config(folder, data=printed))
    (folder / "store.json").unlink()
    with pytest.raises(ConfigError, match="was not finished"):
        feature_store.FeatureStore(folder)
