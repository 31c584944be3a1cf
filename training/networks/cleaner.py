"""A cleaner made of an enlarger: what the enlarger expects, at the size of the picture.

The mean of what may have been is the same whether it is taken before or after shrinking. So each square of 4 x 4 pixels of what
an enlarger by four expects, averaged, is what a cleaner by the pixels would have to answer: one training serves both, and the
averaging, being linear, is done to the last convolution once and for all.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from training.networks.correction import start_small
from training.networks.enlarger import FEATURES
from training.networks.picture_unet import PictureUNet, ResidualBlock

SOFTENED = (0.125, 0.75, 0.125)
"""What bilinear enlargement by four and averaging make of a line of pixels."""


class Cleaner(nn.Module):
    """Picture sRGB 0..1 (B, 3, H, W), H and W multiples of `multiple` -> the same cleaned, not clipped.

    widths, blocks: of the trunk, see PictureUNet; the enlarger that it begins as must have the same.
    """

    soft: Tensor

    def __init__(self, widths: Sequence[int], blocks: int = 1) -> None:
        super().__init__()
        self.trunk = PictureUNet(3, FEATURES, widths, blocks)
        self.multiple = self.trunk.multiple
        self.near = nn.Conv2d(3, FEATURES, 3, padding=1)
        self.block = ResidualBlock(FEATURES)
        self.last = start_small(nn.Conv2d(FEATURES, 3, 3, padding=1))
        line = torch.tensor(SOFTENED)
        self.register_buffer("soft", torch.outer(line, line).expand(3, 1, 3, 3).clone(), persistent=False)

    def forward(self, picture: Tensor) -> Tensor:
        features = F.relu(self.trunk(picture - 0.5) + self.near(picture - 0.5))
        base = F.conv2d(F.pad(picture, (1, 1, 1, 1), mode="replicate"), self.soft, groups=3)
        return base + self.last(self.block(features))

    @staticmethod
    def made_over(state: Mapping[str, Tensor]) -> dict[str, Tensor]:
        """The weights of an Enlarger by four as those of this network, which answers its faithful answer averaged over 4 x 4."""
        own = {
            name.replace("faithful.0.", "block."): value
            for name, value in state.items()
            if name.startswith(("trunk.", "near.", "faithful.0."))
        }
        for part in ("weight", "bias"):  # pixel shuffle deals channel c·S² + k to pixel k of a square
            value = state[f"faithful.1.{part}"]
            own[f"last.{part}"] = value.reshape(3, -1, *value.shape[1:]).mean(1)
        return own
