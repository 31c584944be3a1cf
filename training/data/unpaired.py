"""What a step of a CycleGAN gets: grey photographs and colour photographs, and no photo on both sides."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from training.config import ConfigError, RunConfig
from training.data.drawing import Order, crop
from training.data.photos import Photos, lab_of_bytes
from training.lab import CHROMA_SCALE, lab_to_srgb, lightness_to_grey


@dataclass(frozen=True)
class UnpairedBatch:
    """grey and colour (B, 3, S, S), sRGB 0..1; grey is neutral. The n-th of one has nothing to do with the n-th of the other."""

    grey: Tensor
    colour: Tensor

    def to(self, device: torch.device) -> UnpairedBatch:
        return UnpairedBatch(self.grey.to(device, non_blocking=True), self.colour.to(device, non_blocking=True))

    def split(self, parts: int) -> list[UnpairedBatch]:
        """Equal parts in order: for several processes."""
        return [UnpairedBatch(*pieces) for pieces in zip(self.grey.chunk(parts), self.colour.chunk(parts), strict=True)]


class Unpaired:
    """batch(step, crop_px): the same photos and crops whenever it is asked for the same step.

    Without `grey` the colour photos are split by turns: every second one is shown in colour only, the others in grey only
    (CIE L*), as the source of this method did with its landscapes. Grey photos lose what chroma they have and keep their L*.

    Raises:
        ConfigError: A single photo cannot be split.
    """

    def __init__(self, colour: Photos, grey: Photos | None, config: RunConfig) -> None:
        if grey is None:
            if len(colour) < 2:
                raise ConfigError("unpaired training needs two photos at least: one in colour and another one in grey")
            colour, grey = (colour.part(range(first, len(colour), 2)) for first in (0, 1))
        self.colour, self.grey, self.config = colour, grey, config
        # Seeds apart: sets of one size would otherwise be walked through in step.
        self._colours = Order(colour, config.batch, 2 * config.seed)
        self._greys = Order(grey, config.batch, 2 * config.seed + 1)

    def __str__(self) -> str:
        megabytes = self.colour.megabytes + self.grey.megabytes
        return f"{len(self.colour)} colour and {len(self.grey)} grey photos, {megabytes:.0f} MB in memory"

    def batch(self, step: int, crop_px: int) -> UnpairedBatch:
        random = torch.Generator().manual_seed(self.config.seed * 1_000_003 + step)
        lightness, chroma = self._crops(self.colour, self._colours, step, crop_px, random)
        colour = lab_to_srgb(torch.cat([lightness, chroma * CHROMA_SCALE], 1))
        lightness, _ = self._crops(self.grey, self._greys, step, crop_px, random)
        return UnpairedBatch(lightness_to_grey(lightness).repeat(1, 3, 1, 1), colour)

    def _crops(
        self, photos: Photos, order: Order, step: int, crop_px: int, random: torch.Generator
    ) -> tuple[Tensor, Tensor]:
        smallest = self.config.data.smallest_crop
        chosen = [photos.at(index) for index in order.indices(step)]
        return lab_of_bytes(torch.stack([crop(photo, crop_px, smallest, random) for photo in chosen]))
