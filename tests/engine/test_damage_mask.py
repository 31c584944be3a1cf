"""The mask: likely damage and what is joined to it, a rim, and the user's word above all."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from engine.damage_mask import SOFT_PX, DamageMask, damage_mask
from engine.errors import Cancelled
from engine.marks import Marks
from engine.progress import CancelToken

Plane = NDArray[np.uint8]


def masked(found: Plane | None, size: tuple[int, int] = (100, 120), **changes: Any) -> DamageMask:
    words: dict[str, Any] = {"sensitivity": 0.5, "largest": 1.0, "marks": None, "cancel": CancelToken()}
    return damage_mask(found, *size, **(words | changes))


def nothing() -> Plane:
    return np.zeros((100, 120), np.uint8)


def test_a_thin_scratch_that_fades_in_places_stays_whole_and_faint_texture_is_left_alone() -> None:
    found = nothing()
    found[20, 10:100] = 90
    found[20, 50] = 200
    found[70, 10:100] = 90
    weight = masked(found).weight
    assert (weight[20, 10:100] == 255).all() and not weight[60:80].any()


def test_the_rim_goes_too_and_runs_out_softly() -> None:
    found = nothing()
    found[50, 60] = 255
    row = masked(found).weight[50, 60:]
    assert row[:2].tolist() == [255, 255] and row[2 + SOFT_PX] == 0
    assert (np.diff(row.astype(int)[: 3 + SOFT_PX]) <= 0).all() and 0 < row[2] < 255
    assert masked(found, (4000, 4800)).weight.any(), "a map of a smaller size is of the whole photo"


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2**31), st.floats(0.05, 1), st.floats(0.05, 1))
def test_more_sensitive_never_masks_less(seed: int, one: float, other: float) -> None:
    found = np.random.default_rng(seed).integers(0, 256, (30, 40)).astype(np.uint8)
    less, more = (masked(found, (30, 40), sensitivity=each).weight for each in sorted((one, other)))
    assert (more >= less).all()


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2**31))
def test_marks_win(seed: int) -> None:
    random = np.random.default_rng(seed)
    found = random.integers(0, 256, (30, 40)).astype(np.uint8)
    damaged, sound = (np.where(random.random((30, 40)) < 0.1, 255, 0).astype(np.uint8) for _ in range(2))
    weight = masked(found, (30, 40), marks=Marks(damaged, sound)).weight
    assert not weight[sound > 0].any()
    assert (weight[(damaged > 0) & (sound == 0)] == 255).all()


def left_half(surely: float) -> NDArray[np.float32]:
    """The region of a face that fills the left of the photo and runs out just before its 50th column."""
    return np.array([[-0.1, 0.5, 0.37, 5.0, surely]], np.float32)


def test_on_a_face_only_what_is_damage_for_sure_counts_and_what_comes_in_from_outside() -> None:
    found = nothing()
    found[20, 10:30] = found[40, 60:100] = found[80, 10:100] = 200
    found[60, 10:30] = 252
    weight = masked(found, faces=left_half(0.97)).weight
    assert not weight[20].any() and (weight[60, 10:30] == 255).all()
    assert (weight[40, 60:100] == 255).all()
    assert (weight[80, 10:100] == 255).all(), "a crack that crosses a face is mended whole"
    assert not masked(found, faces=left_half(2.0)).weight[:, :30].any()
    assert (masked(found, faces=left_half(0.0)).weight == masked(found).weight).all()


def test_on_clothes_only_what_is_thin_is_taken_for_being_joined_to_something_likelier() -> None:
    found = nothing()
    found[10:14, 10:24] = 200
    found[30:42, 10:16], found[30:42, 16:26] = 252, 200
    found[60, 12:26], found[60, 16] = 200, 252
    found[80:92, 10:100] = 200
    weight = masked(found, clothes=left_half(0.97)).weight
    assert not weight[10:14].any(), "as likely as damage must be elsewhere"
    assert (weight[32:40, 11:15] == 255).all() and not weight[33:39, 20:26].any(), "lace stays but for its seed"
    assert (weight[60, 12:26] == 255).all(), "a crack goes on"
    assert (weight[80:92, 60:100] == 255).all() and not weight[82:90, 10:24].any(), "nor what comes in from outside"
    assert (masked(found, clothes=left_half(0.0)).weight == masked(found).weight).all()


def test_a_face_before_somebodys_clothes_is_treated_as_a_face() -> None:
    found = nothing()
    found[30:42, 10:16], found[30:42, 16:26] = 252, 200
    found[60, 12:26], found[80:92, 60:100] = 200, 200
    clothes = left_half(0.97)
    assert not masked(found, clothes=clothes).weight[60].any()
    in_full = masked(found, faces=left_half(0.0), clothes=clothes).weight
    assert (in_full == masked(found).weight).all()
    gently = masked(found, faces=left_half(0.9), clothes=clothes).weight
    assert (gently == masked(found, faces=left_half(0.9)).weight).all()


def test_more_than_is_believed_is_not_but_marks_are() -> None:
    found = nothing()
    found[:40] = 255
    damaged = nothing()
    damaged[80:85, 80:85] = 255
    answer = masked(found, largest=0.3, marks=Marks(damaged, nothing()))
    assert answer.too_much and answer.share == pytest.approx(0.4)
    assert not answer.weight[:40].any() and answer.weight[82, 82] == 255
    assert not masked(found, largest=0.5).too_much


def test_without_a_map_only_marks_count() -> None:
    damaged = nothing()
    damaged[10:20, 10:20] = 255
    answer = masked(None, marks=Marks(damaged, nothing()))
    assert answer.share == 0 and answer.weight[15, 15] == 255 and not answer.weight[40:].any()
    assert not masked(None).weight.any()


def test_stopping() -> None:
    token = CancelToken()
    token.cancel()
    with pytest.raises(Cancelled):
        masked(nothing(), cancel=token)
