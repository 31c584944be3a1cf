"""Marks: small or large, kept in a file, taken from other programs' masks, refused in one sentence."""

from __future__ import annotations

import pickle
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from engine.errors import MaskUnreadable, PhotoMissing
from engine.marks import SUFFIX, Marks


def marks(height: int = 30, width: int = 40) -> Marks:
    """A damaged square with a soft rim and a sound stripe through it."""
    damaged, sound = np.zeros((height, width), np.uint8), np.zeros((height, width), np.uint8)
    damaged[5:15, 5:15] = 255
    damaged[4, 5:15] = 90
    sound[10:12] = 255
    return Marks(damaged, sound)


def test_what_is_written_is_read_back(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(marks().to_png())
    again = Marks.from_file(tmp_path / "a.png")
    np.testing.assert_array_equal(again.damaged, marks().damaged)
    np.testing.assert_array_equal(again.sound, marks().sound)
    assert again.digest == marks().digest == pickle.loads(pickle.dumps(marks())).digest


def test_they_lie_beside_the_photo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    photo = tmp_path / "grandma.jpg"
    assert Marks.read(photo) is None
    assert marks().write(photo) == tmp_path / "grandma.jpg.autochrome-mask.png"
    found = Marks.read(photo)
    assert found is not None and found.digest == marks().digest and SUFFIX == ".autochrome-mask.png"


def test_where_the_album_is_gone_they_go_to_the_data_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    photo = tmp_path / "gone" / "grandma.jpg"
    assert marks().write(photo).is_relative_to(tmp_path / "data")
    assert Marks.read(photo) is not None and not photo.parent.exists()


SQUARE = np.zeros((20, 30), np.uint8)
SQUARE[5:10, 5:10] = 255


def _palette() -> Image.Image:
    image = Image.fromarray((SQUARE > 0).astype(np.uint8), "P")
    image.putpalette([0, 0, 0, 255, 255, 255] + [0] * 750)
    return image


OTHERS = {
    "grey": Image.fromarray(SQUARE),
    "one bit": Image.fromarray(SQUARE).convert("1"),
    "16 bit": Image.fromarray(SQUARE.astype(np.uint16) * 257),
    "colour": Image.fromarray(SQUARE).convert("RGB"),
    "palette": _palette(),
    "opaque white on black": Image.fromarray(SQUARE).convert("RGBA"),
    "black strokes on nothing": Image.merge("LA", [Image.fromarray(SQUARE * 0), Image.fromarray(SQUARE)]),
    "blue strokes on nothing": Image.merge("RGBA", [Image.fromarray(SQUARE * i) for i in (0, 0, 1, 1)]),
    "red on black": Image.merge("RGB", [Image.fromarray(SQUARE * i) for i in (1, 0, 0)]),
}


@pytest.mark.parametrize("kind", OTHERS)
def test_masks_of_other_programs_say_what_is_damaged(tmp_path: Path, kind: str) -> None:
    OTHERS[kind].save(tmp_path / "mask.png")
    found = Marks.from_file(tmp_path / "mask.png")
    np.testing.assert_array_equal(found.damaged, SQUARE)
    assert not found.sound.any()


@pytest.mark.parametrize("content", [b"", b"text", b"\x89PNG\r\n\x1a\n" + b"\0" * 40])
def test_a_bad_file_is_one_sentence(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "mask.png").write_bytes(content)
    with pytest.raises(MaskUnreadable) as refused:
        Marks.from_file(tmp_path / "mask.png")
    assert refused.value.sentence == "The mask “mask.png” cannot be read: it is damaged or not a picture."
    assert "white where the photo is damaged" in refused.value.next_step
    with pytest.raises(PhotoMissing):
        Marks.from_file(tmp_path / "nowhere.png")


@settings(max_examples=60, deadline=None)
@given(st.data(), st.integers(1, 60), st.integers(1, 60), st.integers(1, 60), st.integers(1, 60))
def test_the_thinnest_mark_survives_being_made_smaller(
    data: st.DataObject, height: int, width: int, rows: int, columns: int
) -> None:
    damaged = np.zeros((height, width), np.uint8)
    row, column = data.draw(st.integers(0, height - 1)), data.draw(st.integers(0, width - 1))
    damaged[row, column] = 255
    there = Marks(damaged, np.zeros_like(damaged)).at(min(height, rows), min(width, columns))[0]
    assert there.shape == (min(height, rows), min(width, columns)) and there.dtype == np.float32
    assert there.max() == 1
    assert there[row * there.shape[0] // height, column * there.shape[1] // width] == 1
    assert (there > 0).sum() <= 4, "and does not spread"


def test_enlarged_marks_are_smooth() -> None:
    damaged, sound = marks().at(300, 400)
    steps = max(np.abs(np.diff(plane, axis=axis)).max() for plane in (damaged, sound) for axis in (0, 1))
    assert damaged.max() == sound.max() == 1 and steps < 0.15
    assert damaged[100, 100] == 1 and damaged[200, 200] == 0


def test_what_is_meant_is_half_or_more_and_sound_counts_where_both_are_said() -> None:
    damaged, sound = marks().meant_at(30, 40)
    assert not damaged[4].any() and damaged[5, 5] and not damaged[10, 6] and sound[10, 6]
    assert not (damaged & sound).any()


def test_marks_are_values() -> None:
    with pytest.raises(ValueError, match="read-only"):
        marks().damaged[0, 0] = 1
    with pytest.raises(ValueError, match="must be two uint8"):
        Marks(np.zeros((2, 2), np.uint8), np.zeros((2, 3), np.uint8))
    with pytest.raises(ValueError, match="must be two uint8"):
        Marks(np.zeros((2, 2)), np.zeros((2, 2)))  # type: ignore[arg-type]


def test_empty_marks_know_it_and_others_differ() -> None:
    nothing = np.zeros((3, 4), np.uint8)
    assert Marks(nothing, nothing).is_empty and not marks().is_empty
    one = nothing.copy()
    one[0, 0] = 1
    digests = [Marks(one, nothing).digest, Marks(nothing, one).digest, Marks(nothing, nothing).digest]
    assert len({*digests, Marks(nothing.T.copy(), nothing.T.copy()).digest}) == 4


def test_proportions_are_compared_as_far_as_rounding_lets_one_tell() -> None:
    assert marks(300, 400).fits(3000, 4000) and marks(300, 400).fits(75, 100) and marks(30, 40).fits(3000, 4100)
    assert not marks(300, 400).fits(4000, 3000) and not marks(300, 400).fits(3000, 4200)
