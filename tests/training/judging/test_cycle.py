"""The cycle error is what is lost on the way there and back, of colour photos and of grey ones apart."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tests.training.photographs import picture
from training.judging import cycle
from training.judging.pictures import photos_in


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    """Three photos in colour and two in grey."""
    for index in range(5):
        made = picture(index)
        (made if index < 3 else made.convert("L")).save(tmp_path / f"{index}.png")
    return photos_in(tmp_path)


def nothing(shown: np.ndarray) -> np.ndarray:
    return shown


def to_grey(shown: np.ndarray) -> np.ndarray:
    return np.repeat(shown.mean(2, keepdims=True), 3, 2)


def darker(shown: np.ndarray) -> np.ndarray:
    return shown * np.float32(0.5)


def brighter(shown: np.ndarray) -> np.ndarray:
    return shown * np.float32(2)


def test_a_pair_that_undoes_each_other_has_none(files: list[Path]) -> None:
    figures = cycle.judge(darker, brighter, files, size=64).figures
    assert (figures["colour_photos"], figures["grey_photos"]) == (3, 2)
    assert figures["cycle_error"] == pytest.approx(0, abs=1e-6)


def test_a_pair_that_loses_colour_has_as_much_as_its_own_grey(files: list[Path]) -> None:
    """And nothing is lost of grey photos."""
    figures = cycle.judge(to_grey, nothing, files, size=64).figures
    assert figures["cycle_error"] == pytest.approx(figures["cycle_error_to_beat"], rel=0.1)
    assert figures["cycle_error_grey"] == pytest.approx(0, abs=1e-6)
    for name in ("cycle_error", "cycle_error_grey"):
        assert figures[f"{name}_low"] <= figures[name] <= figures[f"{name}_high"]


def test_colour_photos_are_faded_first_and_grey_ones_coloured_first(files: list[Path]) -> None:
    """0.5, then twice and clipped is the way back; the other way round bright places are lost."""
    report = cycle.judge(darker, lambda shown: brighter(shown).clip(0, 1), files, size=64, sheet=5)
    assert [photo.coloured for photo in report.photos] == [True, True, True, False, False]
    assert (
        max(photo.cycle for photo in report.photos[:3]) < 1e-6 < 0.05 < min(photo.cycle for photo in report.photos[3:])
    )
    assert [look.shape for look in report.looks] == [(192, 3 * 192, 3)] * 5


def test_photos_of_one_kind_alone_give_that_kinds_figure_alone(files: list[Path]) -> None:
    figures = cycle.judge(nothing, nothing, files[:3], size=64).figures
    assert "cycle_error" in figures and "cycle_error_grey" not in figures
