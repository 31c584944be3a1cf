"""Judges a colouriser on colour photographs: made grey, coloured again, compared with what they were.

Each photo is made grey (CIE L* kept, a* = b* = 0) and given to the generator with its short side at the working size; the
generator's a*, b* are enlarged bilinearly and laid over the photo's true L*. Figures are means over photos at their own size.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from torch import Tensor, nn

from training import metrics
from training.data.photos import SUFFIXES
from training.lab import CHROMA_SCALE, lab_to_srgb, lightness_to_grey

HINT_PX = 8

Colouriser = Callable[[NDArray[np.float32], NDArray[np.float32]], NDArray[np.float32]]
"""image (h, w, 3) sRGB 0..1 and guide (h, w, 3) -> restored (h, w, 3) sRGB 0..1."""

Features = Callable[[NDArray[np.float32]], NDArray[np.float32]]
"""A picture (224, 224, 3) sRGB 0..1 -> its features (d,)."""


@dataclass(frozen=True)
class Judged:
    """One photo's figures; `colour` and `true_colour` are Hasler & Suesstrunk's M3 of result and original."""

    name: str
    psnr: float
    delta_e: float
    colour: float
    true_colour: float
    luma_error: float


@dataclass
class Report:
    """figures: names and means; photos: one Judged each; looks: grey, result, original side by side, for a sheet."""

    figures: dict[str, float] = field(default_factory=dict)
    photos: list[Judged] = field(default_factory=list)
    looks: list[NDArray[np.uint8]] = field(default_factory=list)


def photos_in(folder: Path, limit: int = 0) -> list[Path]:
    """Every photo under `folder` in the order of names, or `limit` of them evenly spread."""
    files = sorted(file for file in folder.rglob("*") if file.suffix.lower() in SUFFIXES)
    if 0 < limit < len(files):
        files = [files[index] for index in np.linspace(0, len(files) - 1, limit).astype(int)]
    return files


def grey(image: NDArray[np.float32], guide: NDArray[np.float32]) -> NDArray[np.float32]:
    """The colouriser to beat: answers with what it was given."""
    return image


def of_network(network: nn.Module, multiple: int = 32) -> Colouriser:
    """A generator in training as a colouriser: chroma over the lightness it was shown, padded as the engine pads."""
    from training.export import ExportedColour

    exported = ExportedColour(network).eval()
    device = next(network.parameters()).device

    @torch.no_grad()
    def colourise(image: NDArray[np.float32], guide: NDArray[np.float32]) -> NDArray[np.float32]:
        height, width = image.shape[:2]
        around = ((0, -height % multiple), (0, -width % multiple), (0, 0))
        parts = (np.pad(image, around, "reflect" if min(height, width) > multiple else "edge"), np.pad(guide, around))
        tensors = [torch.from_numpy(part.transpose(2, 0, 1)[None].copy()).to(device) for part in parts]
        return exported(*tensors)[0].permute(1, 2, 0)[:height, :width].cpu().numpy()

    return colourise


def judge(
    colourise: Colouriser,
    files: Sequence[Path],
    *,
    size: int = 256,
    hints: int = 0,
    features: Features | None = None,
    sheet: int = 0,
    progress: Callable[[Iterator[Path]], Iterator[Path]] = iter,
) -> Report:
    """Judge on `files` at short side `size` with `hints` true colours on 8-px squares at places seeded by the file's name.

    features adds `kid`: the kernel distance to the originals, in units of all-grey's; needs a few hundred photos.
    sheet: how many photos to keep to look at. Figures: psnr (dB), delta_e, colourfulness (of real = 1), luma_error (L*).
    """
    report = Report()
    kept: dict[str, list[NDArray[np.float32]]] = {"grey": [], "result": [], "true": []}
    every = max(1, len(files) // sheet) if sheet else 0
    for index, file in enumerate(progress(iter(files))):
        true = read(file)
        shown, result, luma_error = _colour(colourise, true, size, hints, zlib.crc32(file.name.encode()))
        error = metrics.delta_e_2000(metrics.lab_of(result), metrics.lab_of(true)).mean()
        report.photos.append(
            Judged(
                file.name, metrics.psnr(result, true), float(error), metrics.colourfulness(result),
                metrics.colourfulness(true), luma_error,
            )
        )  # fmt: skip
        if features is not None:
            for name, picture in (("grey", shown), ("result", result), ("true", true)):
                kept[name].append(features(_square(picture, 224)))
        if every and index % every == 0 and len(report.looks) < sheet:
            row = np.concatenate([_square(picture, 192) for picture in (shown, result, true)], 1)
            report.looks.append((row * 255).round().clip(0, 255).astype(np.uint8))
    random = np.random.default_rng(0)
    report.figures = _means(report.photos, random)
    if features is not None:
        result, shown, true = (torch.from_numpy(np.stack(kept[name])).double() for name in ("result", "grey", "true"))
        distance = metrics.kernel_distance(result, true) / metrics.kernel_distance(shown, true)
        low, high = metrics.kernel_interval(result, shown, true, random)
        report.figures |= {"kid": distance, "kid_low": low, "kid_high": high}
    return report


def _means(photos: Sequence[Judged], random: np.random.Generator) -> dict[str, float]:
    names = [name for name in Judged.__annotations__ if name != "name"]
    columns = {name: torch.tensor([getattr(photo, name) for photo in photos], dtype=torch.float64) for name in names}
    figures = {name: float(columns[name].mean()) for name in ("psnr", "delta_e", "luma_error")}
    figures["colourfulness"] = float(columns["colour"].sum() / columns["true_colour"].sum())
    for name in ("psnr", "delta_e"):
        figures[f"{name}_low"], figures[f"{name}_high"] = metrics.interval(columns[name], random)
    return figures


def read(file: Path) -> Tensor:
    """A photo as sRGB (3, H, W) float64 0..1."""
    with Image.open(file) as opened:
        return torch.from_numpy(np.asarray(opened.convert("RGB"), np.float64) / 255).permute(2, 0, 1)


def _colour(colourise: Colouriser, true: Tensor, size: int, hints: int, seed: int) -> tuple[Tensor, Tensor, float]:
    """(what the generator is shown, at full size; the photo coloured; mean |L* error| at working size)."""
    lightness = metrics.lab_of(true)[:1]
    shown = lightness_to_grey(lightness[None])[0].expand(3, -1, -1)
    height, width = true.shape[1:]
    scale = size / min(height, width)
    h, w = max(8, round(height * scale)), max(8, round(width * scale))
    small = resized(shown, h, w)
    guide = _hinted(resized(true, h, w), hints, np.random.default_rng(seed))
    restored = colourise(as_picture(small), as_picture(guide))
    lab = metrics.lab_of(torch.from_numpy(restored.astype(np.float64)).permute(2, 0, 1).clamp(0, 1))
    luma_error = float((lab[0] - metrics.lab_of(small)[0]).abs().mean())
    result = lab_to_srgb(torch.cat([lightness, resized(lab[1:], height, width)])[None])[0]
    return shown, result, luma_error


def _hinted(true: Tensor, hints: int, random: np.random.Generator) -> Tensor:
    """The contract's guide (3, h, w) with `hints` squares of the true colour (3, h, w)."""
    h, w = true.shape[1:]
    chroma, guide = metrics.lab_of(true)[1:] / CHROMA_SCALE, torch.zeros(3, h, w, dtype=torch.float64)
    for _ in range(hints):
        y, x = int(random.integers(0, h - HINT_PX + 1)), int(random.integers(0, w - HINT_PX + 1))
        place = (slice(y, y + HINT_PX), slice(x, x + HINT_PX))
        guide[:2, *place] = chroma[:, *place].mean((1, 2), keepdim=True)
        guide[2, *place] = 1
    return guide


def resized(picture: Tensor, height: int, width: int) -> Tensor:
    """(C, H, W) to another size with Pillow's bilinear filter, which averages when it shrinks."""
    planes = [
        Image.fromarray(plane.numpy().astype(np.float32)).resize((width, height), Image.Resampling.BILINEAR)
        for plane in picture
    ]
    return torch.from_numpy(np.stack([np.asarray(plane) for plane in planes]).astype(np.float64))


def _square(picture: Tensor, side: int) -> NDArray[np.float32]:
    """The middle square (side, side, 3) of a picture (3, H, W)."""
    height, width = picture.shape[1:]
    edge = min(height, width)
    top, left = (height - edge) // 2, (width - edge) // 2
    return as_picture(resized(picture[:, top : top + edge, left : left + edge], side, side))


def as_picture(tensor: Tensor) -> NDArray[np.float32]:
    """(3, H, W) as the engine has it: float32 (H, W, 3)."""
    return np.ascontiguousarray(tensor.permute(1, 2, 0).numpy(), np.float32)
