"""Centres find the clusters of codes."""

from __future__ import annotations

import torch

from training.methods.palette import MILDER, move


def test_centres_take_the_first_codes_and_then_find_the_clusters() -> None:
    random = torch.Generator().manual_seed(3)
    corners = torch.tensor([[0.8, 0.8], [-0.8, 0.8], [0.0, -0.8]])
    centres = torch.zeros(3, 2)
    move(centres, corners + 0.3)
    assert torch.allclose(centres, MILDER * (corners + 0.3))
    for _ in range(60):
        move(centres, corners[torch.randint(0, 3, (12,), generator=random)])
    assert torch.allclose(centres, MILDER * corners, atol=0.02)
