"""The user's own damage textures: grey pictures of dust, hair and stains on black, laid over the photo now and then."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PIL import Image

from training.ageing.damage import Damaged, cover, paper_colour, seen
from training.ageing.noise import Array
from training.config import ConfigError

SUFFIXES = frozenset({".png", ".jpg", ".jpeg", ".webp", ".tif", ".tiff"})
EVERY = 5
"""Of the files in order of their names, each fifth is for judging alone."""


def split(folder: Path, judging: bool) -> list[Path]:
    """The folder's texture files that are for judging, or all others, which are for training, in order of their names."""
    files = sorted(file for file in folder.glob("*") if file.suffix.lower() in SUFFIXES)
    return [file for index, file in enumerate(files) if (index % EVERY == EVERY - 1) == judging]


class Textures:
    """Damage textures of one folder, kept in memory as bytes: 0 sound, 255 lost.

    Transparent files count by their alpha times their brightness, others by their brightness; those whose border is light are
    turned about (dark marks on white).

    Raises:
        ConfigError: A folder without any.
    """

    def __init__(self, folder: Path, judging: bool = False) -> None:
        self.names: list[str] = []
        self._textures: list[Image.Image] = []
        for file in split(folder, judging):
            with Image.open(file) as opened:
                self._textures.append(_coverage(opened))
            self.names.append(file.name)
        if not self._textures:
            raise ConfigError(f"ageing textures: no pictures in {folder} for {'judging' if judging else 'training'}")

    def __len__(self) -> int:
        return len(self._textures)

    def lay(
        self, picture: Array, rng: np.random.Generator, unit_px: float, *, count: float, dark: float, size: float = 1.0
    ) -> Damaged:
        """One to `count` of them over the picture, each turned, mirrored, scaled and placed at random.

        dark: share of dark ones. size: 1 where the picture is a whole print; a piece of one shows them larger.
        """
        height, width = picture.shape[:2]
        worn = picture
        for _ in range(1 + int(rng.integers(0, max(1, round(count))))):
            share = self._placed(rng, height, width, size) * np.float32(rng.uniform(0.5, 1))
            paint = picture * np.float32(rng.uniform(0.1, 0.5)) if rng.random() < dark else paper_colour(picture, rng)
            worn = cover(worn, share, paint)
        return Damaged(worn, seen(picture, worn))

    def _placed(self, rng: np.random.Generator, height: int, width: int, size: float) -> Array:
        """(H, W) 0..1: one texture, its square at 0.35 to 1 long side of the picture, times `size`."""
        texture = self._textures[int(rng.integers(len(self._textures)))]
        texture = texture.transpose(Image.Transpose(int(rng.integers(0, 7))))
        side = texture.width / (rng.uniform(0.35, 1) * size)
        per_px = side / max(height, width)
        left = rng.uniform(min(0, texture.width - width * per_px), max(0, texture.width - width * per_px))
        top = rng.uniform(min(0, texture.height - height * per_px), max(0, texture.height - height * per_px))
        placed = texture.transform(
            (width, height), Image.Transform.AFFINE, (per_px, 0, left, 0, per_px, top), Image.Resampling.BILINEAR
        )
        return np.asarray(placed, np.float32) * np.float32(1 / 255)


def _coverage(opened: Image.Image) -> Image.Image:
    grey = np.asarray(opened.convert("LA"), np.float32)
    bright, alpha = grey[..., 0], grey[..., 1]
    rim = np.concatenate([bright[0], bright[-1], bright[:, 0], bright[:, -1]])
    if alpha.min() == 255 and np.median(rim) > 127:
        bright = 255 - bright
    return Image.fromarray((bright * alpha / 255 + 0.5).astype(np.uint8))
