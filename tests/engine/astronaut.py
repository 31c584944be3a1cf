"""A real face for tests: NASA's portrait of Eileen Collins, which scikit-image has, and where its face is."""

from __future__ import annotations

import numpy as np
import skimage.data

from engine.faces import Face
from engine.photo import Photo

FACE = Face(
    (178.0, 66.0, 88.0, 114.0), ((203.5, 101.0), (246.5, 102.5), (226.5, 128.0), (207.0, 141.5), (244.0, 140.5)), 0.99
)


def portrait() -> Photo:
    """(512, 512, 3) uint8."""
    return Photo(np.ascontiguousarray(skimage.data.astronaut()))
