"""The colouriser: a U-Net from encoders of grey to chroma at a quarter of the size, with hints flowing in at every scale."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from training.config import ConfigError
from training.lab import lightness_to_grey
from training.networks.alike_colour import alike_colour
from training.networks.attention import HEAD, AttentionBlock
from training.networks.conv_block import block
from training.networks.doubt import Doubt, doubt_of_answer
from training.networks.efficientnet_lite import VARIANTS, EfficientNetLite
from training.networks.even_colour import even_colour
from training.networks.hint_flood import HintFlood
from training.networks.plain_encoder import TAP_CHANNELS, PlainEncoder

CHROMA_STRIDE = 4
"""The predicted chroma has 1/4 of the picture's size; eyes and JPEG do not see finer colour, and luma carries the detail."""

STYLES = 16
"""How many styles worth trying a network names (buffer `styles`); zeros until it has learned."""

Features = list[Tensor]
"""What the encoders see, at 1/4, 1/8, 1/16 and 1/32; of two encoders the second's channels follow the first's."""


class Rise(nn.Module):
    """One step up: double the size, join the encoder's features and the hints, mix. The second encoder's stand last."""

    def __init__(self, channels_in: int, skip: int, channels_out: int, second: int = 0) -> None:
        super().__init__()
        self.first_skip = skip
        self.join = block(channels_in + skip + 3 + second, channels_out, 1)
        self.mix = block(channels_out, channels_out)

    def forward(self, x: Tensor, skip: Tensor, hints: Tensor) -> Tensor:
        x = F.interpolate(x, scale_factor=2, mode="bilinear", align_corners=False)
        first, second = skip[:, : self.first_skip], skip[:, self.first_skip :]
        return self.mix(self.join(torch.cat([x, first, hints.to(x.dtype), second], 1)))


