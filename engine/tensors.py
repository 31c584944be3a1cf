"""A picture's way into a generator and out of it: padded by reflection, in the card's range, and no picture is refused."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from engine.card import GUIDE_CHANNELS, Card
from engine.errors import GeneratorBroken
from engine.tiles import padded, reflected

Array = NDArray[np.float32]

_BLACK = 0.05


@dataclass(frozen=True)
class Tensors:
    """For pictures of `height` x `width` pixels and the generator of `card`; tensors are H' x W', the padded size."""

    card: Card
    height: int
    width: int

    @cached_property
    def size(self) -> tuple[int, int]:
        """H' and W': the smallest that the card allows."""
        tall, wide = (padded(side, self.card.multiple, self.card.minimum) for side in (self.height, self.width))
        return tall, wide

    def of(self, values: Array) -> Array:
        """(1, C, H', W') of (H, W, C), reflected beyond its edges."""
        if self.size != (self.height, self.width):
            tall, wide = self.size
            values = values[reflected(self.height, tall)][:, reflected(self.width, wide)]
        return np.ascontiguousarray(values.transpose(2, 0, 1)[None])

    def of_image(self, image: Array) -> Array:
        """(1, 3, H', W') in the card's range, of sRGB 0..1 (H, W, 3)."""
        picture = self.of(image[..., ::-1] if self.card.range.startswith("bgr") else image)
        return picture * np.float32(255) if self.card.range.endswith("255") else picture

    def of_guide(self, guide: Array | None) -> Array:
        """(1, G, H', W') of (H, W, G); nothing is said beyond its edges, or by None."""
        said = np.zeros((1, GUIDE_CHANNELS[self.card.kind], *self.size), np.float32)
        if guide is not None:
            said[0, :, : self.height, : self.width] = guide.transpose(2, 0, 1)
        return said

    def picture_in(self, values: Array, brightest: float) -> Array:
        """(S·H, S·W, 3) sRGB 0..1 of what came out; brightest: of what went in. Raises GeneratorBroken."""
        scale = self.card.scale
        picture = self._sound(values, 3, scale)
        if self.card.range.endswith("255"):
            picture = picture / np.float32(255)
        if picture.max() <= 0 and brightest > _BLACK:
            raise GeneratorBroken(self.card.name, "it gave a black picture")
        picture = picture[0, :, : scale * self.height, : scale * self.width].transpose(1, 2, 0)
        if self.card.range.startswith("bgr"):
            picture = picture[..., ::-1]
        return np.clip(picture, 0, 1, out=np.empty(picture.shape, np.float32))

    def map_in(self, values: Array) -> Array:
        """(H, W) 0..1 of what came out. Raises GeneratorBroken."""
        return self._sound(values, 1, 1)[0, 0, : self.height, : self.width].clip(0, 1)

    def _sound(self, values: Array, channels: int, scale: int) -> Array:
        """`values` if they are a picture of the right shape."""
        if values.shape != (1, channels, scale * self.size[0], scale * self.size[1]):
            raise GeneratorBroken(self.card.name, "its result has another size than its card says")
        if not (math.isfinite(values.min()) and math.isfinite(values.max())):
            raise GeneratorBroken(self.card.name, "it gave no picture")
        return values
