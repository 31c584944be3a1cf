"""Methods, one a file, written so that one can read the paper in it; the loop knows only the shape `Method`.

A file here that ends with `METHOD = itsClass` is a method: "conditional-gan" in a RunConfig means conditional_gan.py.
"""

from __future__ import annotations

import importlib
import pkgutil
from typing import Any, Protocol

from torch import nn

from training.config import ConfigError, RunConfig, Stage
from training.contract import Exportable


class Feed(Protocol):
    """Where batches come from: each a pure function of the seed and the step."""

    def batch(self, step: int, crop_px: int) -> Any:
        """The batch of step `step`; it has `.to(device)` and `.split(parts)`."""

    def __str__(self) -> str:
        """What there is, in words."""


class Method(Protocol):
    """What the loop needs of a method. generators: by name; averaged, judged and exported; the first is the one judged."""

    generators: nn.ModuleDict

    def __init__(self, config: RunConfig, accelerator: Any) -> None: ...

    @staticmethod
    def feed(config: RunConfig) -> Feed:
        """The batches that this method learns from."""

    @staticmethod
    def networks(config: RunConfig) -> nn.ModuleDict:
        """Fresh generators."""

    @staticmethod
    def exportable(name: str, network: nn.Module, config: RunConfig) -> Exportable:
        """The generator `name` under the contract."""

    def step(self, batch: Any, stage: Stage, share: float) -> dict[str, float]:
        """One update on one batch at `share` (0..1) of the run; the losses, by name."""

    def state_dict(self) -> dict[str, Any]: ...

    def load_state_dict(self, state: dict[str, Any]) -> None: ...


def load(name: str) -> type[Method]:
    """The method of a RunConfig's word. Raises ConfigError for one that is not there."""
    modules = (module.name for module in pkgutil.iter_modules(__path__))
    found = {module.replace("_", "-"): module for module in modules}
    if name in found:
        method = getattr(importlib.import_module(f"{__name__}.{found[name]}"), "METHOD", None)
        if method is not None:
            return method
    raise ConfigError(f"method: there is no {name!r}; a file training/methods/{name.replace('-', '_')}.py would be one")
