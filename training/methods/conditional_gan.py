"""Conditional GAN: a generator draws chroma for a grey photo, a discriminator sees both and says whether they belong together.

Isola et al. 2017 (pix2pix, arXiv 1611.07004): the generator runs once a step; the discriminator is updated
`discriminator.updates` times, each time judging the real photo and the generated one, and judges once more for the generator's
own loss. Beside it stands a pixel loss, which alone drives the stages that are not adversarial.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from training import losses
from training.config import RunConfig, Stage
from training.data.batches import Batch
from training.networks import DISCRIMINATORS, GENERATORS
from training.networks.colour_unet import CHROMA_STRIDE

CHROMA_GAIN = 3.0
"""The discriminator sees chroma times this: a*b*/110 of photographs is mostly below 0.2, its grey goes from -1 to 1."""


class ConditionalGAN:
    """generator: L* and guide -> chroma at 1/4. discriminator: grey and chroma at 1/4 -> one logit a patch."""

    def __init__(self, config: RunConfig, accelerator: Any) -> None:
        self.config = config
        self.accelerator = accelerator
        torch.manual_seed(config.seed)
        self.generator = GENERATORS[config.generator.network](config.generator.widths, config.generator.pretrained)
        wanted = config.discriminator
        self.discriminator = DISCRIMINATORS[wanted.network](wanted.width, wanted.layers, wanted.spectral)
        for network in (self.generator, self.discriminator):
            network.to(accelerator.device)
            network.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
        self.generator_optimiser = torch.optim.AdamW(self._groups(), weight_decay=config.optimiser.weight_decay)
        self.discriminator_optimiser = torch.optim.AdamW(
            [{"params": list(self.discriminator.parameters()), "rate": config.optimiser.discriminator_rate}],
            betas=(0.5, 0.99),
            weight_decay=0.0,
        )

    def _groups(self) -> list[dict[str, Any]]:
        """Encoder and decoder learn at different rates; norms and biases are not decayed."""
        rates, decay = self.config.optimiser, self.config.optimiser.weight_decay
        groups: dict[tuple[bool, bool], list[nn.Parameter]] = {}
        for name, parameter in self.generator.named_parameters():
            groups.setdefault((name.startswith("encoder."), parameter.ndim > 1), []).append(parameter)
        return [
            {
                "params": parameters,
                "rate": rates.encoder_rate if encoder else rates.rate,
                "weight_decay": decay * decayed,
            }
            for (encoder, decayed), parameters in groups.items()
        ]

    def step(self, batch: Batch, stage: Stage, share: float) -> dict[str, float]:
        """One update of the generator (and, in adversarial stages, of the discriminator); see the module's docstring."""
        self._set_rates(share)
        self.generator.train()
        for parameter in self.generator.get_submodule("encoder").parameters():
            parameter.requires_grad_(stage.train_encoder)
        with self.accelerator.autocast():
            generated = self.generator(batch.lightness.contiguous(memory_format=torch.channels_last), batch.guide)
        generated = generated.float()
        true, grey = shrink(batch.chroma), shrink(batch.true_lightness) / 50 - 1
        natural = batch.natural  # of a repainted photo nobody can say that its colours are real
        if not natural.any():
            stage = replace(stage, adversarial=False)
        shown = {}
        if stage.adversarial:
            for _ in range(self.config.discriminator.updates):
                loss = self._update_discriminator(grey[natural], true[natural], generated[natural].detach())
                shown["discriminator"] = loss
        return shown | self._update_generator(batch, stage, grey, true, generated)

    def _update_discriminator(self, grey: Tensor, true: Tensor, generated: Tensor) -> float:
        objective = self.config.losses.objective
        self.discriminator.train()
        self.discriminator.requires_grad_(True)
        with self.accelerator.autocast():
            real, false = (self.discriminator(grey, CHROMA_GAIN * chroma).float() for chroma in (true, generated))
        loss = (losses.adversarial_real(real, objective) + losses.adversarial_generated(false, objective)) / 2
        self.discriminator_optimiser.zero_grad(set_to_none=True)
        self.accelerator.backward(loss)
        self.discriminator_optimiser.step()
        return float(loss.detach())

    def _update_generator(
        self, batch: Batch, stage: Stage, grey: Tensor, true: Tensor, generated: Tensor
    ) -> dict[str, float]:
        weights = self.config.losses
        weight = losses.chroma_weight(true, shrink(batch.guide[:, 2:]), weights.floor, weights.chroma, weights.hinted)
        pixel = losses.weighted_huber(generated, true, weight, weights.huber_delta)
        loss, shown = pixel, {"pixel": float(pixel.detach())}
        if stage.adversarial:
            # Evaluation mode and frozen weights: the generator's update must not move the discriminator, nor its power iteration.
            self.discriminator.eval()
            self.discriminator.requires_grad_(False)
            with self.accelerator.autocast():
                logits = self.discriminator(grey[batch.natural], CHROMA_GAIN * generated[batch.natural]).float()
            fooled = losses.adversarial_fooled(logits, weights.objective)
            loss, shown["adversarial"] = loss + weights.adversarial * fooled, float(fooled.detach())
        self.generator_optimiser.zero_grad(set_to_none=True)
        self.accelerator.backward(loss)
        norm = torch.nn.utils.clip_grad_norm_(self.generator.parameters(), self.config.optimiser.gradient_norm)
        self.generator_optimiser.step()
        return shown | {"gradient": float(norm)}

    def _set_rates(self, share: float) -> None:
        """Linear warm-up over the first steps; the generator's rate then falls by a cosine to zero (Loshchilov & Hutter 2017).

        The discriminator keeps its rate: it begins late, when the cosine is nearly over, and has to catch up.
        """
        settings = self.config.optimiser
        cosine = 0.5 * (1 + math.cos(math.pi * min(share, 1.0)))
        for optimiser, factor in ((self.generator_optimiser, cosine), (self.discriminator_optimiser, 1.0)):
            for group in optimiser.param_groups:
                state = optimiser.state.get(group["params"][0], {})
                done = float(state.get("step", 0.0))
                group["lr"] = group["rate"] * factor * min(1.0, (done + 1) / settings.warm_up)

    def state_dict(self) -> dict[str, Any]:
        return {
            "generator": self.generator.state_dict(),
            "discriminator": self.discriminator.state_dict(),
            "generator_optimiser": self.generator_optimiser.state_dict(),
            "discriminator_optimiser": self.discriminator_optimiser.state_dict(),
        }

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Everything strictly: a state of another configuration is an error, not a warning."""
        self.generator.load_state_dict(state["generator"])
        self.discriminator.load_state_dict(state["discriminator"])
        self.generator_optimiser.load_state_dict(state["generator_optimiser"])
        self.discriminator_optimiser.load_state_dict(state["discriminator_optimiser"])


def shrink(picture: Tensor) -> Tensor:
    """(B, C, H, W) to the size at which chroma is predicted, by area."""
    return F.avg_pool2d(picture, CHROMA_STRIDE)
