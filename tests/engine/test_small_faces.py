"""Small faces get a square of their own, and of what is told of it only skin, on the face alone, is taken."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.faces import Face
from engine.small_faces import AROUND, MOST, SMALL_PX, SmallFace, lay, small_faces
from tests.engine import photos

HEIGHT, WIDTH = 120, 160


def face(x: float, y: float, side: float) -> Face:
    return Face((x, y, side, side), ((x, y),) * 5, 1.0)


def one(x: float = 60, y: float = 40, side: float = 20) -> SmallFace:
    return small_faces(photos.grey(), [face(x, y, side)], HEIGHT, WIDTH, 64)[0]


def test_faces_large_enough_are_left_to_the_whole() -> None:
    found = small_faces(photos.grey(), [face(0, 0, SMALL_PX), face(60, 40, SMALL_PX - 1)], HEIGHT, WIDTH, 64)
    assert len(found) == 1
    assert not small_faces(photos.grey(), [face(60, 40, 20)], 2 * HEIGHT, 2 * WIDTH, 64)


def test_no_more_than_so_many_and_the_largest_of_them() -> None:
    many = [face(60, 40, 10 + number * 0.1) for number in range(MOST + 5)]
    found = small_faces(photos.grey(), many, HEIGHT, WIDTH, 64)
    assert len(found) == MOST
    sizes = [np.count_nonzero(each.weight) for each in found]
    assert sizes == sorted(sizes, reverse=True)


@given(st.floats(0, 1), st.floats(0, 1), st.floats(4, 34))
def test_the_square_lies_in_the_photo_and_the_face_in_its_middle(x: float, y: float, side: float) -> None:
    found = one(x * (WIDTH - side), y * (HEIGHT - side), side)
    assert 0 <= found.rows.start < found.rows.stop <= HEIGHT and 0 <= found.columns.start < found.columns.stop <= WIDTH
    assert found.weight.shape == (found.rows.stop - found.rows.start, found.columns.stop - found.columns.start)
    assert max(found.weight.shape) <= AROUND * side + 2
    middle = (
        int(y * (HEIGHT - side) + side / 2) - found.rows.start,
        int(x * (WIDTH - side) + side / 2) - found.columns.start,
    )
    assert found.weight[middle] > 0.5 and found.lightness.min() >= 0 and found.lightness.max() <= 100.01


@pytest.mark.parametrize(
    ("told", "taken"), [((18, 20), True), ((-20, -20), False), ((4, -25), False), ((-15, 20), False)]
)
def test_skin_is_laid_on_the_face_and_nothing_else(told: tuple[float, float], taken: bool) -> None:
    found, chroma = one(), np.full((HEIGHT, WIDTH, 2), (-3, -6), np.float32)
    lay(chroma, found, np.full((*found.lightness.shape, 2), told, np.float32))
    outside = np.ones((HEIGHT, WIDTH), bool)
    outside[found.rows, found.columns] = found.weight == 0
    assert (chroma[outside] == (-3, -6)).all()
    np.testing.assert_allclose(chroma[50, 70], told if taken else (-3, -6), atol=1e-4)
