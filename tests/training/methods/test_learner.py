"""The generators' optimiser goes on with what it has gathered, at the rates that the configuration has now."""

from __future__ import annotations

import torch
from accelerate import Accelerator
from torch import nn

from training.config import Optimiser, RunConfig
from training.methods.learner import Learner


def learner(**settings: float) -> Learner:
    torch.manual_seed(1)
    chosen = RunConfig(precision="no", optimiser=Optimiser(**{"warm_up": 1, **settings}))  # type: ignore[arg-type]
    return Learner(nn.Linear(2, 2), chosen, Accelerator(cpu=True, mixed_precision="no"))


def step(made: Learner) -> None:
    made.begin(0.0)
    made.network(torch.ones(1, 2)).sum().backward()
    made.end()


def test_a_state_brings_its_moments_but_not_its_rates() -> None:
    """A run that goes on with another rate says so, and has to do so."""
    before = learner(rate=1e-3, momentum=0.9, weight_decay=0.02)
    step(before)
    after = learner(rate=5e-2, momentum=0.5, weight_decay=0.3)
    after.load_state_dict(before.state_dict())
    after.begin(0.0)
    groups = after.optimiser.param_groups
    assert [group["lr"] for group in groups] == [5e-2, 5e-2] and [group["betas"][0] for group in groups] == [0.5, 0.5]
    assert sorted(group["weight_decay"] for group in groups) == [0.0, 0.3]
    assert after.updates == 1
    moments = [state["exp_avg"] for state in after.optimiser.state.values()]
    assert len(moments) == 2 and all(bool(moment.abs().max() > 0) for moment in moments)
