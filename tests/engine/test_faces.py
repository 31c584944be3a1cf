"""Each face is found once, in pixels of the photo, whatever the photo's size and shape."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.detector import Detector
from engine.faces import LOOKS, each_once, find_faces, intersections, overlaps
from engine.photo import Photo
from engine.session import Device
from tests.engine.detector_files import write_detector

BOXES = st.tuples(*[st.floats(0, 50)] * 2, *[st.floats(1, 40)] * 2, st.floats(0.01, 1))


def rows_of(*boxes: tuple[float, ...]) -> np.ndarray:
    """x, y, width, height, score -> rows."""
    rows = np.zeros((len(boxes), 15), np.float32)
    for row, (*box, score) in zip(rows, boxes, strict=True):
        row[:4], row[14] = box, score
    return rows


@given(st.lists(BOXES, max_size=12))
def test_no_two_kept_boxes_are_the_same_face(boxes: list[tuple[float, ...]]) -> None:
    """What is kept comes from what was given, the surest first, and every box left out is close to a surer one that was kept."""
    rows = rows_of(*boxes)
    kept = each_once(rows)
    assert kept.shape[1] == 15
    assert (np.diff(kept[:, 14]) <= 0).all()
    assert {tuple(row) for row in kept.tolist()} <= {tuple(row) for row in rows.tolist()}
    shared = overlaps(kept, kept) - np.eye(len(kept), dtype=np.float32)
    assert (shared < 0.41).all()
    if len(rows):
        assert kept[0, 14] == rows[:, 14].max()


@given(BOXES, BOXES)
def test_overlap_is_symmetric_and_whole_with_itself(first: tuple[float, ...], second: tuple[float, ...]) -> None:
    one, other = rows_of(first), rows_of(second)
    assert overlaps(one, other) == pytest.approx(overlaps(other, one).T, abs=1e-5)
    assert overlaps(one, one)[0, 0] == pytest.approx(1, abs=1e-4)
    assert 0 <= intersections(one, other)[0, 0] <= min(first[2] * first[3], second[2] * second[3]) * 1.001


def test_a_part_of_a_face_is_not_a_face_of_its_own() -> None:
    """A small box wholly inside a surer large one goes, one beside it stays; a surer small one takes the place of a large one."""
    face, eye, beside = (0, 0, 100, 100, 0.9), (20, 20, 20, 20, 0.8), (110, 20, 20, 20, 0.7)
    assert each_once(rows_of(face, eye, beside))[:, 14].tolist() == pytest.approx([0.9, 0.7])


@pytest.mark.parametrize(("height", "width"), [(640, 640), (1280, 960), (300, 450), (2000, 1001)])
def test_a_face_is_told_in_pixels_of_the_photo(tmp_path: Path, height: int, width: int) -> None:
    """A bright square of the size of one cell at the first look is found where it is, to a pixel of that look."""
    scale = max(height, width) / LOOKS[0]
    pixels = np.zeros((height, width, 3), np.uint8)
    left, top, side = round(64 * scale), round(96 * scale), round(32 * scale)
    pixels[top : top + side, left : left + side] = 255
    finder = Detector.load(write_detector(tmp_path), Device("cpu")).finder()
    faces = find_faces(Photo(pixels), finder, sure=0.9)
    assert len(faces) == 1
    assert faces[0].box == pytest.approx((left, top, side, side), abs=1.5 * scale)
    assert faces[0].landmarks[2] == pytest.approx((left + side / 2, top + side / 2), abs=1.5 * scale)
    assert faces[0].size_px == pytest.approx(side, rel=0.05)


def test_grey_and_16_bit_photos_have_the_same_faces(tmp_path: Path) -> None:
    finder = Detector.load(write_detector(tmp_path), Device("cpu")).finder()
    pixels = np.zeros((640, 640, 1), np.uint8)
    pixels[32:64, 32:64] = 255
    deep = np.repeat(pixels, 3, 2).astype(np.uint16) * 257
    assert find_faces(Photo(pixels), finder) == find_faces(Photo(deep), finder)


def test_boxes_end_at_the_edge_and_the_largest_comes_first() -> None:
    """What a detector sees beyond the photo is cut off; faces are listed by size."""
    rows = rows_of((-10, -10, 40, 40, 0.9), (100, 100, 80, 80, 0.6), (200, 0, 20, 20, 0.3))
    answers = iter([rows, rows[:0]])
    faces = find_faces(Photo(np.zeros((640, 640, 3), np.uint8)), lambda image: next(answers))
    assert [face.score for face in faces] == pytest.approx([0.6, 0.9])
    assert faces[1].box == (0, 0, 30, 30)
