"""`restore` from words to files: what is done, what is left, what is told."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from engine import codecs, sidecar
from engine.hints import Hint
from engine.job import WRITING
from engine.photo import Photo
from engine.recipe import load
from engine.sidecar import Sidecar
from tests.broken_onnx_files import write_broken
from tests.engine import photos
from tests.engine.commands.conftest import Cli, report


def files(folder: Path = Path()) -> list[str]:
    return sorted(path.as_posix() for path in folder.rglob("*") if path.is_file())


def test_a_folder_is_restored_and_reported(cli: Cli) -> None:
    photos.save(photos.grey(), Path("album/a.jpg"))
    photos.save(photos.sepia(), Path("album/b.png"))
    photos.save(photos.coloured(), Path("album/c.webp"), lossless=True)
    said = cli("restore", "album", "--output", "out", "--recipe", "colorize", "--report", "out/report.json")
    assert said.code == 0 and "3 restored" in said.out and said.err == ""
    assert files(Path("out")) == ["out/a-restored.jpg", "out/b-restored.png", "out/c-restored.webp", "out/report.json"]
    entries = report(Path("out/report.json"))
    assert entries["a.jpg"]["status"] == "done" and entries["a.jpg"]["steps"] == ["colorize"]
    assert (
        entries["a.jpg"]["generators"][0]["name"] == "zz-test-colorize"
        and len(entries["a.jpg"]["generators"][0]["sha256"]) == 64
    )
    assert entries["a.jpg"]["provider"] == "CPUExecutionProvider" and entries["a.jpg"]["seconds"] > 0
    assert entries["c.webp"]["generators"] == [] and "already in colour" in entries["c.webp"]["notes"][0]
    assert entries[""]["exit_code"] == 0 and entries[""]["counts"]["done"] == 3
    for name in ("a.jpg", "b.png"):
        before, after = codecs.read(Path("album") / name), codecs.read(Path(entries[name]["output"]))
        assert after.pixels.shape == (*before.pixels.shape[:2], 3)


def test_one_bad_photo_never_stops_the_others(cli: Cli) -> None:
    photos.save(photos.grey(), Path("a.jpg"))
    Path("b.jpg").write_text("this is no photo")
    photos.save(photos.grey(), Path("c.jpg"))
    said = cli("restore", "a.jpg", "b.jpg", "c.jpg", "--report", "r.json")
    assert said.code == 1 and "b.jpg" in said.err and "2 restored, 1 failed" in said.out
    assert [report(Path("r.json"))[f"{name}.jpg"]["status"] for name in "abc"] == ["done", "failed", "done"]
    assert files(Path("restored")) == ["restored/a-restored.jpg", "restored/c-restored.jpg"]


BAD = {
    "empty.jpg": "photo-unreadable",
    "truncated.jpg": "photo-unreadable",
    "text.jpg": "photo-unreadable",
    "folder.jpg": "photo-unreadable",
    "missing.jpg": "photo-missing",
}
GOOD = {
    "wrong-extension.jpg": (120, 160),
    "cmyk.jpg": (120, 160),
    "palette-with-alpha.png": (120, 160),
    "one-pixel.png": (1, 1),
    "grey-16-bit.png": (120, 160),
    "rotated.jpg": (160, 120),
    "colour.jpg": (120, 160),
    "sepia.jpg": (120, 160),
    "two\nlines 'and' “quotes”.png": (120, 160),
}


@pytest.fixture
def strange(cli: Cli) -> Iterator[list[str]]:
    """The inputs that other programs stumble over."""
    Path("empty.jpg").touch()
    photos.save(photos.grey(), Path("truncated.jpg"))
    Path("truncated.jpg").write_bytes(Path("truncated.jpg").read_bytes()[:900])
    Path("text.jpg").write_text("Dear diary")
    Path("folder.jpg").mkdir()
    photos.save(photos.grey(), Path("w.png")).rename("wrong-extension.jpg")
    Image.fromarray(photos.sepia().pixels).convert("CMYK").save("cmyk.jpg")
    palette = Image.fromarray(photos.grey().pixels[..., 0]).convert("P")
    palette.save("palette-with-alpha.png", transparency=bytes(range(256)))
    Image.new("L", (1, 1), 90).save("one-pixel.png")
    Image.fromarray(photos.grey(dtype=np.uint16).pixels[..., 0]).save("grey-16-bit.png")
    exif = Image.Exif()
    exif[274] = 6
    Image.fromarray(photos.grey().pixels[..., 0]).save("rotated.jpg", exif=exif)
    photos.save(photos.coloured(), Path("colour.jpg"))
    photos.save(photos.sepia(), Path("sepia.jpg"))
    photos.save(photos.grey(), Path("two\nlines 'and' “quotes”.png"))
    yield [*BAD, *GOOD]


def test_bad_and_strange_inputs_each_get_a_result_or_a_sentence(cli: Cli, strange: list[str]) -> None:
    said = cli("restore", *strange, "--report", "r.json", "--output", "out")
    entries = report(Path("r.json"))
    assert said.code == 1 and entries[""]["counts"]["failed"] == len(BAD) and "Traceback" not in said.err
    for name, code in BAD.items():
        assert (entries[name]["status"], entries[name]["error_code"]) == ("failed", code)
        assert name in entries[name]["error"] and entries[name]["output"] is None
    for name, shape in GOOD.items():
        assert entries[name]["status"] == "done", entries[name]
        assert codecs.read(Path(entries[name]["output"])).pixels.shape[:2] == shape
    assert codecs.read(Path(entries["grey-16-bit.png"]["output"])).pixels.dtype == np.uint16
    assert codecs.read(Path(entries["palette-with-alpha.png"]["output"])).alpha is not None
    assert Path(entries["wrong-extension.jpg"]["output"]).suffix == ".png"
    assert entries["colour.jpg"]["notes"] and not entries["sepia.jpg"]["notes"]
    assert len(entries) == 1 + len(BAD) + len(GOOD)


def test_a_very_wide_strip_that_webp_cannot_hold(cli: Cli) -> None:
    Image.fromarray(np.tile(photos.grey(20, 300).pixels[..., 0], (1, 100))).save("strip.png")
    assert cli("restore", "strip.png", "--format", "webp", "--report", "r.json").code == 1
    assert report(Path("r.json"))["strip.png"]["error_code"] == "format-cannot-hold"
    assert cli("restore", "strip.png").code == 0
    assert codecs.read(Path("restored/strip-restored.png")).pixels.shape == (20, 30_000, 3)


def test_an_unreadable_photo_is_one_sentence(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    photos.save(photos.grey(), Path("a.jpg"))
    real = Path.open

    def refusing(path: Path, *arguments: object, **named: object) -> object:
        if path.name == "a.jpg":
            raise PermissionError(13, "no")
        return real(path, *arguments, **named)  # type: ignore[call-overload]

    monkeypatch.setattr(Path, "open", refusing)  # root may read everything, so the refusal is played
    said = cli("restore", "a.jpg", "--report", "r.json")
    assert said.code == 1 and "may not read" in report(Path("r.json"))["a.jpg"]["error"]


@pytest.mark.parametrize(
    "words",
    [
        ["missing.jpg"],
        ["empty-folder"],
        ["a.jpg", "--recipe", "nothing"],
        ["a.jpg", "--recipe", "a.jpg"],
        ["a.jpg", "--set", "colorize.strength=2"],
        ["a.jpg", "--set", "colorize.colour=1"],
        ["a.jpg", "--set", "nothing"],
        ["a.jpg", "--name", "{size}"],
        ["a.jpg", "--name", "a/b"],
        ["a.jpg", "--output", "a.jpg"],
        ["a.jpg", "--model", "colorize=nothing"],
        ["a.jpg", "--model", "tone=zz-test-colorize"],
        ["a.jpg", "--model", "colorize"],
        ["a.jpg", "--device", "cuda"],
        ["a.jpg", "--report", "a.jpg"],
        ["a.jpg", "--report", "empty-folder"],
    ],
)
def test_what_cannot_be_done_ends_with_two_and_a_sentence(cli: Cli, words: list[str]) -> None:
    Path("empty-folder").mkdir()
    photos.save(photos.grey(), Path("a.jpg"))
    before = Path("a.jpg").read_bytes()
    said = cli("restore", *words)
    assert said.code == 2 and said.err.strip() and "Traceback" not in said.err
    assert files() == ["a.jpg"] and Path("a.jpg").read_bytes() == before


def test_no_usable_input_is_still_reported(cli: Cli) -> None:
    assert cli("restore", "gone.jpg", "--report", "r.json").code == 2
    assert report(Path("r.json"))["gone.jpg"]["error_code"] == "photo-missing"


def test_a_generator_that_breaks_its_contract_is_one_sentence(cli: Cli, data_folder: Path) -> None:
    write_broken(data_folder / "models", "image has a fixed size")
    photos.save(photos.grey(), Path("a.jpg"))
    said = cli("restore", "a.jpg", "--model", "colorize=broken")
    assert said.code == 2 and "fixed size" in said.err and files() == ["a.jpg"]


def test_settings_and_names_reach_the_result(cli: Cli) -> None:
    photos.save(photos.grey(), Path("a.png"))
    code = cli(
        "restore", "a.png", "--set", "colorize.saturation=0", "--name", "{stem} {recipe} {n:02}", "--output", "."
    ).code
    assert code == 0
    pixels = np.asarray(Image.open("a colorize 01.png")).astype(int)
    assert np.ptp(pixels, axis=2).max() <= 2, "without saturation the result is grey"


def test_a_recipe_of_ones_own(cli: Cli) -> None:
    Path("mine.json").write_text(load("refresh").with_setting("tone.contrast", 1.0).to_json())
    photos.save(photos.grey(), Path("a.png"))
    assert cli("restore", "a.png", "--recipe", "mine.json", "--report", "r.json").code == 0
    assert report(Path("r.json"))["a.png"]["steps"] == ["tone"]


def test_conflicts(cli: Cli) -> None:
    photos.save(photos.grey(), Path("a.png"))
    for words, code, there in (
        ([], 0, ["restored/a-restored.png"]),
        ([], 0, ["restored/a-restored-2.png", "restored/a-restored.png"]),
        (["--on-conflict", "skip"], 0, ["restored/a-restored-2.png", "restored/a-restored.png"]),
        (["--on-conflict", "overwrite"], 0, ["restored/a-restored-2.png", "restored/a-restored.png"]),
    ):
        assert cli("restore", "a.png", *words).code == code
        assert files(Path("restored")) == there
    said = cli("restore", "a.png", "--name", "{stem}", "--output", ".", "--on-conflict", "overwrite")
    assert said.code == 2 and "original" in said.err


def test_same_named_photos_do_not_collide(cli: Cli) -> None:
    photos.save(photos.grey(), Path("a.png"))
    photos.save(photos.sepia(), Path("a.jpg"))
    assert cli("restore", "a.png", "a.jpg", "--format", "png", "--output", "out").code == 0
    assert files(Path("out")) == ["out/a-restored-2.png", "out/a-restored.png"]


def test_a_dry_run_tells_and_does_nothing(cli: Cli) -> None:
    photos.save(photos.grey(), Path("a.png"))
    said = cli("restore", "a.png", "gone.png", "--dry-run")
    assert said.code == 0 and "a-restored.png" in said.out and "colorize" in said.out and "gone.png" in said.out
    assert files() == ["a.png"]


def test_quiet_says_only_what_went_wrong(cli: Cli) -> None:
    photos.save(photos.grey(), Path("a.png"))
    said = cli("restore", "a.png", "gone.png", "--quiet")
    assert said.out == "" and "gone.png" in said.err and "a.png" not in said.err


def test_progress_as_json_lines(cli: Cli) -> None:
    photos.save(photos.grey(), Path("a.png"))
    said = cli("restore", "a.png", "gone.png", "--progress", "json")
    events = [json.loads(line) for line in said.out.splitlines()]
    assert said.err == "" and events[0] == {"event": "begin", "photos": 2} and events[-1]["event"] == "end"
    done = [event["done"] for event in events if event["event"] == "progress"]
    assert done == sorted(done) and len(done) > 4
    results = [event for event in events if event["event"] == "result"]
    assert [(result["index"], result["status"]) for result in results] == [(0, "done"), (1, "failed")]


def test_progress_none_leaves_the_summary(cli: Cli) -> None:
    photos.save(photos.grey(), Path("a.png"))
    assert cli("restore", "a.png", "--progress", "none").out.splitlines()[0].startswith("1 restored")


def test_what_was_done_is_remembered_but_does_not_change_the_next_run(cli: Cli) -> None:
    photos.save(photos.grey(), Path("a.png"))
    cli("restore", "a.png", "--set", "colorize.strength=0.25")
    remembered = sidecar.read(Path("a.png"))
    assert remembered == Sidecar(load("colorize").with_setting("colorize.strength", 0.25), by_hand=False)
    cli("restore", "a.png")
    assert sidecar.read(Path("a.png")) == Sidecar(load("colorize"), by_hand=False)
    first, second = (np.asarray(Image.open(f"restored/a-restored{n}.png")).astype(int) for n in ("", "-2"))
    assert np.ptp(second, axis=2).mean() > 2 * np.ptp(first, axis=2).mean()


def test_what_somebody_chose_for_a_photo_is_followed_and_never_overwritten(cli: Cli) -> None:
    photos.save(Photo(np.full((160, 160, 1), 128, np.uint8)), Path("a.png"))
    chosen = Sidecar(load("colorize").with_setting("colorize.saturation", 0.5), (Hint(0.5, 0.5, "#2040c0", 40),))
    chosen.write(Path("a.png"))
    cli("restore", "a.png", "--report", "r.json")
    assert sidecar.read(Path("a.png")) == chosen and "side-car" in " ".join(report(Path("r.json"))["a.png"]["notes"])
    with_both = np.asarray(Image.open("restored/a-restored.png")).astype(int)
    assert with_both[80, 80, 2] > with_both[80, 80, 0], "the hint says blue"
    cli("restore", "a.png", "--recipe", "colorize")
    with_hint = np.asarray(Image.open("restored/a-restored-2.png")).astype(int)
    assert np.ptp(with_hint[10, 10]) > np.ptp(with_both[10, 10]), "--recipe counts more than the side-car's"
    assert with_hint[80, 80, 2] > with_hint[80, 80, 0], "hints are followed all the same"
    cli("restore", "a.png", "--no-sidecar")
    without = np.asarray(Image.open("restored/a-restored-3.png")).astype(int)
    assert without[80, 80, 2] < without[80, 80, 0]


def test_a_curve_drawn_for_a_photo_stays_with_it_under_another_recipe(cli: Cli) -> None:
    """As its hints do; a curve that the command line names comes first."""
    photos.save(photos.grey(), Path("a.png"))
    chosen = load("colorize").with_enabled("tone", True).with_setting("tone.curve", "0:0 50:20 100:100")
    Sidecar(chosen).write(Path("a.png"))
    on = ("--recipe", "colorize", "--set", "tone.enabled=on", "--report", "r.json")
    cli("restore", "a.png", *on)
    assert "with what was chosen by eye for it" in report(Path("r.json"))["a.png"]["notes"]
    cli("restore", "a.png", *on, "--set", "tone.curve=0:0 50:80 100:100")
    cli("restore", "a.png", *on, "--no-sidecar")
    names = ("a-restored.png", "a-restored-2.png", "a-restored-3.png")
    drawn, named, found = (np.asarray(Image.open(f"restored/{name}").convert("L")).mean() for name in names)
    assert drawn < found - 10 and named > found + 10


@pytest.mark.parametrize("words", [["--no-sidecar", "--recipe", "refresh"], ["--recipe", "colorize"], []])
def test_where_nothing_was_decided_nothing_is_written_beside_the_photo(cli: Cli, words: list[str]) -> None:
    photos.save(photos.grey(), Path("a.png"))
    cli("restore", "a.png", *words)
    assert files() == ["a.png", "restored/a-restored.png"]


def test_a_broken_side_car_is_told_and_kept(cli: Cli) -> None:
    photos.save(photos.grey(), Path("a.png"))
    Path("a.png.autochrome.json").write_text("{broken")
    assert cli("restore", "a.png", "--report", "r.json").code == 0
    assert Path("a.png.autochrome.json").read_text() == "{broken"
    assert "a.png.autochrome.json" in report(Path("r.json"))["a.png"]["notes"][0]


def test_patterns_that_the_shell_left_as_they_are(cli: Cli) -> None:
    """cmd and PowerShell do."""
    for name in ("a.png", "b.png", "c [1].png"):
        photos.save(photos.grey(), Path(name))
    assert cli("restore", "?.png", "c [1].png", "--report", "r.json").code == 0
    assert set(report(Path("r.json"))) == {"", "a.png", "b.png", "c [1].png"}
    assert cli("restore", "*.tif").code == 2


def test_results_in_a_folder_are_left_out_and_it_is_said(cli: Cli) -> None:
    photos.save(photos.grey(), Path("album/scan.png"))
    photos.save(photos.sepia(), Path("album/scan-2.png"))
    words = ("restore", "album", "--output", "album", "--report", "r.json")
    assert "2 restored" in cli(*words).out
    said = cli(*words)
    assert said.code == 0 and "2 restored, 2 left out" in said.out
    assert said.out.count("left out: it is a result of Autochrome") == 2
    entry = report(Path("r.json"))["scan-restored.png"]
    assert entry["status"] == "skipped" and entry["notes"] == ["it is a result of Autochrome"]
    assert "left out: it is a result" in cli(*words, "--dry-run").out


def test_a_photo_that_nothing_changed_is_said_to_be_as_it_was(cli: Cli) -> None:
    photos.save(photos.coloured(), Path("a.jpg"))
    said = cli("restore", "a.jpg", "--report", "r.json")
    assert "left as it was" in said.out and "left as it was" in report(Path("r.json"))["a.jpg"]["notes"]
    assert Path("restored/a-restored.jpg").read_bytes() == Path("a.jpg").read_bytes()


def test_one_hint_is_one_hint(cli: Cli) -> None:
    photos.save(photos.grey(), Path("a.png"))
    Sidecar(load("colorize"), (Hint(0.5, 0.5, "#2040c0"),)).write(Path("a.png"))
    said = cli("restore", "a.png").out
    assert "with 1 hint of" in said


def test_a_side_car_is_written_as_a_whole_too(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    """Under the lock that a process which must leave at once waits for."""
    held: list[bool] = []
    real = Sidecar.write

    def write(self: Sidecar, photo: Path) -> Path:
        held.append(WRITING.locked())
        return real(self, photo)

    monkeypatch.setattr(Sidecar, "write", write)
    photos.save(photos.grey(), Path("a.png"))
    cli("restore", "a.png", "--recipe", "refresh")
    assert held == [True]


@pytest.mark.parametrize(
    ("words", "step"),
    [
        (["a.jpg", "--name", "{size}"], "restore --help"),
        (["a.jpg", "--output", "a.jpg"], "--output"),
        (["a.jpg", "--model", "colorize"], "--model"),
        (["a.jpg", "--report", "."], "--report"),
        (["a.jpg", "--set", "colorize.strength=much"], "recipes --json"),
    ],
)
def test_the_next_step_fits_what_was_wrong(cli: Cli, words: list[str], step: str) -> None:
    photos.save(photos.grey(), Path("a.jpg"))
    assert step in cli("restore", *words).err.split(": ", 2)[2].split(". ")[-1]


def test_what_to_do_about_a_bad_photo_fits_the_photo(cli: Cli, strange: list[str]) -> None:
    cli("restore", *strange, "--report", "r.json", "--output", "out")
    entries = report(Path("r.json"))
    for name, words in {
        "empty.jpg": "Copy it again",
        "text.jpg": "JPEG, PNG, WebP and TIFF",
        "folder.jpg": "folders inside",
        "truncated.jpg": "image viewer",
        "missing.jpg": "There is no “missing.jpg”",
    }.items():
        assert words in entries[name]["error"], name
