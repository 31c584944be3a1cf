"""What an exported generator must be: networks wrapped so that they keep the contract, version 1, which the engine checks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from training.lab import CHROMA_SCALE, lab_to_srgb, lightness_to_grey, srgb_to_lab, srgb_to_lightness

Runner = Callable[[NDArray[np.float32], NDArray[np.float32]], NDArray[np.float32]]
"""image (h, w, 3) sRGB 0..1 and guide (h, w, 3) -> restored (h, w, 3) sRGB 0..1; generators without a guide leave it unread."""


class ColourContract(nn.Module):
    """A chroma network: image, guide (N, 3, H, W) -> restored (N, 3, H, W), Lab inside the graph.

    The picture's own L* is kept; of its colour nothing is used.
    """

    def __init__(self, network: nn.Module) -> None:
        super().__init__()
        self.network = network

    def forward(self, image: Tensor, guide: Tensor) -> Tensor:
        lightness = srgb_to_lightness(image)
        chroma = self.network(lightness, guide)
        chroma = nn.functional.interpolate(chroma, size=image.shape[2:], mode="bilinear", align_corners=False)
        return lab_to_srgb(torch.cat([lightness, CHROMA_SCALE * chroma], 1))


class PictureContract(nn.Module):
    """A picture network: image (N, 3, H, W) -> restored (N, 3, S·H, S·W), clipped; a grey answer is repeated in three channels."""

    def __init__(self, network: nn.Module) -> None:
        super().__init__()
        self.network = network

    def forward(self, image: Tensor) -> Tensor:
        return self.network(image).clamp(0, 1).expand(-1, 3, -1, -1)


class ChromaOfPictureContract(nn.Module):
    """A picture network as a colouriser: image (N, 3, H, W) -> restored (N, 3, H, W), with its chroma and the picture's own L*.

    The network is shown the picture's neutral grey, whatever colour its file has, at 1/`shrink` of the size: that of the crops
    it has learned from. H and W are multiples of `shrink` times the network's own multiple.
    """

    def __init__(self, network: nn.Module, shrink: int) -> None:
        super().__init__()
        self.network = network
        self.shrink = shrink

    def forward(self, image: Tensor) -> Tensor:
        lightness = srgb_to_lightness(image)
        grey = nn.functional.avg_pool2d(lightness_to_grey(lightness), self.shrink)
        picture = self.network(grey.expand(-1, 3, -1, -1)).clamp(0, 1)
        chroma = srgb_to_lab(picture)[:, 1:]
        chroma = nn.functional.interpolate(chroma, size=image.shape[2:], mode="bilinear", align_corners=False)
        return lab_to_srgb(torch.cat([lightness, chroma], 1))


@dataclass(frozen=True)
class Exportable:
    """A network under the contract. module: one of the above; kind, multiple, minimum, working_size, scale: as in the card."""

    module: nn.Module
    kind: str
    multiple: int
    minimum: int
    working_size: int
    scale: int = 1

    @property
    def inputs(self) -> tuple[str, ...]:
        return ("image", "guide") if isinstance(self.module, ColourContract) else ("image",)


def runner(exportable: Exportable) -> Runner:
    """The generator in torch, padded as the engine pads, on the device where it lies."""
    module, multiple = exportable.module.eval(), exportable.multiple
    device = next(module.parameters()).device

    @torch.no_grad()
    def run(image: NDArray[np.float32], guide: NDArray[np.float32]) -> NDArray[np.float32]:
        height, width = image.shape[:2]
        around = ((0, -height % multiple), (0, -width % multiple), (0, 0))
        parts = [np.pad(image, around, "reflect" if min(height, width) > multiple else "edge"), np.pad(guide, around)]
        tensors = [torch.from_numpy(part.transpose(2, 0, 1)[None].copy()).to(device) for part in parts]
        restored = module(*tensors[: len(exportable.inputs)])[0].permute(1, 2, 0)
        return restored[: height * exportable.scale, : width * exportable.scale].cpu().numpy()

    return run
