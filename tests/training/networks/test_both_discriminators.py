"""Two discriminators judge as one: each counts half, both learn but for what never does, and a picture learns from both."""

from __future__ import annotations

import torch
import torch.nn.functional as F

from tests.training.methods.networks_in_motion import changed, state
from training import networks
from training.config import Discriminator
from training.networks.both_discriminators import BothDiscriminators


def both() -> BothDiscriminators:
    torch.manual_seed(0)
    made = networks.discriminator(Discriminator(network="both", width=8, layers=2, finest=1, pretrained=False), 6)
    assert isinstance(made, BothDiscriminators)
    return made


def test_half_of_the_maps_are_of_each() -> None:
    network, beside, picture = both().eval(), torch.rand(2, 3, 64, 96), torch.rand(2, 3, 64, 96)
    logits = network(beside, picture)
    assert logits.shape == (2, 6, 8, 12)
    assert torch.equal(logits[:, :3], network.projected(picture))
    patches = F.interpolate(network.patches(beside, picture), (8, 12))
    assert all(torch.equal(logits[:, [index]], patches) for index in (3, 4, 5))


def test_patches_and_heads_learn_and_what_sees_does_not() -> None:
    network = both().train()
    network.requires_grad_(True)
    before = state(network)
    optimiser = torch.optim.SGD(network.parameters(), 1.0)
    network(torch.rand(2, 3, 64, 64), torch.rand(2, 3, 64, 64)).mean().backward()
    optimiser.step()
    moved = changed(before, network)
    assert {name.split(".")[0] for name in moved} == {"patches", "projected"}
    assert all(name.startswith("projected.judge.") for name in moved if name.startswith("projected."))


def test_the_picture_is_told_what_would_please_both() -> None:
    network = both().eval().requires_grad_(False)
    for part in (slice(0, 3), slice(3, 6)):
        picture = torch.rand(1, 3, 64, 64, requires_grad=True)
        network(torch.rand(1, 3, 64, 64), picture)[:, part].mean().backward()
        assert picture.grad is not None and float(picture.grad.abs().max()) > 0
    assert all(parameter.grad is None for parameter in network.parameters())
