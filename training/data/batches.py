"""What a training step gets: crops, an old photo's tone, hints; each batch a pure function of the seed and the step."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from training.config import Hints, RunConfig
from training.data.drawing import Order, crop
from training.data.old_look import printed
from training.data.photos import Photos, lab_of_bytes
from training.lab import grey_to_lightness, lightness_to_grey
from training.networks.colour_unet import CHROMA_STRIDE
from training.regions import connected

OBJECT_RADIUS = 0.09
"""In units of a*b*/110: how much the chroma of one object may vary."""


@dataclass(frozen=True)
class Batch:
    """lightness (B, 1, S, S) 0..100 as the generator sees it; true_lightness likewise, before ageing;
    chroma (B, 2, S, S) a*b*/110 to reach; guide (B, 3, S, S) of the contract; natural (B,) False where an object was repainted;
    features: what frozen encoders saw, if that was stored, else nothing."""

    lightness: Tensor
    true_lightness: Tensor
    chroma: Tensor
    guide: Tensor
    natural: Tensor
    features: tuple[Tensor, ...] = ()

    def to(self, device: torch.device) -> Batch:
        return Batch._of([part.to(device, non_blocking=True) for part in self._parts])

    def split(self, parts: int) -> list[Batch]:
        """Equal parts in order: for several processes, or for one that has not memory enough for the whole."""
        dealt = zip(*(part.chunk(parts) for part in self._parts), strict=True)
        return [Batch._of(list(pieces)) for pieces in dealt]

    @property
    def _parts(self) -> list[Tensor]:
        return [self.lightness, self.true_lightness, self.chroma, self.guide, self.natural, *self.features]

    @staticmethod
    def _of(parts: list[Tensor]) -> Batch:
        lightness, true_lightness, chroma, guide, natural, *features = parts
        return Batch(lightness, true_lightness, chroma, guide, natural, tuple(features))


class Batches:
    """batch(step, crop_px): the same photos, crops and hints whenever it is asked for the same step."""

    def __init__(self, photos: Photos, config: RunConfig) -> None:
        self.photos = photos
        self.config = config
        self._order = Order(photos, config.batch, config.seed)

    def __str__(self) -> str:
        return f"{len(self.photos)} photos, {self.photos.megabytes:.0f} MB in memory"

    def batch(self, step: int, crop_px: int) -> Batch:
        random = torch.Generator().manual_seed(self.config.seed * 1_000_003 + step)
        photos = [self.photos.at(index) for index in self._order.indices(step)]
        crops = [crop(photo, crop_px, self.config.data.smallest_crop, random) for photo in photos]
        lightness, chroma = lab_of_bytes(torch.stack(crops))
        seen = lightness
        old = torch.rand(len(crops), generator=random) < self.config.data.aged
        if old.any():
            seen = lightness.clone()
            seen[old] = age(lightness[old], random)
        seen = self._printed(seen, lightness, chroma, step)
        chroma, guide, natural = hinted(self.config.hints, lightness, chroma, random)
        return Batch(seen, lightness, chroma, guide, natural)

    def _printed(self, seen: Tensor, lightness: Tensor, chroma: Tensor, step: int) -> Tensor:
        """`seen` (B, 1, S, S) with some photos as old prints show them."""
        rng = np.random.default_rng((self.config.seed, step))
        chosen = rng.random(len(seen)) < self.config.data.printed
        return torch.stack(
            [
                printed(lightness[photo], chroma[photo], rng) if as_print else seen[photo]
                for photo, as_print in enumerate(chosen)
            ]
        )


def hinted(
    settings: Hints, lightness: Tensor, chroma: Tensor, random: torch.Generator
) -> tuple[Tensor, Tensor, Tensor]:
    """The chroma to reach, the guide that tells parts of it, and which photos kept all their colours: shapes as in Batch."""
    count, _, height, width = chroma.shape
    guide = torch.zeros(count, 3, height, width)
    chroma, natural = chroma.clone(), torch.ones(count, dtype=torch.bool)
    for photo in range(count):
        chance = torch.rand(2, generator=random)
        if chance[0] >= settings.photos:
            continue
        # Squaring makes few hints likelier than many: mean about a third of `most`.
        number = 1 + int(float(torch.rand(1, generator=random)) ** 2 * settings.most)
        for index in range(number):
            side = int(torch.randint(settings.smallest_px, settings.largest_px + 1, (1,), generator=random))
            top = int(torch.randint(0, height - side + 1, (1,), generator=random))
            left = int(torch.randint(0, width - side + 1, (1,), generator=random))
            place = (slice(top, top + side), slice(left, left + side))
            if index == 0 and chance[1] < settings.repainted:
                chroma[photo] = repaint(lightness[photo], chroma[photo], place, random)
                natural[photo] = False
            guide[photo, :2, *place] = chroma[photo, :, *place].mean((1, 2), keepdim=True)
            guide[photo, 2, *place] = 1
    return chroma, guide, natural


def repaint(lightness: Tensor, chroma: Tensor, place: tuple[slice, slice], random: torch.Generator) -> Tensor:
    """Chroma (2, H, W) with the object at `place` in another colour, the rest as it was; lightness (1, H, W) 0..100.

    So a hint is learned as "this object has this colour", against habit, and not as "this photo has that tint". The object:
    the connected region whose chroma is near the place's, found at 1/4 of the size. The new colour stays within what sRGB shows.
    """
    small = F.avg_pool2d(chroma, CHROMA_STRIDE)
    cell = tuple(slice(side.start // CHROMA_STRIDE, side.stop // CHROMA_STRIDE + 1) for side in place)
    near = (small - small[:, *cell].mean((1, 2), keepdim=True)).norm(dim=0) < OBJECT_RADIUS
    region = connected(near, (cell[0], cell[1])).float()
    mask = F.interpolate(region[None, None], chroma.shape[1:], mode="bilinear", align_corners=False)[0]
    chance = torch.rand(2, generator=random)
    angle, strength = 6.2832 * chance[0], 0.15 + 0.4 * chance[1]
    offset = strength * torch.stack([angle.cos(), angle.sin()])[:, None, None]
    room = (torch.minimum(lightness, 100 - lightness) / 35 + 0.1).clamp_max(1)
    return chroma + mask * room * offset


def age(lightness: Tensor, random: torch.Generator) -> Tensor:
    """L* (B, 1, H, W) as an old print might show it: gamma e^±0.35, contrast 0.75..1.15, brightness ±0.06, grain up to 0.04."""
    count = len(lightness)
    chance = torch.rand(count, 4, generator=random)[:, :, None, None, None]
    grey = lightness_to_grey(lightness) ** torch.exp(0.7 * chance[:, 0] - 0.35)
    grey = (grey - 0.5) * (0.75 + 0.4 * chance[:, 1]) + 0.5 + 0.12 * chance[:, 2] - 0.06
    grey = grey + 0.04 * chance[:, 3] * torch.randn(grey.shape, generator=random)
    return grey_to_lightness(grey.clamp(0, 1))
