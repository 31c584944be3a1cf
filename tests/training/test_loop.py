"""A run ends, checkpoints, judges, and goes on exactly where it stopped."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import torch

from tests.training.photographs import folder_of
from training import checkpoint, config
from training.data import photos
from training.loop import Run


@pytest.fixture
def pictures(tmp_path: Path) -> photos.Photos:
    return photos.load([config.Source(str(folder_of(tmp_path / "photos", 6)))], 64)


def small(**changes: object) -> config.RunConfig:
    return config.RunConfig(
        steps=4,
        batch=2,
        precision="no",
        evaluate_every=2,
        generator=config.Generator(widths=(8, 8, 8, 8), pretrained=False),
        discriminator=config.Discriminator(width=4, layers=1),
        stages=(config.Stage(0.5, 32, False), config.Stage(1.0, 64, True, True)),
        **changes,  # type: ignore[arg-type]
    )


def test_two_and_two_steps_equal_four_bit_for_bit(pictures: photos.Photos, tmp_path: Path) -> None:
    whole = Run(small(), pictures, tmp_path / "whole")
    whole.train(quiet=True)

    first = Run(small(), pictures, tmp_path / "parts")
    first.train(stop=lambda: first.step >= 2, quiet=True)
    second = Run(small(), pictures, tmp_path / "parts")
    second.resume(tmp_path / "parts" / "last.pt")
    assert second.step == 2
    second.train(quiet=True)

    expected, found = (checkpoint.load(tmp_path / name / "last.pt") for name in ("whole", "parts"))
    assert expected["step"] == found["step"] == 4
    for name, value in expected["average"].items():
        assert torch.equal(value, found["average"][name]), name
    for network in ("generator", "discriminator"):
        for name, value in expected["method"][network].items():
            assert torch.equal(value, found["method"][network][name]), name


def test_a_run_keeps_its_config_its_log_and_its_best(pictures: photos.Photos, tmp_path: Path) -> None:
    answers = iter([3.0, 2.0])
    run = Run(small(), pictures, tmp_path / "run")
    run.train(lambda network: {"psnr": next(answers)}, quiet=True)
    lines = [json.loads(line) for line in (tmp_path / "run" / "log.jsonl").read_text().splitlines()]
    assert [(line["step"], line["psnr"]) for line in lines] == [(2, 3.0), (4, 2.0)]
    assert checkpoint.load(tmp_path / "run" / "best.pt")["step"] == 2
    assert config.from_table(json.loads((tmp_path / "run" / "config.json").read_text())) == small()


def test_a_time_budget_ends_the_run(pictures: photos.Photos, tmp_path: Path) -> None:
    run = Run(small(), pictures, tmp_path / "run", minutes=0.02)
    run.train(quiet=True)
    assert run.share == 1.0 and run.elapsed_s < 30
    assert (tmp_path / "run" / "last.pt").exists()


def test_a_checkpoint_of_another_network_is_refused(pictures: photos.Photos, tmp_path: Path) -> None:
    run = Run(small(), pictures, tmp_path / "run")
    run.save("last.pt")
    table = config.to_table(small()) | {"generator": {"widths": [8, 8, 8, 16], "pretrained": False}}
    other = Run(config.from_table(table), pictures, tmp_path / "other")
    with pytest.raises(checkpoint.CheckpointError, match="another configuration"):
        other.resume(tmp_path / "run" / "last.pt")


def test_going_on_with_other_values_is_told(pictures: photos.Photos, tmp_path: Path) -> None:
    Run(small(), pictures, tmp_path / "run").save("last.pt")
    other = Run(small(seed=2, losses=config.Losses(floor=0.5)), pictures, tmp_path / "run")
    other.resume(tmp_path / "run" / "last.pt")
    assert other.changed == ["losses.floor", "seed"]


def test_a_loss_that_is_no_number_ends_with_a_sentence_and_a_whole_checkpoint(
    pictures: photos.Photos, tmp_path: Path
) -> None:
    run = Run(small(), pictures, tmp_path / "run")
    run.save("last.pt")
    with torch.no_grad():
        run.method.generator.last.bias.fill_(float("nan"))
    with pytest.raises(FloatingPointError, match="not a number"):
        run.train(quiet=True)
    assert checkpoint.load(tmp_path / "run" / "last.pt")["step"] == 0
