"""A contact sheet: pictures of one photo beside each other in rows, each with a word below it."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from engine.photo import Metadata, Photo

CELL_PX = 360
"""Long side of a picture on the sheet."""
GAP_PX = 12
WORD_PX = 18
PAPER, INK = 245, 40


def contact_sheet(pictures: Sequence[Photo], words: Sequence[str]) -> Photo:
    """`pictures`, all of one shape, with `words` below them, in as many columns as rows or one more; sRGB, 8 bits."""
    from PIL import Image, ImageDraw, ImageFont

    from engine.color import to_srgb_small

    scale = CELL_PX / max(pictures[0].height, pictures[0].width)
    height, width = (max(1, round(side * scale)) for side in (pictures[0].height, pictures[0].width))
    columns = math.ceil(math.sqrt(len(pictures)))
    rows = math.ceil(len(pictures) / columns)
    line = WORD_PX + GAP_PX
    sheet = Image.new("RGB", (GAP_PX + columns * (width + GAP_PX), GAP_PX + rows * (height + line)), (PAPER,) * 3)
    draw, font = ImageDraw.Draw(sheet), ImageFont.load_default(WORD_PX * 0.75)
    for place, (picture, word) in enumerate(zip(pictures, words, strict=True)):
        left, top = GAP_PX + place % columns * (width + GAP_PX), GAP_PX + place // columns * (height + line)
        small: NDArray[np.uint8] = np.round(to_srgb_small(picture, height, width) * 255).astype(np.uint8)
        sheet.paste(Image.fromarray(small), (left, top))
        draw.text((left, top + height + 2), word, fill=(INK,) * 3, font=font)
    return Photo(np.asarray(sheet), None, Metadata("jpeg"))
