"""What an exported generator must be: networks wrapped so that they keep the contract, version 1, which the engine checks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from engine.ambiguity import EXPECTED_AT_HALF
from engine.card import OVERLAP_PX
from training.lab import CHROMA_SCALE, lab_to_srgb, lightness_to_grey, srgb_to_lab, srgb_to_lightness

Image = NDArray[np.float32]
Runner = Callable[[Image, Image], Image]
"""image (h, w, 3) sRGB 0..1 and guide (h, w, G) -> restored (S·h, S·w, 3) sRGB 0..1; generators without a guide leave it unread."""


class ColourContract(nn.Module):
    """A chroma network: image, guide (N, 3, H, W) and, where it has styles, style (N, K) -> restored (N, 3, H, W), Lab inside
    the graph; and, where the network tells the error it expects, map (N, 1, H, W), 1 sure to 0 guessed.

    The picture's own L* is kept; of its colour nothing is used.
    """

    def __init__(self, network: nn.Module) -> None:
        super().__init__()
        self.network = network

    def forward(self, image: Tensor, guide: Tensor, style: Tensor | None = None) -> Tensor | tuple[Tensor, Tensor]:
        lightness = srgb_to_lightness(image)
        answer = self.network(lightness, guide) if style is None else self.network(lightness, guide, style)
        return coloured(answer, lightness)


def coloured(answer: Tensor, lightness: Tensor) -> Tensor | tuple[Tensor, Tensor]:
    """A chroma network's answer at any size as the contract's outputs at the size of `lightness`: restored, or restored and map."""
    answer = nn.functional.interpolate(answer, size=lightness.shape[2:], mode="bilinear", align_corners=False)
    restored = lab_to_srgb(torch.cat([lightness, CHROMA_SCALE * answer[:, :2]], 1))
    if answer.shape[1] == 2:
        return restored
    expected = CHROMA_SCALE * torch.exp(answer[:, 2:].clamp(-6, 1))
    return restored, EXPECTED_AT_HALF / (EXPECTED_AT_HALF + expected)


class PictureContract(nn.Module):
    """A picture network: image (N, 3, H, W) -> restored (N, 3, S·H, S·W), clipped; a grey answer is repeated in three channels."""

    def __init__(self, network: nn.Module) -> None:
        super().__init__()
        self.network = network

    def forward(self, image: Tensor) -> Tensor:
        return self.network(image).clamp(0, 1).expand(-1, 3, -1, -1)


class EnlargerContract(nn.Module):
    """An Enlarger: image (N, 3, H, W) and style (N, 1) -> restored (N, 3, S·H, S·W), clipped.

    style: how much of the detail is left out: 0 all there, 1 the faithful answer.
    """

    def __init__(self, network: nn.Module) -> None:
        super().__init__()
        self.network = network

    def forward(self, image: Tensor, style: Tensor) -> Tensor:
        faithful, detail = self.network(image)
        return (faithful + (1 - style[:, :, None, None]) * detail).clamp(0, 1)


class DetectorContract(nn.Module):
    """A FaceNet: image (N, 3, H, W) -> boxes (N, M, 15): x, y, width, height, five landmarks x, y in pixels, score 0..1.

    Its luma alone is looked at, so that a photo has the same faces before and after it is coloured.
    """

    def __init__(self, network: nn.Module) -> None:
        super().__init__()
        self.network = network

    def forward(self, image: Tensor) -> Tensor:
        grey = 0.299 * image[:, :1] + 0.587 * image[:, 1:2] + 0.114 * image[:, 2:]
        rows = self.network(grey)
        return torch.cat([rows[..., :14], torch.sigmoid(rows[..., 14:])], -1)


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


class RepairContract(nn.Module):
    """A Mending: image (N, 3, H, W) and guide (N, 2, H, W), damaged and sound by the user's word -> restored and map.

    map (N, 1, H, W): the probability of damage, the user's word above the finder's. What it says likelier than not is filled;
    every other pixel is the image's own. What is damaged by a word of 1 is lost; through anything less the filler looks.
    """

    guide_channels = 2

    def __init__(self, network: nn.Module) -> None:
        super().__init__()
        self.network = network

    def forward(self, image: Tensor, guide: Tensor) -> tuple[Tensor, Tensor]:
        return mended(self.network, image, torch.sigmoid(self.network.find(image)), guide)  # type: ignore[operator]


def mended(network: nn.Module, picture: Tensor, found: Tensor, guide: Tensor) -> tuple[Tensor, Tensor]:
    """restored and map of RepairContract, for what the finder found."""
    map_ = torch.maximum(found, guide[:, :1]) * (1 - guide[:, 1:])
    mask = (map_ > 0.5).to(picture.dtype)
    return network.fill(picture, mask, 1 - guide[:, :1].floor()).clamp(0, 1), map_  # type: ignore[operator]


class FinderContract(nn.Module):
    """The half of a Mending that looks: image -> picture, the image itself, and found (N, 1, H, W) 0..1."""

    def __init__(self, network: nn.Module) -> None:
        super().__init__()
        self.network = network

    def forward(self, image: Tensor) -> tuple[Tensor, Tensor]:
        return image.clone(), torch.sigmoid(self.network.find(image))  # type: ignore[operator]


class FillerContract(nn.Module):
    """The half that draws: what FinderContract gives and the guide -> what RepairContract gives."""

    def __init__(self, network: nn.Module) -> None:
        super().__init__()
        self.network = network

    def forward(self, picture: Tensor, found: Tensor, guide: Tensor) -> tuple[Tensor, Tensor]:
        return mended(self.network, picture, found, guide)


class EncoderContract(nn.Module):
    """The half of a chroma network that sees the photo alone: image (N, 3, H, W) -> its L* and the network's features."""

    def __init__(self, network: nn.Module) -> None:
        super().__init__()
        self.network = network

    def forward(self, image: Tensor) -> tuple[Tensor, ...]:
        lightness = srgb_to_lightness(image)
        return lightness, *self.network.encode(lightness)  # type: ignore[operator]


