"""The run itself: feeds batches to a method, averages, judges, checkpoints, and stops at the end of its steps or its time."""

from __future__ import annotations

import json
import math
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from training import checkpoint, config, ema, methods
from training.config import BETTER, RunConfig
from training.data import drawing
from training.processes import mean_over_all, of_main
from training.runlog import RunLog


@dataclass(frozen=True)
class Judgement:
    """figures: by name, on validation photos; looks: rows of pictures of one size, uint8 (h, w, 3), for the sample grid."""

    figures: dict[str, float]
    looks: list[NDArray[np.uint8]] = field(default_factory=list)


Judge = Callable[[nn.ModuleDict], Judgement]
"""The averaged generators -> how good they are; `config.best_by` among the figures chooses the best."""


class RunStopped(RuntimeError):
    """A run that cannot go on; the message says why, what is kept, and what to do."""


class Run:
    """A run in `folder`: config.json, log.jsonl, tensorboard/, samples/, last.pt, best.pt.

    With `minutes` the schedule is a stretch of time (all leases of the run together); without, it is `config.steps` steps,
    and then going on from a checkpoint equals never having stopped, bit for bit in one process on a CPU. Under `accelerate
    launch` every process works on its part of the same batches, and only the main one writes (its own batch statistics too).
    """

    def __init__(self, config_: RunConfig, feed: methods.Feed, folder: Path, minutes: float | None = None) -> None:
        self.config, self.feed, self.folder, self.minutes = config_, feed, folder, minutes
        self.accelerator = _accelerator(config_)
        if config_.batch % (self.accelerator.num_processes * config_.accumulate):
            raise config.ConfigError(
                f"batch: {config_.batch} photos cannot be dealt evenly to {self.accelerator.num_processes} processes"
            )
        self.method = methods.load(config_.method)(config_, self.accelerator)
        self.average = ema.Average(self.method.generators, config_.optimiser.ema)
        self.step, self.elapsed_s = 0, 0.0
        self.best: float | None = None
        self.changed: list[str] = []

    def resume(self, path: Path) -> None:
        """Take up a checkpoint; what the configuration has changed since is kept in `changed` and in log.jsonl.

        Raises:
            CheckpointError: It cannot be read, or holds other networks than this configuration's.
        """
        state = checkpoint.load(path)
        try:
            self.method.load_state_dict(state["method"])
            self.average.networks.load_state_dict(state["average"])
            self.step, self.elapsed_s, self.best = state["step"], state["elapsed_s"], state["best"]
            torch.set_rng_state(state["rng"])
            self.changed = _changed(state["config"], config.to_table(self.config))
            if state["minutes"] != self.minutes:
                self.changed.append("minutes")
        except (AttributeError, LookupError, RuntimeError, TypeError, ValueError) as error:
            raise checkpoint.CheckpointError(f"{path} belongs to another configuration.") from error

    def start_from(self, weights: dict[str, torch.Tensor]) -> None:
        """Begin with the weights of other generators, but fresh optimisers and schedule.

        Raises:
            CheckpointError: they are not this configuration's networks.
        """
        try:
            self.method.generators.load_state_dict(weights)
        except RuntimeError as error:
            raise checkpoint.CheckpointError(f"The weights are of other networks: {str(error)[:200]}") from error
        self.average.networks.load_state_dict(weights)

    @property
    def share(self) -> float:
        """How much of the run is over, 0..1."""
        if self.minutes is not None:
            return min(1.0, self.elapsed_s / (60 * self.minutes))
        return min(1.0, self.step / self.config.steps)

    def train(self, judge: Judge | None = None, stop: Callable[[], bool] = lambda: False, quiet: bool = False) -> None:
        """Train until the share is 1, or `stop()` says so; leaves a checkpoint either way.

        Raises:
            RunStopped: a loss that is not a number, no memory, a lost device; what is in last.pt is said and can be used.
        """
        log = None
        if self.accelerator.is_main_process:
            log = RunLog(self.folder, self.share, quiet)
            (self.folder / "config.json").write_text(json.dumps(config.to_table(self.config), indent=1))
            if self.changed:
                log.record(step=self.step, changed=self.changed)
        if not (self.folder / "last.pt").exists():
            self.save("last.pt")
        crop_px_at = lambda step: self.config.stage_at(self._share_of(step)).crop_px  # noqa: E731
        feed = drawing.ahead(self.feed.batch, self.step, crop_px_at)
        try:
            self._steps(feed, log, judge, stop)
        except (MemoryError, RuntimeError, FloatingPointError) as error:
            raise RunStopped(f"{_cause(error)} {self._kept()}") from error
        finally:
            feed.close()
            if log:
                log.close()
        self.save("last.pt")

    def _steps(self, feed: Any, log: RunLog | None, judge: Judge | None, stop: Callable[[], bool]) -> None:
        accelerator, saved = self.accelerator, time.monotonic()
        began = saved - self.elapsed_s
        while self.share < 1.0 and not of_main(float(stop()), accelerator):
            start, stage = time.monotonic(), self.config.stage_at(self.share)
            batch = next(feed).split(accelerator.num_processes)[accelerator.process_index]
            losses = self.method.step(batch.to(accelerator.device), stage, self.share)
            wrong = [name for name, value in losses.items() if not math.isfinite(value)]
            if mean_over_all(torch.tensor(float(bool(wrong)), device=accelerator.device), accelerator) > 0:
                which = ", ".join(wrong) or "a loss of another process"
                raise FloatingPointError(f"step {self.step + 1}: {which} is not a number.")
            self.average.update(self.method.generators, self.step)
            self.step += 1
            self.elapsed_s = of_main(time.monotonic() - began, accelerator)
            if log:
                log.losses(losses, self.step, self.share, self.config.batch / (time.monotonic() - start))
                if judge is not None and (self.step % self.config.evaluate_every == 0 or self.share >= 1.0):
                    self.save("last.pt")  # a photo that cannot be judged must not cost what was learned
                    self._judge(judge, log)
                if time.monotonic() - saved > 60 * self.config.checkpoint_minutes:
                    self.save("last.pt")
                    saved = time.monotonic()

    def _share_of(self, step: int) -> float:
        """The share at `step`, which may be one ahead of the step that runs; time-driven runs take it as it is now."""
        return self.share if self.minutes is not None else min(1.0, step / self.config.steps)

    def _judge(self, judge: Judge, log: RunLog) -> None:
        judged = judge(self.average.networks)
        where = {"step": self.step, "elapsed_s": round(self.elapsed_s), "share": round(self.share, 4)}
        log.record(**where, photos=self.step * self.config.batch, **log.means, **judged.figures)
        log.judged(self.step, judged.figures, judged.looks)
        figure = judged.figures.get(self.config.best_by)
        better = BETTER[self.config.best_by]
        if figure is not None and math.isfinite(figure) and (self.best is None or better * figure > better * self.best):
            self.best = figure
            self.save("best.pt")

    def _kept(self) -> str:
        if not self.accelerator.is_main_process:
            return ""
        step = checkpoint.load(self.folder / "last.pt")["step"]
        return f"{self.folder / 'last.pt'} holds step {step}; go on from there with --resume."

    def save(self, name: str) -> None:
        """Write the checkpoint `name` into the run's folder."""
        if not self.accelerator.is_main_process:
            return
        state = {
            "config": config.to_table(self.config),
            "step": self.step,
            "elapsed_s": self.elapsed_s,
            "best": self.best,
            "minutes": self.minutes,
            "method": self.method.state_dict(),
            "average": self.average.networks.state_dict(),
            "rng": torch.get_rng_state(),
        }
        checkpoint.save(state, self.folder / name)


def _cause(error: Exception) -> str:
    """One sentence of what ended the run, and what to do about it. Errors of our own making are raised on."""
    text = str(error).splitlines()[0] if str(error) else type(error).__name__
    if isinstance(error, FloatingPointError):
        return f'{text} A lower rate, or precision = "no", may help.'
    if isinstance(error, MemoryError | torch.OutOfMemoryError) or "can't allocate memory" in text:
        return "There was not enough memory: a smaller `batch`, a larger `accumulate` or smaller crops need less."
    if isinstance(error, torch.AcceleratorError) or "CUDA error" in text:
        return f"The graphics card was lost ({text})."
    raise error


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
        on_gpu = torch.cuda.is_available() and torch.cuda.is_bf16_supported()
        precision = "bf16" if on_gpu or torch.cpu._is_amx_tile_supported() else "no"
    return Accelerator(mixed_precision=precision)
