"""Exponential moving average of a network's weights: what is judged and exported (Polyak & Juditsky 1992)."""

from __future__ import annotations

import copy

import torch
from torch import nn


class Average:
    """`network` is a frozen copy that follows the trained one; early on it follows faster, so that it is never stale."""

    def __init__(self, network: nn.Module, decay: float) -> None:
        self.network = copy.deepcopy(network).eval().requires_grad_(False)
        self.decay = decay

    @torch.no_grad()
    def update(self, network: nn.Module, step: int) -> None:
        """After optimiser step `step` (from 0). Weights and batch statistics are averaged, counters copied."""
        decay = min(self.decay, (1 + step) / (10 + step))
        source = network.state_dict()
        for name, value in self.network.state_dict().items():
            if value.is_floating_point():
                value.lerp_(source[name].to(value.dtype), 1 - decay)
            else:
                value.copy_(source[name])