class DecoderContract(nn.Module):
    """The other half: what EncoderContract gives, guide and, where there are styles, style -> what ColourContract gives."""

    def __init__(self, network: nn.Module) -> None:
        super().__init__()
        self.network = network

    def forward(
        self, lightness: Tensor, at4: Tensor, at8: Tensor, at16: Tensor, at32: Tensor, guide: Tensor,
        style: Tensor | None = None,
    ) -> Tensor | tuple[Tensor, Tensor]:  # fmt: skip
        answer = self.network.decode([at4, at8, at16, at32], lightness, guide, style)  # type: ignore[operator]
        return coloured(answer, lightness)


FEATURES = {"features4": 4, "features8": 8, "features16": 16, "features32": 32}
"""What crosses from encoder to decoder beside the L* (`lightness`), and how many pixels one of its places is wide."""


@dataclass(frozen=True)
class Piece:
    """One file of a generator. inputs: examples by name; strides: how many 32ths of a side an input's side has; outputs: names."""

    module: nn.Module
    inputs: dict[str, Tensor]
    strides: dict[str, int]
    outputs: tuple[str, ...]


@dataclass(frozen=True)
class Exportable:
    """A network under the contract. module: one of the above; kind, multiple, minimum, working_size, scale: as in the card.

    split: a ColourContract is exported as two files, encoder and decoder, so that a hint costs only the decoder.
    overlap: how many pixels neighbouring tiles share.
    """

    module: nn.Module
    kind: str
    multiple: int
    minimum: int
    working_size: int
    scale: int = 1
    split: bool = False
    overlap: int = OVERLAP_PX

    @property
    def inputs(self) -> tuple[str, ...]:
        if isinstance(self.module, RepairContract):
            return ("image", "guide")
        if isinstance(self.module, EnlargerContract):
            return ("image", "style")
        if not isinstance(self.module, ColourContract):
            return ("image",)
        return ("image", "guide", "style") if self.style_length else ("image", "guide")

    @property
    def guide_channels(self) -> int:
        """How many channels the input `guide` has, or would have."""
        return int(getattr(self.module, "guide_channels", 3))

    @property
    def style_length(self) -> int:
        """How long the input `style` is; 0 where there is none."""
        return int(getattr(getattr(self.module, "network", None), "style_length", 0))

    def example(self, height: int, width: int) -> tuple[Tensor, ...]:
        """Inputs of this size that say nothing: for tracing."""
        return tuple(
            torch.zeros(1, self.style_length)
            if name == "style"
            else torch.zeros(1, self.guide_channels if name == "guide" else 3, height, width)
            for name in self.inputs
        )

    @property
    def outputs(self) -> tuple[str, ...]:
        if isinstance(self.module, DetectorContract):
            return ("boxes",)
        if isinstance(self.module, FinderContract):
            return ("picture", "found")
        certain = isinstance(self.module, RepairContract) or (
            isinstance(self.module, ColourContract) and bool(getattr(self.module.network, "certainty", False))
        )
        return ("restored", "map") if certain else ("restored",)


