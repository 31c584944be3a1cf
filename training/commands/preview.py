"""`autochrome-train data preview`: a sheet of photos as they are in grey, aged, and where they are damaged."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from training.ageing.noise import Array

CELL_PX = 256


def add(commands: Any) -> None:
    """The words of this command."""
    preview = commands.add_parser("preview", help="a sheet of photos: grey, aged, where damaged")
    preview.set_defaults(command=run)
    preview.add_argument("photos", type=Path, help="a folder of photos, a folder of shards, or one shard")
    preview.add_argument("--into", type=Path, required=True, metavar="SHEET.png")
    preview.add_argument("--count", type=int, default=12, help="photos, evenly spread")
    preview.add_argument("--strength", type=float, default=1.0, help="0 leaves them as they are, 1 is the whole recipe")
    preview.add_argument("--seed", type=int, default=1, help="another seed, other damage; --judging has its own")
    preview.add_argument("--textures", type=Path, metavar="FOLDER", help="your own grey damage textures")
    preview.add_argument("--judging", action="store_true", help="the frozen ageing that figures are measured with")


def run(options: argparse.Namespace) -> int:
    from PIL import Image

    rows = list(_rows(options))
    per_line = 1 if len(rows) < 4 else 2
    lines = -(-len(rows) // per_line)
    sheet = Image.new("RGB", (per_line * 3 * CELL_PX + (per_line - 1) * 16, lines * CELL_PX), (40, 38, 36))
    for index, row in enumerate(rows):
        place = (index % per_line * (3 * CELL_PX + 16), index // per_line * CELL_PX)
        for column, cell in enumerate(row):
            sheet.paste(cell, (place[0] + column * CELL_PX, place[1]))
    options.into.parent.mkdir(parents=True, exist_ok=True)
    sheet.save(options.into)
    print(f"{len(rows)} photos in {options.into}: grey, aged, damage")
    return 0


def _rows(options: argparse.Namespace) -> Iterator[tuple[Any, Any, Any]]:
    """Grey, aged and damage of each photo as pictures of CELL_PX a side."""
    import numpy as np

    from training.ageing import judging, recipe
    from training.ageing.textures import Textures

    textures = Textures(options.textures, judging=options.judging) if options.textures else None
    for index, (name, picture) in enumerate(_chosen(options.photos, options.count)):
        if options.judging:
            aged = judging.judged(picture, name, options.strength, textures)
        else:
            random = np.random.default_rng([options.seed, index])
            aged = recipe.age(picture, random, recipe.TRAINING, options.strength, textures)
        yield _image(picture).convert("L"), _image(aged.picture), _image(aged.damage[..., None].repeat(3, 2))


def _chosen(photos: Path, count: int) -> list[tuple[str, Array]]:
    """`count` of the photos, evenly spread: name and picture (CELL_PX, CELL_PX, 3). One that is broken is left out.

    Raises:
        ConfigError: None of them is a photo.
    """
    import numpy as np
    from PIL import Image, ImageOps

    from training.config import ConfigError
    from training.data.photos import members, upright

    names = [name for name, _ in members(photos)]
    wanted = {names[index * len(names) // count] for index in range(count)} if names else set()
    chosen = []
    for name, encoded in members(photos):
        if name not in wanted:
            continue
        picture = upright(encoded, CELL_PX)
        if picture is not None:
            fitted = ImageOps.fit(picture, (CELL_PX, CELL_PX), Image.Resampling.LANCZOS)
            chosen.append((name, np.asarray(fitted, np.float32) / np.float32(255)))
    if not chosen:
        raise ConfigError(f"data preview: no photos in {photos}")
    return chosen


def _image(picture: Array) -> Any:
    from PIL import Image

    return Image.fromarray((picture * 255 + 0.5).astype("uint8"))
