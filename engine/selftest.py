"""Whether a device gives the right picture: a known one through a generator there and on the processor, compared."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.errors import GeneratorBroken
from engine.generator import Generator
from engine.session import Device


@dataclass(frozen=True)
class SelfTest:
    """What came of running a known picture on a device and on the processor.

    passed: the results agree. difference: mean of |device - processor|, 0..1, NaN if the device gave no picture. nodes:
    how many of the generator's operations ran under which provider, {} if this ONNX Runtime does not tell. sentence:
    all of it in words.
    """

    device: str
    provider: str
    passed: bool
    difference: float
    nodes: Mapping[str, int]
    sentence: str


def self_test(device: Device, generator: Generator) -> SelfTest:
    """Run a known picture through a generator on `device` and on the processor: catches black and wrong pictures.

    Raises:
        EngineError: the generator cannot be loaded at all.
    """
    picture = _known_picture(max(128, generator.card.minimum))
    expected = Generator.load(generator.card, Device("cpu")).run(picture).image
    ran_on, nodes, difference = device.provider, dict[str, int](), float("nan")
    try:
        tested = Generator.load(generator.card, device)
        ran_on, nodes = tested.provider, dict(tested.nodes)
        difference = float(np.abs(tested.run(picture).image - expected).mean())
    except GeneratorBroken:  # the same file is sound on the processor, so the device is at fault
        pass
    passed = difference <= 1 / 255
    elsewhere = sum(count for provider, count in nodes.items() if provider != ran_on)
    sentence = (
        f"{device.name} gives the right picture." if passed else f"{device.name} gives a wrong picture; use “cpu”."
    )
    if elsewhere:
        sentence += f" {elsewhere} of {sum(nodes.values())} operations run on the processor."
    return SelfTest(device.name, ran_on, passed, difference, nodes, sentence)


def _known_picture(side: int) -> NDArray[np.float32]:
    """(side, side, 3): ramps of three directions with a dark disc, the same every time."""
    down, across = np.mgrid[0:side, 0:side].astype(np.float32) / side
    picture = np.stack([across, down, (across + down) / 2], axis=-1)
    picture[(across - 0.5) ** 2 + (down - 0.5) ** 2 < 0.04] *= 0.3
    return picture
