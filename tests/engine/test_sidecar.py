"""What was decided for a photo is found again, beside it or in the user's data folder."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path

import pytest

from engine import sidecar
from engine.errors import OutputUnwritable, SidecarInvalid
from engine.face_wishes import FaceWish
from engine.hints import Hint
from engine.recipe import load
from engine.sidecar import Sidecar

DECIDED = Sidecar(
    load("colorize").with_setting("colorize.strength", 0.4), (Hint(0.25, 0.5, "#a04020"), Hint(1, 0, "#000000", 3))
)


@pytest.fixture
def photo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    folder = tmp_path / "album"
    folder.mkdir()
    (folder / "grandma.jpg").write_bytes(b"a photo")
    return folder / "grandma.jpg"


def test_it_lies_beside_the_photo_and_comes_back_the_same(photo: Path) -> None:
    assert sidecar.read(photo) is None and sidecar.find(photo) is None
    assert DECIDED.write(photo) == photo.parent / "grandma.jpg.autochrome.json"
    assert sidecar.read(photo) == DECIDED
    assert sorted(p.name for p in photo.parent.iterdir()) == ["grandma.jpg", "grandma.jpg.autochrome.json"]


def test_what_faces_are_to_get_comes_back_too(photo: Path) -> None:
    decided = replace(DECIDED, faces=(FaceWish(0.25, 0.5, "original"), FaceWish(0.75, 0.5, "full")))
    decided.write(photo)
    assert sidecar.read(photo) == decided


def test_it_replaces_an_older_one(photo: Path) -> None:
    DECIDED.write(photo)
    Sidecar(load("refresh"), by_hand=False).write(photo)
    assert sidecar.read(photo) == Sidecar(load("refresh"), by_hand=False)


def unwritable(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Make `folder` read-only, for root too, by refusing there what the system would refuse."""
    real = os.open

    def refusing(path: object, flags: int, *rest: object, **more: object) -> int:
        if flags & os.O_CREAT and Path(os.fsdecode(path)).parent == folder:  # type: ignore[arg-type]
            raise PermissionError(13, "read-only")
        return real(path, flags, *rest, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(os, "open", refusing)


def test_where_the_folder_cannot_be_written_it_goes_to_the_data_folder(
    photo: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    unwritable(photo.parent, monkeypatch)
    written = DECIDED.write(photo)
    assert written.is_relative_to(tmp_path / "data") and sidecar.read(photo) == DECIDED
    assert not list(photo.parent.glob("*.json"))
    namesake = tmp_path / "other" / "grandma.jpg"
    assert sidecar.read(namesake) is None, "a photo of the same name elsewhere is another photo"


def test_of_two_the_newer_counts(photo: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An album that can only be read since: what is decided now goes elsewhere, and must count all the same."""
    Sidecar(load("refresh")).write(photo)
    with monkeypatch.context() as patch:
        unwritable(photo.parent, patch)
        elsewhere = DECIDED.write(photo)
    os.utime(sidecar.beside(photo), ns=(1_000, 1_000))
    os.utime(elsewhere, ns=(2_000, 2_000))
    assert sidecar.read(photo) == DECIDED
    os.utime(sidecar.beside(photo), ns=(2_000, 2_000))
    assert sidecar.read(photo) == Sidecar(load("refresh")), "of one age: the one beside the photo"


def test_a_renamed_album_does_not_come_back_as_a_ghost(photo: Path, tmp_path: Path) -> None:
    photo.parent.rename(tmp_path / "renamed")
    assert DECIDED.write(photo).is_relative_to(tmp_path / "data")
    assert not photo.parent.exists()


def test_a_side_car_saved_by_notepad_is_read(photo: Path) -> None:
    sidecar.beside(photo).write_text(DECIDED.to_json(), "utf-8-sig")
    assert sidecar.read(photo) == DECIDED


def test_where_nothing_can_be_written_it_says_so(photo: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file where the folder should be")
    unwritable(photo.parent, monkeypatch)
    with pytest.raises(OutputUnwritable):
        DECIDED.write(photo)


def test_entries_of_a_newer_autochrome_are_kept(photo: Path) -> None:
    path = DECIDED.write(photo)
    path.write_text(json.dumps(json.loads(path.read_text()) | {"masks": ["mask.png"]}))
    found = sidecar.read(photo)
    assert found is not None and found.unknown == {"masks": ["mask.png"]}
    found.write(photo)
    assert json.loads(path.read_text())["masks"] == ["mask.png"]


GOOD = json.loads(DECIDED.to_json())


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "\x00",
        "{}",
        json.dumps(GOOD | {"autochrome_sidecar": 2}),
        json.dumps(GOOD | {"recipe": None}),
        json.dumps(GOOD | {"recipe": {}}),
        json.dumps(GOOD | {"hints": {}}),
        json.dumps(GOOD | {"faces": {}}),
        json.dumps(GOOD | {"faces": [{"x": 0.5, "y": 0.5}]}),
        json.dumps(GOOD | {"faces": [{"x": 0.5, "y": 0.5, "treatment": "nice"}]}),
        json.dumps(GOOD | {"faces": [{"x": "0", "y": 0.5, "treatment": "full"}]}),
        json.dumps(GOOD | {"by_hand": 1}),
        json.dumps(GOOD | {"hints": [{"x": 0.5, "y": 0.5}]}),
        json.dumps(GOOD | {"hints": [{"x": 2, "y": 0.5, "colour": "#000000"}]}),
        json.dumps(GOOD | {"hints": [{"x": "0", "y": 0.5, "colour": "#000000"}]}),
        json.dumps(GOOD | {"hints": [{"x": 0.5, "y": 0.5, "colour": "red"}]}),
        json.dumps(GOOD | {"hints": [{"x": 0.5, "y": 0.5, "colour": "#000000", "shape": "round"}]}),
    ],
)
def test_what_cannot_be_understood_is_refused_with_its_name(photo: Path, text: str) -> None:
    sidecar.beside(photo).write_text(text)
    with pytest.raises(SidecarInvalid, match=r"grandma\.jpg\.autochrome\.json"):
        sidecar.read(photo)
