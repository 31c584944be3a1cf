"""What the restoring methods share: generators that learn from what pictures were before, refined beyond the pixels."""

from __future__ import annotations

from typing import Any, ClassVar

from training.config import RunConfig
from training.methods.refinement import Refinement
from training.methods.supervised import Supervised


class Restorer(Supervised):
    """refinement: the perceptual and adversarial terms, see Refinement."""

    kept = (*Supervised.kept, "refinement")
    shown_channels: ClassVar[int] = 6
    """Of all that the adversary is shown together: two pictures, unless a method says otherwise."""

    def __init__(self, config: RunConfig, accelerator: Any) -> None:
        super().__init__(config, accelerator)
        self.refinement = Refinement(config, accelerator, self.shown_channels)
