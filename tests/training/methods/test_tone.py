"""Tone learns from whole photos with and without age, and damage that hides a tone is not held against it."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
import torch
from accelerate import Accelerator

from tests.training.photographs import folder_of
from training import config
from training.contract import PictureContract
from training.methods.tone import UNSEEN, WORKING_PX, Tone, root_mean_square


@pytest.fixture(scope="module")
def configuration(tmp_path_factory: pytest.TempPathFactory) -> config.RunConfig:
    folder = folder_of(tmp_path_factory.mktemp("photos"), 4)
    return config.RunConfig(
        method="tone", batch=8, generator=config.Generator("tone-net", width=8, pretrained=False),
        optimiser=config.Optimiser(rate=3e-3, warm_up=1),
        data=config.Data(train=(config.Source(str(folder)),), short_side_px=96),
    )  # fmt: skip


def test_it_learns(configuration: config.RunConfig) -> None:
    made, batch = (
        Tone(configuration, Accelerator(cpu=True, mixed_precision="no")),
        Tone.feed(configuration).batch(1, 64),
    )
    stage = config.Stage(train_encoder=False)
    before = made.generators["tone"].encoder.state_dict()
    before = {name: value.clone() for name, value in before.items()}
    first, *_, last = [made.step(batch, stage, 0.0)["error"] for _ in range(25)]
    assert last < 0.95 * first
    after = made.generators["tone"].encoder.state_dict()
    assert all((after[name] == value).all() for name, value in before.items()), "the frozen encoder stays"


def test_some_photos_are_as_they_should_be_and_the_others_keep_what_is_theirs(configuration: config.RunConfig) -> None:
    feed = Tone.feed(configuration)
    pairs = [(p, a) for step in range(6) for p, a in zip(*_parts(feed.batch(step, 64)), strict=True)]
    away = np.array([float((p - a).abs().mean()) for p, a in pairs])
    assert 0.05 < (away == 0).mean() < 0.5 and (away > 0.02).mean() > 0.4
    grey = np.array([float((a.amax(0) - a.amin(0)).max()) < 0.02 for _, a in pairs])
    assert 0.4 < grey.mean() < 1, "film stays black and white"


def _parts(batch: object) -> tuple[torch.Tensor, torch.Tensor]:
    return batch.picture, batch.aim  # type: ignore[attr-defined]


def test_an_error_under_damage_does_not_count() -> None:
    aim, sound = torch.rand(2, 3, 16, 16), torch.ones(2, 1, 16, 16)
    none = UNSEEN**0.5
    assert float(root_mean_square(aim, aim, sound)) == pytest.approx(none)
    answer = aim.clone()
    answer[:, :, :4] += 0.5
    assert float(root_mean_square(answer, aim, sound)) == pytest.approx(0.25, rel=0.01)
    sound[:, :, :4] = 0
    assert float(root_mean_square(answer, aim, sound)) == pytest.approx(none)


def test_a_bad_print_counts_no_more_than_its_error() -> None:
    aim, sound = torch.zeros(2, 3, 8, 8), torch.ones(2, 1, 8, 8)
    answer = aim.clone()
    answer[0] += 0.3
    assert float(root_mean_square(answer, aim, sound)) == pytest.approx(0.15, rel=0.03)


def test_it_is_exported_as_a_picture_generator_that_looks_at_the_whole(configuration: config.RunConfig) -> None:
    exportable = Tone.exportable("tone", Tone.networks(configuration)["tone"], configuration)
    assert isinstance(exportable.module, PictureContract)
    assert (exportable.kind, exportable.working_size, exportable.multiple) == ("tone", WORKING_PX, 32)


def test_another_network_is_refused(configuration: config.RunConfig) -> None:
    with pytest.raises(config.ConfigError, match="not one of this method's"):
        Tone.networks(dataclasses.replace(configuration, generator=config.Generator("resnet")))
