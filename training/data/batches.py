"""What a training step gets: crops, an old photo's tone, hints; each batch a pure function of the seed and the step."""

from __future__ import annotations

from collections.abc import Callable, Generator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

from training.config import RunConfig
from training.data.photos import Photos, lab_of_bytes
from training.lab import lightness_to_grey, srgb_to_lightness
from training.networks.colour_unet import CHROMA_STRIDE
from training.regions import connected

OBJECT_RADIUS = 0.09
"""In units of a*b*/110: how much the chroma of one object may vary."""


@dataclass(frozen=True)
class Batch:
    """lightness (B, 1, S, S) 0..100 as the generator sees it; true_lightness likewise, before ageing;
    chroma (B, 2, S, S) a*b*/110 to reach; guide (B, 3, S, S) of the contract; natural (B,) False where an object was repainted."""

    lightness: Tensor
    true_lightness: Tensor
    chroma: Tensor
    guide: Tensor
    natural: Tensor

    def to(self, device: torch.device) -> Batch:
        parts = (self.lightness, self.true_lightness, self.chroma, self.guide, self.natural)
        return Batch(*(part.to(device, non_blocking=True) for part in parts))


class Batches:
    """batch(step, crop_px): the same photos, crops and hints whenever it is asked for the same step."""

    def __init__(self, photos: Photos, config: RunConfig) -> None:
        self.photos = photos
        self.config = config
        self._kept: tuple[int, Tensor] | None = None

    def batch(self, step: int, crop_px: int) -> Batch:
        random = torch.Generator().manual_seed(self.config.seed * 1_000_003 + step)
        crops = [self._crop(index, crop_px, random) for index in self._indices(step)]
        lightness, chroma = lab_of_bytes(torch.stack(crops))
        seen = lightness
        old = torch.rand(len(crops), generator=random) < self.config.data.aged
        if old.any():
            seen = lightness.clone()
            seen[old] = age(lightness[old], random)
        chroma, guide, natural = self._hints(lightness, chroma, random)
        return Batch(seen, lightness, chroma, guide, natural)

    def ahead(self, start: int, crop_px_at: Callable[[int], int]) -> Generator[Batch, None, None]:
        """Batches from `start` on, each made in a thread while the step before it runs."""
        with ThreadPoolExecutor(1) as pool:
            step = start
            waiting = pool.submit(self.batch, step, crop_px_at(step))
            while True:
                ready = waiting.result()
                step += 1
                waiting = pool.submit(self.batch, step, crop_px_at(step))
                yield ready

    def _indices(self, step: int) -> list[int]:
        """Photos of this step: a fresh shuffle each pass over the set, heavier photos more often."""
        size, count = self.config.batch, len(self.photos)
        if bool((self.photos.weights == self.photos.weights[0]).all()):
            chosen = []
            for position in range(step * size, (step + 1) * size):
                chosen.append(int(self._order(position // count)[position % count]))
            return chosen
        random = torch.Generator().manual_seed(self.config.seed * 7_000_003 + step)
        return [int(index) for index in torch.multinomial(self.photos.weights, size, True, generator=random)]

    def _order(self, epoch: int) -> Tensor:
        if self._kept is None or self._kept[0] != epoch:
            random = torch.Generator().manual_seed(self.config.seed * 7_000_003 + epoch)
            self._kept = (epoch, torch.randperm(len(self.photos), generator=random))
        return self._kept[1]

    def _crop(self, index: int, crop_px: int, random: torch.Generator) -> Tensor:
        """A square of the photo, mirrored half the time, as Lab bytes (3, crop_px, crop_px)."""
        photo = self.photos.at(index)
        height, width = photo.shape[1:]
        chance = torch.rand(4, generator=random)
        smallest = self.config.data.smallest_crop
        side = max(8, int(min(height, width) * (smallest + (1 - smallest) * float(chance[0]))))
        side = min(side, height, width)
        top, left = int(float(chance[1]) * (height - side + 1)), int(float(chance[2]) * (width - side + 1))
        square = photo[None, :, top : top + side, left : left + side]
        square = F.interpolate(
            square, (crop_px, crop_px), mode="bilinear", antialias=side > crop_px, align_corners=False
        )[0]
        return square.flip(2) if chance[3] < 0.5 else square

    def _hints(self, lightness: Tensor, chroma: Tensor, random: torch.Generator) -> tuple[Tensor, Tensor, Tensor]:
        """The chroma to reach, the guide that tells parts of it, and which photos kept all their colours."""
        settings = self.config.hints
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
    return srgb_to_lightness(grey.clamp(0, 1).expand(-1, 3, -1, -1))
