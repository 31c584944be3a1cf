"""Shards hold small upright photos and nothing else, the same bytes each time."""

from __future__ import annotations

import io
import tarfile
from pathlib import Path

import pytest
from PIL import Image

from tests.training.photographs import folder_of, picture, shard_of
from training.config import ConfigError, Source
from training.data import photos, shards


def opened(shard: Path) -> dict[str, Image.Image]:
    with tarfile.open(shard) as content:
        files = {entry.name: content.extractfile(entry) for entry in content}
        return {name: Image.open(io.BytesIO(file.read())) for name, file in files.items() if file is not None}


def test_photos_are_small_and_in_order_over_several_shards(tmp_path: Path) -> None:
    folder, shard = folder_of(tmp_path / "folder", 4), shard_of(tmp_path / "more.tar", 1, broken=True)
    written = shards.write([folder, shard], tmp_path / "set", 36, photos_per_shard=2)
    assert [file.name for file in written.shards] == ["set-000.tar", "set-001.tar", "set-002.tar"]
    assert (written.photos, written.broken) == (5, ["more/broken.webp"])
    names = [name for file in written.shards for name in opened(file)]
    assert names == ["000.webp", "001.webp", "002.webp", "003.webp", "more/000.webp"]
    assert {photo.size for photo in opened(written.shards[0]).values()} == {(48, 36)}
    assert len(photos.load([Source(str(tmp_path / "set"))], 36)) == 5


def test_metadata_stays_behind_and_orientation_is_applied(tmp_path: Path) -> None:
    """EXIF with a place and a maker, XMP and a profile do not travel."""
    exif = Image.Exif()
    exif[0x0112], exif[0x010F] = 6, "Maker"
    profile = b"not a profile"
    picture(1, 40, 60).save(tmp_path / "a.jpg", exif=exif, icc_profile=profile, xmp=b"<x/>", comment=b"secret")
    with Image.open(tmp_path / "a.jpg") as before:
        assert before.getexif() and before.info["icc_profile"] == profile and before.info["xmp"]
    (file,) = shards.write([tmp_path / "a.jpg"], tmp_path / "set", 100).shards
    (after,) = opened(file).values()
    assert after.size == (40, 60)
    assert not after.getexif()
    assert not set(after.info) & {"exif", "xmp", "icc_profile", "comment"}
    assert b"Maker" not in file.read_bytes() and b"secret" not in file.read_bytes()


def test_the_same_photos_give_the_same_bytes(tmp_path: Path) -> None:
    folder = folder_of(tmp_path / "folder", 3)
    for place in ("one", "two"):
        shards.write([folder], tmp_path / place / "set", 36)
    assert (tmp_path / "one/set/set-000.tar").read_bytes() == (tmp_path / "two/set/set-000.tar").read_bytes()


def test_names_are_unique_and_stay_below_the_shard() -> None:
    names = shards.UniqueNames()
    given = ["a.jpg", "a.png", "a-2.jpg", "A.JPG", "../b/c.jpg", "/b/c.webp", "b\\c.png", "x.y.jpg"]
    assert [names.of(name) for name in given] == [
        "a.webp",
        "a-2.webp",
        "a-2-2.webp",
        "A-3.webp",
        "b/c.webp",
        "b/c-2.webp",
        "b/c-3.webp",
        "x.y.webp",
    ]


def test_a_folder_with_shards_is_left_alone(tmp_path: Path) -> None:
    folder, shard = folder_of(tmp_path / "folder", 1), shard_of(tmp_path / "old.tar", 1)
    before = shard.read_bytes()
    with pytest.raises(ConfigError, match="there are shards in"):
        shards.write([folder], tmp_path, 36)
    assert shard.read_bytes() == before
    (tmp_path / "empty").mkdir()
    with pytest.raises(ConfigError, match="there are no photos in"):
        shards.write([tmp_path / "empty"], tmp_path / "set", 36)


def test_a_strip_that_webp_cannot_hold_counts_as_broken(tmp_path: Path) -> None:
    Image.new("RGB", (17_000, 2)).save(tmp_path / "strip.png")
    picture(1).save(tmp_path / "whole.png")
    written = shards.write([tmp_path], tmp_path / "set", 36)
    assert (written.photos, written.broken) == (1, ["strip.png"])
