"""One logit a patch, and each logit sees its patch only."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from training.networks.norms import NORMS
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


@pytest.mark.parametrize("norm", NORMS)
@pytest.mark.parametrize("pictures", [(3,), (3, 3), (1, 2, 4)])
def test_any_pictures_are_judged_together(pictures: tuple[int, ...], norm: str) -> None:
    network = PatchGAN(8, 2, spectral=False, channels_in=sum(pictures), norm=norm)
    given = [torch.rand(2, channels, 33, 47) for channels in pictures]
    logits = network(*given)
    assert logits.shape == (2, 1, 6, 9)
    assert not torch.equal(logits, network(*given[:-1], given[-1] * 0))


@pytest.mark.parametrize("spectral", [True, False])
def test_every_weight_gets_a_gradient(spectral: bool) -> None:
    torch.manual_seed(0)
    network = PatchGAN(8, 2, spectral)
    network(torch.rand(2, 3, 32, 32)).square().sum().backward()
    assert [
        name for name, weight in network.named_parameters() if weight.grad is None or not bool(weight.grad.any())
    ] == []


def test_names_of_its_state_stay_as_checkpoints_have_them() -> None:
    """Convolutions with a norm have no bias; with spectral norm they have, and no norm stands behind them."""
    normed, spectral = (set(PatchGAN(8, 2, spectral).state_dict()) for spectral in (False, True))
    assert {"layers.0.bias", "layers.2.weight", "layers.3.weight", "layers.3.bias", "layers.8.bias"} <= normed
    assert "layers.2.bias" not in normed
    assert {"layers.2.bias", "layers.2.parametrizations.weight.original", "layers.6.weight"} <= spectral
    assert not any(isinstance(part, nn.InstanceNorm2d) for part in PatchGAN(8, 2, True).modules())
