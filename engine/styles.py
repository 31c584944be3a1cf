"""The styles of a generator that are worth trying: what its file names, or one step along each axis either way."""

from __future__ import annotations

import json
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

ENTRY = "autochrome.styles"
"""The word in an ONNX file's own metadata."""
MOST_NAMED = 32
MOST_TRIED = 16
_LARGEST = float(np.finfo(np.float32).max)


def styles_of(metadata: Mapping[str, str], length: int) -> NDArray[np.float32]:
    """(n, length): those that the file names; else the unit vectors and their negatives, at most 16; (0, 0) if length is 0.

    Raises:
        ValueError: the entry is not a list of 1 to 32 lists of `length` finite numbers; the text says so.
    """
    if not length:
        return np.zeros((0, 0), np.float32)
    if ENTRY not in metadata:
        axes = np.eye(length, dtype=np.float32)[: MOST_TRIED // 2]
        return np.stack([axes, -axes], 1).reshape(-1, length)
    try:
        written = json.loads(metadata[ENTRY])
    except (ValueError, RecursionError):
        written = None
    if (
        not isinstance(written, list)
        or not 1 <= len(written) <= MOST_NAMED
        or not all(_is_style(s, length) for s in written)
    ):
        raise ValueError(f"its “{ENTRY}” is not a list of 1 to {MOST_NAMED} lists of {length} finite numbers")
    return np.array(written, np.float32)


def _is_style(written: object, length: int) -> bool:
    if not isinstance(written, list) or len(written) != length:
        return False
    return all(isinstance(n, int | float) and not isinstance(n, bool) and abs(n) <= _LARGEST for n in written)
