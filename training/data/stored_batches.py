"""Batches out of stored features: windows of crops, hints, mirrored halves; each a pure function of the seed and the step."""

from __future__ import annotations

import bisect
from collections.abc import Sequence
from itertools import accumulate
from pathlib import Path

import torch
from torch import Tensor, nn

from training.config import ConfigError, RunConfig, Source
from training.data.batches import Batch, hinted
from training.data.drawing import Order
from training.data.feature_store import STRIDES, FeatureStore, fingerprint
from training.data.photos import lab_of_bytes
from training.networks.colour_unet import ColourUNet

COARSEST = STRIDES[-1]


class StoredPhotos:
    """The crops of several stores in a row. weights: (n,) how often each is drawn.

    Raises:
        ConfigError: folders of different encoders or sizes, or none.
    """

    def __init__(self, sources: Sequence[Source]) -> None:
        self.stores = [FeatureStore(Path(source.path)) for source in sources]
        kinds = {(store.fingerprint, store.side_px) for store in self.stores}
        if len(kinds) != 1:
            raise ConfigError("data.features: the folders were made by different encoders or at different sizes")
        ((self.fingerprint, self.side_px),) = kinds
        self._ends = list(accumulate(store.count for store in self.stores))
        self.weights = torch.cat(
            [
                torch.full((store.count,), source.weight, dtype=torch.float64)
                for store, source in zip(self.stores, sources, strict=True)
            ]
        )

    def __len__(self) -> int:
        return self._ends[-1]

    def at(self, index: int) -> tuple[FeatureStore, int]:
        """The store that holds the photo, and its place there."""
        which = bisect.bisect_right(self._ends, index)
        return self.stores[which], index - (self._ends[which - 1] if which else 0)


class StoredBatches:
    """batch(step, crop_px): the same windows and hints whenever it is asked for the same step."""

    def __init__(self, config: RunConfig) -> None:
        self.photos, self.config = StoredPhotos(config.data.features), config
        largest = max(stage.crop_px for stage in config.stages)
        if largest > self.photos.side_px:
            raise ConfigError(
                f"stages.crop_px: {largest} px are wanted, and the stored crops have only {self.photos.side_px} px"
            )
        if any(stage.train_encoder for stage in config.stages):
            raise ConfigError(
                "stages.train_encoder: encoders cannot learn from what they saw; set it to false in every stage"
            )
        if config.data.printed:
            raise ConfigError(
                "data.printed: stored crops keep the look that `autochrome-train data features` gave them"
            )
        self._order = Order(self.photos, config.batch, config.seed)

    def __str__(self) -> str:
        return f"{len(self.photos)} crops of {self.photos.side_px} px with their features, on the disk"

    def check(self, network: nn.Module) -> None:
        """Raises ConfigError where `network` has other encoders than those that made the features."""
        if not isinstance(network, ColourUNet) or fingerprint(network) != self.photos.fingerprint:
            raise ConfigError(
                "data.features: the folders were made by other encoders than this run begins with: "
                "make them with the same configuration and the same --from"
            )

    def batch(self, step: int, crop_px: int) -> Batch:
        random = torch.Generator().manual_seed(self.config.seed * 1_000_003 + step)
        cells, room = crop_px // COARSEST, self.photos.side_px // COARSEST
        true, seen, features = [], [], []
        for index in self._order.indices(step):
            store, place = self.photos.at(index)
            top, left = (int(torch.randint(0, room - cells + 1, (1,), generator=random)) for _ in range(2))
            mirrored = bool(torch.rand(1, generator=random) < 0.5)

            def window(
                picture: Tensor, stride: int, top: int = top, left: int = left, mirrored: bool = mirrored
            ) -> Tensor:
                size = COARSEST // stride
                cut = picture[:, top * size : (top + cells) * size, left * size : (left + cells) * size]
                return cut.flip(2) if mirrored else cut

            true.append(window(store.true(place), 1))
            seen.append(window(store.seen(place), 1))
            features.append([window(part, stride) for part, stride in zip(store.features(place), STRIDES, strict=True)])
        lightness, chroma = lab_of_bytes(torch.stack(true))
        chroma, guide, natural = hinted(self.config.hints, lightness, chroma, random)
        shown = torch.stack(seen).float() / 2.55
        maps = tuple(torch.stack(parts) for parts in zip(*features, strict=True))
        return Batch(shown, lightness, chroma, guide, natural, maps)
