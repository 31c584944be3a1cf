"""Small photos drawn by arithmetic, for the tests of the engine."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from engine.photo import Metadata, Photo


def scene(height: int = 120, width: int = 160) -> NDArray[np.float64]:
    """(H, W) 0..1: a bright disc and a dark square on a slope, with grain."""
    down, across = np.mgrid[0 : 1 : height * 1j, 0 : 1 : width * 1j]
    shade = 0.35 + 0.3 * across
    shade = np.where((down - 0.4) ** 2 + (across - 0.6) ** 2 < 0.05, 0.85, shade)
    shade = np.where((abs(down - 0.7) < 0.15) & (abs(across - 0.2) < 0.12), 0.12, shade)
    return np.clip(shade + np.random.default_rng(3).normal(0, 0.01, shade.shape), 0, 1)


def grey(height: int = 120, width: int = 160, dtype: type = np.uint8, channels: int = 1) -> Photo:
    """The scene as grey, in one channel or three equal ones."""
    values = np.round(scene(height, width) * np.iinfo(dtype).max).astype(dtype)
    return Photo(np.repeat(values[..., None], channels, 2))


def sepia(height: int = 120, width: int = 160, dtype: type = np.uint8) -> Photo:
    """The scene toned brown, darker places more."""
    shade = scene(height, width)[..., None]
    toned = shade ** np.array([0.85, 1.0, 1.3])
    return Photo(np.round(toned * np.iinfo(dtype).max).astype(dtype))


def coloured(height: int = 120, width: int = 160) -> Photo:
    """The scene in real colours: blue above, green below, a red disc."""
    shade = scene(height, width)
    pixels = np.stack([shade * 0.5, shade * 0.7, shade], -1)
    pixels[height // 2 :] = np.stack([shade * 0.4, shade, shade * 0.3], -1)[height // 2 :]
    disc = shade > 0.8
    pixels[disc] = [0.9, 0.2, 0.15]
    return Photo(np.round(pixels * 255).astype(np.uint8))


def save(photo: Photo, path: Path, **options: object) -> Path:
    """Write an 8-bit photo with Pillow in the format that the suffix names."""
    from PIL import Image

    path.parent.mkdir(parents=True, exist_ok=True)
    pixels = photo.pixels[..., 0] if photo.has_one_channel else photo.pixels
    Image.fromarray(pixels).save(path, **options)
    return path


def with_metadata(photo: Photo, **fields: object) -> Photo:
    """`photo` with some metadata."""
    return Photo(photo.pixels, photo.alpha, Metadata(**fields))  # type: ignore[arg-type]
