"""What a judgement of `autochrome-train evaluate` gives back, and what every kind of them needs."""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from training.features import Backbone
    from training.judging.reports import Progress, Report

LOOKS = 24
"""Photos on a sheet, at most."""
WORKING_SIZE = 256
"""Short side in pixels at which colour is judged unless another is asked for."""


@dataclass(frozen=True)
class Outcome:
    """about: what was judged and how, for the figures. mine: the generator's. to_beat: the baselines'. note: what is missing.

    way: what was done with the generator's answer, to stand behind its name. curve: its figures at several saturations.
    """

    about: Mapping[str, float]
    mine: Report
    to_beat: Mapping[str, Report]
    note: str = ""
    way: str = ""
    curve: Sequence[Mapping[str, float]] = ()


def bar(total: int) -> Progress:
    """Shows on the terminal how many of the photos are done."""
    from tqdm import tqdm

    return lambda files: tqdm(files, total=total, unit="photo")


def features_of(options: argparse.Namespace) -> Backbone | None:
    """The feature network that the words name."""
    from training import features

    return features.load(options.features, options.lpips) if options.features else None
