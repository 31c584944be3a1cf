"""Restorers are judged on the same photos as what they must beat; the truth gets full marks, the input its own."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import numpy as np
import pytest

from tests.training.photographs import folder_of
from training.config import ConfigError
from training.features import Backbone
from training.judging import degrading, restoring
from training.judging.degrading import ENLARGING, Conditions, Degraded
from training.judging.pictures import photos_in


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    return photos_in(folder_of(tmp_path, 6))


def moments(picture: np.ndarray) -> np.ndarray:
    return np.concatenate([picture.mean((0, 1)), picture.std((0, 1))])


@pytest.mark.parametrize("task", ["denoise", "clean", "upscale", "upscale-worn"])
def test_the_truth_beats_every_baseline_and_every_mean_has_its_interval(task: str, tmp_path: Path) -> None:
    pytest.importorskip("cv2")
    files = photos_in(folder_of(tmp_path, 10))
    baselines, note = restoring.to_beat(task)
    judged = restoring.judge(
        {**baselines, "truth": lambda worse: worse.true}, task, files, features=Backbone("m", 32, moments),
        conditions=Conditions(scale=2 if task in ENLARGING else 1),
    )  # fmt: skip
    assert note == "" and len(judged) == (2 if task in ENLARGING else 3)
    truth = judged.pop("truth").figures
    assert (truth["psnr"], truth["ssim"], truth["delta_e"]) == pytest.approx((100, 1, 0), abs=1e-6)
    assert truth["kid"] == pytest.approx(0, abs=1e-9)
    for report in judged.values():
        assert report.figures["psnr"] < 60 and report.figures["ssim"] < 1 and report.figures["delta_e"] > 0
        for name in ("psnr", "ssim", "delta_e", "psnr_gain", "ssim_gain"):
            assert report.figures[f"{name}_low"] <= report.figures[name] <= report.figures[f"{name}_high"]
    shown = judged[next(iter(baselines))].figures
    assert shown["kid"] == pytest.approx(1) and shown["frechet"] == pytest.approx(1)
    assert shown["psnr_gain"] == pytest.approx(0, abs=0.01), "the input gains nothing over itself"
    assert truth["psnr_gain"] == pytest.approx(100 - shown["psnr"], abs=0.01)
    if task == "denoise":
        assert judged["non-local means"].figures["psnr"] > shown["psnr"] + 3


def test_judging_again_gives_the_same_figures(files: list[Path]) -> None:
    first, second = (
        restoring.judge({"input": lambda worse: worse.picture}, "denoise", files)["input"] for _ in range(2)
    )
    assert first.figures == second.figures and first.photos == second.photos


def test_half_the_noise_is_six_decibels_less(files: list[Path]) -> None:
    figures = [
        restoring.judge({"input": lambda worse: worse.picture}, "denoise", files, conditions=Conditions(strength))[
            "input"
        ].figures
        for strength in (0.5, 0.25)
    ]
    assert figures[1]["psnr"] - figures[0]["psnr"] == pytest.approx(6, abs=0.3)


def test_photos_are_shrunk_where_they_are_larger_and_looks_are_kept(files: list[Path]) -> None:
    sides = []

    def answer(worse: Degraded) -> np.ndarray:
        sides.append(worse.picture.shape)
        return worse.picture

    report = restoring.judge({"input": answer}, "denoise", files, size=36, sheet=3)["input"]
    restoring.judge({"input": answer}, "denoise", files[:1], size=500)
    assert sides == [(36, 48, 3)] * 6 + [(72, 96, 3)]
    assert [look.shape for look in report.looks] == [(192, 3 * 192, 3)] * 3


def test_a_photo_that_nothing_was_done_to_can_gain_nothing(files: list[Path]) -> None:
    """So a recipe's harm to good photos is its PSNR alone."""
    report = restoring.judge({"same": lambda worse: worse.picture}, "restore", files, conditions=Conditions(0))["same"]
    assert report.figures["psnr"] == 100 and "psnr_gain" not in report.figures
    assert all(photo.psnr_gain is None and photo.ssim_gain is None for photo in report.photos)


def test_time_is_told_when_it_is_asked_for(files: list[Path]) -> None:
    def slow(worse: Degraded) -> np.ndarray:
        time.sleep(0.02)
        return worse.picture

    answers = {"slow": slow, "quick": lambda worse: worse.picture}
    judged = restoring.judge(answers, "denoise", files, timed=True)
    megapixels = 72 * 96 / 1e6
    assert judged["slow"].figures["seconds_per_mp"] > 0.02 / megapixels
    assert judged["quick"].figures["seconds_per_mp"] < judged["slow"].figures["seconds_per_mp"]
    assert "seconds_per_mp" not in restoring.judge(answers, "denoise", files[:1])["slow"].figures


def test_an_answer_of_another_size_is_refused_by_name(files: list[Path]) -> None:
    with pytest.raises(ConfigError, match="mine answers 48 x 36 pixels where this task wants 96 x 72"):
        restoring.judge({"mine": lambda worse: worse.picture}, "upscale", files, conditions=Conditions(scale=2))


@pytest.mark.parametrize("task", ["repair", "fill"])
def test_damage_is_judged_by_itself_and_filled_by_what_must_be_beaten(
    task: str, files: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("cv2")

    def scratched(true: np.ndarray, name: str, conditions: Conditions) -> Degraded:
        damage = np.zeros(true.shape[:2], bool)
        if name != "000.png":
            damage[:, 40:42] = True
        return Degraded(np.where(damage[..., None], np.float32(1), true), true, damage=damage)

    monkeypatch.setitem(degrading.TASKS, task, scratched)
    answers, _ = restoring.to_beat(task)
    judged = restoring.judge(answers, task, files)
    assert list(judged)[:3] == ["aged input", "Telea, true mask", "Navier-Stokes, true mask"]
    assert list(judged)[3:] == (["non-local means"] if task == "repair" else [])
    aged = judged["aged input"]
    assert [photo.psnr_damaged is None for photo in aged.photos] == [True, False, False, False, False, False]
    for filled in list(judged.values())[1:3]:
        assert filled.figures["psnr_damaged"] > aged.figures["psnr_damaged"] + 10
    assert aged.figures["psnr_damaged"] < 20 < aged.figures["psnr"]


def test_without_opencv_its_baselines_are_left_out_and_that_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "cv2", None)
    found = {task: restoring.to_beat(task) for task in restoring.BASELINES}
    assert list(found["restore"][0]) == ["aged input"] and list(found["denoise"][0]) == ["noisy input"]
    assert found["restore"][1] == (
        "Without Navier-Stokes, true mask and Telea, true mask and non-local means: OpenCV is not installed"
        " (pip install opencv-python-headless)."
    )
    assert "non-local means" not in found["fill"][1] and list(found["clean"][0]) == ["worn input"]
    assert (list(found["upscale"][0]), found["upscale"][1]) == (["bicubic"], "")
