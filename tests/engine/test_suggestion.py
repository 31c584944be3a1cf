"""The suggested place is the middle of what is doubtful, never where somebody has said something, and None where all is sure."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.guide import hint_square
from engine.hints import Hint
from engine.suggestion import Place, where_a_hint_helps


def scene(height: int = 120, width: int = 160) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """sure, chroma, lightness of a picture of one sure colour, with grain."""
    random = np.random.default_rng(2)
    lightness = (60 + random.normal(0, 1.5, (height, width))).astype(np.float32)
    chroma = random.normal((4, 12), 0.5, (height, width, 2)).astype(np.float16)
    return np.full((height, width), 0.9, np.float16), chroma, lightness


def put(planes: tuple[np.ndarray, ...], where: tuple[slice, slice], sure: float, lightness: float = 35.0) -> None:
    planes[0][where], planes[1][where], planes[2][where] = sure, (2, -3), lightness


@settings(max_examples=30, deadline=None)
@given(st.data())
def test_it_is_the_middle_of_a_doubtful_thing(data: st.DataObject) -> None:
    height, width = data.draw(st.integers(60, 300)), data.draw(st.integers(60, 300))
    short = min(height, width)
    tall, wide = (data.draw(st.integers(short // 4, short // 2)) for _ in range(2))
    top, left = data.draw(st.integers(0, height - tall)), data.draw(st.integers(0, width - wide))
    planes = scene(height, width)
    put(planes, (slice(top, top + tall), slice(left, left + wide)), sure=0.2)
    place = where_a_hint_helps(*planes, ())
    assert place is not None
    row, column = place.y * height, place.x * width
    assert top <= row <= top + tall and left <= column <= left + wide
    # The farthest from the edges: in the middle across the shorter side.
    from_edge = min(row - top, top + tall - row, column - left, left + wide - column)
    assert from_edge > 0.5 * min(tall, wide) - 2 - 3 * max(height, width) / 64


def test_the_thing_with_most_doubt_is_asked_about() -> None:
    planes = scene()
    put(planes, (slice(10, 50), slice(10, 50)), sure=0.5)
    put(planes, (slice(60, 100), slice(100, 140)), sure=0.1)
    assert is_near(where_a_hint_helps(*planes, ()), 120, 80)


def is_near(place: Place | None, column: float, row: float) -> bool:
    """Within a few pixels of a place in the 160 x 120 scene."""
    return place is not None and bool(np.hypot(place.x * 160 - column, place.y * 120 - row) < 6)


def test_an_object_is_not_lost_in_the_wall_behind_it() -> None:
    """Wall and coat are equally doubtful and of one chroma; lightness tells them apart."""
    planes = scene()
    planes[0][:] = 0.85
    put(planes, (slice(30, 90), slice(50, 110)), sure=0.3, lightness=20.0)
    put(planes, (slice(45, 75), slice(65, 95)), sure=0.85, lightness=80.0)
    place = where_a_hint_helps(*planes, ())
    assert place is not None
    row, column = int(place.y * 120), int(place.x * 160)
    assert planes[2][row, column] == 20.0, "in the ring, not in the sure middle of it"


def test_answered_places_are_left_out() -> None:
    planes = scene()
    put(planes, (slice(10, 50), slice(10, 50)), sure=0.2)
    put(planes, (slice(60, 100), slice(100, 140)), sure=0.1)
    first = Hint(120 / 160, 80 / 120, "#808080", size=40)
    assert is_near(where_a_hint_helps(*planes, (first,)), 30, 30)
    assert where_a_hint_helps(*planes, (first, Hint(30 / 160, 30 / 120, "#808080", size=40))) is None


@settings(max_examples=60, deadline=None)
@given(
    st.integers(8, 150),
    st.integers(8, 150),
    st.lists(st.builds(Hint, st.floats(0, 1), st.floats(0, 1), st.just("#808080"), st.integers(1, 64)), max_size=6),
    st.integers(0, 9),
)
def test_it_is_never_within_a_hint(height: int, width: int, hints: list[Hint], seed: int) -> None:
    random = np.random.default_rng(seed)
    sure = random.random((height, width), np.float32).astype(np.float16)
    chroma = np.zeros((height, width, 2), np.float16)
    place = where_a_hint_helps(sure, chroma, None, tuple(hints))
    if place is not None:
        assert 0 < place.x < 1 and 0 < place.y < 1
        pixel = int(place.y * height), int(place.x * width)
        for hint in hints:
            covered = np.zeros((height, width), bool)
            covered[hint_square(hint, height, width)] = True
            assert not covered[pixel]


@pytest.mark.parametrize("sure", [1.0, 0.9, 0.76])
def test_where_it_is_sure_nobody_is_asked(sure: float) -> None:
    planes = scene()
    planes[0][:] = sure
    assert where_a_hint_helps(*planes, ()) is None
    put(planes, (slice(50, 56), slice(50, 56)), sure=0.0)
    assert where_a_hint_helps(*planes, ()) is None, "a speck is not worth a question"


def test_without_a_map_there_is_no_place() -> None:
    _, chroma, lightness = scene()
    assert where_a_hint_helps(None, chroma, lightness, ()) is None


@pytest.mark.parametrize("shape", [(1, 1), (1, 40), (40, 1), (2, 3), (8, 512)])
def test_the_smallest_and_the_longest_pictures_work(shape: tuple[int, int]) -> None:
    place = where_a_hint_helps(np.zeros(shape, np.float16), np.zeros((*shape, 2), np.float16), None, ())
    assert place is not None and 0 < place.x < 1 and 0 < place.y < 1
