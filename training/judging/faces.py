"""Colour on faces: the error in the middle of each face, for dark, middle and light ones apart."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import torch

from training import metrics
from training.config import ConfigError
from training.judging.colouring import Coloured

Box = tuple[float, float, float, float]
"""Left, top, width, height in pixels of the photo."""
THIRDS = ("dark", "middle", "light")
DRAWS = 1000


def read_boxes(file: Path) -> dict[str, list[Box]]:
    """Name of the photo -> its faces, from JSON: {"file name": [[x, y, w, h], ...]}.

    Raises:
        ConfigError: the file is not there or is something else.
    """
    try:
        found = json.loads(file.read_text("utf-8"))
        return {name: [_box(box) for box in boxes] for name, boxes in found.items()}
    except OSError as error:
        raise ConfigError(f"the face boxes {file} cannot be read: {error.strerror}") from error
    except (ValueError, TypeError, AttributeError) as error:
        raise ConfigError(f'{file} holds no face boxes, which look like {{"photo.jpg": [[x, y, w, h]]}}') from error


def _box(numbers: Any) -> Box:
    x, y, width, height = (float(number) for number in numbers)
    return x, y, width, height


@dataclass
class Faces:
    """Gathers the faces of judged photos: hand it to evaluate.judge as a watcher, then ask for `figures`.

    found: (mean true L*, mean CIEDE2000) of the middle half of each box, both sides halved.
    """

    boxes: Mapping[str, Sequence[Box]]
    found: list[tuple[float, float]] = field(default_factory=list)

    def __call__(self, name: str, photo: Coloured) -> None:
        height, width = photo.lab.shape[1:]
        for x, y, across, down in self.boxes.get(name, ()):
            rows, columns = _middle(y, down, height), _middle(x, across, width)
            true = photo.lab[:, rows, columns]
            if true.numel():
                answer = metrics.lab_of(photo.result[:, rows, columns])
                self.found.append((float(true[0].mean()), float(metrics.delta_e_2000(answer, true).mean())))

    def figures(self) -> dict[str, float]:
        """faces: how many; faces_delta_e of all; faces_dark, faces_middle, faces_light: mean CIEDE2000 of each third of the faces
        by true L*, and faces_…_lightness its mean L*; faces_spread: the largest of the three less the smallest. Each but the
        L* with its 95 % bootstrap interval over faces; the spread of three is never below 0, so chance alone makes some.

        Raises:
            ConfigError: there are fewer than three faces on the judged photos.
        """
        if len(self.found) < len(THIRDS):
            raise ConfigError(f"three thirds of faces need more than {len(self.found)} faces on the judged photos")
        random = np.random.default_rng(0)
        lightness, error = torch.tensor(sorted(self.found), dtype=torch.float64).unbind(1)
        figures = {"faces": float(len(error))} | _with_interval("faces_delta_e", error, random)
        drawn = []
        for name, light, wrong in zip(THIRDS, lightness.tensor_split(3), error.tensor_split(3), strict=True):
            figures |= _with_interval(f"faces_{name}", wrong, random)
            figures[f"faces_{name}_lightness"] = float(light.mean())
            drawn.append(wrong.numpy()[random.integers(0, len(wrong), (DRAWS, len(wrong)))].mean(1))
        means = [figures[f"faces_{name}"] for name in THIRDS]
        low, high = np.percentile(np.ptp(drawn, axis=0), (2.5, 97.5))
        return figures | {
            "faces_spread": max(means) - min(means),
            "faces_spread_low": float(low),
            "faces_spread_high": float(high),
        }


def _middle(start: float, length: float, side: int) -> slice:
    """The pixels of the middle half of a stretch that lie inside the picture."""
    low, high = (min(max(round(start + part * length), 0), side) for part in (0.25, 0.75))
    return slice(low, high)


def _with_interval(name: str, values: torch.Tensor, random: np.random.Generator) -> dict[str, float]:
    low, high = metrics.interval(values, random)
    return {name: float(values.mean()), f"{name}_low": low, f"{name}_high": high}
