"""Label lists: which faces a detector found in which photos, one photo a line.

    {"in": "shards/people-00.tar", "photo": "people-00/ccp/0012.webp", "width": 192, "height": 288, "faces": [[15 numbers], ...]}

`in` is a source of photographs (training.data.sources) relative to the list's own folder, `photo` the name that the source gives;
a face is x, y, width, height, five landmarks x, y (engine.faces), in pixels of the upright photo, and the detector's score.
"""

from __future__ import annotations

import io
import json
import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps

from engine.faces import Finder, find_rows
from engine.photo import Photo
from training.config import ConfigError
from training.data.perceptual_hash import Kept, difference_hash
from training.data.photos import in_order, members

SURE, DOUBTFUL = 0.8, 0.3
"""The score from which on a face is to be found, and from which on it is neither to be found nor a false alarm."""


@dataclass(frozen=True)
class Labelled:
    """One photo's faces. source: where `photo` lies; faces: float32 (n, 15), the surest first."""

    source: Path
    photo: str
    width: int
    height: int
    faces: NDArray[np.float32]

    @property
    def sure(self) -> NDArray[np.float32]:
        """Faces that are to be found."""
        return self.faces[self.faces[:, 14] >= SURE]

    @property
    def doubtful(self) -> NDArray[np.float32]:
        """What may be found or not."""
        return self.faces[self.faces[:, 14] < SURE]


def label(
    sources: Sequence[Path], finder: Finder | None, looks: tuple[int, ...], without: Sequence[Path] = ()
) -> Iterator[Labelled | None]:
    """Every photo of `sources` with the faces that `finder` sees, looked at with these long sides in pixels.

    finder: None where the photos are known to show no face. without: photos for judging; whatever is within a few bits of one
    of them, or broken, comes as None.
    """
    judging = Kept()
    for path in without:
        for _, picture in in_order(upright, members(path), 1):
            if picture is not None:
                judging.keep(difference_hash(picture))
    for source in sources:
        for name, picture in in_order(upright, members(source), 1):
            if picture is None or judging.nearest(difference_hash(picture)) is not None:
                yield None
                continue
            rows = np.empty((0, 15), np.float32)
            if finder is not None:
                rows = find_rows(Photo(np.array(picture)), finder, sure=DOUBTFUL, looks=looks)
            yield Labelled(source, name, picture.width, picture.height, rows)


def upright(encoded: bytes) -> Image.Image | None:
    """A photo as RGB at its own size, or None if it is broken."""
    try:
        with Image.open(io.BytesIO(encoded)) as opened:
            return ImageOps.exif_transpose(opened).convert("RGB")
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        return None


def write(labelled: Iterable[Labelled | None], file: Path) -> tuple[int, int, int]:
    """Write a label list, line by line; how many photos and sure faces it holds, and how many photos were left out.

    Raises:
        ConfigError: the disk refuses.
    """
    photos = faces = left_out = 0
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        unfinished = file.with_name(file.name + ".part")
        with unfinished.open("w", encoding="utf-8") as lines:
            for photo in labelled:
                if photo is None:
                    left_out += 1
                    continue
                photos, faces = photos + 1, faces + len(photo.sure)
                lines.write(_line(photo, file.parent) + "\n")
        unfinished.replace(file)
    except OSError as error:
        raise ConfigError(f"{file} cannot be written: {error.strerror or error}") from error
    return photos, faces, left_out


def _line(photo: Labelled, folder: Path) -> str:
    source = os.path.relpath(photo.source.resolve(), folder.resolve())
    rows = [[round(float(n), 1) for n in row[:14]] + [round(float(row[14]), 3)] for row in photo.faces]
    table = {"in": source, "photo": photo.photo, "width": photo.width, "height": photo.height, "faces": rows}
    return json.dumps(table, separators=(",", ":"))


def read(file: Path) -> list[Labelled]:
    """The photos of a label list.

    Raises:
        ConfigError: it is not there or is something else.
    """
    found = []
    try:
        for line in file.read_text("utf-8").splitlines():
            entry = json.loads(line)
            rows = np.array(entry["faces"], np.float32).reshape(-1, 15)
            source = Path(os.path.normpath(file.parent / entry["in"]))
            found.append(Labelled(source, entry["photo"], int(entry["width"]), int(entry["height"]), rows))
    except OSError as error:
        raise ConfigError(f"the label list {file} cannot be read: {error.strerror or error}") from error
    except (ValueError, TypeError, KeyError) as error:
        raise ConfigError(
            f"{file}, line {len(found) + 1}: it is not a label list of `autochrome-train data faces`"
        ) from error
    if not found:
        raise ConfigError(f"there are no photos in the label list {file}")
    return found
