"""Figures that a feature network gives: kernel and Fréchet distance of sets, perceptual distance of pictures."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from training import metrics
from training.config import ConfigError
from training.features import Backbone
from training.judging.pictures import square

LEAST_PHOTOS = 10
"""Fewer leave single photos in the draws of an interval; for figures to publish a few hundred are needed."""


class FeatureFigures:
    """Collects the features of photos, of what the generators were shown and of what they answered; gives figures at the end."""

    def __init__(self, backbone: Backbone) -> None:
        self._backbone = backbone
        self._shown: list[NDArray[np.float32]] = []
        self._true: list[NDArray[np.float32]] = []
        self._results: dict[str, list[NDArray[np.float32]]] = {}
        self._perceptual: dict[str, list[float]] = {}
        self._perceptual_damaged: dict[str, list[float]] = {}

    def add(
        self,
        shown: Tensor,
        true: Tensor,
        results: Mapping[str, Tensor],
        damage: NDArray[np.bool_] | None = None,
    ) -> None:
        """One photo: pictures (3, H, W) of one size, sRGB 0..1; results by the name of who answered; damage (H, W)."""
        where = None if damage is None or not damage.any() else torch.from_numpy(damage)
        self._shown.append(self._vector(shown))
        self._true.append(self._vector(true))
        maps = None if self._backbone.maps is None else self._backbone.maps(true[None].float())
        for name, result in results.items():
            self._results.setdefault(name, []).append(self._vector(result))
            if maps is not None and self._backbone.maps is not None:
                found = self._backbone.maps(result[None].float())
                distance = metrics.perceptual_distance(found, maps, self._backbone.weights)
                self._perceptual.setdefault(name, []).append(distance)
                if where is not None:
                    distance = metrics.perceptual_distance(found, maps, self._backbone.weights, where)
                    self._perceptual_damaged.setdefault(name, []).append(distance)

    def figures(self, name: str, random: np.random.Generator) -> dict[str, float]:
        """Of the results of `name`, each with its 95 % bootstrap interval as `…_low` and `…_high`.

        kid and frechet are in units of what the generators were shown (= 1; the true photos: 0), frechet_raw is the Fréchet
        distance itself; perceptual is a mean over photos, where the backbone has maps; perceptual_damaged is of the damaged
        places alone, a mean over the photos that have some.

        Raises:
            ConfigError: there are fewer than LEAST_PHOTOS.
        """
        if len(self._true) < LEAST_PHOTOS:
            raise ConfigError(f"distances of features need at least {LEAST_PHOTOS} photos, not {len(self._true)}")
        result, shown, true = (
            torch.from_numpy(np.stack(vectors)).double() for vectors in (self._results[name], self._shown, self._true)
        )
        figures = {"kid": metrics.kernel_distance(result, true) / metrics.kernel_distance(shown, true)}
        figures["kid_low"], figures["kid_high"] = metrics.kernel_interval(result, shown, true, random)
        figures["frechet_raw"] = metrics.frechet_distance(result, true)
        figures["frechet"] = figures["frechet_raw"] / metrics.frechet_distance(shown, true)
        figures["frechet_low"], figures["frechet_high"] = metrics.frechet_interval(result, shown, true, random)
        for word, of_names in (("perceptual", self._perceptual), ("perceptual_damaged", self._perceptual_damaged)):
            if name in of_names:
                distances = torch.tensor(of_names[name], dtype=torch.float64)
                figures[word] = float(distances.mean())
                figures[f"{word}_low"], figures[f"{word}_high"] = metrics.interval(distances, random)
        return figures

    def _vector(self, picture: Tensor) -> NDArray[np.float32]:
        return self._backbone.vector(square(picture, self._backbone.side))
