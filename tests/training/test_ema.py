"""The average follows, slowly, and never feeds back."""

from __future__ import annotations

import torch

from training.ema import Average


def test_it_moves_by_one_minus_decay() -> None:
    network = torch.nn.Linear(2, 2, bias=False)
    torch.nn.init.zeros_(network.weight)
    average = Average(network, 0.9)
    torch.nn.init.ones_(network.weight)
    average.update(network, step=10_000)
    assert torch.allclose(average.network.weight, torch.full((2, 2), 0.1))


def test_early_it_follows_faster_and_copies_counters() -> None:
    network = torch.nn.BatchNorm1d(2)
    average = Average(network, 0.999)
    network.train()(torch.rand(4, 2))
    average.update(network, step=0)
    assert torch.allclose(average.network.running_mean, network.running_mean * 0.9)
    assert int(average.network.num_batches_tracked) == 1


def test_the_copy_is_frozen() -> None:
    average = Average(torch.nn.Linear(2, 2), 0.9)
    assert not any(parameter.requires_grad for parameter in average.network.parameters())
