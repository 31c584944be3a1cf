"""Every face has a place that answers for it, near its middle and at a stride that suits its size."""

from __future__ import annotations

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from training.face_targets import assign, box_loss, landmark_loss, score_loss
from training.networks.face_net import STRIDES, places

SIDE = 320


def face(x: float, y: float, size: float, sure: float = 1.0) -> torch.Tensor:
    """A square face with its middle at (x, y)."""
    row = torch.full((1, 15), x)
    row[0, :4] = torch.tensor([x - size / 2, y - size / 2, size, size])
    row[0, 14] = sure
    return row


@given(st.floats(5, 315), st.floats(5, 315), st.floats(11, 300))
@settings(max_examples=40, deadline=None)
def test_no_face_is_forgotten(x: float, y: float, size: float) -> None:
    """Whatever its size and place, some place is to find it, all of them lie inside it, and they are told its box."""
    targets = assign(face(x, y, size), SIDE)
    where = torch.cat([places(SIDE // stride, SIDE // stride, stride) for stride in STRIDES])[targets.found]
    assert 1 <= len(where) <= 40
    assert ((where - torch.tensor([x, y])).abs() <= max(size / 2, 16.1)).all()
    assert torch.allclose(targets.rows[targets.found][:, 2:4], torch.tensor(size))
    assert not (targets.found & targets.free).any()


def test_a_doubtful_face_is_neither_to_be_found_nor_to_be_passed_over() -> None:
    targets = assign(face(160, 160, 60, sure=0.0), SIDE)
    assert not targets.found.any() and targets.free.any()


def test_an_empty_picture_asks_for_nothing() -> None:
    targets = assign(torch.zeros(0, 15), SIDE)
    assert not targets.found.any() and not targets.free.any()


def test_of_two_faces_the_smaller_one_is_answered_for() -> None:
    small, large = face(160, 160, 40), face(160, 160, 44)
    targets = assign(torch.cat([large, small]), SIDE)
    assert set(targets.rows[targets.found][:, 2].tolist()) == {40.0}


def test_the_right_score_costs_least_and_free_places_nothing() -> None:
    found, free = torch.tensor([True, False, False]), torch.tensor([False, False, True])
    right = score_loss(torch.tensor([8.0, -8.0, 8.0]), found, free)
    wrong = score_loss(torch.tensor([-8.0, 8.0, -8.0]), found, free)
    assert float(right) < 1e-3 < float(wrong)


def test_losses_are_nothing_for_the_right_answer_and_grow_with_the_distance() -> None:
    wanted = torch.tensor([[10.0, 10.0, 20.0, 30.0]])
    near, far = wanted + torch.tensor([2.0, 0, 0, 0]), wanted + torch.tensor([200.0, 0, 0, 0])
    assert float(box_loss(wanted, wanted)) == pytest.approx(0, abs=1e-6)
    assert 0 < float(box_loss(near, wanted)) < 1 < float(box_loss(far, wanted)) <= 2
    marks, sides = torch.rand(1, 10) * 20, wanted[:, 2:]
    assert float(landmark_loss(marks, marks, sides)) == 0
    assert float(landmark_loss(marks + 1, marks, sides)) < float(landmark_loss(marks + 5, marks, sides))


def test_a_batch_without_faces_costs_a_number() -> None:
    empty = torch.zeros(0, 4)
    assert float(box_loss(empty, empty)) == 0
    assert float(landmark_loss(torch.zeros(0, 10), torch.zeros(0, 10), torch.zeros(0, 2))) == 0
    nowhere = torch.zeros(5, dtype=torch.bool)
    assert float(score_loss(torch.zeros(5), nowhere, nowhere)) > 0
