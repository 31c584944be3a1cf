"""What a judgement of `autochrome-train evaluate` gives back, and what every kind of them needs."""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from engine.generator import Generator
    from training.features import Backbone
    from training.judging.reports import Progress, Report

LOOKS = 24
"""Photos on a sheet, at most."""
WORKING_SIZE = 256
"""Short side in pixels at which colour is judged unless another is asked for."""


@dataclass(frozen=True)
class Outcome:
    """about: what was judged and how, for the figures. mine: the generator's. to_beat: the baselines'. note: what is missing.

    way: what was done with the generator's answer, to stand behind its name. curve: its figures at several `curve_name`s.
    """

    about: Mapping[str, float]
    mine: Report
    to_beat: Mapping[str, Report]
    note: str = ""
    way: str = ""
    curve: Sequence[Mapping[str, float]] = ()
    curve_name: str = "saturations"


def bar(total: int) -> Progress:
    """Shows on the terminal how many of the photos are done."""
    from tqdm import tqdm

    return lambda files: tqdm(files, total=total, unit="photo")


def features_of(options: argparse.Namespace) -> Backbone | None:
    """The feature network that the words name."""
    from training import features

    return features.load(options.features, options.lpips) if options.features else None


def load_generator(path: Path) -> Generator:
    """The generator that a path names: through the engine, as the app runs it."""
    from engine.card import Card
    from engine.generator import Generator
    from engine.session import Device
    from training.install import cards_of

    return Generator.load(Card.read(cards_of(path)[0]), Device("cpu"))
