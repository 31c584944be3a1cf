"""What changes in a network while something else is updated, and how often it runs: shared by the tests of methods."""

from __future__ import annotations

import torch


def state(network: torch.nn.Module) -> dict[str, torch.Tensor]:
    """Weights and buffers as they are now."""
    return {name: value.clone() for name, value in network.state_dict().items()}


def changed(before: dict[str, torch.Tensor], network: torch.nn.Module) -> set[str]:
    """Names of the weights and buffers that differ from `before`."""
    return {name for name, value in network.state_dict().items() if not torch.equal(before[name], value)}


class Runs:
    """How often each network has run."""

    def __init__(self, **networks: torch.nn.Module) -> None:
        self.count = dict.fromkeys(networks, 0)
        for name, network in networks.items():
            network.register_forward_hook(lambda *_, name=name: self._one_more(name))

    def _one_more(self, name: str) -> None:
        self.count[name] += 1
