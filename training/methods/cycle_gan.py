"""CycleGAN: photographs learn to be coloured from colour photographs that show something else.

Zhu et al. 2017 (arXiv 1703.10593): `colorize` maps grey pictures to colour, `fade` maps colour pictures to grey; a discriminator
for each side says whether a picture belongs there; who goes there and back again must arrive where he began (cycle), and who
is already there should stay (identity). The discriminators see fakes of the past too (Shrivastava et al. 2017). Noise on the
way back keeps `fade` from hiding the colours in faint patterns (Chu et al. 2017, arXiv 1712.02950; Bashkirova et al. 2019).
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn

from training import losses
from training.config import ConfigError, Generator, RunConfig, Stage
from training.contract import ChromaOfPictureContract, Exportable, PictureContract
from training.data import photos
from training.data.unpaired import Unpaired, UnpairedBatch
from training.methods.adversary import Adversary
from training.methods.learner import Learner
from training.methods.pool import Pool
from training.networks.resnet import ResNetGenerator

MULTIPLE, MINIMUM = 4, 8
"""The residual generator halves twice, and mirrors its borders."""
COLORIZE_PX = 256
"""Short side at which the app shows a photo to a colouriser."""


class CycleGAN:
    """colorize: grey (B, 3, H, W) -> colour (B, 3, H, W). fade: colour (B, 3, H, W) -> grey (B, 1, H, W). All sRGB 0..1."""

    def __init__(self, config: RunConfig, accelerator: Any) -> None:
        if config.accumulate != 1:
            raise ConfigError("accumulate: the CycleGAN's batches are small; it works them whole")
        self.config = config
        self.accelerator = accelerator
        torch.manual_seed(config.seed)
        self.generators = self.networks(config)
        self.generators.to(accelerator.device, memory_format=torch.channels_last)  # type: ignore[call-overload]
        self.colour_adversary = Adversary(config, accelerator, channels_in=3)
        self.grey_adversary = Adversary(config, accelerator, channels_in=1)
        self.colour_pool, self.grey_pool = (Pool(config.discriminator.pool, config.seed + side) for side in (1, 2))
        self.learner = Learner(self.generators, config, accelerator)

    @staticmethod
    def feed(config: RunConfig) -> Unpaired:
        """Colour photos and, from elsewhere, grey ones."""
        side = config.data.short_side_px
        grey = photos.load(config.data.grey, side) if config.data.grey else None
        return Unpaired(photos.load(config.data.train, side), grey, config)

    @staticmethod
    def networks(config: RunConfig) -> nn.ModuleDict:
        """`colorize` and `fade`."""
        wanted = config.generator
        if wanted.network != "resnet":
            raise ConfigError(f"generator.network: a CycleGAN's is resnet, not {wanted.network!r}")
        return nn.ModuleDict({"colorize": residual(wanted, 3), "fade": residual(wanted, 1)})

    @staticmethod
    def exportable(name: str, network: nn.Module, config: RunConfig) -> Exportable:
        """`colorize` gives its chroma, found at the size of its crops; `fade` gives its picture at that size."""
        crop_px = config.stages[-1].crop_px
        if name == "colorize":
            shrink = max(1, COLORIZE_PX // crop_px)
            return Exportable(
                ChromaOfPictureContract(network, shrink), "colorize", MULTIPLE * shrink, MINIMUM * shrink, COLORIZE_PX
            )
        return Exportable(PictureContract(network), "age", MULTIPLE, MINIMUM, crop_px)

    def step(self, batch: UnpairedBatch, stage: Stage, share: float) -> dict[str, float]:
        """Both generators at once, then each discriminator on real pictures and on fakes of now and of the past."""
        self.generators.train()
        self.learner.begin(share)
        fake_colour, fake_grey, terms = self._both_ways(batch)
        if stage.adversarial and self.colour_adversary.is_ready:
            terms["fooled_colour"] = self.colour_adversary.fooled((fake_colour,))
            terms["fooled_grey"] = self.grey_adversary.fooled((fake_grey,))
        self.accelerator.backward(self._total(terms))
        shown = {name: float(term.detach()) for name, term in terms.items()} | {"gradient": self.learner.end()}
        if stage.adversarial:
            grey = batch.grey[:, :1]
            for _ in range(self.config.discriminator.updates):
                fakes = self.colour_pool.exchanged(fake_colour.detach()), self.grey_pool.exchanged(fake_grey.detach())
                shown["colour_discriminator"] = self.colour_adversary.update((batch.colour,), (fakes[0],))
                shown["grey_discriminator"] = self.grey_adversary.update((grey,), (fakes[1],))
        return shown

    def _both_ways(self, batch: UnpairedBatch) -> tuple[Tensor, Tensor, dict[str, Tensor]]:
        colorize, fade = self.generators["colorize"], self.generators["fade"]
        with self.accelerator.autocast():
            fake_colour, fake_grey = colorize(batch.grey), fade(batch.colour)
            back_grey = fade(self._disturbed(fake_colour))
            back_colour = colorize(self._disturbed(fake_grey).expand(-1, 3, -1, -1))
            terms = {
                "cycle_grey": losses.cycle(back_grey, batch.grey[:, :1]),
                "cycle_colour": losses.cycle(back_colour, batch.colour),
            }
            if self.config.losses.identity:
                terms["identity_colour"] = losses.identity(colorize(batch.colour), batch.colour)
                terms["identity_grey"] = losses.identity(fade(batch.grey), batch.grey[:, :1])
        return fake_colour.float(), fake_grey.float(), terms

    def _disturbed(self, picture: Tensor) -> Tensor:
        noise = self.config.losses.cycle_noise
        return picture + noise * torch.randn_like(picture) if noise else picture

    def _total(self, terms: dict[str, Tensor]) -> Tensor:
        weights = self.config.losses
        factors = {"cycle": weights.cycle, "identity": weights.identity * weights.cycle, "fooled": weights.adversarial}
        return torch.stack([factors[name.split("_")[0]] * term.float() for name, term in terms.items()]).sum()

    def state_dict(self) -> dict[str, Any]:
        return {
            "generators": self.generators.state_dict(),
            "learner": self.learner.state_dict(),
            "colour_adversary": self.colour_adversary.state_dict(),
            "grey_adversary": self.grey_adversary.state_dict(),
            "colour_pool": self.colour_pool.state_dict(),
            "grey_pool": self.grey_pool.state_dict(),
        }

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Everything strictly: a state of another configuration is an error, not a warning."""
        for name in self.state_dict():
            getattr(self, name).load_state_dict(state[name])


def residual(wanted: Generator, channels_out: int) -> ResNetGenerator:
    return ResNetGenerator(3, channels_out, wanted.width, wanted.blocks, wanted.norm)


METHOD = CycleGAN
