"""What frozen encoders see in photographs, computed once and kept in a folder, so that only the decoder has to run in training.

A folder holds crops of `side_px`, some of them with an old print's look, and the encoders' features of each:

    store.json        count, side_px, channels of the features, the encoders' fingerprint
    true.npy          uint8 (n, 3, side, side)    Lab as training.data.photos keeps it
    seen.npy          uint8 (n, 1, side, side)    L*·2.55 as the encoders saw it
    features4.npy … features32.npy   uint8 (n, C, side/4, side/4) …: low + step · byte, low and step a channel
    scales.npz        low and step of each
"""

from __future__ import annotations

import json
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.lib.format import open_memmap
from numpy.typing import NDArray
from torch import Tensor

from engine.atomic import write_atomically
from training.config import ConfigError
from training.data.drawing import crop
from training.data.old_look import printed
from training.data.photos import lab_of_bytes
from training.networks.colour_unet import ColourUNet, Features

STRIDES = (4, 8, 16, 32)
BATCH = 16
RANGE_DEVIATIONS = 6.0
"""Bytes span so many standard deviations to either side; what lies beyond (1 in 10,000 of such features) is clipped."""
SCALED_ON = 256
"""Photos whose features give the scales; they are the first of the folder."""


class FeatureStore:
    """An opened folder; arrays stay on the disk until they are read.

    Raises:
        ConfigError: not such a folder, or one that was not finished.
    """

    def __init__(self, folder: Path) -> None:
        try:
            about = json.loads((folder / "store.json").read_text("utf-8"))
            self.count, self.side_px, self.fingerprint = about["count"], about["side_px"], about["fingerprint"]
            self._true, self._seen = (np.load(folder / f"{name}.npy", mmap_mode="r") for name in ("true", "seen"))
            self._features = [np.load(folder / f"features{stride}.npy", mmap_mode="r") for stride in STRIDES]
            with np.load(folder / "scales.npz") as scales:
                self._scales = [
                    tuple(torch.from_numpy(scales[f"{word}{stride}"])[:, None, None] for word in ("low", "step"))
                    for stride in STRIDES
                ]
        except (OSError, ValueError, KeyError, TypeError, zipfile.BadZipFile) as error:
            raise ConfigError(f"{folder} is no folder of features, or was not finished: {error}") from error

    def true(self, index: int) -> Tensor:
        """Lab bytes (3, side, side)."""
        return torch.from_numpy(np.array(self._true[index]))

    def seen(self, index: int) -> Tensor:
        """L* bytes (1, side, side)."""
        return torch.from_numpy(np.array(self._seen[index]))

    def features(self, index: int) -> Features:
        """float32, each (C, side/stride, side/stride)."""
        return [
            low + step * torch.from_numpy(np.array(stored[index])).float()
            for stored, (low, step) in zip(self._features, self._scales, strict=True)
        ]


def fingerprint(network: ColourUNet) -> str:
    """Tells encoders apart by their weights."""
    crc = 0
    for name, value in sorted(network.state_dict().items()):
        if name.startswith(("encoder.", "second_encoder.")) and value.is_floating_point():
            crc = zlib.crc32(value.cpu().contiguous().numpy().tobytes(), crc)
    return f"{crc:08x}"


def write(
    network: ColourUNet,
    pictures: Iterable[NDArray[np.uint8]],
    count: int,
    folder: Path,
    *,
    side_px: int = 160,
    aged: float = 0.4,
    smallest_crop: float = 0.65,
    seed: int = 1,
) -> int:
    """Fill `folder` with at most `count` photos, Lab bytes (H, W, 3) as training.data.photos decodes them; returns how many.

    aged: share of crops that look like an old print. smallest_crop: as data.smallest_crop. The same seed and photos make the same.
    Interrupted, the folder holds what was done until then.
    """
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "store.json").unlink(missing_ok=True)
    network, made_by = network.eval(), fingerprint(network)
    true = open_memmap(folder / "true.npy", "w+", np.uint8, (count, 3, side_px, side_px))
    seen = open_memmap(folder / "seen.npy", "w+", np.uint8, (count, 1, side_px, side_px))
    stored: list[Any] = []
    scales: list[tuple[Tensor, Tensor]] = []
    done = 0
    for lab, lightness in _batches(islice(pictures, count), side_px, aged, smallest_crop, seed):
        features = _encoded(network, lightness)
        if not stored:
            for stride, part in zip(STRIDES, features, strict=True):
                shape = (count, part.shape[1], side_px // stride, side_px // stride)
                stored.append(open_memmap(folder / f"features{stride}.npy", "w+", np.uint8, shape))
                scales.append(_scale(part))
            _write_scales(folder, scales)
        place = slice(done, done + len(lab))
        true[place] = lab.numpy()
        seen[place] = (lightness * 2.55).round().byte().numpy()
        for array, part, (low, step) in zip(stored, features, scales, strict=True):
            array[place] = ((part - low[:, None, None]) / step[:, None, None]).round().clamp(0, 255).byte().numpy()
        done += len(lab)
        about = {"count": done, "side_px": side_px, "fingerprint": made_by}
        write_atomically(folder / "store.json", json.dumps(about).encode("utf-8"), overwrite=True)
    return done


def _write_scales(folder: Path, scales: Sequence[tuple[Tensor, Tensor]]) -> None:
    named: dict[str, Any] = {}
    for stride, (low, step) in zip(STRIDES, scales, strict=True):
        named |= {f"low{stride}": low.numpy(), f"step{stride}": step.numpy()}
    np.savez(folder / "scales.npz", **named)


@torch.inference_mode()
def _encoded(network: ColourUNet, lightness: Tensor) -> Features:
    """All of it in pieces that stay in the processor's caches."""
    pieces = [network.encode(piece.contiguous(memory_format=torch.channels_last)) for piece in lightness.split(BATCH)]
    return [torch.cat(parts).float() for parts in zip(*pieces, strict=True)]


def _scale(features: Tensor) -> tuple[Tensor, Tensor]:
    """(low, step) a channel, (C,) each."""
    mean, deviation = features.mean((0, 2, 3)), features.std((0, 2, 3)).clamp_min(1e-6)
    return mean - RANGE_DEVIATIONS * deviation, 2 * RANGE_DEVIATIONS * deviation / 255


def _batches(
    pictures: Iterable[NDArray[np.uint8]], side_px: int, aged: float, smallest_crop: float, seed: int
) -> Iterator[tuple[Tensor, Tensor]]:
    """(Lab bytes (B, 3, S, S), L* (B, 1, S, S) as an encoder is to see it, in whole bytes); first SCALED_ON photos at once."""
    random, rng = torch.Generator().manual_seed(seed), np.random.default_rng(seed)
    waiting: list[tuple[Tensor, Tensor]] = []
    wanted = SCALED_ON
    for picture in pictures:
        lab = crop(torch.from_numpy(picture).permute(2, 0, 1), side_px, smallest_crop, random)
        lightness, chroma = lab_of_bytes(lab[None])
        if rng.random() < aged:
            lightness = printed(lightness[0], chroma[0], rng)[None]
        waiting.append((lab, lightness[0]))
        if len(waiting) == wanted:
            yield _stacked(waiting)
            waiting, wanted = [], BATCH
    if waiting:
        yield _stacked(waiting)


def _stacked(waiting: list[tuple[Tensor, Tensor]]) -> tuple[Tensor, Tensor]:
    labs, lightnesses = zip(*waiting, strict=True)
    return torch.stack(labs), torch.stack(lightnesses)
