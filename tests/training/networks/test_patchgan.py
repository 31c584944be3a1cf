"""One logit a patch, and each logit sees its patch only."""

from __future__ import annotations

import pytest
import torch

from training.networks.patchgan import PatchGAN


@pytest.mark.parametrize("spectral", [True, False])
@pytest.mark.parametrize("layers", [2, 3])
def test_shape(layers: int, spectral: bool) -> None:
    logits = PatchGAN(8, layers, spectral)(torch.rand(2, 1, 64, 64), torch.rand(2, 2, 64, 64))
    side = 64 // 2**layers - 2
    assert logits.shape == (2, 1, side, side)


def test_a_far_corner_does_not_matter() -> None:
    network = PatchGAN(8, 2).eval()
    grey, chroma = torch.rand(1, 1, 96, 96), torch.rand(1, 2, 96, 96)
    changed = chroma.clone()
    changed[..., -16:, -16:] = 0
    before, after = network(grey, chroma), network(grey, changed)
    assert torch.equal(before[..., 0, 0], after[..., 0, 0])
    assert not torch.equal(before[..., -1, -1], after[..., -1, -1])
