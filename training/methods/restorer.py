"""What the restoring methods share: generators that learn from what pictures were before, refined beyond the pixels."""

from __future__ import annotations

from typing import Any, ClassVar

from training.config import ConfigError, RunConfig
from training.methods.refinement import Refinement
from training.methods.supervised import Supervised


class Restorer(Supervised):
    """refinement: the perceptual and adversarial terms, see Refinement.

    Raises:
        ConfigError: a batch that is to be worked in parts, by a method that cannot.
    """

    kept = (*Supervised.kept, "refinement")
    shown_channels: ClassVar[int] = 6
    """Of all that the adversary is shown together: two pictures, unless a method says otherwise."""
    in_parts: ClassVar[bool] = False
    """Whether the method can work a batch in parts."""

    def __init__(self, config: RunConfig, accelerator: Any) -> None:
        if config.accumulate != 1 and not self.in_parts:
            raise ConfigError("accumulate: this method works its batches whole; make `batch` smaller")
        super().__init__(config, accelerator)
        self.refinement = Refinement(config, accelerator, self.shown_channels)
