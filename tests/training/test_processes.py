"""Two processes that share the photos of each batch learn what one process learns from all of them."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
import torch

from tests.training.photographs import folder_of
from training import checkpoint

ROOT = Path(__file__).resolve().parents[2]

CONFIG = """
name = "run"
steps = 3
batch = 4
precision = "no"
threads = 1
[data]
aged = 0.5
[hints]
photos = 1.0
[generator]
widths = [8, 8, 8, 8]
pretrained = false              # norms of the encoder are frozen; the decoder's are replaced below
[discriminator]
width = 4
layers = 1
[losses]
adversarial = 0.1
[[stages]]
until = 1.0
crop_px = 32
adversarial = true
"""

TRAIN = """
import sys, torch
from torch import nn
from training import config, methods
from training.loop import Run
from training.networks import colour_unet
from training.processes import end_together
# Ordinary batch norm sees half of the photos in each of two processes; group norm sees each photo alone.
colour_unet.block = lambda wide, narrow, kernel=3: nn.Sequential(
    nn.Conv2d(wide, narrow, kernel, padding=kernel // 2), nn.GroupNorm(2, narrow), nn.ReLU()
)
chosen = config.load(config.Path(sys.argv[1]))
chosen = config.dataclasses.replace(chosen, data=config.Data(train=(config.Source(sys.argv[2]),), short_side_px=64))
run = Run(chosen, methods.load(chosen.method).feed(chosen), config.Path(sys.argv[3]))
run.train(quiet=True)
if run.accelerator.is_main_process:
    print(run.accelerator.num_processes)
end_together(run.accelerator)
"""


def train(folder: Path, launcher: list[str]) -> dict[str, torch.Tensor]:
    words = [sys.executable, *launcher, str(folder.parent / "train.py"), str(folder.parent / "run.toml")]
    environment = os.environ | {"OMP_NUM_THREADS": "1", "PYTHONPATH": str(ROOT), "ACCELERATE_USE_CPU": "true"}
    done = subprocess.run(
        [*words, str(folder.parent / "photos"), str(folder)],
        capture_output=True,
        text=True,
        env=environment,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    assert done.stdout.split()[-1] == ("2" if launcher else "1")
    state = checkpoint.load(folder / "last.pt")
    assert state["step"] == 3
    weights = state["average"] | state["method"]["adversary"]["discriminator"]
    # The vectors of the power iteration are no weights: a process whose part has no photo to judge iterates once less.
    return {name: value for name, value in weights.items() if not name.endswith(("._u", "._v"))}


@pytest.mark.slow
def test_two_processes_agree_with_one_to_a_hundred_thousandth(tmp_path: Path) -> None:
    folder_of(tmp_path / "photos", 8)
    (tmp_path / "run.toml").write_text(CONFIG)
    (tmp_path / "train.py").write_text(TRAIN)
    launch = ["-m", "accelerate.commands.launch", "--multi_gpu", "--num_processes", "2", "--num_machines", "1"]
    launch += ["--mixed_precision", "no", "--dynamo_backend", "no", "--main_process_port", "0"]
    alone, together = train(tmp_path / "one", []), train(tmp_path / "two", launch)
    assert alone.keys() == together.keys()
    largest = max(float((value - together[name]).abs().max()) for name, value in alone.items())
    assert 0 < largest < 1e-5  # equal to the last bit would mean that the photos were not shared out
