"""Two scans of a worn print, made by the ageing's relief, for the tests of what is done with them."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
import skimage.data
from PIL import Image

from engine.photo import Photo
from training.ageing.noise import Array
from training.ageing.relief import Relief, Scan, relief_of, scanned

NARROW = 420


@lru_cache(maxsize=4)
def print_of(name: str = "astronaut", texture: float = 0.06) -> tuple[Array, Relief]:
    """A sample photograph (420 pixels, black and white as a print's) and the relief of its paper."""
    picture = Image.fromarray(getattr(skimage.data, name)()).convert("RGB")
    height = round(picture.height * NARROW / picture.width)
    small = np.asarray(picture.resize((NARROW, height), Image.Resampling.LANCZOS), np.float32)
    relief = relief_of(np.random.default_rng(5), height, NARROW, texture=texture, pitch_px=6.0, creases=2, scratches=3)
    return small * np.float32(0.86 / 255) + np.float32(0.06), relief


def two(name: str = "astronaut", texture: float = 0.06, dust: int = 12, **second: Any) -> tuple[Scan, Scan]:
    """A scan, and a second one made as the words of `scanned` say (turned by half a turn if they do not)."""
    picture, relief = print_of(name, texture)
    rng = np.random.default_rng(7)
    return scanned(picture, relief, rng, dust=dust), scanned(
        picture, relief, rng, dust=dust, **{"turn_deg": 180.4, **second}
    )


def photo(scan: Scan, dtype: type = np.uint8, grey: bool = False, **metadata: Any) -> Photo:
    from engine.photo import Metadata

    picture = scan.picture.mean(2, keepdims=True) if grey else scan.picture
    return Photo(np.round(picture * np.iinfo(dtype).max).astype(dtype), None, Metadata(**metadata))
