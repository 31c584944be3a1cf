"""What a run says while it goes: a progress line with the time left, and log.jsonl for later."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

from tqdm import tqdm


class RunLog:
    """One line in log.jsonl a call of `record`; a bar on standard error. Losses are shown as running means."""

    def __init__(self, folder: Path, share: float, quiet: bool = False) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._file = (folder / "log.jsonl").open("a", encoding="utf-8")
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

    @property
    def means(self) -> dict[str, float]:
        return dict(self._means)

    def record(self, **values: Any) -> None:
        """Append one JSON line."""
        self._file.write(json.dumps(values) + "\n")
        self._file.flush()

    def close(self) -> None:
        self._bar.close()
        self._file.close()
