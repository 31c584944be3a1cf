"""Sheets to look at: figures do not see."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image


def sheet(looks: Sequence[NDArray[np.uint8]], path: Path, columns: int = 3) -> None:
    """Write rows of pictures of one size (H, W, 3) as one picture, `columns` beside each other."""
    blank = np.zeros_like(looks[0])
    padded = [*looks, *[blank] * (-len(looks) % columns)]
    rows = [np.concatenate(padded[start : start + columns], 1) for start in range(0, len(padded), columns)]
    Image.fromarray(np.concatenate(rows)).save(path)
