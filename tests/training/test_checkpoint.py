"""A checkpoint is whole or absent, comes back as it was, and never runs code."""

from __future__ import annotations

import os
import pickle
from pathlib import Path

import pytest
import torch

from training import checkpoint


def test_there_and_back(tmp_path: Path) -> None:
    state = {
        "method": {"weight": torch.rand(3)},
        "step": 4,
        "best": -1.5,
        "config": {"name": "x", "stages": ({"until": 1.0},)},
    }
    checkpoint.save(state, tmp_path / "run" / "last.pt")
    found = checkpoint.load(tmp_path / "run" / "last.pt")
    assert torch.equal(found["method"].pop("weight"), state["method"].pop("weight")) and found == state
    assert [file.name for file in (tmp_path / "run").iterdir()] == ["last.pt"]


def test_an_interrupted_write_leaves_the_old_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    checkpoint.save({"method": {}, "step": 1}, tmp_path / "last.pt")

    def power_cut(descriptor: int) -> None:
        raise OSError

    monkeypatch.setattr(os, "fsync", power_cut)
    with pytest.raises(OSError):
        checkpoint.save({"method": {}, "step": 2}, tmp_path / "last.pt")
    assert checkpoint.load(tmp_path / "last.pt")["step"] == 1


class Hostile:
    def __init__(self, trace: Path) -> None:
        self.trace = trace

    def __reduce__(self) -> tuple:
        return (os.mkdir, (str(self.trace),))


@pytest.mark.parametrize("torch_made", [True, False])
def test_a_hostile_file_runs_nothing(tmp_path: Path, torch_made: bool) -> None:
    path, trace = tmp_path / "last.pt", tmp_path / "was-here"
    with path.open("wb") as file:
        (torch.save if torch_made else pickle.dump)({"method": Hostile(trace)}, file)
    with pytest.raises(checkpoint.CheckpointError):
        checkpoint.load(path)
    assert not trace.exists()


@pytest.mark.parametrize("content", [b"", b"text", b"PK\x03\x04 half a zip"])
def test_what_is_no_checkpoint_is_said_to_be_none(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "last.pt").write_bytes(content)
    with pytest.raises(checkpoint.CheckpointError, match="not a checkpoint"):
        checkpoint.load(tmp_path / "last.pt")


def test_an_older_format_before_an_archive_is_none(tmp_path: Path) -> None:
    """The end of the file is a whole checkpoint; torch would read the beginning."""
    checkpoint.save({"method": {}}, tmp_path / "last.pt")
    whole = (tmp_path / "last.pt").read_bytes()
    (tmp_path / "last.pt").write_bytes(pickle.dumps({"method": {}}) + whole)
    with pytest.raises(checkpoint.CheckpointError, match="not a checkpoint"):
        checkpoint.load(tmp_path / "last.pt")


def test_a_missing_one_is_named(tmp_path: Path) -> None:
    with pytest.raises(checkpoint.CheckpointError, match="There is no checkpoint"):
        checkpoint.load(tmp_path / "last.pt")
