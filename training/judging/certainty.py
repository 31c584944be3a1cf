"""Whether a generator knows where its colour is a guess: its doubt against its real error, rank by rank within each photo."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from engine.generator import Restored
from training import metrics
from training.config import ConfigError
from training.judging.colouring import grey_of
from training.judging.pictures import Picture, as_picture, as_tensor, of_short_side, read
from training.judging.reports import Progress

Answer = Callable[[Picture], Restored]
"""A grey picture (h, w, 3) -> the generator's answer without hints."""


def judge(
    answer: Answer, files: Sequence[Path], *, size: int = 256, luma: str = "lab", progress: Progress = iter
) -> dict[str, float]:
    """Judge the generator's `map` on `files` at short side `size`; `luma` is one of colouring.LUMAS.

    Figures, each a mean over photos with its 95 % bootstrap interval as `…_low` and `…_high`: certainty, Spearman's rank
    correlation over a photo's pixels of the doubt (1 - map) with the error |a*b*| of the hint-free answer; certainty_by_chroma,
    the same of the answer's own chroma |a*b*| taken for the doubt, which needs no map; certainty_gain, the one less the other.

    Raises:
        ConfigError: the generator does not say how sure it is.
    """
    told, by_chroma = [], []
    for file in progress(iter(files)):
        true = read(file)
        small = of_short_side(grey_of(true, luma), size)
        restored = answer(as_picture(small))
        if restored.map is None:
            raise ConfigError(
                "the generator does not say how sure it is (it has no output `map`): leave out --certainty"
            )
        found = metrics.lab_of(as_tensor(restored.image))[1:]
        error = (found - metrics.lab_of(of_short_side(true, size))[1:]).norm(dim=0).numpy()
        told.append(rank_correlation(1 - restored.map, error))
        by_chroma.append(rank_correlation(found.norm(dim=0).numpy(), error))
    figures, random = {}, np.random.default_rng(0)
    gain = [ours - theirs for ours, theirs in zip(told, by_chroma, strict=True)]
    for name, values in (("certainty", told), ("certainty_by_chroma", by_chroma), ("certainty_gain", gain)):
        column = torch.tensor(values, dtype=torch.float64)
        figures[name] = float(column.mean())
        figures[f"{name}_low"], figures[f"{name}_high"] = metrics.interval(column, random)
    return figures


def rank_correlation(first: NDArray[np.floating], second: NDArray[np.floating]) -> float:
    """Spearman's rank correlation of two arrays of one shape, -1..1; 0 where one of them is constant and so says nothing."""
    ranks = [_ranks(values) for values in (first, second)]
    centred = [each - each.mean() for each in ranks]
    lengths = float(np.sqrt(np.square(centred[0]).sum() * np.square(centred[1]).sum()))
    return float(centred[0] @ centred[1]) / lengths if lengths > 0 else 0.0


def _ranks(values: NDArray[np.floating]) -> NDArray[np.float64]:
    """(n,) ranks from 1 of all values; equal ones share the mean of the ranks that they take up."""
    _, places, counts = np.unique(values.ravel(), return_inverse=True, return_counts=True)
    ends = np.cumsum(counts)
    shared: NDArray[np.float64] = ends - (counts - 1) / 2
    return shared[places.ravel()]
