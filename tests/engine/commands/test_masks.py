"""`restore --mask`: which mask a photo gets, what becomes of wrong ones, and what is told of them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from engine.commands.masks import Mask, Masks
from engine.errors import EngineError, SettingInvalid
from engine.job import Job
from engine.marks import Marks
from tests.engine import photos
from tests.engine.commands.conftest import Cli, report


@pytest.fixture
def taken(monkeypatch: pytest.MonkeyPatch) -> dict[str, Marks | None]:
    """Photo's name -> the marks that its job got; colorize counts as a step that takes marks, so that no heavy one need run."""
    from engine.steps import STEPS

    monkeypatch.setattr(type(STEPS["colorize"]), "uses_marks", True)
    marks: dict[str, Marks | None] = {}
    real = Job.run

    def listening(self: Job, *words: object) -> object:
        marks[self.spec.source.name] = self.marks
        return real(self, *words)  # type: ignore[arg-type]

    monkeypatch.setattr(Job, "run", listening)
    return marks


def write_mask(path: Path, height: int = 60, width: int = 80, row: int = 5) -> Path:
    """White where row `row` is, else black; half the size of the test photos."""
    path.parent.mkdir(parents=True, exist_ok=True)
    pixels = np.zeros((height, width), np.uint8)
    pixels[row] = 255
    Image.fromarray(pixels).save(path)
    return path


def row_of(marks: Marks | None) -> int:
    assert marks is not None
    return int(np.flatnonzero(marks.damaged.any(1))[0])


def test_one_mask_for_a_batch(cli: Cli, taken: dict[str, Marks | None]) -> None:
    for name in "ab":
        photos.save(photos.grey(), Path(f"album/{name}.jpg"))
    write_mask(Path("m.png"), row=7)
    assert cli("restore", "album", "--mask", "m.png", "--report", "r.json").code == 0
    assert {name: row_of(marks) for name, marks in taken.items()} == {"a.jpg": 7, "b.jpg": 7}
    entry = report(Path("r.json"))["a.jpg"]
    assert entry["mask"] == "m.png" and "with the mask “m.png”" in entry["notes"]


def test_a_folder_of_masks_is_searched_by_name(cli: Cli, taken: dict[str, Marks | None]) -> None:
    for name in "abcd":
        photos.save(photos.grey(), Path(f"{name}.jpg"))
    write_mask(Path("masks/a.png"), row=1)
    write_mask(Path("masks/b-mask.png"), row=2)
    write_mask(Path("masks/c.jpg.autochrome-mask.png"), row=3)
    assert cli("restore", "a.jpg", "b.jpg", "c.jpg", "d.jpg", "--mask", "masks").code == 0
    assert [row_of(taken[f"{name}.jpg"]) for name in "abc"] == [1, 2, 3] and taken["d.jpg"] is None


def test_a_photo_is_never_its_own_mask(cli: Cli, taken: dict[str, Marks | None]) -> None:
    photos.save(photos.grey(), Path("a.png"))
    write_mask(Path("a-mask.png"), row=4)
    assert cli("restore", "a.png", "--mask", ".").code == 0
    assert row_of(taken["a.png"]) == 4


def test_a_side_car_mask_is_taken_by_itself_unless_it_is_forbidden(cli: Cli, taken: dict[str, Marks | None]) -> None:
    """And is no photo of the folder itself."""
    photos.save(photos.grey(), Path("album/a.jpg"))
    write_mask(Path("album/a.jpg.autochrome-mask.png"), row=9)
    assert cli("restore", "album", "--report", "r.json").code == 0
    assert row_of(taken["a.jpg"]) == 9 and list(taken) == ["a.jpg"]
    entry = report(Path("r.json"))["a.jpg"]
    assert "with the mask of its side-car" in entry["notes"] and entry["mask"].endswith("a.jpg.autochrome-mask.png")
    assert cli("restore", "album", "--no-sidecar").code == 0
    assert taken["a.jpg"] is None


def test_a_side_car_that_cannot_be_used_is_told_and_left_aside(cli: Cli, taken: dict[str, Marks | None]) -> None:
    photos.save(photos.grey(), Path("a.jpg"))
    write_mask(Path("a.jpg.autochrome-mask.png"), 50, 50)
    photos.save(photos.grey(), Path("b.jpg"))
    Path("b.jpg.autochrome-mask.png").write_text("no picture")
    said = cli("restore", "a.jpg", "b.jpg")
    assert said.code == 0 and "proportions" in said.out and "cannot be read" in said.out
    assert taken == {"a.jpg": None, "b.jpg": None}


def test_a_mask_of_other_proportions_fails_its_photo_alone(cli: Cli, taken: dict[str, Marks | None]) -> None:
    photos.save(photos.grey(), Path("a.jpg"))
    photos.save(photos.grey(160, 120), Path("b.jpg"))
    write_mask(Path("m.png"))
    said = cli("restore", "a.jpg", "b.jpg", "--mask", "m.png")
    assert said.code == 1 and "80 × 60" in said.err and "b.jpg" in said.err and list(taken) == ["a.jpg"]


def test_a_dry_run_names_the_mask(cli: Cli, taken: dict[str, Marks | None]) -> None:
    photos.save(photos.grey(), Path("a.jpg"))
    write_mask(Path("m.png"))
    said = cli("restore", "a.jpg", "--mask", "m.png", "--dry-run")
    assert said.code == 0 and "with mask m.png" in said.out and taken == {}


def test_a_mask_that_nothing_takes_or_that_is_not_there_is_refused(cli: Cli) -> None:
    photos.save(photos.grey(), Path("a.jpg"))
    write_mask(Path("m.png"))
    said = cli("restore", "a.jpg", "--mask", "m.png", "--recipe", "refresh", "--set", "tone.contrast=0.5")
    assert said.code == 2 and "no step of the recipe" in said.err
    with pytest.raises(SettingInvalid):
        Masks(Path("gone.png"))


def test_a_mask_that_is_no_picture_is_an_error_where_it_was_asked_for(tmp_path: Path) -> None:
    photo = photos.save(photos.grey(), tmp_path / "a.jpg")
    (tmp_path / "m.png").write_text("no picture")
    with pytest.raises(EngineError):
        Mask(tmp_path / "m.png", asked_for=True).marks_for(photo)
    assert Mask(tmp_path / "m.png", asked_for=False).marks_for(photo)[0] is None
