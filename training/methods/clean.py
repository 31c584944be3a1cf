"""Clean: grain, noise, JPEG, halftone, paper texture and slight blur taken off; what time did to tone and colour stays.

The same ageing is done to a crop twice with the same draws, once without the kinds that a cleaner takes off: that is the aim. A
share of the crops has white noise of any strength instead, as papers measure it (Zhang et al. 2017, DnCNN, arXiv 1608.03981:
one network, blind), and some have nothing at all, so that a clean photo is left alone.
"""

from __future__ import annotations

import numpy as np
import torch
from PIL import Image
from torch import nn

from training import losses
from training.ageing.noise import Array
from training.ageing.recipe import TRAINING, age
from training.config import RunConfig, Stage
from training.contract import Exportable, PictureContract
from training.data import photos
from training.data.aged_batches import AgedBatch, AgedBatches, Pair
from training.methods.refinement import told, total
from training.methods.restorer import Restorer
from training.networks import generator

TAKEN_OFF = ("blur", "grain", "halftone", "surface", "rescan", "jpeg")
"""Kinds of ageing that a cleaner undoes."""
NOISY, UNTOUCHED = 0.35, 0.08
"""Shares of crops with white noise alone, and with nothing; the others are aged."""
SMOOTH = 0.1
"""Share of crops without any edge, half of them with white noise: on skies and walls no answer may lean to one side."""
STRONGEST = 55 / 255
"""Largest standard deviation of the white noise."""
ONE_FOR_ALL = 0.25
"""Share of noisy crops whose three channels have the same noise, as a grey scan has."""
PIXEL = 10.0
"""Weight of the pixel loss: errors are some hundredths, and the refining terms of order one."""

WORN = TRAINING.sparing_damage()
UNWORN = WORN.sparing(*TAKEN_OFF)


class Clean(Restorer):
    """generators: "clean", picture -> picture. The adversary sees what was given beside the answer."""

    @staticmethod
    def feed(config: RunConfig) -> AgedBatches:
        """Crops of the photos that the configuration names, worn or noisy."""
        return AgedBatches(photos.load(config.data.train, config.data.short_side_px), config, worn)

    @staticmethod
    def networks(config: RunConfig) -> nn.ModuleDict:
        """The generator, as `clean`."""
        return nn.ModuleDict({"clean": generator(config.generator, ("picture-unet", "nafnet"))})

    @staticmethod
    def exportable(name: str, network: nn.Module, config: RunConfig) -> Exportable:
        """The generator under the contract."""
        multiple = int(network.multiple)  # type: ignore[arg-type]
        return Exportable(PictureContract(network), "clean", multiple, minimum=2 * multiple, working_size=0)

    def step(self, batch: AgedBatch, stage: Stage, share: float) -> dict[str, float]:
        """One update, and one of the adversary before where the stage is adversarial."""
        self.generators.train()
        given = batch.picture.contiguous(memory_format=torch.channels_last)
        with self.accelerator.autocast():
            picture = self.generators["clean"](given).float()
        shown = {}
        if stage.adversarial:
            shown["discriminator"] = self.refinement.learn((given, batch.aim), (given, picture))
        self.learner.begin(share)
        terms = {"pixel": PIXEL * losses.charbonnier(picture, batch.aim)}
        terms |= self.refinement.terms(picture, batch.aim, (given, picture), stage)
        self.accelerator.backward(total(terms))
        return shown | told(terms) | {"gradient": self.learner.end()}


def worn(good: Array, rng: np.random.Generator) -> Pair:
    """A good crop (h, w, 3) and what of a day's wear, of noise, or of nothing, has become of it."""
    if rng.random() < SMOOTH:
        good = smooth(good, rng)
        return Pair(noisy(good, rng) if rng.random() < 0.5 else good, good)
    lot = rng.random()
    if lot < NOISY:
        return Pair(noisy(good, rng), good)
    if lot < NOISY + UNTOUCHED:
        return Pair(good, good)
    seed = int(rng.integers(0, 2**62))
    worn_, aim = (age(good, np.random.default_rng(seed), recipe) for recipe in (WORN, UNWORN))
    return Pair(worn_.picture, aim.picture)


def smooth(picture: Array, rng: np.random.Generator) -> Array:
    """What 1 to 6 means along a side leave of it, drawn out to its size again."""
    height, width = picture.shape[:2]
    side = int(rng.integers(1, 7))
    small = (Image.fromarray(plane).resize((side, side), Image.Resampling.BOX) for plane in np.moveaxis(picture, 2, 0))
    planes = [np.asarray(plane.resize((width, height), Image.Resampling.BICUBIC)) for plane in small]
    return np.stack(planes, -1).clip(0, 1)


def noisy(picture: Array, rng: np.random.Generator) -> Array:
    """With white noise of a strength of its own, clipped to 0..1 as a file would hold it."""
    channels = 1 if rng.random() < ONE_FOR_ALL else 3
    noise = rng.standard_normal((*picture.shape[:2], channels), np.float32) * np.float32(rng.uniform(0, STRONGEST))
    return (picture + noise).clip(0, 1)


METHOD = Clean
