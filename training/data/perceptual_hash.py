"""Near-duplicates: an 8 x 8 difference hash of a picture, and which pictures kept before are at most a few bits away.

The hash is Krawetz's dHash (hackerfactor.com, "Kind of Like That", 2013): 64 bits, each telling whether one of 8 x 9 grey
means is darker than its right neighbour; size, compression and tone hardly move it.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image

NEAR_BITS = 5
"""Pictures at most this many of 64 bits apart count as the same."""


def difference_hash(picture: Image.Image) -> int:
    """64 bits of a picture of any mode and size."""
    grey = np.asarray(picture.convert("L").resize((9, 8), Image.Resampling.LANCZOS)).astype(np.int16)
    return int.from_bytes(np.packbits(grey[:, 1:] > grey[:, :-1]).tobytes(), "big")


class Kept:
    """The hashes kept so far; asking takes about a microsecond a thousand of them."""

    def __init__(self) -> None:
        self._hashes: NDArray[np.uint64] = np.empty(1024, np.uint64)
        self._count = 0

    def __len__(self) -> int:
        return self._count

    def keep(self, bits: int) -> None:
        if self._count == len(self._hashes):
            self._hashes = np.concatenate([self._hashes, np.empty_like(self._hashes)])
        self._hashes[self._count] = bits
        self._count += 1

    def nearest(self, bits: int) -> int | None:
        """The number (in the order of keeping) of the nearest one within NEAR_BITS, or None."""
        if not self._count:
            return None
        away = np.bitwise_count(self._hashes[: self._count] ^ np.uint64(bits))
        nearest = int(away.argmin())
        return nearest if away[nearest] <= NEAR_BITS else None
