"""bootstrap.py's decisions: which runtime, which display, what is missing, what an interrupted set-up leads to."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

import bootstrap
from bootstrap import STAMP, UNFINISHED, Runtime, SetupFailed

SCRIPT = Path(bootstrap.__file__)
CPU = Runtime("cpu", "the test says so")


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that bootstrap takes for the checkout."""
    (tmp_path / "pyproject.toml").write_text("[project]")
    (tmp_path / "constraints.txt").write_text("pillow==13.0.0")
    monkeypatch.setattr(bootstrap, "ROOT", tmp_path)
    return tmp_path


@pytest.fixture
def pip(project: Path, monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """Stands for pip: remembers what it was asked to install, and fails or is interrupted when told so.

    Environments are real ones; where a shell script can do it they are made without pip, which takes most of the time.
    """
    if os.name != "nt":
        tool(project, "python-without-pip", f'exec "{sys.executable}" "$@" --without-pip')
        monkeypatch.setattr(sys, "executable", str(project / "python-without-pip"))
    fake = SimpleNamespace(installed=[], answer=True)

    def install(python: Path, *arguments: str) -> bool:
        fake.installed.append(arguments[-1])
        if isinstance(fake.answer, BaseException):
            raise fake.answer
        return bool(fake.answer)

    monkeypatch.setattr(bootstrap, "pip_install", install)
    monkeypatch.setattr(bootstrap, "need_room", lambda room_gb: None)
    return fake


def tool(folder: Path, name: str, script: str) -> None:
    """A program of that name in `folder`."""
    (folder / name).write_text(f"#!/bin/sh\n{script}\n")
    (folder / name).chmod(0o755)


def test_an_old_python_gets_a_sentence() -> None:
    """Python 3.6 can read the file as far as the line that says what is needed."""
    ast.parse(SCRIPT.read_text("utf-8"), feature_version=(3, 6))
    pretend = (
        "import sys; sys.version_info = (3, 9, 2); exec(compile(open(sys.argv[1]).read(), 'bootstrap.py', 'exec'))"
    )
    answer = subprocess.run([sys.executable, "-c", pretend, str(SCRIPT)], capture_output=True, text=True)
    assert answer.returncode == 1
    assert answer.stderr.startswith("Autochrome needs Python 3.11 or newer, and this is Python 3.9.")


def test_nothing_but_the_standard_library_is_imported() -> None:
    """The script runs before anything is installed."""
    nodes = ast.walk(ast.parse(SCRIPT.read_text("utf-8")))
    names = {n.module for n in nodes if isinstance(n, ast.ImportFrom)}
    names |= {
        a.name for n in ast.walk(ast.parse(SCRIPT.read_text("utf-8"))) if isinstance(n, ast.Import) for a in n.names
    }
    assert len(names) > 5
    assert {str(name).split(".")[0] for name in names} <= sys.stdlib_module_names


@pytest.mark.parametrize(
    ("cards", "runtime", "says"),
    [
        ("NVIDIA H200, 580.95.05, 9.0\n", "gpu", "NVIDIA H200 with driver 580.95.05"),
        ("NVIDIA GeForce GTX 1650, 590.10, 7.5\n", "gpu", "GTX 1650"),
        ("Tesla V100-SXM2-16GB, 580.65.06, 7.0\n", "cpu", "compute capability 7.0"),
        ("NVIDIA GeForce RTX 4090, 550.54.14, 8.9\n", "cpu", "driver 550.54.14"),
        ("Tesla V100, 580.65.06, 7.0\nNVIDIA RTX A4000, 580.65.06, 8.6\n", "gpu", "A4000"),
        ("Old card, [N/A], [N/A]\n", "cpu", "does not say enough about Old card"),
        ("something else entirely\n", "cpu", "does not say enough"),
        ("\n", "cpu", "lists no card"),
        (None, "cpu", "no working NVIDIA driver"),
    ],
)
def test_the_gpu_package_is_only_for_cards_that_it_supports(cards: str | None, runtime: str, says: str) -> None:
    """CUDA 13 wants driver 580 and Turing; the reason names what was found."""
    chosen = bootstrap.runtime_for_cards(cards)
    assert chosen.runtime == runtime
    assert says in chosen.reason


@pytest.mark.skipif(os.name == "nt", reason="the stand-in is a shell script")
@pytest.mark.parametrize(("script", "answer"), [("echo A card, 580.1, 8.0", "A card, 580.1, 8.0\n"), ("exit 9", None)])
def test_nvidia_smi_is_asked(script: str, answer: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A driver that does not answer counts as none."""
    tool(tmp_path, "nvidia-smi", script)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert bootstrap.nvidia_cards() == answer


def test_a_wish_is_followed_without_looking() -> None:
    """--runtime directml wins over everything that could be found."""
    assert bootstrap.choose_runtime("directml") == Runtime("directml", "you asked for it")


def test_an_environment_is_made_once(project: Path, pip: SimpleNamespace) -> None:
    """The second run finds the stamp; other requirements, or another choice, install again into the same environment."""
    folder = project / ".venv"
    python = bootstrap.prepare(folder, ["cpu"], CPU)
    assert python.exists()
    assert bootstrap.read_stamp(folder)["reason"] == "the test says so"
    bootstrap.prepare(folder, ["cpu"], CPU)
    assert pip.installed == [".[cpu]"]

    keep = folder / "keep"
    keep.touch()
    (project / "constraints.txt").write_text("pillow==13.0.1")
    bootstrap.prepare(folder, ["cpu"], CPU)
    bootstrap.prepare(folder, ["gpu"], Runtime("gpu", "asked"))
    assert pip.installed == [".[cpu]", ".[cpu]", ".[gpu]"]
    assert keep.exists()
    assert not (folder / UNFINISHED).exists()


@pytest.mark.parametrize("trouble", [KeyboardInterrupt(), False])
def test_an_interrupted_set_up_is_begun_anew(trouble: object, project: Path, pip: SimpleNamespace) -> None:
    """What a killed or failed installation left is removed, and the next run ends well."""
    folder = project / ".venv"
    pip.answer = trouble
    with pytest.raises((KeyboardInterrupt, SetupFailed)):
        bootstrap.prepare(folder, ["cpu"], CPU)
    assert (folder / UNFINISHED).exists()
    assert not (folder / STAMP).exists()

    left = folder / "half-written"
    left.touch()
    pip.answer = True
    assert bootstrap.prepare(folder, ["cpu"], CPU).exists()
    assert not left.exists()
    assert (folder / STAMP).exists()


def test_somebody_elses_environment_is_not_touched(project: Path, pip: SimpleNamespace) -> None:
    """A .venv that bootstrap did not make stays as it is."""
    own = project / ".venv" / "pyvenv.cfg"
    own.parent.mkdir()
    own.write_text("home = elsewhere")
    with pytest.raises(SetupFailed, match="was not made by bootstrap"):
        bootstrap.prepare(own.parent, ["cpu"], CPU)
    assert own.read_text() == "home = elsewhere"
    assert pip.installed == []


@pytest.mark.parametrize("content", ["", "{", "[]", "\x00"])
def test_an_unreadable_stamp_is_none(content: str, tmp_path: Path) -> None:
    (tmp_path / STAMP).write_text(content)
    assert bootstrap.read_stamp(tmp_path) == {}


@pytest.mark.skipif(sys.platform != "linux", reason="shared objects by their Linux names")
def test_missing_libraries_are_found_out() -> None:
    assert bootstrap.missing_libraries(["libc.so.6", "libautochrome-nowhere.so.1"]) == ["libautochrome-nowhere.so.1"]


def test_a_python_without_venv_names_the_package(monkeypatch: pytest.MonkeyPatch) -> None:
    """Debian's python3 has no ensurepip; the sentence holds the line to type."""
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    monkeypatch.setenv("PATH", "")
    with pytest.raises(SetupFailed, match=r"sudo apt install python3(\.\d+)?-venv"):
        bootstrap.need_venv()


@pytest.mark.skipif(os.name == "nt", reason="apt-get and sudo are not on Windows")
def test_packages_are_installed_only_by_who_may(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """Root installs; so does a sudo that asks nothing; everybody else reads the line to type."""
    tool(tmp_path, "env", 'echo "did: $@"')
    tool(tmp_path, "apt-get", "exit 1")
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr("os.geteuid", lambda: 0)
    bootstrap.need_packages(["libgl1", "libegl1"], "Qt needs them")
    assert "apt-get install --yes --no-install-recommends libgl1 libegl1" in capfd.readouterr().out

    monkeypatch.setattr("os.geteuid", lambda: 1000)
    with pytest.raises(SetupFailed, match="sudo apt install libgl1 libegl1"):
        bootstrap.need_packages(["libgl1", "libegl1"], "Qt needs them")

    tool(tmp_path, "sudo", '[ "$2" = true ] || echo "sudo: $@"')
    bootstrap.need_packages(["libgl1"], "Qt needs it")
    assert "sudo: -n env DEBIAN_FRONTEND=noninteractive apt-get install" in capfd.readouterr().out


@pytest.mark.skipif(sys.platform != "linux", reason="DISPLAY means something on Linux only")
@pytest.mark.parametrize(
    ("environment", "name"),
    [
        ({}, ""),
        ({"DISPLAY": ":4711"}, ""),
        ({"DISPLAY": "elsewhere:0"}, "X11 elsewhere:0"),
        ({"WAYLAND_DISPLAY": "wayland-0", "DISPLAY": ":0"}, "Wayland wayland-0"),
        ({"WAYLAND_DISPLAY": "wayland-0", "QT_QPA_PLATFORM": "offscreen"}, ""),
    ],
)
def test_a_window_is_opened_only_where_it_can_be_seen(
    environment: dict[str, str], name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An X server that is not there any more counts as no display."""
    for variable in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(variable, raising=False)
    for variable, value in environment.items():
        monkeypatch.setenv(variable, value)
    assert bootstrap.display_name() == name


def test_further_arguments_reach_pytest_in_order(monkeypatch: pytest.MonkeyPatch) -> None:
    """Options that bootstrap does not know are passed on untouched."""
    seen: list[list[str]] = []
    monkeypatch.setattr(bootstrap, "test", lambda arguments: seen.append(arguments) or 0)
    assert bootstrap.main(["test", "-k", "tiles or color", "-x", "tests/engine", "--durations=3"]) == 0
    assert seen == [["-k", "tiles or color", "-x", "tests/engine", "--durations=3"]]


def test_a_failure_is_a_sentence_and_exit_code_one(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(asked: str | None, photos: list[str]) -> int:
        raise SetupFailed("The disk is full.")

    monkeypatch.setattr(bootstrap, "run", fail)
    assert bootstrap.main(["run"]) == 1
    assert capsys.readouterr().out == "\nThe disk is full.\n"


def test_torch_with_cuda_asks_for_the_room_that_it_takes(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where PyTorch's own index cannot be reached; a disk filled to the last byte would say nothing of the kind."""
    python, asked = project / "python", []
    tool(project, "python", "exit 1")
    monkeypatch.setattr(bootstrap, "need_room", asked.append)
    monkeypatch.setattr(bootstrap, "TORCH_CPU_INDEX", (project / "nowhere").as_uri())
    monkeypatch.setattr(bootstrap, "pip_install", lambda *_: pytest.fail("nothing is there to install from"))
    monkeypatch.setattr(sys, "platform", "linux")
    bootstrap.install_cpu_torch(python)
    assert asked == [bootstrap.ROOM_GB["test with CUDA"]] and asked[0] > bootstrap.ROOM_GB["test"]
