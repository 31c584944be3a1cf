"""A pack holds what was decoded, travels in parts, appears whole, and is never trusted."""

from __future__ import annotations

import json
import struct
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from tests.training.photographs import folder_of, picture
from training.config import ConfigError, Source
from training.data import pack, photos

Entry = tuple[str, NDArray[np.uint8], float]


def some(count: int, side: int = 10) -> list[Entry]:
    random = np.random.default_rng(count)
    return [
        (f"{index}/ä.jpg", random.integers(0, 256, (side, side + index, 3), dtype=np.uint8), 1.0 + index)
        for index in range(count)
    ]


def test_what_comes_out_is_what_went_in(tmp_path: Path) -> None:
    assert pack.write(some(3), tmp_path / "new" / "set.pack", 10) == [tmp_path / "new" / "set.pack"]
    found = pack.read(tmp_path / "new" / "set.pack")
    assert found.short_side_px == 10
    for photo, (name, pixels, weight) in zip(found.photos, some(3), strict=True):
        assert (photo.name, photo.weight) == (name, weight)
        assert np.array_equal(photo.picture, pixels)
    assert [file.name for file in (tmp_path / "new").iterdir()] == ["set.pack"]


def test_a_pack_trains_as_the_photos_do(tmp_path: Path) -> None:
    """Names, weights and pixels are those of the folder and its list, to the bit."""
    folder_of(tmp_path / "photos", 3)
    (tmp_path / "list.txt").write_text("photos/002.png 2\nphotos\n")
    direct = photos.load([Source(str(tmp_path / "list.txt"), 3.0)], 48)
    pack.write(photos.decoded(tmp_path / "list.txt", 48), tmp_path / "set.pack", 48)
    packed = photos.load([Source(str(tmp_path / "set.pack"), 3.0)], 48)
    assert packed.names == direct.names
    assert packed.weights.tolist() == direct.weights.tolist() == [6, 3, 3, 3]
    assert all(torch.equal(packed.at(index), direct.at(index)) for index in range(4))


def test_writing_into_a_photo_never_reaches_the_file(tmp_path: Path) -> None:
    pack.write(some(1), tmp_path / "set.pack", 10)
    pack.read(tmp_path / "set.pack").photos[0].picture[:] = 0
    assert np.array_equal(pack.read(tmp_path / "set.pack").photos[0].picture, some(1)[0][1])


def test_parts_are_small_enough_and_whole_together(tmp_path: Path) -> None:
    parts = pack.write(some(40, 20), tmp_path / "set.pack", 20, part_mb=0.02)
    assert [part.name for part in parts] == [f"set-{index + 1}.pack" for index in range(len(parts))]
    sizes = [part.stat().st_size for part in parts]
    assert len(parts) > 3 and max(sizes) <= 20_000 and min(sizes[:-1]) > 15_000
    (tmp_path / "all").mkdir()
    for part in parts:
        part.rename(tmp_path / "all" / part.name)
    names = [photo.name for part in sorted((tmp_path / "all").iterdir()) for photo in pack.read(part).photos]
    assert sorted(names) == sorted(name for name, _, _ in some(40))


def test_a_photo_larger_than_a_part_gets_a_part_of_its_own(tmp_path: Path) -> None:
    assert len(pack.write(some(2, 40), tmp_path / "set.pack", 40, part_mb=0.001)) == 2


def test_a_pack_made_for_more_is_refused_and_one_made_for_less_is_taken(tmp_path: Path) -> None:
    pack.write(some(1), tmp_path / "set.pack", 256)
    with pytest.raises(ConfigError, match="packed with a short side of 256 px, and 176 px are wanted: set "):
        photos.load([Source(str(tmp_path / "set.pack"))], 176)
    assert len(photos.load([Source(str(tmp_path / "set.pack"))], 288)) == 1


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    """Neither the pack itself nor a part of its name: parts of two packings would be read together."""
    (tmp_path / "set-3.pack").touch()
    (tmp_path / "set-old.pack").touch()
    with pytest.raises(ConfigError, match=r"set-3\.pack is there already"):
        pack.write(some(1), tmp_path / "set.pack", 10)
    (tmp_path / "set-3.pack").unlink()
    pack.write(some(1), tmp_path / "set.pack", 10)
    with pytest.raises(ConfigError, match=r"set\.pack is there already"):
        pack.write(some(1), tmp_path / "set.pack", 10, part_mb=1)


