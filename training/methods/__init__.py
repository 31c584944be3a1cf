"""Methods, one a file, written so that one can read the paper in it; the loop knows only the shape `Method`."""

from __future__ import annotations

from typing import Any, Protocol

from torch import nn

from training.config import RunConfig, Stage
from training.data.batches import Batch
from training.methods.conditional_gan import ConditionalGAN


class Method(Protocol):
    """What the loop needs of a method."""

    generator: nn.Module

    def step(self, batch: Batch, stage: Stage, share: float) -> dict[str, float]:
        """One update on one batch at `share` (0..1) of the run; the losses, by name."""

    def state_dict(self) -> dict[str, Any]: ...

    def load_state_dict(self, state: dict[str, Any]) -> None: ...


METHODS = {"conditional-gan": ConditionalGAN}


def build(config: RunConfig, accelerator: Any) -> Method:
    """The method that `config.method` names, its networks on the accelerator's device."""
    return METHODS[config.method](config, accelerator)
