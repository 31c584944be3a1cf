"""Squares for a face detector: pure functions of seed and step, and the boxes lie where the faces are."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from training.config import ConfigError, Data, RunConfig, Source
from training.data.face_crops import MIRRORED, FaceCrops

FACES = [[40, 30, 48, 60, 52, 54, 76, 54, 64, 66, 54, 78, 74, 78, 0.95]]


def photo_with_a_face(folder: Path, faces: list[list[float]] = FACES, name: str = "face.png") -> Path:
    """A dark photo of 160 x 120; each face is an ellipse as bright as its left eye is dark, so that a mirror shows."""
    folder.mkdir(parents=True, exist_ok=True)
    y, x = np.mgrid[:120, :160]
    pixels = np.full((120, 160), 40, np.uint8)
    for left, top, width, height, ex, ey, *_ in faces:
        inside = ((x - left - width / 2) / (width / 2)) ** 2 + ((y - top - height / 2) / (height / 2)) ** 2 < 1
        pixels[inside] = 230
        pixels[np.hypot(x - ex, y - ey) < 5] = 0
    Image.fromarray(pixels).convert("RGB").save(folder / name)
    entry = {"in": folder.name, "photo": name, "width": 160, "height": 120, "faces": faces}
    (folder.parent / f"{name}.jsonl").write_text(json.dumps(entry) + "\n")
    return folder.parent / f"{name}.jsonl"


def config_of(*lists: Path, batch: int = 6, aged: float = 0.0) -> RunConfig:
    return RunConfig(batch=batch, data=Data(train=tuple(Source(str(path)) for path in lists), aged=aged))


def crops_of(config: RunConfig) -> FaceCrops:
    return FaceCrops(config.data.train, config)


def test_a_step_is_a_pure_function_of_the_seed(tmp_path: Path) -> None:
    chosen = config_of(photo_with_a_face(tmp_path / "photos"), aged=0.5)
    first, again = crops_of(chosen).batch(3, 128), crops_of(chosen).batch(3, 128)
    assert torch.equal(first.grey, again.grey) and torch.equal(first.faces, again.faces)
    assert not torch.equal(first.grey, crops_of(chosen).batch(4, 128).grey)
    assert not torch.equal(first.grey, crops_of(replace(chosen, seed=2)).batch(3, 128).grey)
    assert first.grey.shape == (6, 1, 128, 128) and 0 <= float(first.grey.min()) <= float(first.grey.max()) <= 1


def test_sure_boxes_hold_faces_and_the_dark_eye_is_the_left_one_or_its_mirror(tmp_path: Path) -> None:
    """In every square the middle of a sure box is brighter than its corners, and of two eyes one is dark, the other bright: the
    one that the photo's left eye became. About half of the faces are mirrored."""
    crops = crops_of(config_of(photo_with_a_face(tmp_path / "photos")))
    mirrored, seen = 0, 0
    for step in range(6):
        batch = crops.batch(step, 192)
        for grey, rows in zip(batch.grey[:, 0].numpy(), batch.faces.numpy(), strict=True):
            for row in rows[(rows[:, 14] == 1) & (rows[:, 2] > 24)]:
                left, top, width, height = row[:4]
                if left < 0 or top < 0 or left + width > 191 or top + height > 191:
                    continue
                middle = grey[round(top + 0.7 * height), round(left + 0.5 * width)]
                corner = grey[round(top + 1), round(left + 1)]
                eyes = [grey[round(y), round(x)] for x, y in row[4:8].reshape(2, 2)]
                assert middle > corner
                assert min(eyes) < corner <= max(eyes)
                assert row[4] < row[6]  # the first eye is the one on the picture's left
                mirrored, seen = mirrored + (eyes[1] < eyes[0]), seen + 1
    assert seen > 40 and 0.25 < mirrored / seen < 0.75


def test_cut_faces_are_doubtful_and_doubtful_photos_are_not_shown(tmp_path: Path) -> None:
    """Two faces far apart: where one is wanted, the other one is often cut by the edge of its piece. A list of doubtful faces
    alone has nothing to learn from."""
    second = [FACES[0][0] + 64, *FACES[0][1:4], *(n + 64 * (i % 2 == 0) for i, n in enumerate(FACES[0][4:14])), 0.9]
    batch = crops_of(config_of(photo_with_a_face(tmp_path / "a", [FACES[0], second]), batch=8)).batch(1, 192)
    assert set(batch.faces[..., 14].flatten().tolist()) == {-1.0, 0.0, 1.0}
    doubtful = photo_with_a_face(tmp_path / "b", [[*FACES[0][:14], 0.5]], "doubtful.png")
    with pytest.raises(ConfigError, match="no sure face"):
        crops_of(config_of(doubtful))


def test_photos_without_faces_are_shown_too(tmp_path: Path) -> None:
    """About a third of the pieces; so the same squares hold fewer boxes than without such photos."""
    faced, empty = photo_with_a_face(tmp_path / "a"), photo_with_a_face(tmp_path / "b", [], "empty.png")

    def boxes(*lists: Path) -> int:
        crops = crops_of(config_of(*lists, batch=8))
        return sum(int((crops.batch(step, 160).faces[..., 14] == 1).sum()) for step in range(3))

    assert 0 < boxes(faced, empty) < 0.85 * boxes(faced)
    assert "1 of them without a face" in str(crops_of(config_of(faced, empty)))


def test_a_photo_that_is_not_there_is_named(tmp_path: Path) -> None:
    labels = photo_with_a_face(tmp_path / "photos")
    (tmp_path / "photos" / "face.png").rename(tmp_path / "photos" / "other.png")
    with pytest.raises(ConfigError, match=r"face\.png"):
        crops_of(config_of(labels))


def test_mirroring_twice_is_nothing() -> None:
    order = list(range(10))
    assert [[order[i] for i in MIRRORED][i] for i in MIRRORED] == order
