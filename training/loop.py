"""The run itself: feeds batches to a method, averages, judges, checkpoints, and stops at the end of its steps or its time."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch

from training import checkpoint, config, ema, methods
from training.config import RunConfig
from training.data.batches import Batches
from training.data.photos import Photos
from training.runlog import RunLog

Judge = Callable[[torch.nn.Module], dict[str, float]]
"""The averaged generator -> its figures on validation photos; `psnr` among them chooses the best."""


class Run:
    """A run in `folder`: config.json, log.jsonl, last.pt, best.pt.

    With `minutes` the schedule is a stretch of time (all leases of the run together); without, it is `config.steps` steps,
    and then going on from a checkpoint equals never having stopped, bit for bit on a CPU.
    """

    def __init__(self, config_: RunConfig, photos: Photos, folder: Path, minutes: float | None = None) -> None:
        self.config, self.folder, self.minutes = config_, folder, minutes
        self.accelerator = _accelerator(config_)
        self.batches = Batches(photos, config_)
        self.method = methods.build(config_, self.accelerator)
        self.average = ema.Average(self.method.generator, config_.optimiser.ema)
        self.step, self.elapsed_s, self.best = 0, 0.0, float("-inf")
        self.changed: list[str] = []
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "config.json").write_text(json.dumps(config.to_table(config_), indent=1))

    def resume(self, path: Path) -> None:
        """Take up a checkpoint; what the configuration has changed since is kept in `changed` and in log.jsonl.

        Raises:
            CheckpointError: It cannot be read, or holds other networks than this configuration's.
        """
        state = checkpoint.load(path)
        try:
            self.method.load_state_dict(state["method"])
            self.average.network.load_state_dict(state["average"])
        except (KeyError, RuntimeError, ValueError) as error:
            raise checkpoint.CheckpointError(f"{path} belongs to another configuration.") from error
        self.step, self.elapsed_s, self.best = state["step"], state["elapsed_s"], state["best"]
        torch.set_rng_state(state["rng"])
        self.changed = _changed(state["config"], config.to_table(self.config))

    def start_from(self, weights: dict[str, torch.Tensor]) -> None:
        """Begin with the weights of another run's generator, but fresh optimisers and schedule."""
        self.method.generator.load_state_dict(weights)
        self.average.network.load_state_dict(weights)

    @property
    def share(self) -> float:
        """How much of the run is over, 0..1."""
        if self.minutes is not None:
            return min(1.0, self.elapsed_s / (60 * self.minutes))
        return min(1.0, self.step / self.config.steps)

    def train(self, judge: Judge | None = None, stop: Callable[[], bool] = lambda: False, quiet: bool = False) -> None:
        """Train until the share is 1, or `stop()` says so; leaves a checkpoint either way."""
        log = RunLog(self.folder, self.share, quiet)
        if self.changed:
            log.record(step=self.step, changed=self.changed)
        began, saved = time.monotonic() - self.elapsed_s, time.monotonic()
        batches = self.batches.ahead(self.step, lambda step: self.config.stage_at(self._share_of(step)).crop_px)
        try:
            while self.share < 1.0 and not stop():
                start = time.monotonic()
                stage = self.config.stage_at(self.share)
                losses = self.method.step(next(batches).to(self.accelerator.device), stage, self.share)
                self.average.update(self.method.generator, self.step)
                self.step += 1
                self.elapsed_s = time.monotonic() - began
                log.losses(losses, self.step, self.share, self.config.batch / (time.monotonic() - start))
                if any(value != value for value in losses.values()):
                    raise FloatingPointError(f"step {self.step}: a loss is not a number; the last checkpoint is whole")
                if judge is not None and self.step % self.config.evaluate_every == 0:
                    self._judge(judge, log)
                if time.monotonic() - saved > 60 * self.config.checkpoint_minutes:
                    self.save("last.pt")
                    saved = time.monotonic()
        finally:
            batches.close()
            log.close()
        self.save("last.pt")

    def _share_of(self, step: int) -> float:
        """The share at `step`, which may be one ahead of the step that runs; time-driven runs take it as it is now."""
        return self.share if self.minutes is not None else min(1.0, step / self.config.steps)

    def _judge(self, judge: Judge, log: RunLog) -> None:
        figures = judge(self.average.network)
        log.record(step=self.step, elapsed_s=round(self.elapsed_s), share=round(self.share, 4), **log.means, **figures)
        if figures["psnr"] > self.best:
            self.best = figures["psnr"]
            self.save("best.pt")

    def save(self, name: str) -> None:
        """Write the checkpoint `name` into the run's folder."""
        state = {
            "config": config.to_table(self.config),
            "step": self.step,
            "elapsed_s": self.elapsed_s,
            "best": self.best,
            "method": self.method.state_dict(),
            "average": self.average.network.state_dict(),
            "rng": torch.get_rng_state(),
        }
        checkpoint.save(state, self.folder / name)


def _changed(before: dict[str, Any], now: dict[str, Any], prefix: str = "") -> list[str]:
    """Dotted names of the keys whose values differ."""
    names = []
    for key in sorted(before.keys() | now.keys()):
        old, new = before.get(key), now.get(key)
        if isinstance(old, dict) and isinstance(new, dict):
            names += _changed(old, new, f"{prefix}{key}.")
        elif old != new:
            names.append(prefix + key)
    return names


def _accelerator(config_: RunConfig) -> Any:
    """Accelerate's view of this machine, in the precision that pays here (docs/decisions.md)."""
    from accelerate import Accelerator

    if config_.threads:
        torch.set_num_threads(config_.threads)
    precision = config_.precision
    if precision == "auto":
        fast = torch.cuda.is_available() or torch.cpu._is_amx_tile_supported()
        precision = "bf16" if fast else "no"
    return Accelerator(mixed_precision=precision)
