"""Feature networks for judging: pictures as vectors, for the distances of sets, and as maps, for the perceptual distance.

A backbone is named by its file, which is data and never code. An ONNX file gives vectors: one input (1, 3, H, W), sRGB 0..1, one
output. A file of tensors (.safetensors, or .pth that holds tensors alone) is recognised by their names: SqueezeNet 1.1 as
.safetensors, torchvision's AlexNet and VGG16, on which LPIPS stands, and the Inception of the Fréchet inception distance
(`pt_inception-2015-12-05-6726825d.pth`). TorchScript and pickled modules are programs, and are refused.
"""

from __future__ import annotations

import pickle
import tarfile
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from training.config import ConfigError

SIDE = 224
"""Pixels of the square that a network looks at, where its file does not say otherwise."""

ALEXNET = ((64, 11, 4, 2), None, (192, 5, 1, 2), None, (384, 3, 1, 1), (256, 3, 1, 1), (256, 3, 1, 1))
"""Krizhevsky 2014 as torchvision has it: channels, kernel, stride, padding of each convolution; None: pooling of 3 by 2."""
VGG16 = (64, 64, None, 128, 128, None, 256, 256, 256, None, 512, 512, 512, None, 512, 512, 512)
"""Simonyan & Zisserman 2015: channels of each 3 x 3 convolution; None: pooling of 2 by 2."""
SQUEEZENET_POOLED = (1, 2, 3, 6)
"""Which of SqueezeNet's maps make its vector: 128 + 256 + 384 + 512 numbers, from every size but the finest."""
_MEAN, _SPREAD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)
_OLD_FORMAT = b"\x80\x02\x8a\nl\xfc\x9cF\xf9 j\xa8P\x19."
"""How a file of torch.save began before it was an archive; LPIPS's own weights are such files."""

Picture = NDArray[np.float32]
"""(H, W, 3) float32, sRGB 0..1."""
Maps = Callable[[Tensor], Sequence[Tensor]]
"""Pictures (B, 3, H, W), sRGB 0..1 -> feature maps (B, C, h, w), finest first."""


@dataclass(frozen=True)
class Compared:
    """What LPIPS compares of a network (Zhang et al. 2018): layers by their number, and the channels of each."""

    taps: tuple[int, ...]
    channels: tuple[int, ...]


LPIPS = {
    "AlexNet": Compared((1, 4, 7, 9, 11), (64, 192, 384, 256, 256)),
    "VGG16": Compared((3, 8, 15, 22, 29), (64, 128, 256, 512, 512)),
}


@dataclass(frozen=True)
class Backbone:
    """A feature network.

    name: for tables. side: it looks at squares of so many pixels. vector: picture (side, side, 3) -> features (d,).
    maps: None where it has none. weights: LPIPS's learned weight of every channel of every map, (1, C, 1, 1); None: all alike.
    """

    name: str
    side: int
    vector: Callable[[Picture], NDArray[np.float32]]
    maps: Maps | None = None
    weights: Sequence[Tensor] | None = None


class Layers(nn.Module):
    """Convolutions with ReLU and pooling under torchvision's names, ending at the last of `taps`."""

    def __init__(
        self, convolutions: Sequence[tuple[int, int, int, int] | None], pool: int, taps: Sequence[int]
    ) -> None:
        super().__init__()
        layers: list[nn.Module] = []
        channels = 3
        for convolution in convolutions:
            if convolution is None:
                layers.append(nn.MaxPool2d(pool, 2))
            else:
                width, kernel, stride, padding = convolution
                layers += [nn.Conv2d(channels, width, kernel, stride, padding), nn.ReLU()]
                channels = width
        self.features, self.taps = nn.Sequential(*layers), taps
        self.register_buffer("mean", torch.tensor(_MEAN).view(1, 3, 1, 1), persistent=False)
        self.register_buffer("spread", torch.tensor(_SPREAD).view(1, 3, 1, 1), persistent=False)

    def forward(self, picture: Tensor) -> list[Tensor]:
        x = (picture - self.get_buffer("mean")) / self.get_buffer("spread")
        maps = []
        for index, layer in enumerate(self.features):
            x = layer(x)
            if index in self.taps:
                maps.append(x)
        return maps


def load(path: Path, lpips: Path | None = None) -> Backbone:
    """The backbone in a file, frozen. lpips: LPIPS's learned weights for it (`alex.pth` for AlexNet, `vgg.pth` for VGG16).

    Raises:
        ConfigError: a file is missing, damaged, a program, or of no network known here; or `lpips` belongs to another.
    """
    if not path.is_file():
        raise ConfigError(f"there is no file of features {path}")
    backbone = _of_onnx(path) if path.suffix == ".onnx" else _of_tensors(path)
    return backbone if lpips is None else replace(backbone, weights=_learned(lpips, backbone.name))


def _of_onnx(path: Path) -> Backbone:
    from engine.progress import CancelToken
    from engine.session import Device

    session = Device("cpu").open(path.read_bytes(), path.name)
    shape = session.inputs[0].shape
    if len(session.inputs) != 1 or len(shape) != 4:
        raise ConfigError(f"{path.name} is no feature network: it must take one picture (1, 3, H, W)")
    name, never = session.inputs[0].name, CancelToken()

    def vector(picture: Picture) -> NDArray[np.float32]:
        return next(iter(session.run({name: picture.transpose(2, 0, 1)[None].copy()}, never).values())).ravel()

    return Backbone(path.stem, shape[2] if isinstance(shape[2], int) else SIDE, vector)


