"""The training command line, from photos to a generator in the engine."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.training.photographs import folder_of
from training.cli import main

CONFIG = """
name = "tiny"
title = "Tiny"
steps = 2
batch = 2
precision = "no"
evaluate_every = 1
evaluate_photos = 1
terms = "made here"
limits = "everything"
[generator]
encoder = "plain"
widths = [8, 8, 8, 8]
pretrained = false
[[stages]]
until = 1.0
crop_px = 32
"""


def test_train_resume_export_evaluate(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    photos, config = str(folder_of(tmp_path / "photos", 3)), tmp_path / "tiny.toml"
    config.write_text(CONFIG)
    words = ["train", str(config), "--train", photos, "--runs", str(tmp_path / "runs"), "--quiet"]
    assert main([*words, "--validation", photos, "--stop-after", "1e-9"]) == 0
    assert not (tmp_path / "runs" / "tiny" / "export").exists()
    config.write_text(CONFIG.replace("steps = 2", "steps = 3"))
    assert main([*words, "--resume"]) == 0
    told = capsys.readouterr().out
    assert (tmp_path / "runs" / "tiny" / "export" / "tiny.onnx").is_file()  # a run that is over ends with its export
    assert "step 3" in told and "other values of data.validation, steps" in told

    installed = tmp_path / "installed"
    assert main(["install", str(tmp_path / "runs" / "tiny"), "--into", str(installed)]) == 0
    assert sorted(file.name for file in installed.iterdir()) == ["tiny.json", "tiny.onnx"]

    models = tmp_path / "models"
    assert (
        main(["export", str(tmp_path / "runs" / "tiny"), "--into", str(models), "--trained-on", "our own pictures"])
        == 0
    )
    card = json.loads((models / "tiny.json").read_text())
    assert (card["terms"], card["trained_on"], card["made_by"]["config"]) == ("made here", ["our own pictures"], "tiny")
    capsys.readouterr()

    report = tmp_path / "figures.json"
    words = ["evaluate", str(models / "tiny.onnx"), photos, "--size", "64", "--hints", "2", "--json", str(report)]
    assert main(words) == 0
    printed = json.loads(capsys.readouterr().out)
    assert printed == json.loads(report.read_text())["figures"]
    assert printed["photos"] == 3 and printed["luma_error"] < 3


def test_unusable_words_end_with_2_and_a_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    config = tmp_path / "bad.toml"
    config.write_text("learning = 3")
    assert main(["train", str(config), "--train", str(tmp_path)]) == 2
    assert "unknown key learning" in capsys.readouterr().err
    assert main(["evaluate", "grey", str(tmp_path)]) == 2


def test_a_missing_run_ends_with_1(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["export", str(tmp_path / "nowhere"), "--into", str(tmp_path)]) == 1
    assert "There is no checkpoint" in capsys.readouterr().err
