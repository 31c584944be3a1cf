"""Conditional GAN: a generator draws chroma for a grey photo, a discriminator sees both and says whether they belong together.

Isola et al. 2017 (pix2pix, arXiv 1611.07004): the generator runs once a step; the discriminator is updated
`discriminator.updates` times, each time judging the real photo and the generated one, and judges once more for the generator's
own loss. Beside it stands a pixel loss, which alone drives the stages that are not adversarial.

Two things more, where the generator has them. Style: for some photos it is told a short code of the true colours, so that it
learns what else could be plausible; a code of zeros asks for the likeliest. Certainty: it learns what error to expect of itself.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from training import losses
from training.config import RunConfig, Stage
from training.contract import ColourContract, Exportable
from training.data import photos
from training.data.batches import Batch, Batches
from training.data.stored_batches import StoredBatches
from training.lab import CHROMA_SCALE, lab_to_srgb
from training.methods import Feed, palette
from training.methods.adversary import Adversary, Shown
from training.methods.learner import Learner
from training.networks import generator
from training.networks.colour_unet import CHROMA_STRIDE
from training.networks.squeezenet import SqueezeNetFeatures
from training.networks.style_encoder import StyleEncoder
from training.processes import mean_over_all

CHROMA_GAIN = 3.0
"""The discriminator sees chroma times this: a*b*/110 of photographs is mostly below 0.2, its grey goes from -1 to 1."""

STYLE_NOISE = 0.1
"""Added to a told style, so that near codes mean near colours."""


class ConditionalGAN:
    """generator: L* and guide -> chroma at 1/4. discriminator: grey and chroma at 1/4 -> one logit a patch."""

    def __init__(self, config: RunConfig, accelerator: Any) -> None:
        self.config = config
        self.accelerator = accelerator
        torch.manual_seed(config.seed)
        self.generators = self.networks(config)
        self.generators.to(accelerator.device, memory_format=torch.channels_last)  # type: ignore[call-overload]
        self.generator = self.generators["colorize"]
        self.adversary = Adversary(config, accelerator, channels_in=3)
        self.learning = nn.ModuleDict({"generator": self.generator})
        if config.generator.style:
            self.learning["style"] = StyleEncoder(config.generator.style).to(accelerator.device)
        self.learner = Learner(self.learning, config, accelerator)
        self.perceptual = None
        if config.losses.perceptual:
            backbone = SqueezeNetFeatures(Path(config.losses.backbone)).to(accelerator.device)
            self.perceptual = losses.Perceptual(backbone)

    @staticmethod
    def feed(config: RunConfig) -> Feed:
        """Crops of the photos that the configuration names, or stored ones with what the encoders saw in them."""
        if config.data.features:
            return StoredBatches(config)
        return Batches(photos.load(config.data.train, config.data.short_side_px), config)

    @staticmethod
    def networks(config: RunConfig) -> nn.ModuleDict:
        """The generators that are averaged, judged and exported, by name."""
        return nn.ModuleDict({"colorize": generator(config.generator, ("colour-unet",))})

    @staticmethod
    def exportable(name: str, network: nn.Module, config: RunConfig) -> Exportable:
        """The generator `name` under the contract."""
        split = config.generator.split
        return Exportable(ColourContract(network), "colorize", multiple=32, minimum=32, working_size=256, split=split)

    def step(self, batch: Batch, stage: Stage, share: float) -> dict[str, float]:
        """One update of the generator (and, in adversarial stages, of the discriminator before); see the module's docstring.

        A batch that is worked in parts is generated twice, the first time for the discriminator and without a graph, which is
        what would not fit into memory.
        """
        self.learning.train()
        for encoder in self.generator.encoders:  # type: ignore[union-attr]
            encoder.learn(stage.encoder_from if stage.train_encoder else None)
        parts, shown = batch.split(self.config.accumulate), {}
        told = [self._told(part) for part in parts]
        with torch.set_grad_enabled(len(parts) == 1):
            generated = [self._generate(part, of) for part, of in zip(parts, told, strict=True)]
        judged = mean_over_all(batch.natural.float().sum(), self.accelerator)
        if stage.adversarial and judged > 0:
            real = self._judged(batch, shrink(batch.chroma))
            drawn = self._judged(batch, torch.cat([picture[:, :2] for picture in generated]).detach())
            for _ in range(self.config.discriminator.updates):
                shown["discriminator"] = self.adversary.update(real, drawn, len(parts))
        self.learner.begin(share)
        weight = mean_over_all(self._weight(batch).mean(), self.accelerator)
        for part, of, picture in zip(parts, told, generated, strict=True):
            answer = picture if len(parts) == 1 else self._generate(part, of)
            terms = self._losses(part, answer, weight, stage)
            if stage.adversarial and self.adversary.is_ready and part.natural.any():
                fooled = self.adversary.fooled(self._judged(part, answer[:, :2]))
                terms["adversarial"] = fooled * (part.natural.sum() / (judged / len(parts)))
            for name, term in terms.items():
                shown[name] = shown.get(name, 0.0) + float(term.detach()) / len(parts)
            self.accelerator.backward(self._total(terms) / len(parts))
        return shown | {"gradient": self.learner.end()}

    def _told(self, batch: Batch) -> Tensor | None:
        """Which photos are told their style (B, 1), as noise to be added (B, K), beside each other; None where none ever is."""
        length, device = self.config.generator.style, batch.chroma.device
        if not length or not self.config.hints.styles:
            return None
        chosen = (torch.rand(len(batch.chroma), 1) < self.config.hints.styles).to(device) & batch.natural[:, None]
        noise = STYLE_NOISE * torch.randn(len(batch.chroma), length).to(device)
        return torch.cat([chosen.float(), noise], 1)

    def _generate(self, batch: Batch, told: Tensor | None) -> Tensor:
        """Chroma (B, 2, h, w), and the logarithm of the expected error as a third channel where certainty is learned."""
        lightness = batch.lightness.contiguous(memory_format=torch.channels_last)
        with self.accelerator.autocast():
            style = None
            if told is not None:
                code = self.learning["style"](shrink(batch.chroma), shrink(batch.true_lightness))
                if torch.is_grad_enabled():
                    palette.move(self.generator.get_buffer("styles"), code.detach()[batch.natural].float())
                style = told[:, :1] * (code + told[:, 1:])
            if batch.features:
                answer = self.generator.decode(list(batch.features), lightness, batch.guide, style)  # type: ignore[operator]
            else:
                answer = self.generator(lightness, batch.guide, style)
        return answer.float()

    def _weight(self, batch: Batch) -> Tensor:
        weights = self.config.losses
        hinted = shrink(batch.guide[:, 2:])
        return losses.chroma_weight(shrink(batch.chroma), hinted, weights.floor, weights.chroma, weights.hinted)

    def _losses(self, batch: Batch, generated: Tensor, mean_weight: Tensor, stage: Stage) -> dict[str, Tensor]:
        true, weight = shrink(batch.chroma), self._weight(batch) / mean_weight
        chroma = generated[:, :2]
        terms = {"pixel": losses.weighted_huber(chroma, true, weight, self.config.losses.huber_delta)}
        if self.config.generator.certainty:
            terms["certainty"] = losses.expected_error(
                generated[:, 2:], (chroma.detach() - true).norm(dim=1, keepdim=True)
            )
        if self.perceptual is not None and stage.perceptual:
            terms["perceptual"] = self.perceptual(coloured(batch, enlarge(chroma)), coloured(batch, batch.chroma))
        return terms

    def _judged(self, batch: Batch, chroma: Tensor) -> Shown:
        """What the discriminator is shown of a batch with chroma (B, 2, h, w); never a repainted photo."""
        natural = batch.natural
        if self.config.discriminator.network == "projected":
            return (coloured(batch, enlarge(chroma))[natural],)
        return condition(batch)[natural], CHROMA_GAIN * chroma[natural]

    def _total(self, terms: dict[str, Tensor]) -> Tensor:
        weights = self.config.losses
        factors = {name: getattr(weights, name) for name in ("adversarial", "perceptual", "certainty")}
        return torch.stack([factors.get(name, 1.0) * term for name, term in terms.items()]).sum()

    def state_dict(self) -> dict[str, Any]:
        return {
            "generators": self.generators.state_dict(),
            "learning": self.learning.state_dict(),
            "learner": self.learner.state_dict(),
            "adversary": self.adversary.state_dict(),
        }

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Everything strictly: a state of another configuration is an error, not a warning."""
        self.generators.load_state_dict(state["generators"])
        self.learning.load_state_dict(state["learning"])
        self.learner.load_state_dict(state["learner"])
        self.adversary.load_state_dict(state["adversary"])


def shrink(picture: Tensor) -> Tensor:
    """(B, C, H, W) to the size at which chroma is predicted, by area."""
    return F.avg_pool2d(picture, CHROMA_STRIDE)


def enlarge(chroma: Tensor) -> Tensor:
    """Predicted chroma to the photo's size, as the exported generator does it."""
    return F.interpolate(chroma, scale_factor=float(CHROMA_STRIDE), mode="bilinear", align_corners=False)


def condition(batch: Batch) -> Tensor:
    """What the discriminator is shown beside chroma: the grey before ageing, -1..1, at chroma's size."""
    return shrink(batch.true_lightness) / 50 - 1


def coloured(batch: Batch, chroma: Tensor) -> Tensor:
    """The photo in sRGB (B, 3, H, W) with this chroma."""
    return lab_to_srgb(torch.cat([batch.true_lightness, CHROMA_SCALE * chroma], 1))


METHOD = ConditionalGAN
