"""The residual generator of CycleGAN: down to a quarter of the size, residual blocks, and up again.

Johnson et al. 2016 (arXiv 1603.08155) as used by Zhu et al. 2017 (arXiv 1703.10593); enlarging by repeated pixels and a
convolution instead of a transposed one, which draws checkerboards (Odena et al. 2016, doi 10.23915/distill.00003).
"""

from __future__ import annotations

from torch import Tensor, nn

from training.networks.correction import check_channels, picture_of, start_small
from training.networks.norms import norm as norm_of


class ResidualBlock(nn.Module):
    """Two 3x3 convolutions beside a skip: (B, C, h, w) -> the same."""

    def __init__(self, channels: int, norm: str) -> None:
        super().__init__()
        self.layers = nn.Sequential(
            *convolution(channels, channels, 3, norm), nn.ReLU(inplace=True), *convolution(channels, channels, 3, norm)
        )

    def forward(self, x: Tensor) -> Tensor:
        return x + self.layers(x)


def convolution(channels_in: int, channels_out: int, kernel: int, norm: str, stride: int = 1) -> list[nn.Module]:
    """A convolution with mirrored borders, and its norm."""
    layer = nn.Conv2d(
        channels_in, channels_out, kernel, stride, kernel // 2, padding_mode="reflect",
        bias=norm not in ("instance", "batch"),
    )  # fmt: skip
    return [layer, norm_of(norm, channels_out)]


class ResNetGenerator(nn.Module):
    """Picture sRGB 0..1 (B, channels_in, H, W), H and W multiples of 4 and at least 8 -> (B, channels_out, H, W), not clipped.

    The answer is the input picture plus a correction (see `correction.picture_of`). width: channels at full size, doubled at
    each halving. norm: see `norms.norm`; "pixel" or "batch" for generators that run in tiles. The defaults have 1,966,915
    parameters and take 381 ms of one thread in torch and 304 ms in ONNX Runtime at 256 x 256 (332 with "pixel", whose answer
    depends on 63 px around it).
    """

    def __init__(
        self, channels_in: int = 3, channels_out: int = 3, width: int = 32, blocks: int = 6, norm: str = "instance"
    ) -> None:
        super().__init__()
        check_channels(channels_in, channels_out)
        self.channels_out = channels_out
        parts = [*convolution(channels_in, width, 7, norm), nn.ReLU(inplace=True)]
        for channels in (width, 2 * width):
            parts += [*convolution(channels, 2 * channels, 3, norm, stride=2), nn.ReLU(inplace=True)]
        parts += [ResidualBlock(4 * width, norm) for _ in range(blocks)]
        for channels in (4 * width, 2 * width):
            parts += [
                nn.Upsample(scale_factor=2),
                *convolution(channels, channels // 2, 3, norm),
                nn.ReLU(inplace=True),
            ]
        parts.append(start_small(nn.Conv2d(width, channels_out, 7, padding=3, padding_mode="reflect")))
        self.layers = nn.Sequential(*parts)

    def forward(self, image: Tensor) -> Tensor:
        return picture_of(image, self.channels_out) + self.layers(image)