def pieces(exportable: Exportable) -> dict[str, Piece]:
    """The files of a generator by role: "generator", or "encoder" and "decoder"."""
    given = dict(zip(exportable.inputs, (torch.rand_like(part) for part in exportable.example(96, 128)), strict=True))
    if not exportable.split:
        return {"generator": Piece(exportable.module, given, dict.fromkeys(given, 32), exportable.outputs)}
    network = exportable.module.network
    assert isinstance(network, nn.Module)
    if isinstance(exportable.module, RepairContract):
        looks = finder(exportable)
        with torch.no_grad():
            seen = dict(zip(looks.outputs, looks.module.eval()(given["image"]), strict=True))
        rest = {"guide": given["guide"]}
        return {
            "encoder": Piece(looks.module, {"image": given["image"]}, {"image": 32}, tuple(seen)),
            "decoder": Piece(
                FillerContract(network).eval(), seen | rest, dict.fromkeys(seen | rest, 32), exportable.outputs
            ),
        }
    encoder = EncoderContract(network).eval()
    names = ("lightness", *FEATURES)
    with torch.no_grad():
        seen = dict(zip(names, encoder(given["image"]), strict=True))
    rest = {name: part for name, part in given.items() if name != "image"}
    strides = {"lightness": 32} | {name: 32 // stride for name, stride in FEATURES.items()} | dict.fromkeys(rest, 32)
    return {
        "encoder": Piece(encoder, {"image": given["image"]}, {"image": 32}, names),
        "decoder": Piece(DecoderContract(network).eval(), seen | rest, strides, exportable.outputs),
    }


def finder(exportable: Exportable) -> Exportable:
    """The half of a repairer that looks, by itself."""
    assert isinstance(exportable.module, RepairContract)
    return replace(exportable, module=FinderContract(exportable.module.network), split=False)


def runner(exportable: Exportable) -> Runner:
    """The generator in torch, padded as the engine pads, on the device where it lies."""
    run = answers(exportable)
    return lambda image, guide: run(image, guide)["restored"]


def answers(exportable: Exportable, style: float = 0.0) -> Callable[[Image, Image], dict[str, Image]]:
    """As `runner`, with every output by its word: restored (S·h, S·w, 3) and, where there is one, map (h, w, 1).

    style: what all numbers of the input `style` are, where there is one; 0 asks for the default answer.
    """
    module, multiple = exportable.module.eval(), exportable.multiple
    device = next(module.parameters()).device

    @torch.no_grad()
    def run(image: Image, guide: Image) -> dict[str, Image]:
        height, width = image.shape[:2]
        around = ((0, -height % multiple), (0, -width % multiple), (0, 0))
        parts = [np.pad(image, around, "reflect" if min(height, width) > multiple else "edge"), np.pad(guide, around)]
        tensors = [torch.from_numpy(part.transpose(2, 0, 1)[None].copy()).to(device) for part in parts]
        wanted = tensors[0].new_full((1, exportable.style_length), style)
        given = {"image": tensors[0], "guide": tensors[1], "style": wanted}
        answer = module(*(given[word] for word in exportable.inputs))
        found = {}
        for word, values in zip(exportable.outputs, answer if isinstance(answer, tuple) else (answer,), strict=True):
            scale = exportable.scale if word == "restored" else 1
            found[word] = values[0].permute(1, 2, 0)[: height * scale, : width * scale].cpu().numpy()
        return found

    return run
