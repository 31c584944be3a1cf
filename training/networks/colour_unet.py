"""The colouriser: a U-Net from an encoder of grey to chroma at a quarter of the size, with hints flowing in at every scale."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from training.config import ConfigError
from training.lab import lightness_to_grey
from training.networks import efficientnet_lite, plain_encoder
from training.networks.hint_flood import HintFlood

CHROMA_STRIDE = 4
"""The predicted chroma has 1/4 of the picture's size; eyes and JPEG do not see finer colour, and luma carries the detail."""


def block(channels_in: int, channels_out: int, kernel: int = 3) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(channels_in, channels_out, kernel, padding=kernel // 2, bias=False),
        nn.BatchNorm2d(channels_out),
        nn.ReLU(inplace=True),
    )


class Rise(nn.Module):
    """One step up: double the size, join the encoder's features and the hints, mix."""

    def __init__(self, channels_in: int, skip: int, channels_out: int) -> None:
        super().__init__()
        self.join = block(channels_in + skip + 3, channels_out, 1)
        self.mix = block(channels_out, channels_out)

    def forward(self, x: Tensor, skip: Tensor, hints: Tensor) -> Tensor:
        x = F.interpolate(x, scale_factor=2, mode="bilinear", align_corners=False)
        return self.mix(self.join(torch.cat([x, skip, hints.to(x.dtype)], 1)))


class ColourUNet(nn.Module):
    """L* (B, 1, H, W) 0..100 and guide (B, 3, H, W) -> chroma a*/110, b*/110 (B, 2, H/4, W/4); H, W multiples of 32.

    widths: channels at 1/32, 1/16, 1/8, 1/4. encoder: "efficientnet-lite0", which `pretrained` takes from ImageNet, or "plain",
    which begins with nothing. A two-layer vector of the whole picture is added at 1/32, so that a lawn knows it is summer.
    The hints enter as they are at each scale, and through HintFlood at 1/4.

    Raises:
        ConfigError: not four widths, or another encoder.
    """

    def __init__(
        self,
        widths: tuple[int, ...] = (224, 144, 96, 64),
        pretrained: bool = True,
        encoder: str = "efficientnet-lite0",
    ) -> None:
        super().__init__()
        if len(widths) != 4:
            raise ConfigError(f"generator.widths: four are needed (at 1/32, 1/16, 1/8 and 1/4), not {len(widths)}")
        if encoder not in ("efficientnet-lite0", "plain"):
            raise ConfigError(f"generator.encoder: {encoder!r} is not one of efficientnet-lite0, plain")
        w32, w16, w8, w4 = widths
        plain = encoder == "plain"
        c4, c8, c16, c32 = plain_encoder.TAP_CHANNELS if plain else efficientnet_lite.TAP_CHANNELS
        self.encoder = plain_encoder.PlainEncoder() if plain else efficientnet_lite.EfficientNetLite0(pretrained)
        self.bottom = nn.Sequential(block(c32, w32, 1), block(w32, w32))
        self.whole = nn.Sequential(nn.Linear(c32, w32), nn.ReLU(inplace=True), nn.Linear(w32, w32))
        self.rise16 = Rise(w32, c16, w16)
        self.rise8 = Rise(w16, c8, w8)
        self.rise4 = Rise(w8, c4 + 1, w4)
        self.flood = HintFlood(w4)
        self.blend = block(w4 + 4, w4)
        self.last = nn.Conv2d(w4, 3, 3, padding=1)

    def forward(self, lightness: Tensor, guide: Tensor) -> Tensor:
        features4, features8, features16, features32 = self.encoder(lightness_to_grey(lightness).expand(-1, 3, -1, -1))
        marked = torch.cat([guide[:, :2] * guide[:, 2:], guide[:, 2:]], 1)
        hints4 = F.avg_pool2d(marked, 4)
        hints8 = F.avg_pool2d(hints4, 2)
        hints16 = F.avg_pool2d(hints8, 2)
        lightness4 = F.avg_pool2d(lightness, 4) / 100

        x = self.bottom(features32)
        x = x + self.whole(features32.mean((2, 3)))[:, :, None, None]
        x = self.rise16(x, features16, hints16 * 16)
        x = self.rise8(x, features8, hints8 * 4)
        x = self.rise4(x, torch.cat([features4, lightness4.to(features4.dtype)], 1), hints4)
        flooded, trust = self.flood(x, hints4[:, :2], hints4[:, 2:])
        x = self.last(self.blend(torch.cat([x, flooded.to(x.dtype), trust.to(x.dtype), hints4[:, 2:].to(x.dtype)], 1)))
        chroma, gate = x[:, :2].float(), torch.sigmoid(x[:, 2:].float())
        return chroma + gate * trust * (flooded - chroma)

    @torch.no_grad()
    def saturate(self, factor: float) -> None:
        """Make every guessed colour `factor` times as strong; what hints say stays."""
        for parameter in self.last.parameters():
            parameter[:2] *= factor
