"""Finders are counted right: the truth finds everything, nothing finds nothing, and each mistake shows in its own figure."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import numpy as np
import pytest

from tests.training.photographs import folder_of
from training.ageing.recipe import Aged
from training.judging import finding
from training.judging.degrading import Conditions
from training.judging.pictures import photos_in

THIN, WIDE, HIDDEN = slice(10, 11), slice(30, 36), slice(60, 64)


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Photos that get a white line of one pixel and one of six; and one of four that changes nothing."""

    def lined(picture: np.ndarray, name: str, strength: float, textures: object) -> Aged:
        damage = np.zeros(picture.shape[:2], np.float32)
        worn = picture * np.float32(0.5)
        sound = worn.copy()
        for rows in (THIN, WIDE):
            damage[rows], worn[rows] = strength, 1
        damage[HIDDEN] = 1
        return Aged(worn, damage, sound, picture, ("scratches",))

    monkeypatch.setattr(finding, "judged", lined)
    return photos_in(folder_of(tmp_path, 3))


def white(picture: np.ndarray) -> np.ndarray:
    return np.where(picture.min(2) > 0.99, np.float32(0.8), np.float32(0))


def figures(finder: finding.Finder, files: list[Path], **words: object) -> dict[str, float]:
    return finding.judge({"mine": finder}, files, **words)[0]["mine"].figures  # type: ignore[arg-type]


def test_who_finds_every_visible_line_has_full_marks_in_every_band(files: list[Path]) -> None:
    told = figures(white, files)
    for name in ("recall", "precision", "recall_1_2", "precision_1_2", "recall_3_8", "precision_3_8"):
        assert (told[name], told[f"{name}_low"], told[f"{name}_high"]) == (1, 1, 1)
    assert not {"recall_9_24", "precision_25_60"} & told.keys(), "nothing is that wide"
    assert told["false_alarm"] == told["false_alarm_aged"] == 0
    assert told["damaged"] == pytest.approx(7 / 72), "the line that changes nothing need not be found"


def test_what_is_missed_lowers_recall_of_its_width_alone(files: list[Path]) -> None:
    def thick_only(picture: np.ndarray) -> np.ndarray:
        found = white(picture)
        found[:20] = 0
        return found

    told = figures(thick_only, files)
    assert (told["recall_1_2"], told["recall_3_8"], told["precision"]) == (0, 1, 1)
    assert told["recall"] == pytest.approx(6 / 7)


def test_what_is_not_there_lowers_precision_of_its_width_and_raises_alarms(files: list[Path]) -> None:
    def and_a_wire(picture: np.ndarray) -> np.ndarray:
        found = white(picture)
        found[50:52] = 1
        return found

    told = figures(and_a_wire, files)
    assert told["precision_1_2"] == pytest.approx(1 / 3) and told["precision_3_8"] == told["recall"] == 1
    assert told["false_alarm"] == told["false_alarm_aged"] == pytest.approx(2 / 72)


def test_two_pixels_aside_is_right_and_three_are_not(files: list[Path]) -> None:
    def moved(picture: np.ndarray, aside: int) -> np.ndarray:
        return np.roll(white(picture), -aside, 0)

    for aside, right in ((2, 1), (3, 0)):
        told = figures(partial(moved, aside=aside), files)
        assert (told["recall_1_2"], told["precision_1_2"]) == (right, right)


def test_calling_what_is_hidden_damaged_is_no_mistake(files: list[Path]) -> None:
    def and_hidden(picture: np.ndarray) -> np.ndarray:
        found = white(picture)
        found[HIDDEN] = 1
        return found

    assert figures(and_hidden, files)["precision"] == 1


def test_the_curve_falls_where_the_threshold_passes_the_probability(files: list[Path]) -> None:
    _, curves = finding.judge({"mine": white, "other": lambda picture: white(picture) * np.float32(0.5)}, files)
    recalls = {name: [point["recall"] for point in curve] for name, curve in curves.items()}
    assert recalls == {"mine": [1] * 8 + [0], "other": [1] * 4 + [0] * 5}
    assert [point["threshold"] for point in curves["mine"]] == list(finding.THRESHOLDS)
    assert figures(white, files, threshold=0.85)["recall"] == 0
    assert "precision" not in curves["mine"][-1], "of nothing no share is right"


def test_nothing_to_find_has_no_recall_and_looks_are_kept(files: list[Path]) -> None:
    reports, _ = finding.judge({"mine": white}, files, conditions=Conditions(strength=0.3), sheet=2)
    told = reports["mine"].figures
    assert "recall" not in told and told["damaged"] == 0 and told["precision"] == 1
    assert [look.shape for look in reports["mine"].looks] == [(192, 3 * 192, 3)] * 2
    assert [photo.name for photo in reports["mine"].photos] == ["000.png", "001.png", "002.png"]


def test_the_frozen_ageing_is_what_is_looked_for(tmp_path: Path) -> None:
    files = photos_in(folder_of(tmp_path, 4))
    full, half = (figures(lambda picture: np.ones(picture.shape[:2], np.float32), files, conditions=Conditions(each))
                  for each in (1.0, 0.5))  # fmt: skip
    assert full["recall"] == 1 and full["false_alarm"] == 1
    assert full["damaged"] > half["damaged"] > 0
    assert full["precision"] >= full["damaged"]
