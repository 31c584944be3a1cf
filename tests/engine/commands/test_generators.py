"""`restore` with other generators than the bundled: a second colouriser, one that takes no hints, one that makes old."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from engine import sidecar
from engine.color import srgb_to_lab
from engine.hints import Hint
from engine.photo import Photo
from engine.recipe import load
from engine.sidecar import Sidecar
from tests.engine import photos
from tests.engine.commands.conftest import Cli, report
from tests.engine.split_files import write_split
from tests.onnx_files import TINT, write_ager, write_tinter

pytestmark = pytest.mark.usefixtures("nothing_bundled")


def flat(name: str = "a.png") -> Path:
    return photos.save(Photo(np.full((120, 160, 1), 128, np.uint8)), Path(name))


def chroma(path: str) -> np.ndarray:
    """Mean a*, b* of a result."""
    return srgb_to_lab(np.asarray(Image.open(path), np.float32) / 255)[..., 1:].mean((0, 1))


def test_the_second_colouriser_is_used_where_it_is_named(cli: Cli, data_folder: Path) -> None:
    write_tinter(data_folder / "models", "greener", a=-20, b=10)
    flat()
    assert cli("restore", "a.png", "--model", "colorize=greener", "--report", "r.json").code == 0
    np.testing.assert_allclose(chroma("restored/a-restored.png"), (-20, 10), atol=1)
    entry = report(Path("r.json"))["a.png"]
    assert [used["name"] for used in entry["generators"]] == ["greener"] and entry["notes"] == []
    assert cli("restore", "a.png").code == 0
    np.testing.assert_allclose(chroma("restored/a-restored-2.png"), TINT, atol=1)


def test_a_colouriser_in_two_files_is_used_and_told_with_both_hashes(cli: Cli, data_folder: Path) -> None:
    card = write_split(data_folder / "models", styles=[[0, -0.5]])
    flat()
    assert cli("restore", "a.png", "--model", "colorize=test-split", "--report", "r.json").code == 0
    np.testing.assert_allclose(chroma("restored/a-restored.png"), TINT, atol=1)
    entry = report(Path("r.json"))["a.png"]
    assert entry["generators"] == [{"name": "test-split", "sha256": card.digest}] and entry["notes"] == []
    other = ("--set", "colorize.candidate=2", "--report", "r.json")
    assert cli("restore", "a.png", "--model", "colorize=test-split", *other).code == 0
    assert "has no colouring 2" in report(Path("r.json"))["a.png"]["notes"][0]


def test_hints_that_a_colouriser_does_not_take_are_reported(cli: Cli, data_folder: Path) -> None:
    write_tinter(data_folder / "models", "greener", a=-20, b=10)
    Sidecar(load("colorize"), (Hint(0.5, 0.5, "#2040c0", 64),)).write(flat())
    said = cli("restore", "a.png", "--model", "colorize=greener", "--report", "r.json")
    assert said.code == 0 and "takes no hints" in said.out
    assert [note for note in report(Path("r.json"))["a.png"]["notes"] if "“Tinter” takes no hints" in note]
    np.testing.assert_allclose(chroma("restored/a-restored.png"), (-20, 10), atol=1)
    assert sidecar.read(Path("a.png")).hints, "they stay for a generator that follows them"


def test_a_recipe_that_follows_no_hints_does_not_boast_of_them(cli: Cli) -> None:
    Sidecar(load("colorize"), (Hint(0.5, 0.5, "#2040c0"),)).write(flat())
    assert "hint" not in cli("restore", "a.png", "--recipe", "refresh").out


def test_a_photo_is_made_old(cli: Cli, data_folder: Path) -> None:
    write_ager(data_folder / "models")
    photos.save(photos.coloured(), Path("a.png"))
    assert cli("restore", "a.png", "--recipe", "age", "--report", "r.json").code == 0
    entry = report(Path("r.json"))["a.png"]
    assert entry["steps"] == ["age"] and [used["name"] for used in entry["generators"]] == ["test-age"]
    assert np.hypot(*chroma("restored/a-restored.png")) < 1
    assert cli("restore", "a.png", "--recipe", "age", "--set", "age.strength=0", "--report", "r.json").code == 0
    assert "left as it was" in report(Path("r.json"))["a.png"]["notes"]


def test_without_its_generator_the_recipe_says_what_is_missing_before_the_first_photo(
    cli: Cli, data_folder: Path
) -> None:
    flat()
    said = cli("restore", "a.png", "--recipe", "age")
    assert said.code == 2 and said.out == "" and not Path("restored").exists()
    assert "No generator of the kind “age” is installed." in said.err and str(data_folder / "models") in said.err


def test_a_side_car_whose_generator_is_gone_fails_its_photo_alone(cli: Cli) -> None:
    Sidecar(load("age")).write(flat("a.png"))
    flat("b.png")
    said = cli("restore", "a.png", "b.png", "--report", "r.json")
    entries = report(Path("r.json"))
    assert said.code == 1 and "kind “age”" in said.err
    assert (entries["a.png"]["error_code"], entries["b.png"]["status"]) == ("generator-missing", "done")
    assert json.loads(sidecar.beside(Path("a.png")).read_text())["recipe"]["name"] == "age"
