"""A region ends where its pixels no longer touch."""

from __future__ import annotations

import torch

from training.regions import connected


def test_connected_stops_at_gaps() -> None:
    inside = torch.tensor([[1, 1, 0, 1], [0, 1, 0, 1]], dtype=torch.bool)
    found = connected(inside, (slice(0, 1), slice(0, 1)))
    assert found.tolist() == [[True, True, False, False], [False, True, False, False]]
