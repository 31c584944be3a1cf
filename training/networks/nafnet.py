"""NAFNet: a restorer without activation functions, a U of blocks whose only nonlinearity is a product of two halves.

Chen et al. 2022 (arXiv 2204.04676), less its channel attention: that weighs channels by means over the whole picture, which
generators that run in tiles may not use. Means over 9 x 9 places of each level instead changed a denoiser of width 16 (sigma
25, 400 steps, judged every 100) by -0.12, -0.05, +0.06 and +0.01 dB, cost 191,552 parameters more and 5 % of the time in ONNX
Runtime, and widened what an answer depends on from 43 to 179 px to each side: tiles would have to overlap by that much to agree.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from training.config import ConfigError
from training.networks.correction import check_channels, picture_of, start_small
from training.networks.norms import norm

STEP = 0.1
"""How much of a block's answer is added at the start; the paper's 0 would keep gradients from the block for a step."""


class SimpleGate(nn.Module):
    """(B, 2C, h, w) -> (B, C, h, w): one half of the channels times the other."""

    def forward(self, x: Tensor) -> Tensor:
        first, second = x.chunk(2, 1)
        return first * second


class Block(nn.Module):
    """Mixes places, then channels, each beside a skip: (B, C, h, w) -> the same."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        wide = 2 * channels
        self.places = nn.Sequential(
            norm("pixel", channels),
            nn.Conv2d(channels, wide, 1),
            nn.Conv2d(wide, wide, 3, padding=1, groups=wide),
            SimpleGate(),
            nn.Conv2d(channels, channels, 1),
        )
        self.channels = nn.Sequential(
            norm("pixel", channels), nn.Conv2d(channels, wide, 1), SimpleGate(), nn.Conv2d(channels, channels, 1)
        )
        self.places_step = nn.Parameter(torch.full((1, channels, 1, 1), STEP))
        self.channels_step = nn.Parameter(torch.full((1, channels, 1, 1), STEP))

    def forward(self, x: Tensor) -> Tensor:
        x = x + self.places_step * self.places(x)
        return x + self.channels_step * self.channels(x)


class NAFNet(nn.Module):
    """Picture sRGB 0..1 (B, channels_in, H, W), H and W multiples of `multiple` -> (B, channels_out, H, W), not clipped.

    The answer is the picture in the first channels plus a correction (see `correction.picture_of`); a guide may stand behind
    it. width: channels at full size, doubled at each halving. encoder_blocks, decoder_blocks: blocks at each level, one
    number a level, finest first in the encoder and last in the decoder. The defaults have 1,523,875 parameters and take
    231 ms of one thread in torch (channels last) and 204 ms in ONNX Runtime at 256 x 256; an answer depends on 43 px around it.

    Raises:
        ConfigError: decoder_blocks has not as many levels as encoder_blocks.
    """

    def __init__(
        self,
        channels_in: int = 3,
        channels_out: int = 3,
        width: int = 32,
        encoder_blocks: tuple[int, ...] = (1, 1, 2),
        middle_blocks: int = 2,
        decoder_blocks: tuple[int, ...] = (1, 1, 1),
    ) -> None:
        super().__init__()
        check_channels(channels_in, channels_out)
        if len(encoder_blocks) != len(decoder_blocks):
            raise ConfigError(
                f"decoder_blocks: {len(decoder_blocks)} levels, but encoder_blocks has {len(encoder_blocks)}"
            )
        self.channels_out = channels_out
        self.multiple = 2 ** len(encoder_blocks)
        self.first = nn.Conv2d(channels_in, width, 3, padding=1)
        channels = [width * 2**level for level in range(len(encoder_blocks) + 1)]
        self.encoders = nn.ModuleList(blocks(channels[i], count) for i, count in enumerate(encoder_blocks))
        self.downs = nn.ModuleList(nn.Conv2d(c, 2 * c, 2, 2) for c in channels[:-1])
        self.middle = blocks(channels[-1], middle_blocks)
        self.ups = nn.ModuleList(
            nn.Sequential(nn.Conv2d(c, 2 * c, 1, bias=False), nn.PixelShuffle(2)) for c in channels[:0:-1]
        )
        self.decoders = nn.ModuleList(blocks(channels[-2 - i], count) for i, count in enumerate(decoder_blocks))
        self.last = start_small(nn.Conv2d(width, channels_out, 3, padding=1))

    def forward(self, image: Tensor) -> Tensor:
        x, skips = self.first(image), []
        for encode, down in zip(self.encoders, self.downs, strict=True):
            x = encode(x)
            skips.append(x)
            x = down(x)
        x = self.middle(x)
        for up, decode, skip in zip(self.ups, self.decoders, reversed(skips), strict=True):
            x = decode(up(x) + skip)
        return picture_of(image, self.channels_out) + self.last(x)


def blocks(channels: int, count: int) -> nn.Sequential:
    return nn.Sequential(*(Block(channels) for _ in range(count)))
