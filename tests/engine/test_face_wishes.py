"""A wish is about the face it lies in, whatever the photo's size; a wish that makes no sense is refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import SettingInvalid
from engine.face_wishes import TREATMENTS, FaceWish, treatments
from engine.faces import Face


def face(left: float, top: float, side: float) -> Face:
    return Face((left, top, side, side), ((0.0, 0.0),) * 5, 0.9)


def test_a_wish_counts_for_the_face_it_lies_in_and_the_others_get_the_usual() -> None:
    faces = [face(10, 10, 40), face(100, 20, 40), face(160, 20, 30)]
    wishes = [FaceWish(30 / 200, 30 / 100, "original"), FaceWish(0.99, 0.99, "full")]
    assert treatments(faces, wishes, "gentle", 100, 200) == ("original", "gentle", "gentle")


def test_of_two_in_one_box_the_nearest_to_the_middle_counts() -> None:
    faces, wishes = [face(0, 0, 100)], [FaceWish(0.1, 0.1, "original"), FaceWish(0.45, 0.45, "full")]
    assert treatments(faces, wishes, "gentle", 100, 100) == ("full",)


@given(st.floats(0, 0.8), st.floats(0, 0.8), st.integers(1, 4), st.sampled_from(TREATMENTS))
def test_the_middle_of_a_face_finds_it_again_in_the_enlarged_photo(
    left: float, top: float, scale: int, treatment: str
) -> None:
    wish = FaceWish(left + 0.1, top + 0.1, treatment)
    larger = face(left * 100 * scale, top * 100 * scale, 20 * scale)
    assert treatments([larger], [wish], "gentle", 100 * scale, 100 * scale) == (treatment,)


@pytest.mark.parametrize(("x", "y", "treatment"), [(-0.1, 0.5, "full"), (0.5, 1.1, "full"), (0.5, 0.5, "nice")])
def test_a_wish_that_makes_no_sense_is_refused(x: float, y: float, treatment: str) -> None:
    with pytest.raises(SettingInvalid):
        FaceWish(x, y, treatment)
