"""Networks, one a file; `GENERATORS` and `DISCRIMINATORS` name those that a RunConfig can ask for."""

from __future__ import annotations

from collections.abc import Callable

from torch import nn

from training import config
from training.networks.colour_unet import ColourUNet
from training.networks.nafnet import NAFNet
from training.networks.patchgan import PatchGAN
from training.networks.resnet import ResNetGenerator
from training.networks.upscaler import CompactUpscaler

GENERATORS: dict[str, Callable[[config.Generator], nn.Module]] = {
    "colour-unet": lambda wanted: ColourUNet(wanted.widths, wanted.pretrained, wanted.encoder),
    "resnet": lambda wanted: ResNetGenerator(3, 3, wanted.width, wanted.blocks, wanted.norm),
    "nafnet": lambda wanted: NAFNet(3, 3, wanted.width, middle_blocks=wanted.blocks),
    "upscaler": lambda wanted: CompactUpscaler(wanted.scale, wanted.width, wanted.blocks),
}
DISCRIMINATORS: dict[str, Callable[[config.Discriminator, int], nn.Module]] = {
    "patchgan": lambda wanted, channels_in: PatchGAN(
        wanted.width, wanted.layers, wanted.spectral, channels_in, wanted.norm
    ),
}
