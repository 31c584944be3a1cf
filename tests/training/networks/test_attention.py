"""An attention block begins as the identity, works at any size, and lets every place answer to every other."""

from __future__ import annotations

import torch

from training.networks.attention import HEAD, AttentionBlock


def test_it_begins_as_the_identity_at_any_size() -> None:
    block = AttentionBlock(2 * HEAD)
    for size in ((4, 4), (3, 7)):
        x = torch.randn(2, 2 * HEAD, *size)
        assert torch.allclose(block(x), x)


def test_every_place_depends_on_every_other_once_it_has_learned() -> None:
    torch.manual_seed(0)
    block = AttentionBlock(HEAD)
    torch.nn.init.normal_(block.found.weight)
    x = torch.randn(1, HEAD, 3, 5, requires_grad=True)
    block(x)[0, :, 0, 0].sum().backward()
    assert x.grad is not None and bool((x.grad.abs().sum(1) > 0).all())
