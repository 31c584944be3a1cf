"""`colourings` writes what can be chosen, small, with its number, and a sheet of it all."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from engine.color import srgb_to_lab
from engine.hints import Hint
from engine.provenance import is_result
from engine.recipe import load
from engine.sidecar import Sidecar
from tests.engine import photos
from tests.engine.commands.conftest import Cli
from tests.engine.split_files import write_split

pytestmark = pytest.mark.usefixtures("nothing_bundled")

STYLES = [[0.01, 0], [1, 0], [-1, 0.2], [0, -1]]
WITH_STYLES = ("--model", "colorize=styled")


@pytest.fixture
def styled(data_folder: Path) -> None:
    write_split(data_folder / "models", "styled", STYLES)


def lab(path: str | Path, size: tuple[int, int] | None = None) -> np.ndarray:
    """Of a picture, at another (width, height) if asked."""
    with Image.open(path) as image:
        return srgb_to_lab(np.asarray(image.resize(size or image.size), np.float32) / 255)


def files(folder: str) -> list[str]:
    return sorted(path.name for path in Path(folder).iterdir())


@pytest.mark.usefixtures("styled")
def test_every_colouring_and_the_sheet_are_written_and_a_number_takes_one(cli: Cli) -> None:
    photos.save(photos.grey(900, 1200), Path("album/a.png"))
    said = cli("colourings", "album/a.png", *WITH_STYLES)
    assert said.code == 0 and said.err == "" and "a-colourings.jpg  with 4 of them" in said.out
    names = [f"a-colouring-{number}.jpg" for number in (0, 2, 3, 4)]
    assert files("album/colourings") == [*names, "a-colourings.jpg"]
    for name in names:
        assert max(lab(Path("album/colourings", name)).shape) <= 1024
        assert is_result(Path("album/colourings", name)), "so that a folder restored again leaves them out"
    assert cli("restore", "album/a.png", *WITH_STYLES, "--set", "colorize.candidate=3", "--output", "out").code == 0
    restored, shown = lab("out/a-restored.png", (1024, 768)), lab("album/colourings/a-colouring-3.jpg")
    assert np.abs(restored - shown)[..., 1:].mean() < 1.5
    assert np.abs(restored - lab("album/colourings/a-colouring-2.jpg"))[..., 1:].mean() > 5
    sheet = lab("album/colourings/a-colourings.jpg")
    assert sheet.shape[0] > 2 * 270 and sheet.shape[1] > 2 * 360


@pytest.mark.usefixtures("styled")
def test_fewer_and_elsewhere(cli: Cli) -> None:
    photos.save(photos.grey(), Path("a.png"))
    assert cli("colourings", "a.png", *WITH_STYLES, "--most", "2", "--out", "choice").code == 0
    assert len(files("choice")) == 3 and not Path("colourings").exists()


@pytest.mark.usefixtures("styled")
def test_what_is_there_is_kept(cli: Cli) -> None:
    photos.save(photos.grey(), Path("a.png"))
    Path("choice").mkdir()
    Path("choice/a-colouring-0.jpg").write_text("mine")
    assert cli("colourings", "a.png", *WITH_STYLES, "--most", "1", "--output", "choice").code == 0
    assert Path("choice/a-colouring-0.jpg").read_text() == "mine"
    assert files("choice") == ["a-colouring-0-run2.jpg", "a-colouring-0.jpg", "a-colourings-run2.jpg"]


@pytest.mark.usefixtures("styled")
def test_the_files_of_every_run_are_told_apart(cli: Cli) -> None:
    """By one word for the whole run, also where a later run has other colourings, or a photo's name looks like one."""
    photos.save(photos.grey(), Path("a.png"))
    photos.save(photos.grey(), Path("a-colouring-0.png"))
    for most in ("1", "2", "1"):
        said = cli("colourings", "a.png", *WITH_STYLES, "--most", most)
        assert said.code == 0
    assert "a-colourings-run3.jpg" in said.out
    written = [[name for name in files("colourings") if end in name] for end in ("0.jpg", "-run2", "-run3")]
    assert written[0] == ["a-colouring-0.jpg"] and len(written[1]) == 3
    assert written[2] == ["a-colouring-0-run3.jpg", "a-colourings-run3.jpg"]
    assert cli("colourings", "a-colouring-0.png", *WITH_STYLES, "--most", "1").code == 0
    assert "a-colouring-0-colouring-0.jpg" in files("colourings")


@pytest.mark.usefixtures("styled")
def test_hints_of_the_side_car_are_followed(cli: Cli) -> None:
    source = photos.save(photos.grey(400, 400), Path("a.png"))
    Sidecar(load("colorize"), (Hint(0.5, 0.5, "#2040c0", 40),)).write(source)
    for words, blue in (((), True), (("--no-sidecar",), False)):
        said = cli("colourings", "a.png", *WITH_STYLES, "--most", "1", "--output", f"choice{blue}", *words)
        assert said.code == 0 and ("1 hint" in said.out) == blue
        middle = lab(f"choice{blue}/a-colouring-0.jpg")[190:210, 190:210, 2].mean()
        assert (middle < -10) == blue


def test_a_generator_without_styles_shows_the_likeliest(cli: Cli) -> None:
    photos.save(photos.grey(), Path("a.png"))
    assert cli("colourings", "a.png").code == 0
    assert files("colourings") == ["a-colouring-0.jpg", "a-colourings.jpg"]


def test_a_photo_in_colour_is_left_alone(cli: Cli) -> None:
    photos.save(photos.coloured(), Path("a.png"))
    said = cli("colourings", "a.png")
    assert said.code == 1 and "already in colour" in said.out and not Path("colourings").exists()
    assert cli("colourings", "a.png", "--set", "colorize.force=on").code == 0


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("nowhere.png",), "nowhere.png"),
        (("a.png", "--set", "colorize.candidate=99"), "not between 0 and 32"),
        (("a.png", "--model", "colorize=magic"), "magic"),
        (("a.png", "--most", "0"), "1 to 33"),
        ((), "PHOTO"),
    ],
)
def test_what_cannot_be_used_is_one_sentence(cli: Cli, words: tuple[str, ...], sentence: str) -> None:
    photos.save(photos.grey(), Path("a.png"))
    said = cli("colourings", *words)
    assert said.code == 2 and sentence in said.err and "Traceback" not in said.err
