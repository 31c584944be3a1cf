"""Networks, one a file; `GENERATORS` and `DISCRIMINATORS` name those that a RunConfig can ask for."""

from __future__ import annotations

from collections.abc import Callable

from torch import nn

from training.networks.colour_unet import ColourUNet
from training.networks.patchgan import PatchGAN

GENERATORS: dict[str, Callable[..., nn.Module]] = {"colour-unet": ColourUNet}
DISCRIMINATORS: dict[str, Callable[..., nn.Module]] = {"patchgan": PatchGAN}
