"""The before/after picture: the original and the restored photo side by side in one JPEG.

python -m engine.beforeafter ORIGINAL RESTORED PICTURE.jpg        an existing PICTURE.jpg is replaced
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np

from engine.errors import EngineError
from engine.photo import Metadata, Photo

LONGEST_HEIGHT_PX = 1080
GAP_PX = 6


def before_after(before: Photo, after: Photo) -> Photo:
    """Both photos in sRGB beside each other, a white gap of 6 px between them; 8 bits, (H, W, 3).

    Both get the height of the original, at most 1080 px; a photo of another shape keeps its own proportions.
    """
    from engine.color import to_srgb_small

    height = min(before.height, LONGEST_HEIGHT_PX)
    left, right = (
        to_srgb_small(photo, height, max(1, round(photo.width * height / photo.height))) for photo in (before, after)
    )
    gap = np.ones((height, GAP_PX, 3), np.float32)
    joined = np.concatenate([left, gap, right], axis=1)
    return Photo(np.round(joined * 255).astype(np.uint8), None, Metadata("jpeg"))


def main(arguments: list[str]) -> int:
    """Write the picture; returns 0, or 1 with a sentence on stderr."""
    from engine.atomic import write_atomically
    from engine.codecs import encode, read

    if len(arguments) != 3:
        print((__doc__ or "").splitlines()[2], file=sys.stderr)
        return 2
    before, after, picture = (Path(argument) for argument in arguments)
    try:
        joined = before_after(read(before), read(after))
        write_atomically(picture, encode(joined, "jpeg", 92, picture), overwrite=True)
    except EngineError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
