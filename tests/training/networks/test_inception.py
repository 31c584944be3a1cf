"""The Inception of the Fréchet distance has the published weights' names and sizes, and its two peculiarities."""

from __future__ import annotations

import pytest
import torch
import torch.nn.functional as F

from training.networks.inception import Inception, Mixed


@pytest.fixture(scope="module")
def network() -> Inception:
    return Inception().eval()


def test_it_has_the_weights_that_are_published(network: Inception) -> None:
    """94 convolutions, 21.8 million weights without the classifier, under the names of pytorch-fid's definition."""
    names = network.state_dict().keys()
    assert sum(name.endswith(".conv.weight") for name in names) == 94
    assert {
        "Conv2d_1a_3x3.bn.running_var",
        "Mixed_6a.branch3x3.conv.weight",
        "Mixed_7c.branch3x3dbl_3b.conv.weight",
    } <= names
    assert sum(parameter.numel() for parameter in network.parameters()) == 21_785_568
    assert network.state_dict()["Mixed_6c.branch7x7dbl_2.conv.weight"].shape == (160, 160, 7, 1)


def test_pictures_become_2048_numbers(network: Inception) -> None:
    with torch.no_grad():
        assert network(torch.rand(2, 3, 299, 299)).shape == (2, 2048)


@pytest.mark.parametrize("largest", [False, True])
def test_the_average_leaves_the_border_out_and_the_last_block_takes_the_maximum(largest: bool) -> None:
    block = Mixed(2, (), pooled=2, largest=largest).eval()
    assert block.branch_pool is not None
    torch.nn.init.dirac_(block.branch_pool.conv.weight)
    x = torch.rand(1, 2, 5, 5)
    pooled = F.max_pool2d(x, 3, 1, 1) if largest else F.avg_pool2d(x, 3, 1, 1, count_include_pad=False)
    with torch.no_grad():
        answer = block(x)
    assert torch.allclose(answer, pooled / (1 + 0.001) ** 0.5, atol=1e-6)
