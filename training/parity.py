"""Compares a network in torch with its export, run through the very engine that will run it."""

from __future__ import annotations

import numpy as np
import torch

from engine.card import Card
from training.contract import Exportable, answers

SIZES = ((96, 128), (256, 256), (65, 190))
"""Traced, square, and one that the engine must pad."""
LARGEST_MEAN = 2e-3
LARGEST = 0.06
"""In sRGB 0..1: half a step of 8 bits in the mean, and an edge pixel here and there. Weights in float16 differ by less."""


class ParityError(ValueError):
    """The export does not do what the network does; the message holds the figures."""


def check(exportable: Exportable, card: Card) -> dict[str, float]:
    """Largest and mean difference over several sizes, with and without a guide. Raises ParityError beyond the limits above."""
    if card.kind == "detector":
        return _check_detector(exportable, card)
    from engine.generator import Generator
    from engine.session import Device

    generator, run = Generator.load(card, Device("cpu")), answers(exportable)
    guided = "guide" in exportable.inputs
    random = np.random.default_rng(7)
    means, largest = [], 0.0
    for height, width in SIZES:
        for hinted in (False, True) if guided else (False,):
            image = _scene(height, width, random)
            guide = _guide(exportable, height, width, hinted)
            engines = generator.run(image, guide=guide if guided else None)
            torchs = run(image, guide)
            differences = [np.abs(engines.image - torchs["restored"])]
            if engines.map is not None and not hinted:
                differences.append(np.abs(engines.map - torchs["map"][..., 0]))
            if exportable.kind == "repair" and not hinted:
                del differences[0]  # where damage is as likely as not, the last digit decides between picture and fill
            means += [float(difference.mean()) for difference in differences]
            largest = max(largest, *(float(difference.max()) for difference in differences))
    found = {"mean": float(np.mean(means)), "largest": largest}
    if not (found["mean"] <= LARGEST_MEAN and largest <= LARGEST):
        raise ParityError(
            f"{card.name}: engine and torch differ by {found['mean']:.5f} in the mean, {largest:.4f} at most"
        )
    return found


def _guide(exportable: Exportable, height: int, width: int, hinted: bool) -> np.ndarray:
    """(H, W, G): nothing said; or a hint of colour; or, for `repair`, a lost block, a veiled one and all else sound."""
    from engine.generator import VEILED

    guide = np.zeros((height, width, exportable.guide_channels), np.float32)
    if hinted and exportable.kind == "repair":
        guide[..., 1] = 1
        guide[20:28, 30:38] = (1, 0)
        guide[40:48, 30:38] = (VEILED, 0)
    elif hinted:
        guide[20:28, 30:38] = (0.4, -0.3, 1.0)
    return guide


def _check_detector(exportable: Exportable, card: Card) -> dict[str, float]:
    """As `check`, of boxes: differences are shares of the size of the box, and of the whole score."""
    from engine.detector import Detector
    from engine.session import Device

    detector, random = Detector.load(card, Device("cpu")), np.random.default_rng(7)
    means, largest = [], 0.0
    for height, width in SIZES[:2]:
        image = _scene(height, width, random)
        with torch.no_grad():
            rows = exportable.module.eval()(torch.from_numpy(image.transpose(2, 0, 1)[None].copy()))[0].numpy()
        unit = np.sqrt(np.maximum(rows[:, 2:3] * rows[:, 3:4], 1)).repeat(15, 1)
        unit[:, 14] = 1
        difference = np.abs(detector.run(image) - rows) / unit
        means.append(float(difference.mean()))
        largest = max(largest, float(difference.max()))
    found = {"mean": float(np.mean(means)), "largest": largest}
    if not (found["mean"] <= LARGEST_MEAN and largest <= LARGEST):
        raise ParityError(
            f"{card.name}: engine and torch differ by {found['mean']:.5f} of a face in the mean, {largest:.4f} at most"
        )
    return found


def _scene(height: int, width: int, random: np.random.Generator) -> np.ndarray:
    """A grey picture with soft shapes and some noise, (H, W, 3) float32 0..1."""
    y, x = np.mgrid[0:height, 0:width]
    waves = sum(np.sin(x / a + y / b + c) for a, b, c in random.uniform(6, 40, (4, 3)))
    grey = np.clip(0.5 + 0.15 * waves + 0.02 * random.standard_normal((height, width)), 0, 1)
    return np.repeat(grey[..., None], 3, 2).astype(np.float32)
