"""What a run says while it goes: a progress line with the time left, log.jsonl, TensorBoard, and sample grids to look at."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from training import report

SCALARS_EVERY = 20
"""Steps between two points of TensorBoard's loss curves."""


class RunLog:
    """A line in log.jsonl a call of `record`; a bar on standard error. Losses are shown as running means.

    TensorBoard's files go to `folder`/tensorboard, where the package is installed. `share` is where the run stands, 0..1.
    """

    def __init__(self, folder: Path, share: float, quiet: bool = False) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._file = (folder / "log.jsonl").open("a", encoding="utf-8")
        self._board = _tensorboard(folder / "tensorboard")
        self._means: dict[str, float] = {}
        self._began, self._share_at_start = time.monotonic(), share
        self._bar = tqdm(
            total=100.0, initial=round(100 * share, 2), disable=quiet, bar_format="{l_bar}{bar}| {postfix}"
        )

    def losses(self, losses: dict[str, float], step: int, share: float, photos_a_second: float) -> None:
        """Show where the run is; `share` is 0..1 of it."""
        for name, value in losses.items():
            self._means[name] = 0.98 * self._means.get(name, value) + 0.02 * value
        spent, gained = time.monotonic() - self._began, share - self._share_at_start
        left = spent / gained * (1 - share) if gained > 1e-6 else 0.0
        shown = " ".join(f"{name} {value:.4f}" for name, value in self._means.items())
        self._bar.n = min(100.0, round(100 * share, 2))
        self._bar.set_postfix_str(f"step {step} · {left / 60:.0f} min left · {photos_a_second:.0f} photos/s · {shown}")
        if self._board is not None and step % SCALARS_EVERY == 0:
            self._scalars("loss", losses | {"photos_a_second": photos_a_second}, step)

    @property
    def means(self) -> dict[str, float]:
        """The running means of the losses."""
        return dict(self._means)

    def record(self, **values: Any) -> None:
        """Append one JSON line."""
        self._file.write(json.dumps(values) + "\n")
        self._file.flush()

    def judged(self, step: int, figures: dict[str, float], looks: Sequence[NDArray[np.uint8]]) -> None:
        """Keep the figures for TensorBoard, and the pictures (rows of one size) as samples/STEP.png."""
        if self._board is not None:
            self._scalars("validation", figures, step)
        if looks:
            samples = self._folder / "samples"
            samples.mkdir(exist_ok=True)
            report.sheet(looks, samples / f"{step:07}.png", columns=2)
            if self._board is not None:
                self._board.add_image("samples", np.concatenate(looks), step, dataformats="HWC")

    def _scalars(self, group: str, values: dict[str, float], step: int) -> None:
        for name, value in values.items():
            self._board.add_scalar(f"{group}/{name}", value, step)

    def close(self) -> None:
        """End the bar and the files."""
        self._bar.close()
        self._file.close()
        if self._board is not None:
            self._board.close()


def _tensorboard(folder: Path) -> Any:
    """TensorBoard's writer, or None where the package is not installed."""
    try:
        from torch.utils.tensorboard import SummaryWriter
    except ImportError:
        return None
    return SummaryWriter(str(folder))
