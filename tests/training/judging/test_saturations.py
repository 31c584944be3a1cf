"""The curve is what judging answers of weaker and stronger chroma would give, without running the generator again."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from tests.training.photographs import folder_of
from training import evaluate, metrics
from training.judging.colouring import enlarged
from training.judging.saturations import Saturations


def test_the_curve_is_that_of_scaled_answers(tmp_path: Path) -> None:
    files = evaluate.photos_in(folder_of(tmp_path, 3))
    runs = []

    def tint(image: np.ndarray, guide: np.ndarray) -> np.ndarray:
        runs.append(1)
        return (image * np.array([1.0, 0.95, 0.9], np.float32)).astype(np.float32)

    saturations = Saturations([1.5, 0.0, 1.0, 1.5])
    one = evaluate.judge(enlarged(tint, 64), files, watchers=[saturations]).figures
    curve = saturations.curve()
    assert len(runs) == len(files)
    assert [point["saturation"] for point in curve] == [0.0, 1.0, 1.5]
    assert {name: curve[1][name] for name in ("psnr", "delta_e", "colourfulness")} == {
        name: one[name] for name in ("psnr", "delta_e", "colourfulness")
    }
    assert curve[0]["colourfulness"] == pytest.approx(0, abs=1e-3) and curve[2]["colourfulness"] > one["colourfulness"]

    def stronger(shown: torch.Tensor, true: torch.Tensor, hints: int, seed: int) -> tuple[torch.Tensor, float]:
        chroma, luma_error = enlarged(tint, 64)(shown, true, hints, seed)
        return 1.5 * chroma, luma_error

    scaled = evaluate.judge(stronger, files).figures
    assert curve[2]["psnr"] == pytest.approx(scaled["psnr"])
    for point in curve:
        for name in ("psnr", "delta_e", "colourfulness"):
            assert point[f"{name}_low"] <= point[name] <= point[f"{name}_high"]
    assert metrics.psnr(torch.zeros(3, 2, 2), torch.zeros(3, 2, 2)) == 100
