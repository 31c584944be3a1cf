"""What refines a picture beyond its pixel loss: how a frozen network sees it, and whether an adversary believes it.

Ledig et al. 2017 (SRGAN, arXiv 1609.04802): first the pixels alone, then perceptual and adversarial terms beside them.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from training import losses
from training.config import RunConfig, Stage
from training.methods.adversary import Adversary, Shown
from training.networks.squeezenet import SqueezeNetFeatures


class Refinement:
    """channels_in: of all that the adversary is shown together."""

    def __init__(self, config: RunConfig, accelerator: Any, channels_in: int) -> None:
        self.weights, self.updates = config.losses, config.discriminator.updates
        self.adversary = Adversary(config, accelerator, channels_in)
        self.perceptual = None
        if config.losses.perceptual:
            self.perceptual = losses.Perceptual(SqueezeNetFeatures(Path(config.losses.backbone)).to(accelerator.device))

    def learn(self, real: Shown, generated: Shown) -> float:
        """The adversary's updates of this step; its last loss."""
        return [self.adversary.update(real, generated) for _ in range(self.updates)][-1]

    def terms(self, picture: Tensor, true: Tensor, shown: Shown, stage: Stage) -> dict[str, Tensor]:
        """Weighted terms to add to a pixel loss. picture, true: (B, 3, H, W) sRGB 0..1; shown: what the adversary judges."""
        terms = {}
        if self.perceptual is not None and stage.perceptual:
            with self.adversary.accelerator.autocast():  # so, and channels last, in two thirds of the time
                seen = (part.contiguous(memory_format=torch.channels_last) for part in (picture, true))
                terms["perceptual"] = self.weights.perceptual * self.perceptual(*seen)
        if stage.adversarial and self.adversary.is_ready:
            terms["adversarial"] = self.weights.adversarial * self.adversary.fooled(shown)
        return terms

    def state_dict(self) -> dict[str, Any]:
        return self.adversary.state_dict()

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Strictly."""
        self.adversary.load_state_dict(state)


def told(terms: dict[str, Tensor]) -> dict[str, float]:
    """Terms as the log has them."""
    return {name: float(term.detach()) for name, term in terms.items()}


def total(terms: dict[str, Tensor]) -> Tensor:
    return torch.stack(list(terms.values())).sum()
