"""What methods share whose generators learn from answers that are known: fresh networks, their learner, and a state of both."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any, ClassVar

import torch
from torch import nn

from training.config import RunConfig
from training.methods.learner import Learner


class Supervised(ABC):
    """generators and learner, begun by the configuration's seed. A method of its own says what `networks` and a step are."""

    kept: ClassVar[tuple[str, ...]] = ("generators", "learner")
    """What a checkpoint holds of it, by the names of its attributes."""

    def __init__(self, config: RunConfig, accelerator: Any) -> None:
        self.accelerator, self.parts = accelerator, config.accumulate
        torch.manual_seed(config.seed)
        self.generators = self.networks(config)
        self.generators.to(accelerator.device, memory_format=torch.channels_last)  # type: ignore[call-overload]
        self.learner = Learner(self.generators, config, accelerator)

    @staticmethod
    @abstractmethod
    def networks(config: RunConfig) -> nn.ModuleDict:
        """Fresh generators."""

    def state_dict(self) -> dict[str, Any]:
        return {name: getattr(self, name).state_dict() for name in self.kept}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Strictly: a state of another configuration is an error, not a warning."""
        for name in self.kept:
            getattr(self, name).load_state_dict(state[name])
