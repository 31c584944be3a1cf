"""Photos come from folders and shards in a fixed order, once, small, upright; broken ones are left out."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image, ImageCms

from tests.training.photographs import folder_of, picture, shard_of
from training.config import ConfigError, Source
from training.data import pack, photos
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
    with pytest.raises(ConfigError, match=f"no photos in {re.escape(str(tmp_path))}"):
        photos.load([Source(str(tmp_path))], 48)
    with pytest.raises(ConfigError, match=r"there is no .*nowhere"):
        photos.load([Source(str(tmp_path / "nowhere"))], 48)


def test_broken_photos_are_counted_and_said(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Text, an empty file and a photo that breaks off are named; the others are there."""
    folder_of(tmp_path, 3)
    (tmp_path / "text.jpg").write_text("text")
    (tmp_path / "empty.png").touch()
    whole = (tmp_path / "000.png").read_bytes()
    (tmp_path / "cut.png").write_bytes(whole[: len(whole) // 2])
    found = photos.load([Source(str(tmp_path))], 48)
    assert len(found) == 3
    assert found.broken == ["cut.png", "empty.png", "text.jpg"]
    assert caplog.messages == ["3 of 6 photos could not be read: cut.png, empty.png, text.jpg"]


def test_many_broken_photos_make_a_short_sentence() -> None:
    assert photos.said_of(list("abcdefgh"), 20) == "8 of 20 photos could not be read: a, b, c, d, e and 3 more"


def test_a_part_shares_its_photos(tmp_path: Path) -> None:
    """Some of the photos keep their names, weights and pixels."""
    listed = tmp_path / "list.txt"
    listed.write_text("photos/001.png 4\nphotos/000.png\nphotos/002.png 3\n")
    folder_of(tmp_path / "photos", 3)
    whole = photos.load([Source(str(listed))], 48)
    part = whole.part([2, 0])
    assert (part.names, part.weights.tolist()) == (["photos/002.png", "photos/001.png"], [3, 4])
    assert part.at(0).data_ptr() == whole.at(2).data_ptr()


def test_every_kind_of_source_is_read_by_members(tmp_path: Path) -> None:
    """Folder, shard and pack come as encoded photos; a pack's look as they did when they were packed."""
    folder = folder_of(tmp_path / "folder", 2)
    shard = shard_of(tmp_path / "shard.tar", 1)
    pack.write(photos.decoded(folder, 48), tmp_path / "all.pack", 48)
    assert [name for name, _ in photos.members(folder)] == ["000.png", "001.png"]
    assert [name for name, _ in photos.members(shard)] == ["shard/000.webp"]
    packed = list(photos.members(tmp_path / "all.pack"))
    assert [name for name, _ in packed] == ["000.png", "001.png"]
    direct, again = photos.decode((folder / "000.png").read_bytes(), 48), photos.decode(packed[0][1], 48)
    assert direct is not None and again is not None
    assert np.abs(direct.astype(int) - again).mean() < 0.6


def test_a_wide_colour_space_becomes_srgb(tmp_path: Path) -> None:
    """The same colours stored in another space than sRGB are the same colours here; a useless profile counts as sRGB."""
    wide_profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))
    swapped = bytearray(wide_profile.tobytes())
    picture(3).save(tmp_path / "useless.png", icc_profile=b"not a profile")
    expected = photos.decode((tmp_path / "useless.png").read_bytes(), 1000)
    red, green = swapped.find(b"rXYZ"), swapped.find(b"gXYZ")
    swapped[red : red + 4], swapped[green : green + 4] = b"gXYZ", b"rXYZ"
    swapped = swapped.replace(b"s\0R\0G\0B", b"o\0d\0d\0 ")
    red_green_blue = picture(3).split()
    exchanged = Image.merge("RGB", [red_green_blue[1], red_green_blue[0], red_green_blue[2]])
    exchanged.save(tmp_path / "exchanged.png", icc_profile=bytes(swapped))
    found = photos.decode((tmp_path / "exchanged.png").read_bytes(), 1000)
    assert expected is not None and found is not None
    assert np.abs(expected.astype(int) - found).mean() < 1.5
