"""A network's answer as its input picture plus a correction: what is the picture, and how small the first correction."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from training.config import ConfigError

START = 0.02
"""The last layer begins this small: corrections of about a hundredth, while gradients reach every layer before it."""


def check_channels(channels_in: int, channels_out: int) -> None:
    """Raises ConfigError where `picture_of` could not find the picture in the input."""
    if 1 < channels_in < channels_out:
        raise ConfigError(f"channels_out: {channels_out} cannot be made of {channels_in} channels of input")


def picture_of(given: Tensor, channels_out: int) -> Tensor:
    """What a correction is added to: (B, C, H, W) -> (B, channels_out, H, W).

    The first channels of the input (guides stand behind the picture); one grey channel is repeated; for a grey answer to a
    colour picture, the mean of its three channels.
    """
    if channels_out == 1:
        return given[:, :3].mean(1, keepdim=True)
    if given.shape[1] == 1:
        return given.expand(-1, channels_out, -1, -1)
    return given[:, :channels_out]


def start_small(last: nn.Conv2d) -> nn.Conv2d:
    """Shrink a fresh last layer so that an untrained network changes the picture little, but not nothing."""
    with torch.no_grad():
        last.weight *= START
        if last.bias is not None:
            last.bias.zero_()
    return last
