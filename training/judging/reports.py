"""What judging gives back, whatever was judged."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Progress = Callable[[Iterator[Path]], Iterator[Path]]
"""Goes through the photos, and may say so."""


@dataclass
class Report:
    """figures: names and means, `…_low` and `…_high` their 95 % bootstrap intervals. photos: a dataclass each, what it got.

    looks: rows of middle squares (192, n·192, 3) uint8, for a sheet: what was shown, the answer, the original.
    """

    figures: dict[str, float] = field(default_factory=dict)
    photos: list[Any] = field(default_factory=list)
    looks: list[NDArray[np.uint8]] = field(default_factory=list)
