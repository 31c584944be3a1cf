"""The adversary of a GAN: a discriminator, its optimiser, its own update, and what it says to the generator."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from training import losses
from training.config import RunConfig
from training.networks import discriminator
from training.processes import average_gradients, mean_over_all

Shown = tuple[Tensor, ...]
"""Pictures that are judged together, (B, C, H, W) each: a condition and what is said to belong to it, or one picture alone."""


class Adversary:
    """`update` moves the discriminator only, `fooled` moves nothing of it: not its weights, batch statistics or power iteration.

    channels_in: of all pictures that are judged together. `updates` counts how often it has learned.
    """

    def __init__(self, config: RunConfig, accelerator: Any, channels_in: int) -> None:
        self.settings, self.objective, self.r1 = config.discriminator, config.losses.objective, config.losses.r1
        self.warm_up, self.rate = config.optimiser.warm_up, config.optimiser.discriminator_rate
        self.accelerator = accelerator
        self.discriminator = discriminator(self.settings, channels_in)
        self.discriminator.to(accelerator.device)
        self.discriminator.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
        self.optimiser = torch.optim.AdamW(
            self.discriminator.parameters(), self.rate, betas=(0.5, 0.99), weight_decay=0.0
        )
        self.updates = 0

    @property
    def is_ready(self) -> bool:
        """Whether it has caught up with a generator that began with weights (`discriminator.alone`)."""
        return self.updates >= self.settings.alone

    def update(self, real: Shown, generated: Shown, parts: int = 1) -> float:
        """One update that judges real and generated pictures; the generated ones are detached here. Returns its loss.

        The number of pictures may differ between processes, and may be none: each picture of all counts once.
        """
        self.discriminator.train()
        self.discriminator.requires_grad_(True)
        self.optimiser.zero_grad(set_to_none=True)
        count = torch.tensor(float(len(real[0])), device=self.accelerator.device)
        everyones, total = mean_over_all(count, self.accelerator), 0.0
        for start in range(0, len(real[0]), max(1, -(-len(real[0]) // parts))):
            some = slice(start, start + max(1, -(-len(real[0]) // parts)))
            loss = self._loss(tuple(p[some] for p in real), tuple(p[some].detach() for p in generated))
            loss = loss * (len(real[0][some]) / everyones)
            self.accelerator.backward(loss)
            total += float(loss.detach())
        average_gradients(self.discriminator.parameters(), self.accelerator)
        # A constant rate after the warm-up: it may begin late in a run and has to catch up then.
        for group in self.optimiser.param_groups:
            group["lr"] = self.rate * min(1.0, (self.updates + 1) / self.warm_up)
        self.optimiser.step()
        self.updates += 1
        return total

    def _loss(self, real: Shown, generated: Shown) -> Tensor:
        if self.r1:
            real = (*real[:-1], real[-1].detach().requires_grad_(True))
        with self.accelerator.autocast():
            of_real, of_generated = (self.discriminator(*pictures).float() for pictures in (real, generated))
        loss = losses.adversarial_real(of_real, self.objective) + losses.adversarial_generated(
            of_generated, self.objective
        )
        if self.r1:
            loss = loss + self.r1 * losses.gradient_penalty_r1(of_real, real[-1])
        return loss / 2

    def fooled(self, generated: Shown) -> Tensor:
        """The generator's loss on what the discriminator says of its pictures, with gradient to the pictures alone."""
        self.discriminator.eval()
        self.discriminator.requires_grad_(False)
        with self.accelerator.autocast():
            logits = self.discriminator(*generated).float()
        return losses.adversarial_fooled(logits, self.objective)

    def state_dict(self) -> dict[str, Any]:
        return {
            "discriminator": self.discriminator.state_dict(),
            "optimiser": self.optimiser.state_dict(),
            "updates": self.updates,
        }

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Everything strictly."""
        self.discriminator.load_state_dict(state["discriminator"])
        self.optimiser.load_state_dict(state["optimiser"])
        self.updates = state["updates"]
