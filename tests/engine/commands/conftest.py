"""A user's data folder with a generator of ours in it, and the command line called in this process."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from engine.cli import main
from tests.onnx_files import write_colorizer


@dataclass(frozen=True)
class Said:
    """code: the exit code. out, err: what was printed."""

    code: int
    out: str
    err: str


Cli = Callable[..., Said]


@pytest.fixture
def data_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The user's own data folder, empty but for the test generator."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    folder = tmp_path / "data" / "Autochrome"
    write_colorizer(folder / "models", "zz-test-colorize")
    return folder


@pytest.fixture
def nothing_bundled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only the user's own generators are there, whatever is shipped."""
    monkeypatch.setattr("engine.library.asset", lambda *parts: tmp_path / "bundled")


@pytest.fixture
def cli(data_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Cli:
    """autochrome-cli in an empty working folder, with the test generator for `restore`."""
    work = tmp_path / "work"
    work.mkdir()
    monkeypatch.chdir(work)

    def call(*words: str | Path) -> Said:
        arguments = [str(word) for word in words]
        if arguments and arguments[0] == "restore" and "--model" not in arguments:
            arguments += ["--model", "colorize=zz-test-colorize"]
        code = main(arguments)
        captured = capsys.readouterr()
        return Said(code, captured.out, captured.err)

    return call


def report(path: Path) -> dict[str, Any]:
    """What --report wrote: file name -> entry, and the rest under ""."""
    written = json.loads(path.read_text("utf-8"))
    return {Path(entry["source"]).name: entry for entry in written["photos"]} | {"": written}
