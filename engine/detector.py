"""A detector: an ONNX file of kind `detector` behind its card, image in, rows of boxes out; engine/faces.py makes faces of them."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from engine.card import Card
from engine.contract import BOX_NUMBERS, verified_bytes, what_is_wrong
from engine.errors import GeneratorBroken
from engine.faces import Finder
from engine.progress import CancelToken
from engine.session import Device, Session
from engine.tiles import padded

Array = NDArray[np.float32]

BEYOND = 0.5
"""The grey beyond the picture's right and lower edge, where its sides are no multiples of the card's."""


class Detector:
    """A loaded detector that keeps the contract of its card. Made by `load`."""

    def __init__(self, card: Card, session: Session) -> None:
        self.card = card
        self._session = session

    @classmethod
    def load(cls, card: Card, device: Device) -> Detector:
        """Read, check and try the file of `card` (as read from its folder) on `device`.

        Raises:
            GeneratorBroken: the card is of another kind, or its file is missing, is not the one whose hash the card has, breaks
            the contract or gives no boxes. DeviceUnavailable, OutOfMemory: see engine/session.py.
        """
        if card.kind != "detector" or "generator" not in card.files:
            raise GeneratorBroken(card.name, "it is no detector in one file")

        def accept(session: Session) -> None:
            reason = what_is_wrong(card, session.inputs, session.outputs, session.metadata)
            if reason:
                raise GeneratorBroken(card.name, reason)
            side = padded(16, card.multiple, card.minimum)
            cls(card, session).run(np.full((side, side + card.multiple, 3), 0.5, np.float32))

        return cls(card, device.open(verified_bytes(card, "generator"), card.name, accept))

    def run(self, image: Array, cancel: CancelToken | None = None) -> Array:
        """(M, 15) rows of an image (H, W, 3) float32, sRGB 0..1, in its pixels: every place's answer, most of a low score.

        Raises:
            GeneratorBroken: it gave no boxes. OutOfMemory, Cancelled, DeviceUnavailable. ValueError: a wrong shape.
        """
        if image.ndim != 3 or image.shape[2] != 3 or image.size == 0 or image.dtype != np.float32:
            raise ValueError(f"image must be float32 (H, W, 3), not {image.dtype} {image.shape}")
        height, width = (padded(side, self.card.multiple, self.card.minimum) for side in image.shape[:2])
        picture = np.full((1, 3, height, width), BEYOND, np.float32)
        picture[0, :, : image.shape[0], : image.shape[1]] = image.transpose(2, 0, 1)
        if self.card.range.startswith("bgr"):
            picture = np.ascontiguousarray(picture[:, ::-1])
        if self.card.range.endswith("255"):
            picture *= np.float32(255)
        outputs = self._session.run({self.card.inputs["image"]: picture}, cancel or CancelToken())
        boxes = outputs[self.card.outputs["boxes"]]
        if boxes.ndim != 3 or boxes.shape[0] != 1 or boxes.shape[2] != BOX_NUMBERS:
            raise GeneratorBroken(self.card.name, "its boxes have another shape than the contract says")
        if boxes.size and not (math.isfinite(boxes.min()) and math.isfinite(boxes.max())):
            raise GeneratorBroken(self.card.name, "it gave no boxes")
        rows: Array = boxes[0]
        return rows

    def finder(self, cancel: CancelToken | None = None) -> Finder:
        """What `faces.find_faces` asks: `run`, stopped by `cancel`."""
        return lambda image: self.run(image, cancel)
