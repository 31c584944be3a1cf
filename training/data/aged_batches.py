"""What a restoring generator learns from: crops of good photos, made worse; each batch a pure function of the seed and the step."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from training.ageing.noise import Array
from training.config import RunConfig
from training.data.drawing import Order
from training.data.photos import Photos, lab_of_bytes
from training.lab import CHROMA_SCALE, lab_to_srgb


@dataclass(frozen=True)
class Pair:
    """picture: what the generator gets, float32 (h, w, 3) sRGB 0..1. aim: what it should answer, (S·h, S·w, 3).

    damage: (h, w) 0..1, where the picture is lost; None where that is not the question.
    """

    picture: Array
    aim: Array
    damage: Array | None = None


Spoil = Callable[[Array, np.random.Generator], Pair]
"""A good crop (h, w, 3) -> the pair that is learned from."""


@dataclass(frozen=True)
class AgedBatch:
    """picture (B, 3, h, w), aim (B, 3, S·h, S·w), both sRGB 0..1; damage (B, 1, h, w), zeros where it is not the question."""

    picture: Tensor
    aim: Tensor
    damage: Tensor

    def to(self, device: torch.device) -> AgedBatch:
        return AgedBatch(*(part.to(device, non_blocking=True) for part in self._parts))

    def split(self, parts: int) -> list[AgedBatch]:
        """Equal parts in order: for several processes, or for one that has not memory enough for the whole."""
        return [AgedBatch(*pieces) for pieces in zip(*(part.chunk(parts) for part in self._parts), strict=True)]

    @property
    def _parts(self) -> tuple[Tensor, Tensor, Tensor]:
        return self.picture, self.aim, self.damage


class AgedBatches:
    """batch(step, crop_px): the same photos, crops and damage whenever it is asked for the same step."""

    def __init__(self, photos: Photos, config: RunConfig, spoil: Spoil, scale: int = 1) -> None:
        """scale: how much larger the aim is than the picture; crop_px is the picture's."""
        self.photos, self.config, self.spoil, self.scale = photos, config, spoil, scale
        self._order = Order(photos, config.batch, config.seed)

    def __str__(self) -> str:
        return f"{len(self.photos)} photos, {self.photos.megabytes:.0f} MB in memory"

    def batch(self, step: int, crop_px: int) -> AgedBatch:
        random = torch.Generator().manual_seed(self.config.seed * 1_000_003 + step)
        pairs = []
        for index in self._order.indices(step):
            good = near_crop(self.photos.at(index), crop_px * self.scale, self.config.data.zoom, random)
            seed = int(torch.randint(0, 2**62, (1,), generator=random))
            pairs.append(self.spoil(srgb(good), np.random.default_rng(seed)))
        nothing = np.zeros((crop_px, crop_px), np.float32)
        return AgedBatch(
            _tensor([pair.picture for pair in pairs]),
            _tensor([pair.aim for pair in pairs]),
            _tensor([(nothing if pair.damage is None else pair.damage)[..., None] for pair in pairs]),
        )


def near_crop(photo: Tensor, crop_px: int, zoom: float, random: torch.Generator) -> Tensor:
    """A square of a photo (3, H, W) uint8 as (3, crop_px, crop_px), mirrored half the time.

    Its side is 1 to `zoom` times crop_px, evenly in the logarithm, as far as the photo is large enough: details stay as sharp as
    files have them. Only a photo that is smaller than the crop is enlarged.
    """
    height, width = photo.shape[1:]
    chance = torch.rand(4, generator=random).tolist()
    side = min(round(crop_px * math.exp(chance[0] * math.log(zoom))), height, width)
    top, left = int(chance[1] * (height - side + 1)), int(chance[2] * (width - side + 1))
    square = photo[:, top : top + side, left : left + side]
    if side != crop_px:
        square = F.interpolate(square[None], (crop_px, crop_px), mode="bicubic", antialias=True, align_corners=False)[0]
    return square.flip(2) if chance[3] < 0.5 else square


def srgb(stored: Tensor) -> Array:
    """Stored Lab bytes (3, h, w) as float32 (h, w, 3), sRGB 0..1."""
    lightness, chroma = lab_of_bytes(stored[None])
    picture = lab_to_srgb(torch.cat([lightness, chroma * CHROMA_SCALE], 1))[0]
    return np.ascontiguousarray(picture.permute(1, 2, 0).numpy())


def _tensor(pictures: list[Array]) -> Tensor:
    return torch.from_numpy(np.stack(pictures).astype(np.float32)).permute(0, 3, 1, 2).contiguous()
