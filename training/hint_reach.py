"""How far one hint carries: the share of the way to its colour that the hinted object goes, and what it changes elsewhere."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from training import metrics
from training.evaluate import Colouriser, as_picture, read, resized
from training.judging.colouring import HINT_PX
from training.lab import CHROMA_SCALE, lightness_to_grey
from training.regions import connected

OBJECT_RADIUS = 8.0
"""The object round a hint: the connected region whose true a*b* lie within this of the place's."""
NEED = 10.0
"""Only places where the answer without a hint is this far (a*b*) from the truth: elsewhere there is no way to go."""
SMALLEST_OBJECT = 4 * HINT_PX * HINT_PX
RING_PX = (8.0, 24.0)
"""The ring round a hint: how far its pixels lie from the nearest one of the hinted square, at working size."""
OTHER_COLOUR = 20.0
"""Pixels whose true a*b* are farther than this from the hint's colour are of something else."""
SMALLEST_PART = HINT_PX * HINT_PX
"""Fewer pixels of the ring or of something else say nothing."""


@dataclass(frozen=True)
class Carried:
    """What one hint did. way, square, ring: the share of the way gone in the object, the hinted square, the object's ring.

    stray: median CIEDE2000 between the answers with and without the hint where the true colour is another. None: no such part.
    """

    way: float
    square: float
    ring: float | None
    stray: float | None


def judge(colourise: Colouriser, files: Sequence[Path], size: int = 256, tries: int = 12) -> dict[str, float]:
    """One hint a photo, at the first of `tries` seeded places that is wrong without it and part of an object.

    The way gone is Σ(moved · needed) / Σ|needed|² of a*b*, needed: from the answer without the hint to the hint's colour
    (1: all the way). Figures:

    - `reach_photos` how many had a place; the others are left out;
    - `reach` median and `reach_mean` over photos of the way gone in the object outside the hinted square, `reach_half` share of
      photos with at least half the way;
    - `at_hint` median over photos of the way gone in the hinted square itself;
    - `ring` median over photos of the way gone in the part of the same object that lies 8 to 24 px from the square, `ring_90`
      share of photos with at least 0.9 of it, `ring_photos` how many had such a part, with as far to go as an object must;
    - `stray` median over photos of the median CIEDE2000 by which pixels whose true a*b* is more than 20 from the hint's colour
      change because of it, `stray_photos` how many had such pixels.

    Figures that no photo has a part for are left out.
    """
    found = [carried for file in files if (carried := _carried(colourise, file, size, tries)) is not None]
    ways = torch.tensor([carried.way for carried in found], dtype=torch.float64)
    figures = {"reach_photos": float(len(found))}
    if found:
        figures |= {
            "reach": float(ways.median()),
            "reach_mean": float(ways.mean()),
            "reach_half": float((ways >= 0.5).double().mean()),
            "at_hint": float(np.median([carried.square for carried in found])),
        }
    rings = np.array([carried.ring for carried in found if carried.ring is not None])
    if len(rings):
        shares = {"ring": np.median(rings), "ring_90": (rings >= 0.9).mean(), "ring_photos": len(rings)}
        figures |= {name: float(value) for name, value in shares.items()}
    strays = [carried.stray for carried in found if carried.stray is not None]
    if strays:
        figures |= {"stray": float(np.median(strays)), "stray_photos": float(len(strays))}
    return figures


def _carried(colourise: Colouriser, file: Path, size: int, tries: int) -> Carried | None:
    true = read(file)
    height, width = true.shape[1:]
    scale = size / min(height, width)
    small = resized(true, round(height * scale), round(width * scale))
    lab = metrics.lab_of(small)
    chroma = lab[1:]
    image = as_picture(lightness_to_grey(lab[None, :1])[0].expand(3, -1, -1))
    without = _lab_of(colourise(image, np.zeros_like(image)))
    random = np.random.default_rng(zlib.crc32(file.name.encode()))
    for _ in range(tries):
        y, x = (int(random.integers(0, side - HINT_PX + 1)) for side in chroma.shape[1:])
        square = (slice(y, y + HINT_PX), slice(x, x + HINT_PX))
        colour = chroma[:, *square].mean((1, 2))
        unlike = (chroma - colour[:, None, None]).norm(dim=0)
        region = connected(unlike < OBJECT_RADIUS, square)
        region[square] = False
        needed = colour[:, None, None] - without[1:]
        if region.sum() < SMALLEST_OBJECT or float(needed[:, region].norm(dim=0).mean()) < NEED:
            continue
        guide = np.zeros_like(image)
        guide[(*square, slice(0, 2))] = colour.numpy() / CHROMA_SCALE
        guide[(*square, 2)] = 1
        hinted = _lab_of(colourise(image, guide))
        moved = hinted[1:] - without[1:]
        inside = torch.zeros_like(region)
        inside[square] = True
        ring = region & _ring(small.shape[1], small.shape[2], square)
        far_to_go = ring.sum() >= SMALLEST_PART and float(needed[:, ring].norm(dim=0).mean()) >= NEED
        other = unlike > OTHER_COLOUR
        changed = metrics.delta_e_2000(hinted, without)[other]
        return Carried(
            way=_way(moved, needed, region),
            square=_way(moved, needed, inside),
            ring=_way(moved, needed, ring) if far_to_go else None,
            stray=float(np.median(changed)) if len(changed) >= SMALLEST_PART else None,
        )
    return None


def _way(moved: Tensor, needed: Tensor, where: Tensor) -> float:
    """The share of the way gone over the pixels of a mask (h, w); moved and needed (2, h, w)."""
    moved, needed = moved[:, where], needed[:, where]
    return float((moved * needed).sum() / needed.square().sum())


def _ring(height: int, width: int, square: tuple[slice, slice]) -> Tensor:
    """(height, width): True where the nearest pixel of the square is RING_PX away."""
    down, across = (
        torch.maximum(part.start - places, places - (part.stop - 1)).clamp_min(0).double()
        for part, places in zip(square, (torch.arange(height), torch.arange(width)), strict=True)
    )
    distance = torch.hypot(down[:, None], across[None, :])
    return (distance >= RING_PX[0]) & (distance <= RING_PX[1])


def _lab_of(restored: NDArray[np.float32]) -> Tensor:
    return metrics.lab_of(torch.from_numpy(restored.astype(np.float64)).permute(2, 0, 1))
