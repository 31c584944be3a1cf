"""`restore --second-scan`: two files become one result, which tells how, and every misuse is one sentence."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from engine import codecs
from engine.commands.second_scan import joined
from engine.marks import Marks
from engine.pipeline import Pipeline
from engine.recipe import load
from tests.engine import photos
from tests.engine.commands.conftest import Cli, report
from tests.engine.scans import photo, two

PLAIN = load("refresh").with_setting("tone.contrast", 1.0).to_json()


def write_scans() -> None:
    Path("plain.json").write_text(PLAIN)
    for name, scan in zip("ab", two(), strict=True):
        photos.save(photo(scan, grey=True), Path(f"{name}.png"))


def test_two_scans_become_one_photo_and_the_report_tells(cli: Cli) -> None:
    pytest.importorskip("cv2")
    write_scans()
    before = Path("a.png").read_bytes(), Path("b.png").read_bytes()
    said = cli("restore", "a.png", "--second-scan", "b.png", "--recipe", "plain.json", "--report", "r.json")
    assert said.code == 0, said.err
    entry = report(Path("r.json"))["a.png"]
    assert entry["second_scan"] == "b.png" and entry["mask"] is None and entry["steps"] == ["tone"]
    assert "turned by 180.4°" in entry["notes"][0] and "marked as damaged" in entry["notes"][0]
    result, first = codecs.read(Path(entry["output"])), codecs.read(Path("a.png"))
    assert result.pixels.shape == first.pixels.shape
    assert (Path("a.png").read_bytes(), Path("b.png").read_bytes()) == before


def test_what_the_scans_found_reaches_the_recipe_as_marks(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("cv2")
    write_scans()
    seen: list[Marks | None] = []
    real = Pipeline.run

    def listening(self: Pipeline, *words: object, **named: object) -> object:
        seen.append(words[5])  # type: ignore[arg-type]
        return real(self, *words, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(Pipeline, "run", listening)
    assert cli("restore", "a.png", "--second-scan", "b.png", "--recipe", "plain.json").code == 0
    assert seen[0] is not None and seen[0].damaged.any() and not seen[0].sound.any()


def test_scans_of_two_prints_are_one_sentence(cli: Cli) -> None:
    pytest.importorskip("cv2")
    write_scans()
    photos.save(photo(two("coffee")[1]), Path("other.png"))
    said = cli("restore", "a.png", "--second-scan", "other.png", "--recipe", "plain.json")
    assert said.code == 1 and "not two scans of the same print" in said.err and "Traceback" not in said.err
    assert not Path("restored").exists()


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["a.png", "c.png", "--second-scan", "b.png"], "goes with one photo, and 2 are given"),
        (["a.png", "--second-scan", "gone.png"], "there is no file"),
        (["a.png", "--second-scan", "a.png"], "the first scan itself"),
    ],
)
def test_a_second_scan_that_cannot_be_is_refused(cli: Cli, words: list[str], sentence: str) -> None:
    for name in "abc":
        photos.save(photos.grey(), Path(f"{name}.png"))
    said = cli("restore", *words)
    assert said.code == 2 and sentence in said.err and not Path("restored").exists()


def test_a_dry_run_names_the_second_scan(cli: Cli) -> None:
    write_scans()
    said = cli("restore", "a.png", "--second-scan", "b.png", "--recipe", "plain.json", "--dry-run")
    assert said.code == 0 and "with second scan b.png" in said.out and not Path("restored").exists()


def test_a_result_never_replaces_the_second_scan(cli: Cli) -> None:
    pytest.importorskip("cv2")
    write_scans()
    before = Path("b.png").read_bytes()
    words = ["--recipe", "plain.json", "--name", "b", "--output", ".", "--on-conflict", "overwrite"]
    said = cli("restore", "a.png", "--second-scan", "b.png", *words)
    assert said.code != 0 and "original" in said.err and Path("b.png").read_bytes() == before


def test_what_somebody_called_sound_stays_sound() -> None:
    """Found and said damage are put together, at the scans' size."""
    found = np.zeros((40, 60), np.uint8)
    found[10:12] = 255
    damaged, sound = np.zeros((20, 30), np.uint8), np.zeros((20, 30), np.uint8)
    damaged[15], sound[:, :10] = 255, 255
    both = joined(Marks(damaged, sound), Marks(found, np.zeros_like(found)))
    at_damaged, at_sound = both.meant_at(40, 60)
    assert at_damaged[10, 40] and at_damaged[30, 40] and at_sound[10, 5] and not at_damaged[10, 5]
    alone = Marks(found, np.zeros_like(found))
    assert joined(None, alone) is alone
