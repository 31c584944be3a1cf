"""Photos come from folders and shards in a fixed order, once, small, upright; broken ones are left out."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from PIL import Image

from tests.training.photographs import folder_of, picture, shard_of
from training.config import ConfigError, Source
from training.data import photos
from training.lab import srgb_to_lab


def test_a_folder_and_a_shard_together(tmp_path: Path) -> None:
    folder, shard = folder_of(tmp_path / "folder", 3), shard_of(tmp_path / "more.tar", 2, broken=True)
    found = photos.load([Source(str(folder)), Source(str(shard), weight=2.0)], 48)
    assert found.names == ["000.png", "001.png", "002.png", "more/000.webp", "more/001.webp"]
    assert found.weights.tolist() == [1, 1, 1, 2, 2]
    assert [tuple(found.at(index).shape) for index in range(5)] == [(3, 48, 64)] * 5


def test_stored_lab_is_the_pictures_own(tmp_path: Path) -> None:
    found = photos.load([Source(str(folder_of(tmp_path, 1)))], 1000)
    lightness, chroma = photos.lab_of_bytes(found.at(0)[None])
    raw = torch.frombuffer(bytearray(picture(0).tobytes()), dtype=torch.uint8).view(72, 96, 3).permute(2, 0, 1)
    true = srgb_to_lab(raw[None].float() / 255)
    assert float((lightness - true[:, :1]).abs().max()) <= 0.25
    assert float((chroma * 110 - true[:, 1:]).abs().max()) <= 0.51


def test_photos_stand_upright_and_panoramas_are_cut(tmp_path: Path) -> None:
    wide = picture(1, 40, 200)
    exif = Image.Exif()
    exif[0x0112] = 6
    wide.save(tmp_path / "turned.jpg", exif=exif)
    assert tuple(photos.load([Source(str(tmp_path))], 40).at(0).shape) == (3, 80, 40)


def test_a_source_without_photos_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="no photos in"):
        photos.load([Source(str(tmp_path))], 48)
    with pytest.raises(ConfigError, match="neither a folder nor a tar shard"):
        photos.load([Source(str(tmp_path / "nowhere"))], 48)
