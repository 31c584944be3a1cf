"""The wheel: everything the app needs is in it, and it works away from the checkout."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from docs.list_resources import files

ROOT = Path(__file__).resolve().parents[1]
CODE = ("engine", "desktop_app", "training", "resources")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A wheel built from a copy of the sources, without network."""
    pytest.importorskip("setuptools")
    copy, out = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("wheel")
    for folder in CODE:
        shutil.copytree(ROOT / folder, copy / folder, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, copy)
    command = ["pip", "wheel", "--no-index", "--no-deps", "--no-build-isolation", "--wheel-dir", str(out), str(copy)]
    answer = subprocess.run([sys.executable, "-m", *command], capture_output=True, text=True)
    assert answer.returncode == 0, answer.stdout + answer.stderr
    (built,) = out.glob("autochrome-*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel unpacked, as pip would lay it into site-packages."""
    folder = tmp_path_factory.mktemp("site-packages")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder)
    return folder


def test_the_wheel_holds_every_resource_and_every_module(installed: Path) -> None:
    """What is in the checkout is in the wheel: code, generators, recipes, icons, sample, training's configurations."""
    assert len(files()) > 10
    missing = [path for path in files() if not (installed / "resources" / path).is_file()]
    for folder in CODE[:3]:
        sources = [*(ROOT / folder).rglob("*.py"), *(ROOT / folder).rglob("*.toml")]
        assert len(sources) > 10
        missing += [str(s.relative_to(ROOT)) for s in sources if not (installed / s.relative_to(ROOT)).is_file()]
    assert missing == []


def test_the_wheel_holds_nothing_else(installed: Path) -> None:
    """No tests, no build leftovers at the top of somebody's site-packages."""
    assert {path.name for path in installed.iterdir() if not path.name.endswith(".dist-info")} == set(CODE)


def test_the_command_line_works_from_the_wheel(installed: Path, tmp_path: Path) -> None:
    """Started far from the checkout it finds its recipes."""
    environment = {**os.environ, "PYTHONPATH": str(installed)}
    command = [sys.executable, "-c", "import sys; from engine.cli import main; sys.exit(main(['recipes', '--json']))"]
    answer = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True)
    assert answer.returncode == 0, answer.stderr
    assert "colorize" in json.dumps(json.loads(answer.stdout))


def test_no_onnx_runtime_is_required_by_itself(installed: Path) -> None:
    """The three distributions overwrite each other, so each belongs to an extra and none to the base."""
    (metadata,) = installed.glob("*.dist-info/METADATA")
    lines = [line for line in metadata.read_text("utf-8").splitlines() if line.startswith("Requires-Dist: onnxruntime")]
    assert len(lines) == 3
    assert [line for line in lines if "extra ==" not in line] == []


def test_the_packed_app_gets_every_part_of_imagecodecs_that_the_engine_calls() -> None:
    """imagecodecs loads its parts by name, so a part that build.spec does not list is missing only in the packed app."""
    sources = "".join(path.read_text("utf-8") for path in (ROOT / "engine").rglob("*.py"))
    called = set(re.findall(r"imagecodecs\.([a-z0-9]+)_[a-z]+\(", sources))
    assert len(called) > 2
    listed = (ROOT / "build.spec").read_text("utf-8")
    assert [part for part in sorted(called) if f'"_{part}"' not in listed] == []
