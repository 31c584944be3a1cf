"""Photographs as judging has them: sRGB 0..1, float64, (3, H, W); read, resized, cut."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from torch import Tensor

from training.config import ConfigError
from training.data.photos import SUFFIXES

Picture = NDArray[np.float32]
"""As generators and the engine have it: (H, W, 3) float32, sRGB 0..1."""


def photos_in(folder: Path, limit: int = 0) -> list[Path]:
    """Every photo under `folder` in the order of names, or `limit` of them evenly spread; hidden ones are passed over.

    Raises:
        ConfigError: There is none, or `folder` is not there.
    """
    photos = (file for file in folder.rglob("*") if file.suffix.lower() in SUFFIXES and not file.name.startswith("."))
    files = sorted(photos)
    if not files:
        raise ConfigError(f"there are no photos in the folder {folder}")
    if 0 < limit < len(files):
        files = [files[index] for index in np.linspace(0, len(files) - 1, limit).astype(int)]
    return files


def read(file: Path) -> Tensor:
    """A photo as sRGB (3, H, W) float64 0..1."""
    with Image.open(file) as opened:
        return torch.from_numpy(np.asarray(opened.convert("RGB"), np.float64) / 255).permute(2, 0, 1)


def resized(picture: Tensor, height: int, width: int, kind: Image.Resampling = Image.Resampling.BILINEAR) -> Tensor:
    """(C, H, W) to another size with a filter of Pillow's, which averages when it shrinks."""
    planes = [Image.fromarray(plane.numpy().astype(np.float32)).resize((width, height), kind) for plane in picture]
    return torch.from_numpy(np.stack([np.asarray(plane) for plane in planes]).astype(np.float64))


def of_short_side(picture: Tensor, size: int, smallest: int = 8) -> Tensor:
    """(C, H, W) with its short side at `size` pixels and its sides at least `smallest`."""
    scale = size / min(picture.shape[1:])
    height, width = (max(smallest, round(side * scale)) for side in picture.shape[1:])
    return resized(picture, height, width)


def square(picture: Tensor, side: int, closely: bool = False) -> Picture:
    """The middle square (side, side, 3) of a picture (3, H, W); closely: no more of it than is seen without shrinking."""
    height, width = picture.shape[1:]
    edge = min(height, width, side) if closely else min(height, width)
    top, left = (height - edge) // 2, (width - edge) // 2
    return as_picture(resized(picture[:, top : top + edge, left : left + edge], side, side))


def look(*pictures: Tensor, side: int = 192, closely: bool = False) -> NDArray[np.uint8]:
    """Middle squares, see `square`, beside each other (side, n·side, 3), for a sheet."""
    row = np.concatenate([square(picture, side, closely) for picture in pictures], 1)
    return (row * 255).round().clip(0, 255).astype(np.uint8)


def as_picture(tensor: Tensor) -> Picture:
    """(3, H, W) as the engine has it: float32 (H, W, 3)."""
    return np.ascontiguousarray(tensor.permute(1, 2, 0).numpy(), np.float32)


def as_tensor(picture: Picture) -> Tensor:
    """(H, W, 3) as judging has it: float64 (3, H, W), clipped to 0..1."""
    return torch.from_numpy(picture.astype(np.float64)).permute(2, 0, 1).clamp(0, 1)
