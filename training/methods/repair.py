"""Repair: a finder learns where ageing has damaged a picture, a filler to draw what was there; both on the same crops.

The finder answers a probability a pixel: cross-entropy, damage weighed more, and the overlap of V-Net (see losses.dice). The
filler is told the true mask and that of another crop on top of it. Some holes it may look through: its own damage, of which many
a kind is a veil only, and another crop's, as when the finder was wrong and all is sound below. Others it may not: it learns to
draw where nothing hints. L1 in the holes alone, then perceptual and adversarial terms (Pathak et al. 2016, context encoders,
arXiv 1604.07379).
"""

from __future__ import annotations

import dataclasses
import math
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from training import losses
from training.ageing.noise import Array
from training.ageing.recipe import TRAINING, age
from training.ageing.textures import Textures
from training.config import RunConfig, Stage
from training.contract import Exportable, RepairContract
from training.data import photos
from training.data.aged_batches import AgedBatch, AgedBatches, Pair
from training.methods.refinement import told, total
from training.methods.restorer import Restorer
from training.networks import generator

AGEING = dataclasses.replace(TRAINING, scale=(0.8, 6.0))
"""A crop is a piece of a print: its damage is as coarse as on prints of one to six times its side."""
LOOKED_AT_PX = 1024
"""Short side at which damage is looked for in a larger scan: the coarsest that training has shown."""
UNTOUCHED = 0.4
"""Share of crops without any damage: wires, hair and window bars are not scratches, teeth and the light in an eye no spots."""
HARSH = 0.4
"""Share of crops in harsh contrast: a white collar is no flake of paper."""
PIVOT, STEEPEST = (0.25, 0.75), 3.0
"""Of harsh contrast: where light and dark part, sRGB 0..1, and how much steeper it is at most."""
DAMAGED = 2.0
"""How much more a damaged pixel counts than a sound one."""
LOST = 0.15
"""Damage of more than this, and what touches it, is told to the filler as unknown: a faint rim must not bleed into the hole."""
OTHERS = 0.5
"""Share of crops that get another crop's holes as well."""
LOOKED_THROUGH = 0.7, 0.4
"""How often a crop's own holes, and another crop's, may be looked through."""
GROWN_PX = (3, 5, 11)
"""Damage is spread over squares of so many pixels a side, one of these for a batch: what a finder says is rarely as narrow."""
FILLED = 4.0
"""Weight of the holes' error against the finder's losses, which are of order one."""


class Repair(Restorer):
    """generators: "repair", a Mending of finder and filler. The adversary sees the mask and the whole picture.

    `accumulate` is the finder's alone: the filler's error is counted over all holes of a batch together.
    """

    shown_channels = 4
    in_parts = True

    def __init__(self, config: RunConfig, accelerator: Any) -> None:
        super().__init__(config, accelerator)
        self.mending = self.generators["repair"]

    @staticmethod
    def feed(config: RunConfig) -> AgedBatches:
        """Aged crops of the photos that the configuration names, with the textures of `data.textures` among their damage."""
        textures = Textures(Path(config.data.textures)) if config.data.textures else None

        def spoil(good: Array, rng: np.random.Generator) -> Pair:
            if rng.random() < HARSH:
                good = harsh(good, rng)
            untouched = rng.random() < UNTOUCHED
            recipe = AGEING.sparing_damage() if untouched else AGEING
            old = age(good, rng, recipe, textures=None if untouched else textures)
            return Pair(old.picture, old.sound, old.damage)

        return AgedBatches(photos.load(config.data.train, config.data.short_side_px), config, spoil)

    @staticmethod
    def networks(config: RunConfig) -> nn.ModuleDict:
        """The generator, as `repair`."""
        return nn.ModuleDict({"repair": generator(config.generator, ("mending",))})

    @staticmethod
    def exportable(name: str, network: nn.Module, config: RunConfig) -> Exportable:
        """The generator under the contract, in two files: a stroke of the brush costs only the filler."""
        multiple = int(network.multiple)  # type: ignore[arg-type]
        return Exportable(
            RepairContract(network), "repair", multiple, minimum=2 * multiple, working_size=LOOKED_AT_PX, split=True
        )

    def step(self, batch: AgedBatch, stage: Stage, share: float) -> dict[str, float]:
        """One update of both networks, or of the one that the stage names, and of the adversary before where it is adversarial."""
        self.generators.train()
        picture = batch.picture.contiguous(memory_format=torch.channels_last)
        terms, shown = dict[str, Tensor](), dict[str, float]()
        if stage.only != "finder":
            mask, seen = holes(batch.damage)
            with self.accelerator.autocast():
                filled = self.mending.fill(picture, mask, seen).float()  # type: ignore[operator]
            whole = batch.aim + mask * (
                filled - batch.aim
            )  # what is left of damage outside the holes is not the filler's
            if stage.adversarial:
                shown["discriminator"] = self.refinement.learn((mask, batch.aim), (mask, whole))
            terms["filled"] = FILLED * losses.masked_l1(whole, batch.aim, mask)
            terms |= self.refinement.terms(whole, batch.aim, (mask, whole), stage)
        self.learner.begin(share)
        if terms:
            self.accelerator.backward(total(terms))
        shown |= told(terms)
        if stage.only != "filler":
            self._encoder_learns(stage.train_encoder)
            shown |= self._finder_learns(picture, batch.damage)
        return shown | {"gradient": self.learner.end()}

    def _finder_learns(self, picture: Tensor, damage: Tensor) -> dict[str, float]:
        """The gradient of the finder's losses, in the parts that `accumulate` tells: both are means over crops."""
        parts, shown = self.parts, dict[str, float]()
        for crops, true in zip(picture.chunk(parts), damage.chunk(parts), strict=True):
            with self.accelerator.autocast():
                found = self.mending.find(crops).float()  # type: ignore[operator]
            terms = {"found": losses.mask_cross_entropy(found, true, DAMAGED), "overlap": losses.dice(found, true)}
            self.accelerator.backward(total(terms) / parts)
            for name, term in told(terms).items():
                shown[name] = shown.get(name, 0.0) + term / parts
        return shown

    def _encoder_learns(self, learns: bool) -> None:
        if self.mending.encoder is not None:
            self.mending.encoder.requires_grad_(learns)


def harsh(good: Array, rng: np.random.Generator) -> Array:
    """A picture (h, w, 3) sRGB 0..1 in harsh contrast: collars and lace without any drawing in them, as old films had them."""
    pivot, gain = rng.uniform(*PIVOT), math.exp(rng.uniform(0, math.log(STEEPEST)))
    return ((good - pivot) * gain + pivot).clip(0, 1).astype(np.float32)


def holes(damage: Tensor) -> tuple[Tensor, Tensor]:
    """What the filler is told to fill, (B, 1, h, w), 1 unknown: its own damage and often that of the crop before.

    And, of the same shape, 1 where it may look through.
    """
    wide = GROWN_PX[int(torch.randint(len(GROWN_PX), ()))]
    lost = (F.max_pool2d(damage, wide, 1, wide // 2) > LOST).float()
    with_others, through, through_others = (
        (torch.rand(len(damage), device=damage.device) < share).float()[:, None, None, None]
        for share in (OTHERS, *LOOKED_THROUGH)
    )
    others = with_others * lost.roll(1, 0)
    # Where both lie, the own damage decides: what is below is damaged.
    seen = torch.where(lost > 0, through, through_others)
    return torch.maximum(lost, others), seen


METHOD = Repair
