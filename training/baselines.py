"""What a generator must beat: the classical methods of OpenCV, on pictures (H, W, 3) float32, sRGB 0..1."""

from __future__ import annotations

from types import ModuleType

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from training.config import ConfigError

Picture = NDArray[np.float32]

INPAINT_RADIUS_PX = 3
UNKNOWN_NOISE, NOISE_OF_25, NOISE_OF_WEAR = 10.0, 15.0, 3.0
"""Filter strengths: OpenCV's recommendation, and the best for noise of 25 / 255: of twelve photographs' 20.5 dB strengths of 5, 10,
15, 20 and 25 made 21.2, 25.0, 26.4, 26.2 and 25.3. And the best for the wear that judges: of twelve photographs' 31.46 dB strengths
of 2, 3, 4, 5 and 7 made 31.62, 31.68, 31.43, 30.97 and 29.94."""


def telea(picture: Picture, damage: NDArray[np.bool_]) -> Picture:
    """`picture` with the places of `damage` (H, W) filled from their borders (Telea 2004)."""
    cv2 = opencv()
    filled = cv2.inpaint(_bytes(picture), damage.astype(np.uint8) * 255, INPAINT_RADIUS_PX, cv2.INPAINT_TELEA)
    return _floats(filled)


def navier_stokes(picture: Picture, damage: NDArray[np.bool_]) -> Picture:
    """`picture` with the places of `damage` (H, W) filled by running its lines on (Bertalmio, Bertozzi & Sapiro 2001)."""
    cv2 = opencv()
    filled = cv2.inpaint(_bytes(picture), damage.astype(np.uint8) * 255, INPAINT_RADIUS_PX, cv2.INPAINT_NS)
    return _floats(filled)


def non_local_means(picture: Picture, strength: float = UNKNOWN_NOISE) -> Picture:
    """`picture` without noise (Buades, Coll & Morel 2005); strength: filtering in grey values of 0..255, for luma and chroma."""
    return _floats(opencv().fastNlMeansDenoisingColored(_bytes(picture), None, strength, strength, 7, 21))


def bicubic(picture: Picture, scale: int) -> Picture:
    """`picture` (H, W, 3) as (scale·H, scale·W, 3), Pillow's bicubic filter."""
    height, width = picture.shape[:2]
    size = (width * scale, height * scale)
    planes = [Image.fromarray(picture[..., channel]).resize(size, Image.Resampling.BICUBIC) for channel in range(3)]
    return np.stack([np.asarray(plane) for plane in planes], -1).clip(0, 1)


def opencv() -> ModuleType:
    """The package cv2. Raises ConfigError where it is not installed."""
    try:
        import cv2
    except ImportError as error:
        raise ConfigError("OpenCV is not installed (pip install opencv-python-headless)") from error
    return cv2


def _bytes(picture: Picture) -> NDArray[np.uint8]:
    """Blue, green, red in 0..255, as OpenCV has it."""
    return np.ascontiguousarray((picture[..., ::-1] * 255).round().clip(0, 255).astype(np.uint8))


def _floats(picture: NDArray[np.uint8]) -> Picture:
    return np.ascontiguousarray(picture[..., ::-1]).astype(np.float32) / np.float32(255)
