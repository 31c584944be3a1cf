"""The generators' side of a step: their optimiser, its rates over the run, and the update once all gradients are there."""

from __future__ import annotations

import math
from typing import Any

import torch
from torch import nn

from training.config import RunConfig
from training.processes import average_gradients


class Learner:
    """AdamW over `network`. `begin`, any number of backward passes, `end`.

    Submodules `encoder` and `second_encoder` learn at their own rate; norms and biases are not decayed (Loshchilov & Hutter 2019).
    """

    def __init__(self, network: nn.Module, config: RunConfig, accelerator: Any) -> None:
        self.network, self.settings, self.accelerator = network, config.optimiser, accelerator
        self.optimiser = torch.optim.AdamW(
            self._groups(), betas=(self.settings.momentum, 0.999), weight_decay=self.settings.weight_decay
        )
        self.updates = 0

    def _groups(self) -> list[dict[str, Any]]:
        groups: dict[tuple[bool, bool], list[nn.Parameter]] = {}
        for name, parameter in self.network.named_parameters():
            encodes = not {"encoder", "second_encoder"}.isdisjoint(name.split("."))
            groups.setdefault((encodes, parameter.ndim > 1), []).append(parameter)
        return [
            {
                "params": parameters,
                "rate": self.settings.encoder_rate if encoder else self.settings.rate,
                "weight_decay": self.settings.weight_decay * decayed,
            }
            for (encoder, decayed), parameters in groups.items()
        ]

    def begin(self, share: float) -> None:
        """Forget the last gradients; linear warm-up, then a cosine to zero at `share` 1 (Loshchilov & Hutter 2017)."""
        cosine = 0.5 * (1 + math.cos(math.pi * min(share, 1.0)))
        warm = min(1.0, (self.updates + 1) / self.settings.warm_up)
        for group in self.optimiser.param_groups:
            group["lr"] = group["rate"] * cosine * warm
        self.optimiser.zero_grad(set_to_none=True)

    def end(self) -> float:
        """Update with the mean gradient of all processes, its norm clipped; returns the norm before."""
        average_gradients(self.network.parameters(), self.accelerator)
        norm = torch.nn.utils.clip_grad_norm_(self.network.parameters(), self.settings.gradient_norm)
        self.optimiser.step()
        self.updates += 1
        return float(norm)

    def state_dict(self) -> dict[str, Any]:
        return {"optimiser": self.optimiser.state_dict(), "updates": self.updates}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Strictly; the moments and the count are the state's, rates, momentum and decay stay the configuration's."""
        mine = [
            {key: value for key, value in group.items() if key != "params"} for group in self.optimiser.param_groups
        ]
        self.optimiser.load_state_dict(state["optimiser"])
        for group, settings in zip(self.optimiser.param_groups, mine, strict=True):
            group.update(settings)
        self.updates = state["updates"]
