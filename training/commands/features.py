"""`autochrome-train data features`: what frozen encoders see in photographs, stored so that a decoder learns from it."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray


def add(commands: Any) -> None:
    features = commands.add_parser(
        "features",
        help="store what a configuration's encoders see, so that its decoder learns faster",
    )
    features.set_defaults(command=run)
    features.add_argument("config", type=Path, metavar="CONFIG.toml")
    features.add_argument("photos", type=Path, nargs="+", metavar="PHOTOS", help="folders, shards, packs or lists")
    features.add_argument("--into", type=Path, required=True, metavar="FOLDER", help="data.features of the run")
    features.add_argument(
        "--from", dest="start", metavar="FILE", help="as of `train`; otherwise the configuration's `init`"
    )
    features.add_argument(
        "--most", type=int, default=100_000, metavar="N", help="photos; room for so many is made at once"
    )
    features.add_argument("--side", type=int, default=160, metavar="PX", help="of the crops, a multiple of 32")
    features.add_argument("--seed", type=int, default=1, metavar="N")


def run(options: argparse.Namespace) -> int:
    import torch
    from tqdm import tqdm

    from training import config, growth, methods, start
    from training.data import feature_store, photos
    from training.networks.colour_unet import ColourUNet

    chosen = config.load(options.config)
    if options.most < 1 or options.side < 32 or options.side % 32:
        raise config.ConfigError("--most must be at least 1, and --side a multiple of 32")
    if chosen.threads:
        torch.set_num_threads(chosen.threads)
    networks = methods.load(chosen.method).networks(chosen)
    weights = options.start or chosen.init
    if weights:
        state = start.weights_of(chosen, Path(weights))
        networks.load_state_dict(growth.grown(state, networks) if chosen.init_as else state)
    start.check_encoders(chosen, networks)
    network = next(iter(networks.values()))
    if not isinstance(network, ColourUNet):
        raise config.ConfigError(f"{options.config.name}: features are stored for a colour-unet only")
    network.to(memory_format=torch.channels_last)  # type: ignore[call-overload]

    def pictures() -> Iterator[NDArray[np.uint8]]:
        for path in options.photos:
            for _, picture, _ in photos.decoded(path, chosen.data.short_side_px, threads=1):
                if picture is not None:
                    yield picture

    count = feature_store.write(
        network, tqdm(pictures(), unit=" photos", leave=False), options.most, options.into,
        side_px=options.side, aged=chosen.data.aged, smallest_crop=chosen.data.smallest_crop, seed=options.seed,
    )  # fmt: skip
    print(f"{count} photos in {options.into}")
    return 0
