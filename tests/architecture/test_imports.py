"""The arrows between the folders: read from the source, then tried where the forbidden packages cannot be imported."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

FORBIDDEN = {
    "engine": {"PySide6", "shiboken6", "torch", "accelerate", "desktop_app", "training"},
    "desktop_app": {"torch", "accelerate", "training", "onnxruntime"},
    "training": {"PySide6", "shiboken6", "desktop_app"},
}
# What an import of the package must do without: the forbidden, and what is heavy and belongs inside functions (engine) or
# is missing on computers that only train (training).
ABSENT = {
    "engine": FORBIDDEN["engine"] | {"onnxruntime", "tifffile", "imagecodecs"},
    "desktop_app": FORBIDDEN["desktop_app"] | {"tifffile", "imagecodecs"},
    "training": FORBIDDEN["training"] | {"rich", "platformdirs", "imagecodecs"},
}
LEAST_FILES = {"engine": 25, "desktop_app": 25, "training": 20}

IMPORT_ALL = """
import importlib, sys
from importlib.abc import MetaPathFinder

class Absent(MetaPathFinder):
    names = set(sys.argv[1].split(","))
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in self.names:
            raise ModuleNotFoundError(f"{name} is absent in this test", name=name)

sys.meta_path.insert(0, Absent())
for name in sys.argv[2:]:
    try:
        importlib.import_module(name)
    except Exception as error:
        sys.exit(f"{name}: {type(error).__name__}: {error}")
print(len(sys.argv[2:]))
"""


def files_of(package: str) -> list[Path]:
    """Every Python file of the package; a walk over too few proves nothing."""
    files = sorted((ROOT / package).rglob("*.py"))
    assert len(files) >= LEAST_FILES[package]
    return files


def imported_by(file: Path) -> set[str]:
    """Top-level packages `file` imports anywhere, including inside functions."""
    nodes = list(ast.walk(ast.parse(file.read_text("utf-8"))))
    plain = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    return {
        name.split(".")[0]
        for name in plain | {str(n.module) for n in nodes if isinstance(n, ast.ImportFrom) and n.level == 0}
    }


def module_name(file: Path) -> str:
    parts = file.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@pytest.mark.parametrize("package", FORBIDDEN)
def test_imports_point_inwards(package: str) -> None:
    """No file imports what its folder may not know."""
    wrong = {str(f.relative_to(ROOT)): sorted(imported_by(f) & FORBIDDEN[package]) for f in files_of(package)}
    assert {name: found for name, found in wrong.items() if found} == {}


def test_only_the_session_knows_onnx_runtime() -> None:
    """engine/session.py is the one importer of onnxruntime in the engine."""
    importers = [f.relative_to(ROOT).as_posix() for f in files_of("engine") if "onnxruntime" in imported_by(f)]
    assert importers == ["engine/session.py"]


@pytest.mark.parametrize("package", ABSENT)
def test_every_module_imports_without_what_it_may_not_need(package: str) -> None:
    """Importing does no heavy work, and works where the absent packages are not installed."""
    names = [module_name(file) for file in files_of(package) if file.name != "__main__.py"]
    if package == "training":
        pytest.importorskip("torch")
    command = [sys.executable, "-W", "ignore", "-c", IMPORT_ALL, ",".join(sorted(ABSENT[package])), *names]
    answer = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert answer.stderr == ""
    assert answer.stdout.strip() == str(len(names))


@pytest.mark.parametrize(
    "line", ["import torch", "def f():\n    from torch.nn import Module", "import a, torch.nn as b"]
)
def test_the_reader_of_imports_finds_them(line: str, tmp_path: Path) -> None:
    """The test above can fail: every spelling is seen."""
    file = tmp_path / "module.py"
    file.write_text(line)
    assert "torch" in imported_by(file)
