"""One face gets the word that was chosen for it, and no other face notices, however they lie over each other."""

from __future__ import annotations

import numpy as np
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from desktop_app.faces.choosing import FoundFaces
from engine.face_wishes import TREATMENTS, FaceWish
from engine.faces import Face, each_once

MARKS = ((0.0, 0.0),) * 5
WORDS = st.sampled_from(TREATMENTS)


def face(left: float, top: float, wide: float, tall: float) -> Face:
    return Face((left, top, wide, tall), MARKS, 0.9)


APART = FoundFaces([face(10, 10, 40, 50), face(100, 20, 40, 50), face(160, 20, 30, 30)], 100, 200)
OVER_EACH_OTHER = FoundFaces([face(10, 10, 80, 80), face(60, 50, 34, 34)], 100, 200)
"""The middle of the second lies in the box of the first."""


@st.composite
def some_faces(draw) -> FoundFaces:
    """As a detector gives them: each once."""
    boxes = st.tuples(st.integers(0, 120), st.integers(0, 60), st.integers(8, 80), st.integers(8, 40))
    rows = [[*box, *([0] * 10), draw(st.floats(0.5, 1))] for box in draw(st.lists(boxes, min_size=1, max_size=6))]
    kept = each_once(np.array(rows, np.float32))
    return FoundFaces([face(*map(float, row[:4])) for row in kept], 100, 200)


@given(some_faces(), st.data(), WORDS)
@settings(max_examples=150, deadline=None)
def test_every_face_gets_what_was_chosen_for_it_last(found: FoundFaces, data, usual: str):
    """Whatever was chosen before, and in whatever order."""
    wishes: tuple[FaceWish, ...] = ()
    wanted = [usual] * len(found.faces)
    for _ in range(data.draw(st.integers(1, 6))):
        number, word = data.draw(st.integers(0, len(found.faces) - 1)), data.draw(WORDS)
        wishes = found.with_treatment(wishes, number, word, usual)
        wanted[number] = word
        assert list(found.treatments(wishes, usual)) == wanted
    assert len(wishes) <= len(found.faces)


def test_the_usual_word_takes_the_wish_away():
    wishes = APART.with_treatment((), 1, "original", "gentle")
    assert wishes == (FaceWish(120 / 200, 45 / 100, "original"),)
    assert APART.with_treatment(wishes, 1, "gentle", "gentle") == ()


def test_a_face_over_another_that_has_a_wish_says_that_it_has_none():
    wishes = OVER_EACH_OTHER.with_treatment((), 1, "full", "gentle")
    assert OVER_EACH_OTHER.treatments(wishes, "gentle") == ("gentle", "full")
    assert [wish.treatment for wish in wishes] == ["full", "gentle"]


def test_wishes_for_faces_that_are_not_found_any_more_stay():
    lost = FaceWish(0.99, 0.99, "full")
    assert APART.with_treatment((lost,), 0, "original", "gentle")[0] == lost


@given(some_faces(), WORDS)
@settings(max_examples=50, deadline=None)
def test_without_a_word_for_the_photo_a_wish_can_be_given_up(found: FoundFaces, word: str):
    before = found.treatments((), "")
    wishes = found.with_treatment((), 0, word, "")
    assume(sum(bool(each) for each in found.treatments(wishes, "")) == 1)  # it lies over no other
    assert found.treatments(found.with_treatment(wishes, 0, "", ""), "") == before
