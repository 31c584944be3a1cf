"""Compares a network in torch with its export, run through the very engine that will run it."""

from __future__ import annotations

import numpy as np

from engine.card import Card
from training.contract import Exportable, runner

SIZES = ((96, 128), (256, 256), (65, 190))
"""Traced, square, and one that the engine must pad."""
LARGEST_MEAN = 2e-3
LARGEST = 0.06
"""In sRGB 0..1: half a step of 8 bits in the mean, and an edge pixel here and there. Weights in float16 differ by less."""


class ParityError(ValueError):
    """The export does not do what the network does; the message holds the figures."""


def check(exportable: Exportable, card: Card) -> dict[str, float]:
    """Largest and mean difference over several sizes, with and without hints. Raises ParityError beyond the limits above."""
    from engine.generator import Generator
    from engine.session import Device

    generator, run = Generator.load(card, Device("cpu")), runner(exportable)
    guided = "guide" in exportable.inputs
    random = np.random.default_rng(7)
    means, largest = [], 0.0
    for height, width in SIZES:
        for hinted in (False, True) if guided else (False,):
            image = _scene(height, width, random)
            guide = np.zeros((height, width, 3), np.float32)
            if hinted:
                guide[20:28, 30:38] = (0.4, -0.3, 1.0)
            found_by_engine = generator.run(image, guide=guide if guided else None).image
            difference = np.abs(found_by_engine - run(image, guide))
            means.append(float(difference.mean()))
            largest = max(largest, float(difference.max()))
    found = {"mean": float(np.mean(means)), "largest": largest}
    if not (found["mean"] <= LARGEST_MEAN and largest <= LARGEST):
        raise ParityError(
            f"{card.name}: engine and torch differ by {found['mean']:.5f} in the mean, {largest:.4f} at most"
        )
    return found


def _scene(height: int, width: int, random: np.random.Generator) -> np.ndarray:
    """A grey picture with soft shapes and some noise, (H, W, 3) float32 0..1."""
    y, x = np.mgrid[0:height, 0:width]
    waves = sum(np.sin(x / a + y / b + c) for a, b, c in random.uniform(6, 40, (4, 3)))
    grey = np.clip(0.5 + 0.15 * waves + 0.02 * random.standard_normal((height, width)), 0, 1)
    return np.repeat(grey[..., None], 3, 2).astype(np.float32)
