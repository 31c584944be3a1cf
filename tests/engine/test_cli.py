"""The words of the command line, its exit codes, and how it ends when it is told to stop."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from engine.cli import main, parser
from engine.photo import Photo
from tests.engine import photos
from tests.onnx_files import slow, write_generator

ROOT = Path(__file__).resolve().parents[2]
HEAVY = ("numpy", "PIL", "onnxruntime", "rich", "tifffile", "imagecodecs", "torch", "PySide6")


def command(*words: str | Path) -> list[str]:
    return [sys.executable, "-m", "engine.cli", *map(str, words)]


def environment(**changes: str) -> dict[str, str]:
    return os.environ | {"PYTHONPATH": str(ROOT)} | changes


def test_the_words_are_fixed() -> None:
    """Other programs use them: flags may be added, never changed."""
    words = (
        "restore a b --output o --recipe r --set x.y=1 --set z.w=2 --model colorize=m --device cpu --recursive --name {stem} "
        "--format same --quality 80 --on-conflict skip --report r.json --no-sidecar --progress json --dry-run --quiet "
        "--mask m --second-scan t"
    )
    options = parser().parse_args(words.split(" "))
    assert options.inputs == [Path("a"), Path("b")] and options.settings == ["x.y=1", "z.w=2"] and options.quality == 80
    assert options.dry_run and options.no_sidecar and options.recursive and options.quiet
    assert (options.mask, options.second_scan) == (Path("m"), Path("t"))
    plain = parser().parse_args(["restore", "a"])
    assert (plain.output, plain.recipe, plain.name, plain.format) == (None, None, "{stem}-restored", "same")
    assert (plain.device, plain.on_conflict, plain.progress) == ("auto", "rename", "auto")
    for device in ("auto", "cpu", "cuda", "directml", "coreml"):
        assert parser().parse_args(["restore", "a", "--device", device]).device == device
    words = "colourings a --output o --most 33 --model colorize=m --device cpu --set x.y=1 --no-sidecar"
    several = parser().parse_args(words.split(" "))
    assert (several.photo, several.output, several.most, several.models) == (Path("a"), Path("o"), 33, ["colorize=m"])
    assert (several.settings, several.device, several.no_sidecar) == (["x.y=1"], "cpu", True)
    for word in ("recipes", "models", "devices"):
        assert parser().parse_args([word, "--json"]).json


@pytest.mark.parametrize(
    "words",
    [
        [],
        ["restore"],
        ["polish", "a.jpg"],
        ["restore", "a.jpg", "--quality", "0"],
        ["restore", "a.jpg", "--quality", "good"],
        ["restore", "a.jpg", "--device", "tpu"],
        ["restore", "a.jpg", "--format", "gif"],
        ["restore", "a.jpg", "--on-conflict", "ask"],
    ],
)
def test_unusable_arguments_end_with_two(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(words) == 2
    assert capsys.readouterr().err


@pytest.mark.parametrize("words", [["--help"], ["restore", "--help"], ["colourings", "--help"], ["recipes", "--help"]])
def test_help_tells_words_examples_and_exit_codes(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(words) == 0
    said = capsys.readouterr().out
    if words != ["recipes", "--help"]:
        assert "examples:" in said and "130" in said


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--version"]) == 0 and capsys.readouterr().out.startswith("Autochrome ")


def test_help_imports_nothing_heavy() -> None:
    """So that it answers at once."""
    lines = [
        "import sys",
        "from engine.cli import main",
        "assert main(['restore', '--help']) == 0",
        f"print('HEAVY:', sorted(set({HEAVY!r}) & set(sys.modules)))",
    ]
    done = subprocess.run(
        [sys.executable, "-c", "\n".join(lines)],
        env=environment(),
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert "HEAVY: []" in done.stdout


def test_a_reader_who_goes_away_is_no_error(tmp_path: Path) -> None:
    process = subprocess.Popen(
        command("recipes", "--json"), env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert process.stdout is not None and process.stderr is not None
    process.stdout.close()
    assert process.wait(timeout=60) == 0
    assert process.stderr.read() == b""
    process.stderr.close()


@pytest.mark.skipif(sys.platform == "win32", reason="sends a POSIX signal")
def test_ctrl_c_stops_in_the_middle_of_a_photo_and_leaves_nothing_half_written(tmp_path: Path) -> None:
    """In the middle of a run of a generator that takes many seconds."""
    write_generator(tmp_path / "data" / "Autochrome" / "models", slow(300), "zz-slow", kind="colorize", multiple=8)
    for name in "ab":
        photos.save(photos.grey(), tmp_path / "in" / f"{name}.png")
    words = command("restore", "in", "--output", "out", "--report", "report.json", "--progress", "json")
    process = subprocess.Popen(
        [*words, "--model", "colorize=zz-slow", "--set", "colorize.working_size=512", "--no-sidecar"],
        cwd=tmp_path,
        env=environment(XDG_DATA_HOME=str(tmp_path / "data")),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        # A shell starts what runs behind it deaf to Ctrl-C, and children inherit that.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    assert process.stdout is not None
    stage = ""
    while stage != "Finding colours":
        stage = json.loads(process.stdout.readline()).get("stage", "")
    asked = time.monotonic()
    process.send_signal(signal.SIGINT)
    rest, errors = process.communicate(timeout=60)
    # A second is the promise on a machine that is free; on a busy one only the share of the whole run can be told.
    assert time.monotonic() - asked < 10
    assert process.returncode == 130 and "Traceback" not in errors
    assert json.loads(rest.splitlines()[-1])["cancelled"] == 2
    assert sorted(path.name for path in tmp_path.rglob("*") if path.is_file() and "data" not in path.parts) == [
        "a.png",
        "b.png",
        "report.json",
    ]
    written = json.loads((tmp_path / "report.json").read_text())
    assert written["exit_code"] == 130 and [photo["status"] for photo in written["photos"]] == ["cancelled"] * 2


def test_a_photo_is_saved_or_not_also_when_the_process_cannot_wait(tmp_path: Path) -> None:
    """Told to leave at once, a process first finishes the file it is writing."""
    lines = [
        "import threading, time",
        "from engine.commands.run import leave_at_once",
        "from engine.job import WRITING",
        "def write():",
        "    with WRITING:",
        "        started.set()",
        "        time.sleep(0.5)",
        "        open('whole', 'w').write('whole')",
        "started = threading.Event()",
        "threading.Thread(target=write, daemon=True).start()",
        "started.wait()",
        "leave_at_once(130)",
    ]
    done = subprocess.run([sys.executable, "-c", "\n".join(lines)], cwd=tmp_path, env=environment(), timeout=60)
    assert done.returncode == 130 and (tmp_path / "whole").read_text() == "whole"


@pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")
def test_on_a_terminal_a_bar_shows_the_photo_and_the_summary(tmp_path: Path) -> None:
    import pty

    photos.save(Photo(photos.coloured().pixels), tmp_path / "a.png")
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        command("restore", "a.png", "--recipe", "refresh", "--no-sidecar"),
        cwd=tmp_path,
        env=environment(TERM="xterm", COLUMNS="100"),
        stdout=theirs,
        stderr=theirs,
    )
    os.close(theirs)
    said = b""
    while True:
        try:
            part = os.read(ours, 65536)
        except OSError:  # how Linux says that the other side has closed
            break
        if not part:
            break
        said += part
    os.close(ours)
    assert process.wait(timeout=60) == 0
    assert "━" in said.decode() and "1/1" in said.decode() and "1 restored" in said.decode()
