"""Tone: fading, yellowing, faded dyes and uneven light undone; learned from whole photos, small, that were aged.

Everything that befalls prints befalls these too, damage and all, since a scan has it; the aim is the print on its first day. What
made the picture in the first place (film, border, the vignette of a portrait) stays. Some photos are not aged at all: those are
to be left alone. What counts is the mean of the photos' root mean squared errors: squares would see the worst prints alone, their
logarithm (decibels, as NAFNet has it: Chen et al. 2022, arXiv 2204.04676) was tried and makes the network too shy to touch them.
"""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from engine.color import lab_to_srgb, srgb_to_lab
from training.ageing.kinds import KINDS
from training.ageing.noise import Array
from training.ageing.recipe import TRAINING, age
from training.ageing.textures import Textures
from training.config import RunConfig, Stage
from training.contract import Exportable, PictureContract
from training.data import photos
from training.data.aged_batches import AgedBatch, AgedBatches, Pair
from training.methods.supervised import Supervised
from training.networks import generator
from training.networks.tone_net import laid

STAYS = ("film", "border", "vignette")
"""Kinds of ageing that are the picture's own."""
AGEING = dataclasses.replace(TRAINING, severity=(0.1, 1.0), scale=(0.7, 1.5))
FIRST_DAY = AGEING.sparing(*(kind for kind in KINDS if kind not in STAYS), "textures")
UNTOUCHED = 0.15
"""Share of photos that are as they should be."""
WORKING_PX = 160
"""Short side at which a photo is looked at."""
GREY = 0.02
"""Channels of a black-and-white photo differ by no more, sRGB 0..1."""
NEUTRAL = 0.85
"""Share of black-and-white prints whose tone is taken out first, as the app does where it knows one (engine.colourless)."""
SOUND = 0.1
"""Damage of less than this does not hide what tone a place has."""
UNSEEN = 1e-5
"""Mean squared error, sRGB 0..1, that nobody sees: 50 dB."""


class Tone(Supervised):
    """generators: "tone", a ToneNet."""

    @staticmethod
    def feed(config: RunConfig) -> AgedBatches:
        """Photos that the configuration names, nearly whole, aged."""
        textures = Textures(Path(config.data.textures)) if config.data.textures else None

        def spoil(good: Array, rng: np.random.Generator) -> Pair:
            seed, untouched = int(rng.integers(0, 2**62)), rng.random() < UNTOUCHED
            aim = age(good, np.random.default_rng(seed), FIRST_DAY).picture
            if untouched:
                return Pair(aim, aim)
            old = age(good, np.random.default_rng(seed), AGEING, textures=textures)
            toned = float(np.ptp(aim, axis=2).max()) < GREY and rng.random() < NEUTRAL
            return Pair(_neutral(old.picture) if toned else old.picture, aim, old.damage)

        return AgedBatches(photos.load(config.data.train, config.data.short_side_px), config, spoil)

    @staticmethod
    def networks(config: RunConfig) -> nn.ModuleDict:
        """The generator, as `tone`."""
        return nn.ModuleDict({"tone": generator(config.generator, ("tone-net",))})

    @staticmethod
    def exportable(name: str, network: nn.Module, config: RunConfig) -> Exportable:
        """The generator under the contract; it looks at the whole photo, so there are no tiles."""
        multiple = int(network.multiple)  # type: ignore[arg-type]
        return Exportable(PictureContract(network), "tone", multiple, minimum=2 * multiple, working_size=WORKING_PX)

    def step(self, batch: AgedBatch, stage: Stage, share: float) -> dict[str, float]:
        """One update."""
        self.generators.train()
        network = self.generators["tone"]
        network.encoder.requires_grad_(stage.train_encoder)
        with self.accelerator.autocast():
            tones = network.tell(batch.picture.contiguous(memory_format=torch.channels_last))  # type: ignore[operator]
        self.learner.begin(share)
        # Curves know nothing of their neighbours: every second pixel tells as much.
        picture, aim, damage = (part[..., ::2, ::2] for part in (batch.picture, batch.aim, batch.damage))
        error = root_mean_square(laid(picture, tones), aim, (damage < SOUND).float())
        self.accelerator.backward(error)
        return {"error": float(error.detach()), "gradient": self.learner.end()}


def _neutral(picture: Array) -> Array:
    """The grey of the same lightness."""
    lab = srgb_to_lab(picture)
    lab[..., 1:] = 0
    return lab_to_srgb(lab)


def root_mean_square(answer: Tensor, aim: Tensor, sound: Tensor) -> Tensor:
    """Mean over the photos (B, 3, H, W) of the error where they are `sound` (B, 1, H, W), sRGB 0..1."""
    squares = ((answer - aim).square() * sound).mean((1, 2, 3)) / sound.mean((1, 2, 3)).clamp_min(UNSEEN)
    return torch.sqrt(squares + UNSEEN).mean()


METHOD = Tone
