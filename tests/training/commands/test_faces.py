"""Faces from the command line: listed by a detector, a detector judged by the list."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from PIL import Image

from engine.card import Card
from engine.library import ModelLibrary
from tests.engine.detector_files import write_detector
from tests.training.data.test_face_labels import bright_square
from training import install
from training.cli import main


@pytest.fixture
def detector(tmp_path: Path) -> str:
    card = write_detector(tmp_path / "detector")
    assert card.path is not None
    return str(card.path)


def test_a_detector_agrees_with_itself(tmp_path: Path, detector: str, capsys: pytest.CaptureFixture[str]) -> None:
    """What it listed it finds again, all of it and nothing else."""
    bright_square(tmp_path / "photos" / "a.png")
    bright_square(tmp_path / "photos" / "b.png", 64, 32)
    labels = tmp_path / "faces.jsonl"
    assert main(["data", "faces", str(tmp_path / "photos"), "--detector", detector, "--into", str(labels)]) == 0
    assert "on 2 photos; 0 broken or held out" in capsys.readouterr().out
    words = ["evaluate", detector, str(tmp_path / "photos"), "--boxes", str(labels), "--sure", "0.8"]
    assert main([*words, "--json", str(tmp_path / "out.json"), "--sheet", str(tmp_path / "sheet.png")]) == 0
    figures = json.loads(capsys.readouterr().out)
    assert figures["photos"] == 2 and figures["faces"] >= 2
    assert figures["recall"] == 1 and figures["false"] == 0
    assert len(json.loads((tmp_path / "out.json").read_text())["photos"]) == 2
    with Image.open(tmp_path / "sheet.png") as sheet:
        assert sheet.width > sheet.height


def test_a_detector_is_installed_as_any_generator(tmp_path: Path, detector: str) -> None:
    """Tried first, then copied with its card."""
    (card,) = install.install([Path(detector)], tmp_path / "models")
    assert Card.read(card).kind == "detector"
    assert ModelLibrary([tmp_path / "models"]).default_for("detector").name == "spotter"


def test_sets_without_faces_are_listed_without_a_detector(tmp_path: Path) -> None:
    bright_square(tmp_path / "photos" / "a.png")
    labels = tmp_path / "none.jsonl"
    assert main(["data", "faces", str(tmp_path / "photos"), "--none", "--into", str(labels)]) == 0
    assert json.loads(labels.read_text())["faces"] == []


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--detector", "nothing.onnx"], "cannot be read"),
        (["--none", "--sides", "8"], "32 px"),
    ],
)
def test_what_cannot_be_done_is_a_sentence(
    tmp_path: Path, words: list[str], sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    bright_square(tmp_path / "photos" / "a.png")
    assert main(["data", "faces", str(tmp_path / "photos"), "--into", str(tmp_path / "x.jsonl"), *words]) == 2
    assert sentence in capsys.readouterr().err
