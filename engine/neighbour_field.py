"""For each patch that touches a hole the patch elsewhere that is most like it: searched for, and what they say of the hole.

A better neighbour is looked for where those next to it found theirs (Ashikhmin 2001, "Synthesizing Natural Textures"), at a few
places drawn at random, and a pixel from where it is. Left to that, thousands of places of a grainy wall take the one smooth patch
that is like all of them, and come out flat: so what lies where the neighbours' do is preferred (Hertzmann et al. 2001, "Image
Analogies"), and a patch that is taken often is taken less readily (Kaspar et al. 2015, "Self Tuning Texture Optimization"). All
patches that cover a pixel vote for its colour (Kwatra et al. 2005, "Texture Optimization for Example-based Synthesis"; Wexler,
Shechtman & Irani 2007, "Space-Time Completion of Video", IEEE Trans. PAMI 29).
"""

from __future__ import annotations

from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from engine.guided import box_mean
from engine.morphology import grown
from engine.patch_space import RADIUS_PX, SIDE_PX, PatchSpace, Places
from engine.progress import CancelToken

Array = NDArray[np.float32]
Mask = NDArray[np.bool_]
Indices = NDArray[np.intp]

STEPS_PX = (4, 2, 1)
DRAWN = 4
"""How many places are drawn for each patch in a round."""
LIKELY_PERCENT = 60
"""A vote falls with the distance of its patch; one this far up among all of them is one deviation away."""
NEARER = 0.9
"""A patch that does not go on what those beside it took must be at so little of the distance."""
OFTEN = 0.3
"""Of what patches of one texture differ by: laid on the distance of one for each time that it is taken already."""
_BESIDE = ((0, 1), (0, -1), (1, 0), (-1, 0))
_ROUND = (*_BESIDE, (1, 1), (-1, -1), (1, -1), (-1, 1))
_LEAST_VOTE = 1e-4


