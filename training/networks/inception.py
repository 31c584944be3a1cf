"""The Inception v3 of the Fréchet inception distance, as it was in 2015: for judging only, with weights that the user has."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

Layer = tuple[str, int, int | tuple[int, int], int]
"""Name, channels, kernel, stride."""


class Convolution(nn.Module):
    """Convolution, batch norm, ReLU; padded to the same size unless it strides or is one of the stem's."""

    def __init__(
        self, channels_in: int, channels_out: int, kernel: int | tuple[int, int], stride: int = 1, same: bool = True
    ) -> None:
        super().__init__()
        sides = (kernel, kernel) if isinstance(kernel, int) else kernel
        padding = (sides[0] // 2, sides[1] // 2) if same and stride == 1 else (0, 0)
        self.conv = nn.Conv2d(channels_in, channels_out, sides, stride, padding, bias=False)
        self.bn = nn.BatchNorm2d(channels_out, eps=0.001)

    def forward(self, x: Tensor) -> Tensor:
        return F.relu(self.bn(self.conv(x)))


class Mixed(nn.Module):
    """Paths of convolutions beside each other and one behind a pooling, concatenated.

    paths: layers in order; two layers whose names end in a and b share their input and are both given on. pooled: channels behind
    the pooling; 0: the pooled input itself, halved in size. largest: max pooling instead of the average.
    """

    def __init__(
        self, channels_in: int, paths: tuple[tuple[Layer, ...], ...], pooled: int, largest: bool = False
    ) -> None:
        super().__init__()
        self.paths, self.largest = [[layer[0] for layer in path] for path in paths], largest
        for path in paths:
            channels = channels_in
            for name, width, kernel, stride in path:
                self.add_module(name, Convolution(channels, width, kernel, stride))
                channels = channels if name.endswith("a") else width
        self.branch_pool = Convolution(channels_in, pooled, 1) if pooled else None

    def forward(self, x: Tensor) -> Tensor:
        answers = []
        for path in self.paths:
            y = x
            for name in path:
                layer = self.get_submodule(name)
                if name.endswith("a"):
                    answers.append(layer(y))
                else:
                    y = layer(y)
            answers.append(y)
        if self.branch_pool is None:
            return torch.cat([*answers, F.max_pool2d(x, 3, 2)], 1)
        # TensorFlow's average leaves the border out; the last block's maximum is a slip of 2015 that the published figures have.
        pooled = F.max_pool2d(x, 3, 1, 1) if self.largest else F.avg_pool2d(x, 3, 1, 1, count_include_pad=False)
        return torch.cat([*answers, self.branch_pool(pooled)], 1)


def _fives(channels_in: int, pooled: int) -> Mixed:
    small: tuple[Layer, ...] = (("branch5x5_1", 48, 1, 1), ("branch5x5_2", 64, 5, 1))
    large: tuple[Layer, ...] = (
        ("branch3x3dbl_1", 64, 1, 1),
        ("branch3x3dbl_2", 96, 3, 1),
        ("branch3x3dbl_3", 96, 3, 1),
    )
    return Mixed(channels_in, ((("branch1x1", 64, 1, 1),), small, large), pooled)


def _sevens(inner: int) -> Mixed:
    once: tuple[Layer, ...] = (
        ("branch7x7_1", inner, 1, 1),
        ("branch7x7_2", inner, (1, 7), 1),
        ("branch7x7_3", 192, (7, 1), 1),
    )
    twice: tuple[Layer, ...] = (
        ("branch7x7dbl_1", inner, 1, 1),
        ("branch7x7dbl_2", inner, (7, 1), 1),
        ("branch7x7dbl_3", inner, (1, 7), 1),
        ("branch7x7dbl_4", inner, (7, 1), 1),
        ("branch7x7dbl_5", 192, (1, 7), 1),
    )
    return Mixed(768, ((("branch1x1", 192, 1, 1),), once, twice), 192)


def _forked(channels_in: int, largest: bool) -> Mixed:
    once: tuple[Layer, ...] = (
        ("branch3x3_1", 384, 1, 1),
        ("branch3x3_2a", 384, (1, 3), 1),
        ("branch3x3_2b", 384, (3, 1), 1),
    )
    twice: tuple[Layer, ...] = (
        ("branch3x3dbl_1", 448, 1, 1),
        ("branch3x3dbl_2", 384, 3, 1),
        ("branch3x3dbl_3a", 384, (1, 3), 1),
        ("branch3x3dbl_3b", 384, (3, 1), 1),
    )
    return Mixed(channels_in, ((("branch1x1", 320, 1, 1),), once, twice), 192, largest)


class Inception(nn.Module):
    """Pictures (B, 3, 299, 299), sRGB 0..1 -> features (B, 2048) before the classifier (Szegedy et al. 2016, arXiv 1512.00567).

    Names are those of the published weights (`pt_inception-2015-12-05-6726825d.pth`), which must be without `fc`.
    """

    def __init__(self) -> None:
        super().__init__()
        self.Conv2d_1a_3x3 = Convolution(3, 32, 3, 2)
        self.Conv2d_2a_3x3 = Convolution(32, 32, 3, same=False)
        self.Conv2d_2b_3x3 = Convolution(32, 64, 3)
        self.Conv2d_3b_1x1 = Convolution(64, 80, 1)
        self.Conv2d_4a_3x3 = Convolution(80, 192, 3, same=False)
        self.Mixed_5b, self.Mixed_5c, self.Mixed_5d = _fives(192, 32), _fives(256, 64), _fives(288, 64)
        halving: tuple[Layer, ...] = (
            ("branch3x3dbl_1", 64, 1, 1),
            ("branch3x3dbl_2", 96, 3, 1),
            ("branch3x3dbl_3", 96, 3, 2),
        )
        self.Mixed_6a = Mixed(288, ((("branch3x3", 384, 3, 2),), halving), 0)
        self.Mixed_6b, self.Mixed_6c, self.Mixed_6d, self.Mixed_6e = map(_sevens, (128, 160, 160, 192))
        once: tuple[Layer, ...] = (("branch3x3_1", 192, 1, 1), ("branch3x3_2", 320, 3, 2))
        sevens: tuple[Layer, ...] = (
            ("branch7x7x3_1", 192, 1, 1),
            ("branch7x7x3_2", 192, (1, 7), 1),
            ("branch7x7x3_3", 192, (7, 1), 1),
            ("branch7x7x3_4", 192, 3, 2),
        )
        self.Mixed_7a = Mixed(768, (once, sevens), 0)
        self.Mixed_7b, self.Mixed_7c = _forked(1280, False), _forked(2048, True)

    def forward(self, picture: Tensor) -> Tensor:
        x = self.Conv2d_2b_3x3(self.Conv2d_2a_3x3(self.Conv2d_1a_3x3(2 * picture - 1)))
        x = self.Conv2d_4a_3x3(self.Conv2d_3b_1x1(F.max_pool2d(x, 3, 2)))
        x = self.Mixed_5d(self.Mixed_5c(self.Mixed_5b(F.max_pool2d(x, 3, 2))))
        x = self.Mixed_6e(self.Mixed_6d(self.Mixed_6c(self.Mixed_6b(self.Mixed_6a(x)))))
        return self.Mixed_7c(self.Mixed_7b(self.Mixed_7a(x))).mean((2, 3))
