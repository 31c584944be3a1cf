"""Networks, one a file; `GENERATORS` and `DISCRIMINATORS` name those that a RunConfig can ask for."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from torch import nn

from training import config
from training.config import ConfigError
from training.networks.both_discriminators import BothDiscriminators
from training.networks.colour_unet import ColourUNet
from training.networks.enlarger import Enlarger
from training.networks.face_net import FaceNet
from training.networks.mending import Mending
from training.networks.nafnet import NAFNet
from training.networks.patchgan import PatchGAN
from training.networks.picture_unet import PictureAndCorrection
from training.networks.projected import ProjectedDiscriminator
from training.networks.resnet import ResNetGenerator
from training.networks.tone_net import ToneNet

GENERATORS: dict[str, Callable[[config.Generator], nn.Module]] = {
    "colour-unet": lambda wanted: ColourUNet(
        wanted.widths,
        wanted.pretrained,
        wanted.encoder,
        wanted.second_encoder,
        wanted.attention,
        wanted.style,
        wanted.certainty,
        wanted.even,
        wanted.alike,
    ),
    "resnet": lambda wanted: ResNetGenerator(3, 3, wanted.width, wanted.blocks, wanted.norm),
    "nafnet": lambda wanted: NAFNet(3, 3, wanted.width, middle_blocks=wanted.blocks),
    "picture-unet": lambda wanted: PictureAndCorrection(wanted.widths, wanted.blocks),
    "mending": lambda wanted: Mending(wanted.finder, wanted.widths, wanted.blocks, wanted.encoder, wanted.pretrained),
    "enlarger": lambda wanted: Enlarger(wanted.scale, wanted.widths, wanted.blocks),
    "face-net": lambda wanted: FaceNet(wanted.widths, wanted.width),
    "tone-net": lambda wanted: ToneNet(wanted.width, wanted.encoder, wanted.pretrained),
}
DISCRIMINATORS: dict[str, Callable[[config.Discriminator, int], nn.Module]] = {
    "patchgan": lambda wanted, channels_in: PatchGAN(
        wanted.width, wanted.layers, wanted.spectral, channels_in, wanted.norm
    ),
    "projected": lambda wanted, channels_in: ProjectedDiscriminator(wanted.width, wanted.pretrained, wanted.finest),
    "both": lambda wanted, channels_in: BothDiscriminators(
        PatchGAN(wanted.width, wanted.layers, wanted.spectral, channels_in, wanted.norm),
        ProjectedDiscriminator(wanted.width, wanted.pretrained, wanted.finest),
    ),
}


def generator(wanted: config.Generator, usable: Sequence[str]) -> nn.Module:
    """A fresh generator; usable: the words of GENERATORS that a method can work with. Raises ConfigError for any other."""
    if wanted.network not in usable:
        raise ConfigError(f"generator.network: {wanted.network!r} is not one of this method's: {', '.join(usable)}")
    return GENERATORS[wanted.network](wanted)


def discriminator(wanted: config.Discriminator, channels_in: int) -> nn.Module:
    """A fresh discriminator of pictures with so many channels in all. Raises ConfigError for a word that is not there."""
    if wanted.network not in DISCRIMINATORS:
        raise ConfigError(f"discriminator.network: {wanted.network!r} is not one of {', '.join(DISCRIMINATORS)}")
    return DISCRIMINATORS[wanted.network](wanted, channels_in)
