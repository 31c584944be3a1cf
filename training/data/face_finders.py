"""Detectors that faces can be labelled with: one of ours with its card, or an ONNX file with the outputs of YuNet.

YuNet (Wu, Peng & Yu 2023, "YuNet: A Tiny Millisecond-level Face Detector") answers at strides 8, 16 and 32 with class, objectness,
box and landmarks of every place; a box's middle and the landmarks are offsets in strides, its sides the exponential of strides.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from engine.card import Card
from engine.detector import Detector
from engine.errors import EngineError
from engine.faces import Finder
from engine.progress import CancelToken
from engine.session import Device, Session
from training.config import ConfigError

Array = NDArray[np.float32]

STRIDES = (8, 16, 32)
_PARTS = {f"{part}_{stride}" for part in ("cls", "obj", "bbox", "kps") for stride in STRIDES}


def load(file: Path, threads: int = 0) -> Finder:
    """The detector in `file`: a card (.json) of kind detector, or an ONNX file with YuNet's outputs.

    Raises:
        ConfigError: it is neither, or cannot be loaded.
    """
    try:
        device = Device("cpu", threads)
        if file.suffix == ".json":
            return Detector.load(Card.read(file), device).finder()
        session = device.open(file.read_bytes(), file.stem)
    except OSError as error:
        raise ConfigError(f"the detector {file} cannot be read: {error.strerror or error}") from error
    except EngineError as error:
        raise ConfigError(f"the detector {file} cannot be used: {error.sentence}") from error
    if not {tensor.name for tensor in session.outputs} >= _PARTS or len(session.inputs) != 1:
        raise ConfigError(
            f"{file} has not the outputs of YuNet (cls_8, obj_8, bbox_8, kps_8 and so on); name a card (.json)"
        )
    return lambda image: _yunet(session, image)


def _yunet(session: Session, image: Array) -> Array:
    """Rows (M, 15) of an image (H, W, 3), sRGB 0..1; YuNet takes BGR 0..255, sides a multiple of 32, black beyond the picture."""
    height, width = (-(-side // 32) * 32 for side in image.shape[:2])
    picture = np.zeros((1, 3, height, width), np.float32)
    picture[0, :, : image.shape[0], : image.shape[1]] = image.transpose(2, 0, 1)[::-1] * np.float32(255)
    answer = session.run({session.inputs[0].name: picture}, CancelToken(), keep_memory=True)
    rows = []
    for stride in STRIDES:
        down, across = np.mgrid[: height // stride, : width // stride].reshape(2, -1, 1).astype(np.float32)
        place = np.concatenate([across, down], 1)
        seen, there, box, marks = (answer[f"{part}_{stride}"][0] for part in ("cls", "obj", "bbox", "kps"))
        middle, sides = place + box[:, :2], np.exp(box[:, 2:])
        marks = (marks.reshape(-1, 5, 2) + place[:, None]).reshape(-1, 10)
        score = np.sqrt(np.clip(seen, 0, 1) * np.clip(there, 0, 1))
        rows.append(np.concatenate([stride * np.concatenate([middle - sides / 2, sides, marks], 1), score], 1))
    return np.concatenate(rows).astype(np.float32)
