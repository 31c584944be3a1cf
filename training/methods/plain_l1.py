"""Plain L1: the baseline that every adversarial method has to beat. A generator, a loss, and nothing else.

Also the shortest example of a method: a file here and `method = "plain-l1"` in a RunConfig are all that a new one needs.
"""

from __future__ import annotations

import torch.nn.functional as F
from torch import nn

from training.config import RunConfig, Stage
from training.contract import ColourContract, Exportable
from training.data import photos
from training.data.batches import Batch, Batches
from training.methods.supervised import Supervised
from training.networks import generator
from training.networks.colour_unet import CHROMA_STRIDE


class PlainL1(Supervised):
    """generator: L* and guide -> chroma at 1/4, as near to the true chroma as L1 brings it."""

    @staticmethod
    def feed(config: RunConfig) -> Batches:
        """Crops of the photos that the configuration names."""
        return Batches(photos.load(config.data.train, config.data.short_side_px), config)

    @staticmethod
    def networks(config: RunConfig) -> nn.ModuleDict:
        """The generator, as `colorize`."""
        return nn.ModuleDict({"colorize": generator(config.generator, ("colour-unet",))})

    @staticmethod
    def exportable(name: str, network: nn.Module, config: RunConfig) -> Exportable:
        """The generator under the contract."""
        return Exportable(ColourContract(network), "colorize", multiple=32, minimum=32, working_size=256)

    def step(self, batch: Batch, stage: Stage, share: float) -> dict[str, float]:
        """One update on the mean absolute error of chroma."""
        self.generators.train()
        self.learner.begin(share)
        total = 0.0
        for part in batch.split(self.parts):
            with self.accelerator.autocast():
                generated = self.generators["colorize"](part.lightness, part.guide)
            loss = F.l1_loss(generated.float(), F.avg_pool2d(part.chroma, CHROMA_STRIDE)) / self.parts
            self.accelerator.backward(loss)
            total += float(loss.detach())
        return {"pixel": total, "gradient": self.learner.end()}


METHOD = PlainL1