class ColourUNet(nn.Module):
    """L* (B, 1, H, W) 0..100 and guide (B, 3, H, W) -> chroma a*/110, b*/110 (B, 2, H/4, W/4); H, W multiples of 32.

    widths: channels at 1/32, 1/16, 1/8, 1/4. encoder, second: names of VARIANTS, which `pretrained` takes from ImageNet, or
    "plain", which begins with nothing; no second one if "". A two-layer vector of the whole picture is added at 1/32, so that a
    lawn knows it is summer; `attention` transformer blocks at 1/16 let places ask each other. The hints enter as they are at
    each scale, and through HintFlood at 1/4. style: length of a vector that chooses among plausible colourings, zeros for the
    likeliest. certainty: a third channel tells the logarithm of the error |a*b*|/110 that is to be expected at a place; what
    learns it looks on, and moves nothing of the rest. even: how strongly chroma is evened out at last where the grey is even, for
    which the surest places count most (even_colour.py); no weight, and 0 for not at all. alike: whether doubtful places that look
    alike agree on one colour before that (alike_colour.py); no weight either, and nothing without certainty.

    Raises:
        ConfigError: not four widths, an encoder that is not there, attention on a width that is no multiple of HEAD, or
            alike without certainty.
    """

    def __init__(
        self,
        widths: tuple[int, ...] = (224, 144, 96, 64),
        pretrained: bool = True,
        encoder: str = "efficientnet-lite0",
        second: str = "",
        attention: int = 0,
        style: int = 0,
        certainty: bool = False,
        even: float = 0.0,
        alike: bool = False,
    ) -> None:
        super().__init__()
        if len(widths) != 4:
            raise ConfigError(f"generator.widths: four are needed (at 1/32, 1/16, 1/8 and 1/4), not {len(widths)}")
        w32, w16, w8, w4 = widths
        if attention and w16 % HEAD:
            raise ConfigError(f"generator.attention: the width at 1/16 must be a multiple of {HEAD}, not {w16}")
        if alike and not certainty:
            raise ConfigError(
                "generator.alike makes doubtful places alike: it needs certainty, which says where they are"
            )
        self.encoder, (c4, c8, c16, c32) = _encoder(encoder, pretrained, "encoder")
        d4 = d8 = d16 = d32 = 0
        if second:
            self.second_encoder, (d4, d8, d16, d32) = _encoder(second, pretrained, "second_encoder")
        self.has_second = bool(second)
        self.style_length, self.certainty = style, certainty
        self.even, self.alike = even, alike
        self.saturation = 1.0
        self.bottom = nn.Sequential(block(c32 + d32, w32, 1), block(w32, w32))
        self.whole = nn.Sequential(nn.Linear(c32 + d32, w32), nn.ReLU(inplace=True), nn.Linear(w32, w32))
        self.rise16 = Rise(w32, c16, w16, d16)
        self.look_round = nn.Sequential(*(AttentionBlock(w16) for _ in range(attention)))
        self.rise8 = Rise(w16, c8, w8, d8)
        self.rise4 = Rise(w8, c4 + 1, w4, d4)
        if style:
            self.register_buffer("styles", torch.zeros(STYLES, style))
            self.style32, self.style8 = (nn.Linear(style, width, bias=False) for width in (w32, w8))
        self.flood = HintFlood(w4)
        self.blend = block(w4 + 4, w4)
        self.last = nn.Conv2d(w4, 3, 3, padding=1)
        if certainty:
            self.doubt = Doubt(w4, w8)

    @property
    def encoders(self) -> list[EfficientNetLite | PlainEncoder]:
        """The first, and the second where there is one."""
        return [self.encoder, self.second_encoder] if self.has_second else [self.encoder]

    def forward(self, lightness: Tensor, guide: Tensor, style: Tensor | None = None) -> Tensor:
        return self.decode(self.encode(lightness), lightness, guide, style)

    def encode(self, lightness: Tensor) -> Features:
        """What depends on the photo alone."""
        grey = lightness_to_grey(lightness).expand(-1, 3, -1, -1)
        features = self.encoder(grey)
        if self.has_second:
            features = [torch.cat(both, 1) for both in zip(features, self.second_encoder(grey), strict=True)]
        return features

    def decode(self, features: Features, lightness: Tensor, guide: Tensor, style: Tensor | None = None) -> Tensor:
        """What depends on hints and style too; style (B, style_length), None for zeros."""
        features4, features8, features16, features32 = features
        marked = torch.cat([guide[:, :2] * guide[:, 2:], guide[:, 2:]], 1)
        hints4 = F.avg_pool2d(marked, 4)
        hints8 = F.avg_pool2d(hints4, 2)
        hints16 = F.avg_pool2d(hints8, 2)
        lightness4 = (F.avg_pool2d(lightness, 4) / 100).to(features4.dtype)
        first4 = self.rise4.first_skip - 1

        x = self.bottom(features32)
        x = x + self.whole(features32.mean((2, 3)))[:, :, None, None]
        if style is not None:
            x = x + self.style32(style)[:, :, None, None]
        x = self.look_round(self.rise16(x, features16, hints16 * 16))
        x = self.rise8(x, features8, hints8 * 4)
        if style is not None:
            x = x + self.style8(style)[:, :, None, None]
        things = x
        x = self.rise4(x, torch.cat([features4[:, :first4], lightness4, features4[:, first4:]], 1), hints4)
        flooded, trust = self.flood(x, hints4[:, :2], hints4[:, 2:])
        seen = self.blend(torch.cat([x, flooded.to(x.dtype), trust.to(x.dtype), hints4[:, 2:].to(x.dtype)], 1))
        x = self.last(seen)
        guess, follows = x[:, :2].float(), torch.sigmoid(x[:, 2:].float()) * trust
        guessed, said = (1 - follows) * guess, follows * flooded
        expected = None
        if self.certainty:
            looked_at = torch.cat([seen, (guessed + said).to(seen.dtype), trust.to(seen.dtype)], 1)
            expected = self.doubt(looked_at.detach(), things.detach()).float()
        error = torch.ones_like(trust) if expected is None else torch.exp(expected)
        if self.alike:
            guessed, said = alike_colour(guessed, said, things, error, hints4[:, 2:])
        if self.even:
            guessed, said = even_colour(guessed, said, lightness4.float(), error, hints4[:, 2:], self.even)
        chroma = self.saturation * guessed + said
        if expected is None:
            return chroma
        if not self.training:
            expected = doubt_of_answer(expected, guessed)
        return torch.cat([chroma, expected], 1)

    def saturate(self, factor: float) -> None:
        """Make every guessed colour `factor` times as strong; what hints say stays, and how sure the network is.

        It is no weight: a file that was exported with it is read back as the network before.
        """
        self.saturation *= factor


def _encoder(name: str, pretrained: bool, key: str) -> tuple[EfficientNetLite | PlainEncoder, tuple[int, ...]]:
    """An encoder and the channels of its features."""
    if name == "plain":
        return PlainEncoder(), TAP_CHANNELS
    if name not in VARIANTS:
        raise ConfigError(f"generator.{key}: {name!r} is not one of {', '.join(VARIANTS)}, plain")
    return EfficientNetLite(name, pretrained), VARIANTS[name].tap_channels
