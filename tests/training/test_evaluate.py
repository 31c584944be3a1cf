"""The judge gives full marks to the truth, grey's marks to grey, and places hints where it says."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from tests.training.photographs import folder_of
from training import evaluate, metrics
from training.features import Backbone
from training.lab import lab_to_srgb, lightness_to_grey

GREY = evaluate.enlarged(evaluate.grey, 64)


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    return evaluate.photos_in(folder_of(tmp_path, 4))


def test_grey_is_luma_true_and_colourless(files: list[Path]) -> None:
    figures = evaluate.judge(GREY, files).figures
    assert figures["colourfulness"] == pytest.approx(0, abs=1e-3)
    assert figures["luma_error"] < 1e-4
    assert figures["delta_e"] > 5


def test_a_colouriser_that_follows_every_hint_beats_grey(files: list[Path]) -> None:
    def follow(image: np.ndarray, guide: np.ndarray) -> np.ndarray:
        lab = metrics.lab_of(torch.from_numpy(image.astype(np.float64)).permute(2, 0, 1))
        lab[1:] = torch.from_numpy(guide.astype(np.float64)).permute(2, 0, 1)[:2] * 110
        return evaluate.as_picture(lab_to_srgb(lab[None])[0])

    grey, told = (evaluate.judge(way, files, hints=150).figures for way in (GREY, evaluate.enlarged(follow, 64)))
    assert told["psnr"] > grey["psnr"] + 1 and told["delta_e"] < grey["delta_e"]
    assert 0 < told["colourfulness"] <= 1.05


def test_limit_spreads_over_the_folder(tmp_path: Path) -> None:
    folder_of(tmp_path, 5)
    assert [file.stem for file in evaluate.photos_in(tmp_path, 3)] == ["000", "002", "004"]


def test_every_mean_has_an_interval_round_it_and_the_same_one_again(files: list[Path]) -> None:
    figures = evaluate.judge(GREY, files).figures
    names = [name for name in figures if not name.endswith(("_low", "_high"))]
    assert names == ["psnr", "ssim", "delta_e", "luma_error", "colourfulness"]
    for name in names:
        assert figures[f"{name}_low"] <= figures[name] <= figures[f"{name}_high"]
    assert evaluate.judge(GREY, files).figures == figures


def test_distances_of_features_are_in_units_of_greys(tmp_path: Path) -> None:
    def moments(picture: np.ndarray) -> np.ndarray:
        assert picture.shape == (48, 48, 3)
        return np.concatenate([picture.mean((0, 1)), picture.std((0, 1))])

    files = evaluate.photos_in(folder_of(tmp_path, 12))
    figures = evaluate.judge(GREY, files, features=Backbone("moments", 48, moments)).figures
    for name in ("kid", "frechet"):
        assert [figures[name], figures[f"{name}_low"], figures[f"{name}_high"]] == pytest.approx([1.0, 1.0, 1.0])
    assert figures["frechet_raw"] > 0 and "perceptual" not in figures


def test_looks_are_kept_for_a_sheet(files: list[Path], tmp_path: Path) -> None:
    from PIL import Image

    from training import report

    judged = evaluate.judge(GREY, files, sheet=4)
    report.sheet(judged.looks, tmp_path / "sheet.png", columns=2)
    with Image.open(tmp_path / "sheet.png") as sheet:
        assert sheet.size == (2 * 3 * 192, 2 * 192)


def test_what_is_shown_does_not_change_what_is_judged(files: list[Path]) -> None:
    """Orthochromatic grey is another picture, but grey's answer over the true L* is the same; the watcher sees both."""
    seen = []
    plain = evaluate.judge(GREY, files).figures
    ortho = evaluate.judge(GREY, files, luma="ortho", watchers=[lambda name, photo: seen.append((name, photo))]).figures
    assert ortho == pytest.approx(plain, abs=2e-3)
    assert [name for name, _ in seen] == [file.name for file in files]
    assert all((photo.shown - grey_of_its_lightness(photo.true)).abs().max() > 0.05 for _, photo in seen)


def grey_of_its_lightness(true: torch.Tensor) -> torch.Tensor:
    return lightness_to_grey(metrics.lab_of(true)[None, :1])[0]
