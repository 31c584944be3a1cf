"""SqueezeNet 1.1 as a frozen judge: feature maps at several depths, from a file of weights that the user has.

Iandola et al. 2016 (arXiv 1602.07360). The file keeps torchvision's tensor names (`features.0.weight`, …) and holds weights
that expect BGR 0..255 less ImageNet's mean colour, as Caffe's models do; what it holds beside the trunk is not read.
"""

from __future__ import annotations

from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from training.config import ConfigError

MEAN_BGR = (104.0, 117.0, 123.0)
TAPS = (1, 4, 7, 9, 10, 11, 12)
"""After which layers a map is taken, as LPIPS does (Zhang et al. 2018): 64, 128, 256, 384, 384, 512, 512 channels."""


class Fire(nn.Module):
    """Squeeze to few channels, expand by 1x1 and 3x3 side by side: (B, channels_in, h, w) -> (B, 2·expanded, h, w)."""

    def __init__(self, channels_in: int, squeezed: int, expanded: int) -> None:
        super().__init__()
        self.squeeze = nn.Conv2d(channels_in, squeezed, 1)
        self.expand1x1 = nn.Conv2d(squeezed, expanded, 1)
        self.expand3x3 = nn.Conv2d(squeezed, expanded, 3, padding=1)

    def forward(self, x: Tensor) -> Tensor:
        x = F.relu(self.squeeze(x))
        return torch.cat([F.relu(self.expand1x1(x)), F.relu(self.expand3x3(x))], 1)


def pool() -> nn.MaxPool2d:
    return nn.MaxPool2d(3, 2, ceil_mode=True)


class SqueezeNetFeatures(nn.Module):
    """Picture sRGB 0..1 (B, 3, H, W), sides of at least 32 -> seven feature maps at 1/2, 1/4, 1/8 and four times 1/16.

    Frozen and always in evaluation mode; gradients flow to the picture only. 722,496 parameters, about 95 ms of one thread at
    256 x 256.

    Raises:
        ConfigError: the file, or the package that reads it, is missing, or it does not hold SqueezeNet 1.1.
    """

    mean: Tensor

    def __init__(self, weights: Path) -> None:
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv2d(3, 64, 3, 2), nn.ReLU(), pool(), Fire(64, 16, 64), Fire(128, 16, 64), pool(), Fire(128, 32, 128),
            Fire(256, 32, 128), pool(), Fire(256, 48, 192), Fire(384, 48, 192), Fire(384, 64, 256), Fire(512, 64, 256),
        )  # fmt: skip
        self.register_buffer("mean", torch.tensor(MEAN_BGR).view(1, 3, 1, 1), persistent=False)
        trunk = {name: tensor for name, tensor in read(weights).items() if name.startswith("features.")}
        try:
            self.load_state_dict(trunk)
        except RuntimeError as error:
            raise ConfigError(f"{weights} does not hold the weights of SqueezeNet 1.1") from error
        self.requires_grad_(False).eval()

    def train(self, mode: bool = True) -> SqueezeNetFeatures:
        """Stays in evaluation mode whatever is asked."""
        return super().train(False)

    def forward(self, picture: Tensor) -> list[Tensor]:
        x = picture.flip(1) * 255 - self.mean
        maps = []
        for index, layer in enumerate(self.features):
            x = layer(x)
            if index in TAPS:
                maps.append(x)
        return maps


def read(file: Path) -> dict[str, Tensor]:
    """The tensors of a safetensors file as float32. Raises ConfigError where it, or the package for it, is missing or broken."""
    try:
        from safetensors import SafetensorError
        from safetensors.torch import load_file
    except ImportError as error:
        raise ConfigError(f"to read {file.name}, install safetensors (pip install safetensors)") from error
    if not file.is_file():
        raise ConfigError(f"there are no weights at {file}: name a safetensors file of SqueezeNet 1.1")
    try:
        return {name: tensor.float() for name, tensor in load_file(file).items()}
    except SafetensorError as error:
        raise ConfigError(f"{file} is not a whole safetensors file: {error}") from error
