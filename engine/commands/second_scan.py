"""One photo from two scans of it: registered, mixed, and what they tell of its damage handed on with the user's own marks."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import numpy as np

from engine.codecs import read
from engine.job import READ_SHARE, Begun, Job
from engine.marks import Marks
from engine.progress import CancelToken, Progress, Report, part
from engine.registration import Registration, register
from engine.two_scans import TwoScans, combined

REGISTERED_SHARE, SCANS_SHARE = 0.3, 0.5


@dataclass(frozen=True)
class TwoScansJob(Job):
    """A Job whose photo is scanned twice. second: the other scan's file."""

    second: Path = Path()

    _is_the_file: ClassVar[bool] = False

    def _begin(self, report: Report, cancel: CancelToken) -> Begun:
        report(Progress("Reading", 0.0))
        first, second = read(self.spec.source), read(self.second)
        fit = register(first, second, part(report, READ_SHARE, REGISTERED_SHARE), cancel)
        both = combined(first, second, fit, part(report, REGISTERED_SHARE, SCANS_SHARE), cancel)
        return Begun(both.photo, joined(self.marks, both.marks), (told(self.second, fit, both),), SCANS_SHARE)


def joined(said: Marks | None, found: Marks) -> Marks:
    """What the scans tell and what somebody says together, at the scans' size; what is called sound stays so."""
    if said is None:
        return found
    damaged, sound = said.meant_at(*found.damaged.shape)
    return Marks(np.where(damaged, np.uint8(255), found.damaged), sound.astype(np.uint8) * np.uint8(255))


def told(second: Path, fit: Registration, both: TwoScans) -> str:
    """A line for the reader: how the scans lie on each other, and what they told."""
    how = f"with the second scan “{second.name}”, turned by {fit.turn_deg:.1f}°, laid on to {fit.error_px:.2f} pixels"
    if np.isnan(fit.error_px):
        how = f"with the second scan “{second.name}”, turned by {fit.turn_deg:.1f}°"
    found = f"{both.damaged:.1%} marked as damaged, {both.dust:.1%} cleaned of dust on the glass"
    if fit.is_opposite:
        return f"{how}; {found}"
    return f"{how}; {found}; the light did not come from the other side, so the paper's texture stays: turn the print by 180°"
