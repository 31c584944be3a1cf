"""The average follows the generators: at once in the beginning, slowly later."""

from __future__ import annotations

import torch
from torch import nn

from training.ema import Average


def networks(value: float = 0.0) -> nn.ModuleDict:
    made = nn.ModuleDict({"a": nn.Linear(2, 2, bias=False), "norm": nn.BatchNorm2d(3)})
    nn.init.constant_(made["a"].weight, value)
    return made


def test_the_first_step_is_taken_whole_and_later_ones_by_the_decay() -> None:
    average = Average(networks(0.0), 0.5)
    average.update(networks(1.0), 0)
    assert torch.equal(average.networks["a"].weight, torch.ones(2, 2))
    average.update(networks(3.0), 1000)
    assert torch.allclose(average.networks["a"].weight, torch.full((2, 2), 2.0))


def test_batch_statistics_are_averaged_and_counters_copied() -> None:
    trained = networks()
    average = Average(trained, 0.5)
    trained["norm"].train()(torch.randn(8, 3, 4, 4) + 5)
    average.update(trained, 1000)
    assert torch.allclose(average.networks["norm"].running_mean, trained["norm"].running_mean / 2)
    assert int(average.networks["norm"].num_batches_tracked) == 1


def test_it_cannot_be_trained_and_is_in_evaluation_mode() -> None:
    average = Average(networks(), 0.9)
    assert not any(parameter.requires_grad for parameter in average.networks.parameters())
    assert not average.networks.training
