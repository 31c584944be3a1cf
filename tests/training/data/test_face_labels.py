"""A label list holds what a detector found, and says where the photos lie."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from engine.detector import Detector
from engine.session import Device
from tests.engine.detector_files import write_detector
from tests.training.photographs import folder_of, picture, shard_of
from training.config import ConfigError
from training.data import face_labels


def bright_square(file: Path, left: int = 32, top: int = 64) -> Path:
    """A black photo of 128 x 96 with one bright square of 32 pixels."""
    pixels = np.zeros((96, 128, 3), np.uint8)
    pixels[top : top + 32, left : left + 32] = 255
    file.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(pixels).save(file)
    return file


@pytest.fixture
def finder(tmp_path: Path) -> Detector:
    return Detector.load(write_detector(tmp_path / "detector"), Device("cpu"))


def test_what_was_found_is_read_again(tmp_path: Path, finder: Detector) -> None:
    """Boxes to a tenth of a pixel, the source as it lies seen from the list."""
    bright_square(tmp_path / "photos" / "face.png")
    shard = shard_of(tmp_path / "more.tar", 1, broken=True)
    found = face_labels.label([tmp_path / "photos", shard], finder.finder(), (128,))
    photos, faces, left_out = face_labels.write(found, tmp_path / "lists" / "faces.jsonl")
    assert (photos, left_out) == (2, 1) and faces >= 1
    first, second = face_labels.read(tmp_path / "lists" / "faces.jsonl")
    assert (first.photo, first.width, first.height) == ("face.png", 128, 96)
    assert first.source.samefile(tmp_path / "photos") and second.source.samefile(shard)
    assert first.sure[:, :4].tolist() == [[32, 64, 32, 32]]
    assert first.sure[0, 14] == pytest.approx(1, abs=1e-3)
    assert not (tmp_path / "lists" / "faces.jsonl.part").exists()


def test_photos_for_judging_are_left_out(tmp_path: Path, finder: Detector) -> None:
    """The same picture in another size and format is the same photo."""
    folder_of(tmp_path / "photos", 3)
    (tmp_path / "judging").mkdir()
    picture(1).resize((200, 150)).save(tmp_path / "judging" / "x.jpg", quality=90)
    found = list(face_labels.label([tmp_path / "photos"], finder.finder(), (64,), [tmp_path / "judging"]))
    assert [entry and entry.photo for entry in found] == ["000.png", None, "002.png"]


def test_photos_known_to_show_none_are_not_looked_at(tmp_path: Path) -> None:
    bright_square(tmp_path / "photos" / "moon.png")
    (found,) = face_labels.label([tmp_path / "photos"], None, (64,))
    assert found is not None and len(found.faces) == 0


def test_doubtful_faces_are_kept_apart(tmp_path: Path) -> None:
    rows = np.zeros((3, 15), np.float32)
    rows[:, 14] = (0.95, 0.8, 0.5)
    entry = face_labels.Labelled(tmp_path, "x", 10, 10, rows)
    assert len(entry.sure) == 2 and len(entry.doubtful) == 1


@pytest.mark.parametrize(
    "text", ["", "no JSON", '{"photo": "x"}', '{"in": "a", "photo": "b", "width": 1, "height": 1, "faces": [[1]]}']
)
def test_what_is_no_label_list_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "x.jsonl").write_text(text)
    with pytest.raises(ConfigError, match="label list"):
        face_labels.read(tmp_path / "x.jsonl")
