"""The connected places of a mask, found from the runs of its rows: work in proportion to the runs, not to the pixels.

Runs of neighbouring rows that touch, also at corners, are joined by hooking larger labels onto smaller ones and shortening the
chains, as in Shiloach and Vishkin, "An O(log n) parallel connectivity algorithm", Journal of Algorithms 3 (1982).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Mask = NDArray[np.bool_]
Indices = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Components:
    """The connected places of a mask (H, W).

    starts, ends: each run's first place and the one after its last, counted along rows of W + 1 pixels, the last of them empty.
    labels: the number of each run's component, 0..count - 1.
    """

    height: int
    width: int
    starts: Indices
    ends: Indices
    labels: Indices
    count: int

    @classmethod
    def of(cls, mask: Mask) -> Components:
        height, width = mask.shape
        starts, ends = _runs(mask)
        roots, labels = np.unique(_joined(len(starts), *_touching(starts, ends, width + 1)), return_inverse=True)
        return cls(height, width, starts, ends, labels.astype(np.int64), len(roots))

    def holding(self, seeds: Mask) -> Mask:
        """(H, W): the components that hold some of `seeds`, whole."""
        rows, columns = np.nonzero(seeds)
        places = rows * (self.width + 1) + columns
        run = np.searchsorted(self.starts, places, "right") - 1
        inside = (run >= 0) & (places < self.ends[run]) if len(self.starts) else np.zeros(len(run), bool)
        is_kept = np.zeros(self.count, bool)
        is_kept[self.labels[run[inside]]] = True
        return self._mask_of(is_kept[self.labels])

    def boxes(self) -> Indices:
        """(count, 4): top, left, bottom and right of each component; bottom and right are the first outside."""
        stride = self.width + 1
        boxes = np.tile(np.array([self.height, self.width, 0, 0], np.int64), (self.count, 1))
        for column, (choose, values) in enumerate(
            (
                (np.minimum, self.starts // stride),
                (np.minimum, self.starts % stride),
                (np.maximum, self.starts // stride + 1),
                (np.maximum, (self.ends - 1) % stride + 1),
            )
        ):
            choose.at(boxes[:, column], self.labels, values)
        return boxes

    def _mask_of(self, is_kept: Mask) -> Mask:
        """(H, W): the runs that are kept."""
        change = np.zeros(self.height * (self.width + 1), np.int8)
        change[self.starts[is_kept]] = 1
        change[self.ends[is_kept]] = -1
        filled = np.cumsum(change, dtype=np.int8, out=change).view(np.bool_)
        return np.ascontiguousarray(filled.reshape(self.height, self.width + 1)[:, : self.width])


def _runs(mask: Mask) -> tuple[Indices, Indices]:
    height, width = mask.shape
    spaced = np.zeros((height, width + 1), bool)
    spaced[:, :width] = mask
    flat = spaced.ravel()
    changes = np.flatnonzero(flat[1:] != flat[:-1]) + 1
    if flat[0]:
        changes = np.concatenate([[0], changes])
    return changes[::2], changes[1::2]


def _touching(starts: Indices, ends: Indices, stride: int) -> tuple[Indices, Indices]:
    """Pairs of runs, the second in the row below the first, that share a side or a corner."""
    first = np.searchsorted(ends, starts + stride, "left")
    after = np.searchsorted(starts, ends + stride, "right")
    counts = np.maximum(after - first, 0)
    above = np.repeat(np.arange(len(starts)), counts)
    within = np.arange(len(above)) - np.repeat(np.cumsum(counts) - counts, counts)
    return above, np.repeat(first, counts) + within


def _joined(count: int, one: Indices, other: Indices) -> Indices:
    """(count,): for each of `count` things the smallest that it is joined to by pairs."""
    parent = np.arange(count)
    while len(one):
        roots, others = parent[one], parent[other]
        apart = roots != others
        one, other, roots, others = one[apart], other[apart], roots[apart], others[apart]
        np.minimum.at(parent, np.maximum(roots, others), np.minimum(roots, others))
        while True:
            shorter = parent[parent]
            if np.array_equal(shorter, parent):
                break
            parent = shorter
    return parent
