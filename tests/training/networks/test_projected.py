"""What sees is frozen, what judges learns, every size counts alike, and a picture learns from it."""

from __future__ import annotations

import torch

from tests.training.methods.networks_in_motion import changed, state
from training.networks.projected import ProjectedDiscriminator


def test_one_map_of_logits_for_each_size_of_the_features() -> None:
    logits = ProjectedDiscriminator(8, pretrained=False)(torch.rand(2, 3, 64, 96))
    assert logits.shape == (2, 4, 16, 24)
    coarsest = logits[:, 3]
    assert torch.equal(coarsest, coarsest[:, ::8, ::8].repeat_interleave(8, 1).repeat_interleave(8, 2))


def test_fine_sizes_may_be_left_out() -> None:
    network, picture = ProjectedDiscriminator(8, pretrained=False, finest=2), torch.rand(1, 3, 64, 96)
    assert network(picture).shape == (1, 2, 4, 6)


def test_what_stands_beside_a_picture_does_not_matter() -> None:
    network, picture = ProjectedDiscriminator(8, pretrained=False).eval(), torch.rand(1, 3, 32, 32)
    assert torch.equal(network(torch.rand(1, 3, 32, 32), picture), network(picture))


def test_only_its_judgement_learns() -> None:
    network = ProjectedDiscriminator(8, pretrained=False).train()
    network.requires_grad_(True)
    before = state(network)
    optimiser = torch.optim.SGD(network.parameters(), 1.0)
    network(torch.rand(2, 3, 32, 32)).mean().backward()
    optimiser.step()
    moved = changed(before, network)
    assert moved and all(name.startswith("judge.") for name in moved)


def test_the_picture_is_told_what_would_please_it() -> None:
    network = ProjectedDiscriminator(8, pretrained=False).eval().requires_grad_(False)
    picture = torch.rand(1, 3, 32, 32, requires_grad=True)
    network(picture).mean().backward()
    assert picture.grad is not None and float(picture.grad.abs().max()) > 0
    assert all(parameter.grad is None for parameter in network.parameters())
