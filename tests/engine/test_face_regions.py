"""A face's region lies where the face is, in a photo of any size, and a change is held back there and nowhere else."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.face_regions import clothes_of, limited, regions_of, towards
from engine.faces import Face


def face(left: float, top: float, width: float, height: float) -> Face:
    return Face((left, top, width, height), ((0.0, 0.0),) * 5, 0.9)


def test_the_middle_of_the_face_is_inside_and_the_rest_is_not() -> None:
    weight = towards(0.0, regions_of([face(40, 20, 40, 60)], [1.0], 200, 300), 0, 200, 200, 300)
    assert weight[50, 60] == 1 and weight[25, 60] == 1 and weight[75, 60] == 1
    assert weight[50, 110] == 0 and weight[130, 60] == 0 and weight[0, 0] == 0


def test_of_a_smaller_photo_it_is_the_same_part() -> None:
    regions = regions_of([face(40, 20, 40, 60)], [1.0], 200, 300)
    large, small = towards(0.0, regions, 0, 200, 200, 300), towards(0.0, regions, 0, 100, 100, 150)
    np.testing.assert_allclose(large.reshape(100, 2, 150, 2).mean((1, 3)), small, atol=0.03)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.tuples(st.floats(-50, 300), st.floats(-50, 200), st.floats(0, 200), st.floats(0, 200), st.floats(0, 1)),
        max_size=4,
    ),
    st.floats(0, 1),
    st.integers(1, 90),
)
def test_strips_are_the_whole_and_nowhere_more_than_was_asked_for(
    faces: list[tuple[float, float, float, float, float]], share: float, rows: int
) -> None:
    regions = regions_of([face(*box) for *box, _ in faces], [most for *_, most in faces], 120, 160)
    whole = limited(share, regions, 0, 120, 120, 160)
    strips = [limited(share, regions, top, min(120, top + rows), 120, 160) for top in range(0, 120, rows)]
    np.testing.assert_array_equal(np.concatenate(strips), whole)
    assert whole.shape == (120, 160, 1) and whole.max(initial=0) <= share + 1e-6
    assert whole.min() >= min([share, *(most for *_, most in faces)]) - 1e-6


def test_a_face_that_may_have_all_of_it_holds_nothing_back() -> None:
    assert (
        limited(0.7, regions_of([face(40, 20, 40, 60)], [1.0], 200, 300), 0, 200, 200, 300) == np.float32(0.7)
    ).all()


def test_where_faces_meet_the_stricter_word_counts() -> None:
    regions = regions_of([face(40, 20, 40, 60), face(45, 25, 40, 60)], [0.8, 0.1], 200, 300)
    assert limited(1.0, regions, 0, 200, 200, 300)[55, 62, 0] == pytest.approx(0.1)


def test_clothes_lie_below_the_face_and_are_wider() -> None:
    faces = [face(140, 20, 40, 60)]
    own, clothes = (towards(0.0, make(faces, [1.0], 400, 300), 0, 400, 400, 300) for make in (regions_of, clothes_of))
    assert own[35, 160] == 1 and clothes[35, 160] == 0, "brow and nose are no clothes"
    assert clothes[180, 160] == 1 and clothes[180, 110] == 1 and own[180, 160] == 0
    assert clothes[180, 20] == 0, "somebody else stands there"
