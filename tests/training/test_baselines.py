"""What must be beaten does what it is known for; without OpenCV one sentence says so."""

from __future__ import annotations

import sys
from collections.abc import Callable

import numpy as np
import pytest

from tests.training.photographs import picture
from training import baselines
from training.config import ConfigError


@pytest.fixture
def photo() -> np.ndarray:
    return np.asarray(picture(1), np.float32) / 255


def error(first: np.ndarray, second: np.ndarray) -> float:
    return float(np.abs(first - second).mean())


@pytest.mark.parametrize("fill", [baselines.telea, baselines.navier_stokes])
def test_damage_is_filled_and_the_rest_left(
    fill: Callable[[np.ndarray, np.ndarray], np.ndarray], photo: np.ndarray
) -> None:
    pytest.importorskip("cv2")
    damage = np.zeros(photo.shape[:2], bool)
    damage[30:33] = True
    spoilt = np.where(damage[..., None], np.float32(1), photo)
    filled = fill(spoilt, damage)
    assert filled.dtype == np.float32 and filled.shape == photo.shape
    assert error(filled[~damage], photo[~damage]) < 1e-6
    assert error(filled[damage], photo[damage]) < 0.2 * error(spoilt[damage], photo[damage])


def test_non_local_means_takes_noise_out(photo: np.ndarray) -> None:
    pytest.importorskip("cv2")
    noisy = (photo + np.random.default_rng(0).normal(0, 25 / 255, photo.shape)).clip(0, 1).astype(np.float32)
    clean = baselines.non_local_means(noisy, baselines.NOISE_OF_25)
    assert clean.dtype == np.float32
    assert error(clean, photo) < 0.5 * error(noisy, photo)


def test_telea_and_navier_stokes_are_two_methods(photo: np.ndarray) -> None:
    pytest.importorskip("cv2")
    damage = np.zeros(photo.shape[:2], bool)
    damage[30:42, 20:60] = True
    assert not np.array_equal(baselines.telea(photo, damage), baselines.navier_stokes(photo, damage))


@pytest.mark.parametrize("scale", [2, 3, 4])
def test_bicubic_enlarges_by_a_whole_number(photo: np.ndarray, scale: int) -> None:
    large = baselines.bicubic(photo, scale)
    assert large.shape == (72 * scale, 96 * scale, 3) and large.dtype == np.float32
    back = large.reshape(72, scale, 96, scale, 3).mean((1, 3))
    assert error(back, photo) < 0.01 and large.min() >= 0 and large.max() <= 1


def test_without_opencv_a_sentence_says_what_to_install(photo: np.ndarray, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "cv2", None)
    with pytest.raises(ConfigError, match="pip install opencv-python-headless"):
        baselines.non_local_means(photo)
