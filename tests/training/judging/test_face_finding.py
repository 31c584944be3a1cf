"""Faces found, missed and false are counted as one would count them by hand."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from training.config import ConfigError
from training.data.face_labels import Labelled
from training.judging import face_finding


def rows_of(*boxes: tuple[float, float, float, float, float]) -> np.ndarray:
    """x, y, width, height, score -> rows, all landmarks in the middle."""
    rows = np.zeros((len(boxes), 15), np.float32)
    for row, (x, y, width, height, score) in zip(rows, boxes, strict=True):
        row[:4], row[14] = (x, y, width, height), score
        row[4:14] = [x + width / 2, y + height / 2] * 5
    return rows


LABEL = Labelled(
    Path("."), "x.png", 200, 100, rows_of((10, 10, 40, 40, 0.9), (100, 10, 40, 40, 0.85), (10, 60, 30, 30, 0.5))
)


def test_each_kind_is_told_apart() -> None:
    """Of four boxes one is a face, one lies on a doubtful face, one is half beside a face, one is nothing."""
    found = rows_of((12, 10, 40, 40, 0.9), (10, 60, 30, 30, 0.8), (130, 10, 40, 40, 0.7), (160, 60, 30, 30, 0.6))
    seen = face_finding.compare("x.png", found, LABEL)
    assert seen.hit.tolist() == [True, False, False, False]
    assert seen.doubtful.tolist() == [False, True, False, False]
    assert len(seen.false) == 2 and len(seen.missed) == 1
    assert seen.landmarks == pytest.approx([2 / 40])
    figures = face_finding.figures([seen])
    assert figures["recall"] == 0.5 and figures["false"] == 2 and figures["strict_false"] == 3
    assert figures["precision"] == pytest.approx(1 / 3)


def test_one_face_found_twice_is_found_once() -> None:
    seen = face_finding.compare("x.png", rows_of((10, 10, 40, 40, 0.9), (11, 11, 40, 40, 0.8)), LABEL)
    assert seen.hit.tolist() == [True, False] and len(seen.false) == 1


def test_nothing_found_and_nothing_to_find() -> None:
    empty = Labelled(Path("."), "y.png", 10, 10, rows_of())
    figures = face_finding.figures([face_finding.compare("y.png", rows_of(), empty)])
    assert figures == {"photos": 1, "faces": 0, "false": 0, "strict_false": 0}
    assert face_finding.compare("x.png", rows_of(), LABEL).missed.shape == (2, 15)


def test_photos_that_the_list_does_not_know_are_a_mistake(tmp_path: Path) -> None:
    Image.new("RGB", (64, 64)).save(tmp_path / "other.png")
    with pytest.raises(ConfigError, match="in the label list"):
        face_finding.judge(lambda image: rows_of(), tmp_path, [LABEL], sure=0.5, looks=(64,))


def test_boxes_are_drawn_in_their_colours() -> None:
    found = rows_of((10, 10, 40, 40, 0.9), (160, 60, 30, 30, 0.6))
    seen = face_finding.compare("x.png", found, LABEL)
    sheet = np.asarray(face_finding.drawn(Image.new("RGB", (200, 100)), seen, side=200))
    colours = {tuple(colour) for colour in sheet.reshape(-1, 3).tolist()}
    assert {(0, 255, 0), (255, 0, 0), (255, 255, 0)} <= colours
