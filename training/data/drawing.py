"""What every kind of batch shares: which photos a step gets, the squares cut from them, and making the next batch meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Generator
from concurrent.futures import ThreadPoolExecutor
from typing import Protocol, TypeVar

import torch
import torch.nn.functional as F
from torch import Tensor

Made = TypeVar("Made")


class Weighed(Protocol):
    """A set of photos, each drawn in proportion to its weight, (n,)."""

    weights: Tensor

    def __len__(self) -> int: ...


class Order:
    """indices(step): a fresh shuffle each pass over the set, or heavier photos more often; a pure function of seed and step."""

    def __init__(self, photos: Weighed, batch: int, seed: int) -> None:
        self.photos, self.batch, self.seed = photos, batch, seed
        self._kept: tuple[int, Tensor] | None = None

    def indices(self, step: int) -> list[int]:
        count = len(self.photos)
        if bool((self.photos.weights == self.photos.weights[0]).all()):
            positions = range(step * self.batch, (step + 1) * self.batch)
            return [int(self._shuffled(position // count)[position % count]) for position in positions]
        random = torch.Generator().manual_seed(self.seed * 7_000_003 + step)
        return [int(index) for index in torch.multinomial(self.photos.weights, self.batch, True, generator=random)]

    def _shuffled(self, epoch: int) -> Tensor:
        if self._kept is None or self._kept[0] != epoch:
            random = torch.Generator().manual_seed(self.seed * 7_000_003 + epoch)
            self._kept = (epoch, torch.randperm(len(self.photos), generator=random))
        return self._kept[1]


def crop(photo: Tensor, crop_px: int, smallest: float, random: torch.Generator) -> Tensor:
    """A square of a photo (3, H, W) uint8 as (3, crop_px, crop_px), mirrored half the time.

    Its side is between `smallest` and all of the photo's short side.
    """
    height, width = photo.shape[1:]
    chance = torch.rand(4, generator=random)
    side = max(8, int(min(height, width) * (smallest + (1 - smallest) * float(chance[0]))))
    side = min(side, height, width)
    top, left = int(float(chance[1]) * (height - side + 1)), int(float(chance[2]) * (width - side + 1))
    square = photo[None, :, top : top + side, left : left + side]
    square = F.interpolate(square, (crop_px, crop_px), mode="bilinear", antialias=side > crop_px, align_corners=False)[
        0
    ]
    return square.flip(2) if chance[3] < 0.5 else square


def ahead(
    make: Callable[[int, int], Made], start: int, crop_px_at: Callable[[int], int]
) -> Generator[Made, None, None]:
    """make(step, crop_px_at(step)) from step `start` on, each made in a thread while the step before it runs."""
    with ThreadPoolExecutor(1) as pool:
        step = start
        waiting = pool.submit(make, step, crop_px_at(step))
        while True:
            ready = waiting.result()
            step += 1
            waiting = pool.submit(make, step, crop_px_at(step))
            yield ready