class NeighbourField:
    """Of a picture (h, w, 3) with a hole. targets: the patches that touch it, by their middles; sources: others that are free."""

    def __init__(
        self, hole: Mask, free: Mask, random: np.random.Generator, smaller: NeighbourField | None = None
    ) -> None:
        """free: (h, w), the middles of patches that may be taken; none of them touches the hole, and there are some. smaller: the
        field of the same picture at half the size, whose neighbours are taken, twice as far; where it has none they are drawn at
        random."""
        near = grown(hole, RADIUS_PX)
        self.targets: Places = _places(near)
        self._free, self._hole, self._random = free, hole, random
        self._number = np.full(hole.shape, -1, np.int32)
        self._number[near] = np.arange(len(self.targets[0]))
        self._cost: Array | None = None
        self._taken: Array = np.zeros(hole.shape, np.float32)
        if smaller is None:
            self._rows, self._columns = self._any(len(self.targets[0]))
        else:
            self._rows, self._columns = self._enlarged(smaller)

    @cached_property
    def sources(self) -> Places:
        return _places(self._free)

    def _enlarged(self, smaller: NeighbourField) -> Places:
        rows, columns = self.targets
        height, width = self._hole.shape
        last = smaller._hole.shape[0] - 1, smaller._hole.shape[1] - 1
        number = smaller._number[np.minimum(rows // 2, last[0]), np.minimum(columns // 2, last[1])]
        there = np.minimum(smaller._rows[number] * 2 + rows % 2, height - 1)
        across = np.minimum(smaller._columns[number] * 2 + columns % 2, width - 1)
        none = np.flatnonzero((number < 0) | ~self._free[there, across])
        if len(none):
            there[none], across[none] = self._any(len(none))
        return there, across

    def search(self, space: PatchSpace, picture: Array, cancel: CancelToken) -> None:
        """One round: nobody's neighbour costs more afterwards, for how unlike it is and how often it is taken. Raises Cancelled."""
        wanted = space.of_targets(picture)
        self._taken = self._taken_round()
        self._cost = self._costs(space, wanted, self._rows, self._columns, slice(None))
        rows, columns = self.targets
        height, width = self._hole.shape
        for step in STEPS_PX:
            cancel.check()
            for down, across in _BESIDE:
                down, across = down * step, across * step
                beside = np.clip(rows + down, 0, height - 1), np.clip(columns + across, 0, width - 1)
                number = self._number[beside]
                self._try(space, wanted, self._rows[number] - down, self._columns[number] - across, number >= 0)
        cancel.check()
        for _ in range(DRAWN):
            self._try(space, wanted, *self._any(len(rows)), nearer=NEARER)
        for down, across in _ROUND:
            self._try(space, wanted, self._rows + down, self._columns + across, nearer=NEARER)

    def vote(self, picture: Array, cancel: CancelToken, spread_px: float = RADIUS_PX / 2) -> None:
        """Give the hole of `picture` the mean of what the patches that cover a pixel say, less where it lies far from their middle:
        half as much at 1.2 times `spread_px`. Raises Cancelled."""
        weights = np.ones(len(self._rows), np.float32)
        if self._cost is not None:
            usual = 2 * np.percentile(self._cost, LIKELY_PERCENT) + 1e-6
            weights = (np.exp(-self._cost / usual) + _LEAST_VOTE).astype(np.float32)
        fall = np.exp(-((np.arange(SIDE_PX) - RADIUS_PX) ** 2) / (2 * spread_px**2)).astype(np.float32)
        padded = np.pad(picture, [(RADIUS_PX, RADIUS_PX)] * 2 + [(0, 0)], "reflect")
        (top, bottom), (left, right) = ((int(side.min()), int(side.max()) + 1) for side in self.targets)
        rows, columns = self.targets[0] - top, self.targets[1] - left
        sums = np.zeros((bottom - top + 2 * RADIUS_PX, right - left + 2 * RADIUS_PX, 4), np.float32)
        for down in range(SIDE_PX):
            for across in range(SIDE_PX):
                cancel.check()
                share = (weights * fall[down] * fall[across])[:, None]
                said = padded[self._rows + down, self._columns + across]
                # No two targets are the same place, so none is added twice.
                sums[rows + down, columns + across] += np.concatenate([said * share, share], 1)
        here = slice(top, bottom), slice(left, right)
        hole = self._hole[here]
        votes = sums[RADIUS_PX:-RADIUS_PX, RADIUS_PX:-RADIUS_PX][hole]
        picture[here][hole] = votes[:, :3] / votes[:, 3:]

    def _any(self, count: int) -> Places:
        drawn = self._random.integers(len(self.sources[0]), size=count)
        return self.sources[0][drawn], self.sources[1][drawn]

    def _taken_round(self) -> Array:
        """(h, w): how often a patch is taken at present, in the mean of those whose middles it holds."""
        taken = np.zeros((*self._hole.shape, 1), np.float32)
        np.add.at(taken[..., 0], (self._rows, self._columns), 1)
        return box_mean(taken, RADIUS_PX)[..., 0]

    def _costs(self, space: PatchSpace, wanted: Array, rows: Indices, columns: Indices, of: Indices | slice) -> Array:
        """(n,): what these neighbours cost the targets `of`."""
        often = OFTEN * space.usual[of] * self._taken[rows, columns]
        costs: Array = _distance(wanted[of], space.of_sources[rows, columns]) + often
        return costs

    def _try(
        self,
        space: PatchSpace,
        wanted: Array,
        rows: Indices,
        columns: Indices,
        which: NDArray[np.bool_] | None = None,
        nearer: float = 1.0,
    ) -> None:
        """Take these neighbours where they are sources and cost less than `nearer` times the present ones."""
        assert self._cost is not None
        height, width = self._hole.shape
        may = (rows >= 0) & (rows < height) & (columns >= 0) & (columns < width)
        rows, columns = np.clip(rows, 0, height - 1), np.clip(columns, 0, width - 1)
        may &= self._free[rows, columns]
        tried = np.flatnonzero(may if which is None else may & which)
        cost = self._costs(space, wanted, rows[tried], columns[tried], tried)
        better = cost < nearer * self._cost[tried]
        taken = tried[better]
        self._rows[taken], self._columns[taken], self._cost[taken] = rows[taken], columns[taken], cost[better]


def _places(mask: Mask) -> Places:
    rows, columns = np.nonzero(mask)
    return rows, columns


def _distance(one: Array, other: Array) -> Array:
    """(n,): the squared distances of two (n, k)."""
    away = one - other
    distance: Array = np.einsum("nk,nk->n", away, away)
    return distance
