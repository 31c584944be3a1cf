"""Upscale: what a small, worn picture would be if it were large and sharp; faithful, or with the detail of a sharp photograph.

The faithful answer learns from the pixels alone, the other from them and from perceptual and adversarial terms (SRGAN, Ledig et
al. 2017, arXiv 1609.04802). Pictures are worn before they are enlarged, since old ones are (Real-ESRGAN, Wang et al. 2021, arXiv
2107.10833), and aged in tone on both sides: an enlarger leaves that as it is.
"""

from __future__ import annotations

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image
from torch import nn

from training import losses
from training.ageing.kinds import KINDS
from training.ageing.noise import Array
from training.ageing.recipe import TRAINING, age
from training.config import RunConfig, Stage
from training.contract import EnlargerContract, Exportable
from training.data import photos
from training.data.aged_batches import AgedBatch, AgedBatches, Pair
from training.methods.clean import TAKEN_OFF, UNWORN, noisy
from training.methods.refinement import told, total
from training.methods.restorer import Restorer
from training.networks import generator

WORN, NOISY = 0.7, 0.1
"""Shares of crops that are worn, and that have white noise instead; the others are only small. WORN also of those aged in tone."""
PIXEL, DETAIL_PIXEL = 10.0, 2.0
"""Weights of the pixel loss: of the faithful answer, and of the detailed one, which it keeps near the truth."""
TONE, TONE_PX = 10.0, 16
"""Weight of what the detail adds to the mean of squares so many pixels wide: it draws, and makes nothing lighter or darker."""
SHARED_PX = 64
"""Of neighbouring tiles: with 32 the detail of smooth fields leaves that of one piece by 3 steps of 255, with 64 by less than 1."""
FILTERS = (Image.Resampling.BICUBIC, Image.Resampling.LANCZOS, Image.Resampling.BOX, Image.Resampling.BILINEAR)

WEAR = TRAINING.sparing(*(kind for kind in (*KINDS, "textures") if kind not in TAKEN_OFF))


class Upscale(Restorer):
    """generators: "upscale", an Enlarger. The adversary sees the faithful answer beside the detailed one, or the truth."""

    @staticmethod
    def feed(config: RunConfig) -> AgedBatches:
        """Crops of the photos that the configuration names; a stage's crop_px is the small picture's."""
        scale = config.generator.scale
        return AgedBatches(
            photos.load(config.data.train, config.data.short_side_px),
            config,
            lambda good, rng: small(good, rng, scale),
            scale,
        )

    @staticmethod
    def networks(config: RunConfig) -> nn.ModuleDict:
        """The generator, as `upscale`."""
        return nn.ModuleDict({"upscale": generator(config.generator, ("enlarger",))})

    @staticmethod
    def exportable(name: str, network: nn.Module, config: RunConfig) -> Exportable:
        """The generator under the contract; its style is how faithful it answers."""
        multiple, scale = int(network.multiple), int(network.scale)  # type: ignore[arg-type]
        return Exportable(
            EnlargerContract(network), "upscale", multiple, 2 * multiple, working_size=0, scale=scale, overlap=SHARED_PX
        )

    def step(self, batch: AgedBatch, stage: Stage, share: float) -> dict[str, float]:
        """One update, and one of the adversary before where the stage is adversarial."""
        self.generators.train()
        with self.accelerator.autocast():
            faithful, detail = self.generators["upscale"](batch.picture.contiguous(memory_format=torch.channels_last))
        faithful = faithful.float()
        beside = faithful.detach()
        detailed = beside + detail.float()
        shown = {}
        if stage.adversarial:
            shown["discriminator"] = self.refinement.learn((beside, batch.aim), (beside, detailed))
        self.learner.begin(share)
        terms = {"pixel": PIXEL * losses.charbonnier(faithful, batch.aim)}
        if stage.perceptual:
            terms["detail"] = DETAIL_PIXEL * losses.charbonnier(detailed, batch.aim)
            terms["tone"] = TONE * F.avg_pool2d(detailed - beside, TONE_PX).abs().mean()
            terms |= self.refinement.terms(detailed, batch.aim, (beside, detailed), stage)
        self.accelerator.backward(total(terms))
        return shown | told(terms) | {"gradient": self.learner.end()}


def small(good: Array, rng: np.random.Generator, scale: int) -> Pair:
    """A good crop, aged in tone now and then; the picture is a `scale`-th as large and often worn or noisy."""
    aim = age(good, rng, UNWORN).picture if rng.random() < WORN else good
    height, width = (side // scale for side in aim.shape[:2])
    kind = FILTERS[int(rng.integers(len(FILTERS)))]
    planes = [Image.fromarray(plane).resize((width, height), kind) for plane in np.moveaxis(aim, 2, 0)]
    picture = np.stack([np.asarray(plane) for plane in planes], -1).clip(0, 1)
    lot = rng.random()
    if lot < WORN:
        picture = age(picture, rng, WEAR).picture
    elif lot < WORN + NOISY:
        picture = noisy(picture, rng)
    return Pair(picture, aim)


METHOD = Upscale