def _of_tensors(path: Path) -> Backbone:
    tensors = _tensors(path)
    shapes = {name: tuple(tensor.shape) for name, tensor in tensors.items()}
    if "features.3.squeeze.weight" in shapes:
        if path.suffix != ".safetensors":
            raise ConfigError(f"{path.name} is torchvision's SqueezeNet; of SqueezeNet the Caffe one is known here")
        from training.networks.squeezenet import SqueezeNetFeatures

        return _of_maps("SqueezeNet 1.1", SqueezeNetFeatures(path), SQUEEZENET_POOLED)
    kept = {name: tensor for name, tensor in tensors.items() if name.startswith("features.")}
    if shapes.get("features.0.weight") == (64, 3, 11, 11):
        return _of_maps("AlexNet", _filled(Layers(ALEXNET, 3, LPIPS["AlexNet"].taps), kept, path))
    if shapes.get("features.28.weight") == (512, 512, 3, 3) and "features.34.weight" not in shapes:
        convolutions = [None if width is None else (width, 3, 1, 1) for width in VGG16]
        return _of_maps("VGG16", _filled(Layers(convolutions, 2, LPIPS["VGG16"].taps), kept, path))
    if shapes.get("fc.weight") == (1008, 2048):  # torchvision's own Inception has 1000 classes and gives other figures
        from training.networks.inception import Inception

        network = _filled(Inception(), {name: t for name, t in tensors.items() if not name.startswith("fc.")}, path)
        return Backbone("Inception", 299, lambda picture: network(_batch(picture))[0].numpy())
    raise ConfigError(
        f"{path.name} holds no network known here: SqueezeNet 1.1, AlexNet, VGG16 or the Inception of the Fréchet distance"
    )


def _of_maps(name: str, network: nn.Module, pooled: Sequence[int] = range(5)) -> Backbone:
    """A backbone whose vector is the mean of each channel of those maps that `pooled` numbers."""

    def vector(picture: Picture) -> NDArray[np.float32]:
        maps = network(_batch(picture))
        return torch.cat([maps[index].mean((2, 3)) for index in pooled], 1)[0].numpy()

    return Backbone(name, SIDE, vector, network)


def _batch(picture: Picture) -> Tensor:
    """(H, W, 3) as (1, 3, H, W)."""
    return torch.from_numpy(picture.transpose(2, 0, 1)[None].copy())


def _filled(network: nn.Module, tensors: Mapping[str, Tensor], path: Path) -> nn.Module:
    """`network` with exactly these weights, for judging."""
    try:
        network.load_state_dict({name: tensor.float() for name, tensor in tensors.items()})
    except RuntimeError as error:
        raise ConfigError(f"{path.name} does not hold every weight of its network") from error
    return network.eval().requires_grad_(False)


def _learned(path: Path, network: str) -> list[Tensor]:
    """LPIPS's weights (1, C, 1, 1) of each map."""
    if not path.is_file():
        raise ConfigError(f"there is no file of LPIPS's weights {path}")
    if network not in LPIPS:
        raise ConfigError(f"LPIPS's weights were learned for {' and '.join(LPIPS)}, not for {network}")
    tensors = _tensors(path)
    names = [f"lin{index}.model.1.weight" for index in range(len(LPIPS[network].channels))]
    wanted = [(1, channels, 1, 1) for channels in LPIPS[network].channels]
    if sorted(tensors) != names or [tuple(tensors[name].shape) for name in names] != wanted:
        raise ConfigError(f"{path.name} does not hold LPIPS's weights for {network}")
    return [tensors[name].float() for name in names]


def _tensors(path: Path) -> dict[str, Tensor]:
    """Every tensor of a file by its name; nothing in the file is run.

    Raises:
        ConfigError: It is a program (TorchScript, a pickled module), or damaged, or holds other things than tensors.
    """
    if path.suffix == ".safetensors":
        from training.networks.squeezenet import read

        return read(path)
    sentence = f"{path.name} is damaged, or no file of tensors (.safetensors, or a .pth of a state dict)"
    archive = zipfile.is_zipfile(path)
    # The tar archives of torch's first years are read by code that is less careful.
    if not archive and (not _starts_old(path) or tarfile.is_tarfile(path)):
        raise ConfigError(sentence)
    try:
        if archive and any("/code/" in name for name in zipfile.ZipFile(path).namelist()):
            raise ConfigError(
                f"{path.name} is TorchScript, a program: export it to ONNX, or name a file of its tensors"
            )
        found = torch.load(path, map_location="cpu", weights_only=True)
    except (RuntimeError, EOFError, OSError, KeyError, zipfile.BadZipFile, pickle.UnpicklingError) as error:
        raise ConfigError(sentence) from error
    if not isinstance(found, dict) or not all(isinstance(tensor, Tensor) for tensor in found.values()):
        raise ConfigError(f"{path.name} holds other things than tensors by name")
    return dict(found)


def _starts_old(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(len(_OLD_FORMAT)) == _OLD_FORMAT
