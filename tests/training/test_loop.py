"""A run ends, checkpoints, judges, and goes on exactly where it stopped."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import torch

from tests.training.photographs import folder_of
from training import checkpoint, config
from training.data import photos
from training.data.batches import Batches
from training.loop import Judgement, Run, RunStopped


@pytest.fixture
def pictures(tmp_path: Path) -> Batches:
    return Batches(photos.load([config.Source(str(folder_of(tmp_path / "photos", 6)))], 64), small())


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


def test_two_and_two_steps_equal_four_bit_for_bit(pictures: Batches, tmp_path: Path) -> None:
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
    pairs = [
        (state["method"]["generators"], state["method"]["adversary"]["discriminator"]) for state in (expected, found)
    ]
    for before, after in zip(*pairs, strict=True):
        for name, value in before.items():
            assert torch.equal(value, after[name]), name


def test_a_run_keeps_its_config_its_log_its_best_and_its_samples(pictures: Batches, tmp_path: Path) -> None:
    answers = iter([3.0, 2.0])
    look = np.full((8, 24, 3), 128, np.uint8)
    run = Run(small(), pictures, tmp_path / "run")
    run.train(lambda networks: Judgement({"psnr": next(answers)}, [look, look]), quiet=True)
    lines = [json.loads(line) for line in (tmp_path / "run" / "log.jsonl").read_text().splitlines()]
    assert [(line["step"], line["photos"], line["psnr"]) for line in lines] == [(2, 4, 3.0), (4, 8, 2.0)]
    assert checkpoint.load(tmp_path / "run" / "best.pt")["step"] == 2
    assert config.from_table(json.loads((tmp_path / "run" / "config.json").read_text())) == small()
    assert [path.name for path in sorted((tmp_path / "run" / "samples").iterdir())] == ["0000002.png", "0000004.png"]
    assert list((tmp_path / "run" / "tensorboard").glob("events.*"))


def test_the_best_is_chosen_by_the_figure_asked_for(pictures: Batches, tmp_path: Path) -> None:
    """Of a difference the smaller is better."""
    answers = iter([3.0, 2.0])
    run = Run(small(best_by="delta_e"), pictures, tmp_path / "run")
    run.train(lambda networks: Judgement({"delta_e": next(answers)}), quiet=True)
    assert checkpoint.load(tmp_path / "run" / "best.pt")["step"] == 4 and run.best == 2.0


def test_a_time_budget_ends_the_run(pictures: Batches, tmp_path: Path) -> None:
    run = Run(small(), pictures, tmp_path / "run", minutes=0.02)
    run.train(quiet=True)
    assert run.share == 1.0 and run.elapsed_s < 30
    assert (tmp_path / "run" / "last.pt").exists()


def test_a_checkpoint_of_another_network_is_refused(pictures: Batches, tmp_path: Path) -> None:
    run = Run(small(), pictures, tmp_path / "run")
    run.save("last.pt")
    table = config.to_table(small()) | {"generator": {"widths": [8, 8, 8, 16], "pretrained": False}}
    other = Run(config.from_table(table), pictures, tmp_path / "other")
    with pytest.raises(checkpoint.CheckpointError, match="another configuration"):
        other.resume(tmp_path / "run" / "last.pt")


def test_going_on_with_other_values_is_told(pictures: Batches, tmp_path: Path) -> None:
    Run(small(), pictures, tmp_path / "run").save("last.pt")
    other = Run(small(seed=2, losses=config.Losses(floor=0.5)), pictures, tmp_path / "run")
    other.resume(tmp_path / "run" / "last.pt")
    assert other.changed == ["losses.floor", "seed"]


def test_a_loss_that_is_no_number_ends_with_a_sentence_and_a_whole_checkpoint(
    pictures: Batches, tmp_path: Path
) -> None:
    run = Run(small(), pictures, tmp_path / "run")
    run.save("last.pt")
    with torch.no_grad():
        run.method.generators["colorize"].last.bias.fill_(float("nan"))
    with pytest.raises(RunStopped, match=r"not a number\..*last\.pt holds step 0"):
        run.train(quiet=True)
    assert checkpoint.load(tmp_path / "run" / "last.pt")["step"] == 0


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2 GiB"), "not enough memory"),
        (MemoryError(), "not enough memory"),
        (
            RuntimeError("[enforce fail at alloc_cpu.cpp:117] DefaultCPUAllocator: can't allocate memory"),
            "not enough memory",
        ),
        (torch.AcceleratorError("CUDA error: unspecified launch failure"), "graphics card was lost"),
    ],
)
def test_no_memory_and_a_lost_card_end_with_a_sentence_and_a_checkpoint_to_go_on_from(
    pictures: Batches, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: Exception, sentence: str
) -> None:
    run = Run(small(), pictures, tmp_path / "run")
    ordinary = run.method.step

    def fails_at_the_third(*given: object) -> dict[str, float]:
        if run.step == 2:
            raise error
        return ordinary(*given)

    monkeypatch.setattr(run.method, "step", fails_at_the_third)
    with pytest.raises(RunStopped, match=sentence):
        run.train(quiet=True)
    again = Run(small(), pictures, tmp_path / "run")
    again.resume(tmp_path / "run" / "last.pt")
    again.train(quiet=True)
    assert again.step == 4


def test_an_error_of_our_own_is_not_dressed_up(
    pictures: Batches, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = Run(small(), pictures, tmp_path / "run")
    monkeypatch.setattr(run.method, "step", lambda *_: torch.zeros(2) @ torch.zeros(3))
    with pytest.raises(RuntimeError, match="size"):
        run.train(quiet=True)


def test_a_batch_that_cannot_be_dealt_is_refused(pictures: Batches, tmp_path: Path) -> None:
    with pytest.raises(config.ConfigError, match="equal parts"):
        small(accumulate=3)