def test_an_interrupted_packing_leaves_nothing(tmp_path: Path) -> None:
    def broken_off() -> Iterator[Entry]:
        yield from some(5, 30)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        pack.write(broken_off(), tmp_path / "set.pack", 30, part_mb=0.005)
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(ConfigError, match="no photos to pack"):
        pack.write([], tmp_path / "set.pack", 30)
    with pytest.raises(ConfigError, match=r"ends with \.pack"):
        pack.write(some(1), tmp_path / "set.bin", 30)
    assert list(tmp_path.iterdir()) == []


HEAD = struct.Struct("<8sIQQ")


def hostile(header: object, pixels: int = 12, magic: bytes = b"ACPACK\r\n", version: int = 1) -> bytes:
    encoded = header if isinstance(header, bytes) else json.dumps(header).encode()
    return HEAD.pack(magic, version, HEAD.size + pixels, len(encoded)) + bytes(pixels) + encoded


GOOD = {"short_side_px": 2, "photos": [["a", 2, 2, 1.0]]}


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"short",
        hostile(GOOD, magic=b"PK\3\4aaaa"),
        hostile(GOOD, version=2),
        hostile(GOOD)[:-1],
        hostile(GOOD) + b"x",
        hostile(GOOD, pixels=11),
        hostile(b"{"),
        hostile(b"\xff\xff"),
        hostile(b"[" * 100_000),
        hostile([]),
        hostile({"short_side_px": 2}),
        hostile({"short_side_px": 2, "photos": []}, pixels=0),
        hostile({"short_side_px": 2, "photos": [["a", -2, -2, 1.0]]}),
        hostile({"short_side_px": 2, "photos": [["a", 2.0, 2, 1.0]]}),
        hostile({"short_side_px": 2, "photos": [["a", True, 4, 1.0]]}),
        hostile({"short_side_px": 2, "photos": [["a", 2, 2, float("nan")]]}),
        hostile({"short_side_px": 2, "photos": [["a", 2, 2, 0]]}),
        hostile({"short_side_px": 2, "photos": [[7, 2, 2, 1.0]]}),
        hostile({"short_side_px": 2, "photos": [["a", 2, 2]]}),
        hostile({"short_side_px": "2", "photos": [["a", 2, 2, 1.0]]}),
        hostile({"short_side_px": 2, "photos": 7}),
        HEAD.pack(b"ACPACK\r\n", 1, 2**63, 2**63) + b"x" * 20,
        HEAD.pack(b"ACPACK\r\n", 1, 4, HEAD.size + 8) + b"x" * 12,
    ],
)
def test_a_hostile_pack_is_refused_in_a_sentence(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "bad.pack").write_bytes(content)
    with pytest.raises(ConfigError, match=r"bad\.pack is (not a pack, or it is damaged|a pack of version 2)"):
        pack.read(tmp_path / "bad.pack")


def test_the_hostile_packs_are_hostile_for_one_reason_each(tmp_path: Path) -> None:
    (tmp_path / "good.pack").write_bytes(hostile(GOOD))
    assert pack.read(tmp_path / "good.pack").photos[0].picture.shape == (2, 2, 3)


@given(st.data())
def test_a_pack_with_a_flipped_byte_is_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    """Nothing but a ConfigError, whatever byte a transfer has spoilt."""
    folder = tmp_path_factory.mktemp("flipped")
    (file,) = pack.write(some(2), folder / "set.pack", 10)
    content = bytearray(file.read_bytes())
    header = len(content) - int.from_bytes(content[20:28], "little")
    place = data.draw(st.one_of(st.integers(0, 27), st.integers(header, len(content) - 1)))
    content[place] ^= data.draw(st.integers(1, 255))
    file.write_bytes(content)
    try:
        found = pack.read(file)
    except ConfigError:
        return
    assert sum(photo.picture.size for photo in found.photos) == header - 28


def test_pictures_survive_the_whole_way(tmp_path: Path) -> None:
    """Decoded, packed, mapped: the Lab bytes are the picture's."""
    picture(5).save(tmp_path / "a.png")
    pack.write(photos.decoded(tmp_path / "a.png", 48), tmp_path / "a.pack", 48)
    direct = photos.decode((tmp_path / "a.png").read_bytes(), 48)
    assert direct is not None
    assert np.array_equal(pack.read(tmp_path / "a.pack").photos[0].picture, direct)
