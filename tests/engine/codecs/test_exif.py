"""EXIF blocks: read, made true again in place, carried into TIFF files; and no block, however broken, crashes us."""

from __future__ import annotations

from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.codecs import exif
from engine.codecs.ifd import LONG, UNDEFINED, Entry, NoTags, TagFile
from tests.engine.codecs.samples import CAMERA, DATE, TITLE, exif_block, said, second_directory


def swapped(block: bytes) -> bytes:
    """The same block in the other byte order, rebuilt entry by entry."""
    from PIL import Image

    other = Image.Exif()
    other.load(block)
    other.endian = ">" if block[:2] == b"II" else "<"
    return other.tobytes().removeprefix(b"Exif\0\0")


@pytest.mark.parametrize("order", ["own", "other"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_orientation_is_found_and_reset(orientation, order):
    block = exif_block(orientation) if order == "own" else swapped(exif_block(orientation))
    assert exif.orientation_of(block) == orientation
    renewed = exif.renewed(block, 48, 32)
    assert exif.orientation_of(renewed) == 1
    assert said(renewed)["orientation"] == 1


@pytest.mark.parametrize("orientation", [0, 9, 700])
def test_an_impossible_orientation_says_nothing(orientation):
    assert exif.orientation_of(exif_block(orientation)) is None


def test_everything_else_stays_byte_for_byte():
    """Maker notes hold offsets, so nothing may move: only the orientation's and the sizes' own bytes differ."""
    block = exif_block(6)
    renewed = exif.renewed(block, 70000, 32)
    assert renewed is not None and len(renewed) == len(block)
    assert sum(a != b for a, b in zip(block, renewed, strict=True)) <= 10
    after = said(renewed)
    assert (after["title"], after["camera"], after["date"], after["north"]) == (TITLE, CAMERA, DATE, "N")
    assert after["latitude"] == (50.0, 56.0, 29.0)
    assert after["size"] == (70000, 32), "a size beyond 65535 becomes LONG"


def test_sizes_are_not_invented():
    assert said(exif.renewed(exif_block(sizes=False), 48, 32))["size"] == (None, None)


def test_the_thumbnail_is_dropped_with_its_bytes():
    block = exif_block(3, thumbnail=True)
    assert second_directory(block) and b"\xff\xd8\xff" in block
    renewed = exif.renewed(block, 48, 32)
    assert renewed is not None and not second_directory(renewed) and b"\xff\xd8\xff" not in renewed
    assert said(renewed)["title"] == TITLE


def test_a_thumbnail_in_the_middle_is_overwritten():
    """Bytes behind it may be anybody's, so they stay where they are."""
    block = exif_block(3, thumbnail=True) + b"something behind"
    renewed = exif.renewed(block, 48, 32)
    assert renewed is not None and len(renewed) == len(block)
    assert b"\xff\xd8\xff" not in renewed and renewed.endswith(b"something behind")


def test_renewing_twice_changes_nothing():
    once = exif.renewed(exif_block(8, thumbnail=True), 48, 32)
    assert exif.renewed(once, 48, 32) == once


def test_dots_an_inch_are_added_without_moving_anything():
    block = exif_block()
    with_dpi = exif.with_dpi(block, (300.0, 299.5))
    assert exif.dpi_of(with_dpi) == (300.0, 299.5)
    assert with_dpi[8 : len(block)] == block[8:]
    assert said(with_dpi)["date"] == DATE and said(with_dpi)["north"] == "N"
    assert exif.with_dpi(with_dpi, (72, 72)) == with_dpi, "what a block says itself stands"
    assert exif.dpi_of(exif.with_dpi(None, (300, 300))) == (300.0, 300.0)


def test_a_value_longer_than_its_place_is_found_where_it_lies():
    file = BytesIO(b"II*\0\0\0\0\0")
    tags = TagFile(file)
    tags.begin_with(tags.append({270: Entry(2, 10, b"long text\0"), 37500: Entry(UNDEFINED, 3, b"abc")}))
    entries = TagFile(file).directory(tags.first).entries
    assert entries[270].data == b"long text\0" and entries[37500].data == b"abc"
    assert file.getvalue()[entries[270].place :].startswith(b"long text")


@pytest.mark.parametrize(
    "block", [None, b"", b"II*\0", b"rubbish that is long enough", b"II*\0\xff\xff\xff\xff", b"MM\0*\0\0\0\x08\xff\xff"]
)
def test_a_block_that_is_none(block):
    assert exif.orientation_of(block) is None
    assert exif.dpi_of(block) is None
    assert exif.renewed(block, 1, 1) is None


def test_a_directory_that_points_to_itself_ends():
    file = BytesIO(b"II*\0\x08\0\0\0")
    tags = TagFile(file)
    file.seek(0, 2)
    tags.append({34665: Entry(LONG, 1, b"\x08\0\0\0")})
    target = TagFile(BytesIO(b"II*\0\0\0\0\0"))
    assert exif.renewed(file.getvalue(), 1, 1) is not None
    exif.into_tiff(file.getvalue(), target)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_a_damaged_block_never_crashes(data):
    block = bytearray(exif_block(6, thumbnail=True))
    for place in data.draw(st.lists(st.integers(0, len(block) - 1), min_size=1, max_size=12)):
        block[place] = data.draw(st.integers(0, 255))
    damaged = bytes(block[: data.draw(st.integers(0, len(block)))])
    exif.orientation_of(damaged)
    exif.dpi_of(damaged)
    renewed = exif.renewed(damaged, 48, 32)
    if renewed is not None:
        assert exif.orientation_of(renewed) in (1, None)
        exif.with_dpi(renewed, (300, 300))
        exif.into_tiff(renewed, TagFile(BytesIO(b"II*\0\0\0\0\0" if renewed[:2] == b"II" else b"MM\0*\0\0\0\0")))


def test_not_every_file_has_tags():
    with pytest.raises(NoTags):
        TagFile(BytesIO(b"\x89PNG\r\n\x1a\n0000000000"))


def test_dots_grow_along_with_the_pixels_and_nothing_moves():
    block = exif.with_dpi(exif_block(), (300, 150))
    larger = exif.with_more_dots(block, 4)
    assert larger is not None and exif.dpi_of(larger) == (1200, 600)
    assert sum(a != b for a, b in zip(block, larger, strict=True)) <= 8
    assert exif.with_more_dots(exif_block(), 1) == exif_block()


@pytest.mark.parametrize("block", [None, b"", b"no block", exif.with_dpi(None, (4e9, 4e9))])
def test_dots_that_cannot_be_told_stay_as_they_are(block):
    assert exif.with_more_dots(block, 4) == block
