"""How far one hint carries: the share of the way to its colour that the hinted object goes."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from training import metrics
from training.evaluate import HINT_PX, Colouriser, as_picture, read, resized
from training.lab import CHROMA_SCALE, lightness_to_grey
from training.regions import connected

OBJECT_RADIUS = 8.0
"""The object round a hint: the connected region whose true a*b* lie within this of the place's."""
NEED = 10.0
"""Only places where the answer without a hint is this far (a*b*) from the truth: elsewhere there is no way to go."""
SMALLEST_OBJECT = 4 * HINT_PX * HINT_PX


def judge(colourise: Colouriser, files: Sequence[Path], size: int = 256, tries: int = 12) -> dict[str, float]:
    """One hint a photo, at the first of `tries` seeded places that is wrong without it and part of an object.

    Figures: `reach` median and `reach_mean` over photos of Σ(moved · needed) / Σ|needed|² over the object outside the hinted
    square (1: all the way), `reach_half` share of photos with at least half the way, `reach_photos` how many had a place.
    """
    ways = [way for file in files if (way := _way(colourise, file, size, tries)) is not None]
    found = torch.tensor(ways, dtype=torch.float64)
    return {
        "reach": float(found.median()),
        "reach_mean": float(found.mean()),
        "reach_half": float((found >= 0.5).double().mean()),
        "reach_photos": float(len(ways)),
    }


def _way(colourise: Colouriser, file: Path, size: int, tries: int) -> float | None:
    true = read(file)
    height, width = true.shape[1:]
    scale = size / min(height, width)
    small = resized(true, round(height * scale), round(width * scale))
    lab = metrics.lab_of(small)
    chroma = lab[1:]
    image = as_picture(lightness_to_grey(lab[None, :1])[0].expand(3, -1, -1))
    without = _chroma_of(colourise(image, np.zeros_like(image)))
    random = np.random.default_rng(zlib.crc32(file.name.encode()))
    for _ in range(tries):
        y, x = (int(random.integers(0, side - HINT_PX + 1)) for side in chroma.shape[1:])
        square = (slice(y, y + HINT_PX), slice(x, x + HINT_PX))
        colour = chroma[:, *square].mean((1, 2))
        region = connected((chroma - colour[:, None, None]).norm(dim=0) < OBJECT_RADIUS, square)
        region[square] = False
        needed = (colour[:, None, None] - without)[:, region]
        if region.sum() < SMALLEST_OBJECT or float(needed.norm(dim=0).mean()) < NEED:
            continue
        guide = np.zeros_like(image)
        guide[(*square, slice(0, 2))] = colour.numpy() / CHROMA_SCALE
        guide[(*square, 2)] = 1
        moved = (_chroma_of(colourise(image, guide)) - without)[:, region]
        return float((moved * needed).sum() / needed.square().sum())
    return None


def _chroma_of(restored: NDArray[np.float32]) -> Tensor:
    return metrics.lab_of(torch.from_numpy(restored.astype(np.float64)).permute(2, 0, 1))[1:]
