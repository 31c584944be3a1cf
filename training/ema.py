"""Exponential moving average of the generators' weights: what is judged and exported (Polyak & Juditsky 1992)."""

from __future__ import annotations

import copy

import torch
from torch import nn


class Average:
    """`networks` is a frozen copy that follows the trained ones: wholly at the first step, then ever more slowly."""

    def __init__(self, networks: nn.ModuleDict, decay: float) -> None:
        self.networks = copy.deepcopy(networks).eval().requires_grad_(False)
        self.decay = decay

    @torch.no_grad()
    def update(self, networks: nn.ModuleDict, step: int) -> None:
        """After optimiser step `step` (from 0). Weights and batch statistics are averaged, counters copied."""
        decay = min(self.decay, step / (9 + step))
        source = networks.state_dict()
        for name, value in self.networks.state_dict().items():
            if value.is_floating_point():
                value.lerp_(source[name].to(value.dtype), 1 - decay)
            else:
                value.copy_(source[name])
