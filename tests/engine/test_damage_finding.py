"""A picture and its mirror are looked at in two sizes: the smaller adds what is too large for the other, and takes nothing away."""

from __future__ import annotations

from typing import Any, cast

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from engine.damage_finding import SMALLEST_PX, Mirrored, agreed, damage_in, joined
from engine.errors import Cancelled
from engine.generator import FINDING, Generator, Picture
from engine.progress import CancelToken, Progress, Report, ignore

Array = NDArray[np.float32]


class Finder:
    """Sees what is white, on a picture of `sees_at` rows alone, and reports as a generator does."""

    def __init__(self, sees_at: int) -> None:
        self.sees_at, self.shown = sees_at, list[tuple[int, ...]]()

    def find(
        self, image: Picture, *, memory_gb: float, report: Report = ignore, cancel: CancelToken | None = None
    ) -> Array:
        self.shown.append(image.shape)
        report(Progress(FINDING, 0.0))
        if cancel is not None:
            cancel.check()
        report(Progress(FINDING, 1.0))
        sees = 0.96 if image.shape[0] == self.sees_at else 0.04
        picture = np.asarray(image[0 : image.shape[0], 0 : image.shape[1]])
        return np.where(picture[..., 0] > 0.9, sees, 0.01).astype(np.float32)


def print_with_smear(height: int, width: int) -> Array:
    picture = np.full((height, width, 3), 0.4, np.float32)
    picture[height // 4 : height // 2, width // 4 : width // 2] = 1
    return picture


@pytest.mark.parametrize("sees_at", [200, 100])
def test_what_one_of_the_sizes_shows_is_found(sees_at: int) -> None:
    finder = Finder(sees_at)
    found = damage_in(print_with_smear(200, 301), cast("Generator", finder))
    assert finder.shown == [(200, 301, 3)] * 2 + [(100, 151, 3)] * 2
    assert found.shape == (200, 301) and found.dtype == np.float32
    assert found[60:90, 90:130].min() >= (0.96 if sees_at == 200 else 0.49)
    assert found[120:, 180:].max() < 0.02


def test_a_small_picture_is_looked_at_in_one_size() -> None:
    finder = Finder(SMALLEST_PX - 1)
    damage_in(print_with_smear(SMALLEST_PX - 1, 300), cast("Generator", finder))
    assert len(finder.shown) == 2


class OnTheLeft(Finder):
    """Takes what is white for damage in the left half alone, as a finder that knows one light only."""

    def find(self, image: Picture, **others: Any) -> Array:
        found = super().find(image, **others)
        found[:, found.shape[1] // 2 :] = 0.01
        return found


def test_what_a_picture_and_its_mirror_do_not_agree_in_is_half_as_likely() -> None:
    """Odds of 24 and of 1 to 99 make odds of about 1 to 2."""
    picture = np.full((100, 120, 3), 0.95, np.float32)
    found = damage_in(picture, cast("Generator", OnTheLeft(100)))
    assert found.min() > 0.3 and found.max() < 0.4


@settings(max_examples=50, deadline=None)
@given(st.integers(1, 40), st.integers(1, 40), st.data())
def test_a_mirror_shows_any_piece_as_the_whole_mirrored_has_it(height: int, width: int, data: st.DataObject) -> None:
    picture = np.random.default_rng(0).random((height, width, 3), np.float32)
    top, left = data.draw(st.integers(0, height - 1)), data.draw(st.integers(0, width - 1))
    bottom, right = data.draw(st.integers(top, height)), data.draw(st.integers(left, width))
    piece = Mirrored(picture)[top:bottom, left:right]
    assert np.array_equal(piece, picture[:, ::-1][top:bottom, left:right])
    assert Mirrored(picture).shape == picture.shape


@settings(max_examples=50, deadline=None)
@given(st.floats(0, 1), st.floats(0, 1))
def test_agreed_lies_between_and_does_not_ask_who_came_first(one: float, other: float) -> None:
    first, second = (np.full((1, 1), opinion, np.float32) for opinion in (one, other))
    both = float(agreed(first.copy(), second)[0, 0])
    assert min(one, other) - 1e-5 <= both <= max(one, other) + 1e-5
    assert both == float(agreed(second.copy(), first)[0, 0])


def test_progress_goes_on_from_the_first_look_to_the_last() -> None:
    said: list[Progress] = []
    damage_in(print_with_smear(200, 200), cast("Generator", Finder(200)), report=said.append)
    done = [progress.done for progress in said]
    assert done == sorted(done) and done[-1] == pytest.approx(1) and {progress.stage for progress in said} == {FINDING}


def test_it_can_be_stopped() -> None:
    token, finder = CancelToken(), Finder(200)
    with pytest.raises(Cancelled):
        damage_in(print_with_smear(200, 200), cast("Generator", finder), report=lambda _: token.cancel(), cancel=token)
    assert len(finder.shown) == 1


@settings(max_examples=50, deadline=None)
@given(st.floats(0, 1), st.floats(0, 1))
def test_two_opinions_are_between_both_and_never_below_the_first(near: float, far: float) -> None:
    both = float(joined(*(np.full((1,), opinion, np.float32) for opinion in (near, far)))[0])
    assert np.float32(near) <= both <= max(near, far) + 1e-5


@pytest.mark.parametrize(("near", "far", "both"), [(0.1, 0.9, 0.5), (0.5, 0.9, 0.75), (0.9, 0.1, 0.9)])
def test_the_second_opinion_adds_half_of_what_it_knows(near: float, far: float, both: float) -> None:
    """Odds of 1 and 9 make odds of 3."""
    assert float(joined(*(np.array([opinion], np.float32) for opinion in (near, far)))[0]) == pytest.approx(
        both, abs=1e-5
    )
