"""The curve of figures over saturation: the same answers with their chroma made weaker and stronger."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch

from training import metrics
from training.judging.colouring import Coloured


class Saturations:
    """Gathers the figures of judged photos at several saturations: hand it to evaluate.judge as a watcher, then ask for `curve`."""

    def __init__(self, saturations: Sequence[float]) -> None:
        self._saturations = sorted(set(saturations))
        self._rows: list[list[tuple[float, float, float]]] = []
        self._true: list[float] = []

    def __call__(self, name: str, photo: Coloured) -> None:
        rows = []
        for saturation in self._saturations:
            result = photo.saturated(saturation)
            error = float(metrics.delta_e_2000(metrics.lab_of(result), photo.lab).mean())
            rows.append((metrics.psnr(result, photo.true), error, metrics.colourfulness(result)))
        self._rows.append(rows)
        self._true.append(metrics.colourfulness(photo.true))

    def curve(self) -> list[dict[str, float]]:
        """For each saturation in ascending order psnr, delta_e and colourfulness as evaluate.judge has them, with intervals."""
        true, found = torch.tensor(self._true, dtype=torch.float64), torch.tensor(self._rows, dtype=torch.float64)
        curve = []
        for index, saturation in enumerate(self._saturations):
            random = np.random.default_rng(0)  # the same draws for all: their intervals can be laid beside each other
            psnr, delta_e, colour = found[:, index].unbind(1)
            point = {"saturation": saturation}
            for name, column in (("psnr", psnr), ("delta_e", delta_e)):
                point[name] = float(column.mean())
                point[f"{name}_low"], point[f"{name}_high"] = metrics.interval(column, random)
            point["colourfulness"] = float(colour.sum() / true.sum())
            low, high = metrics.ratio_interval(colour, true, random)
            curve.append(point | {"colourfulness_low": low, "colourfulness_high": high})
        return curve
