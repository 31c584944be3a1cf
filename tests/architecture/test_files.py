"""Habits every Python file keeps: a sentence of purpose, a readable length, a name that says its subject."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = ("engine", "desktop_app", "training", "tests", "benchmarks", "docs", "resources")
LONGEST = 400
DRAWERS = {"utils", "util", "helpers", "helper", "common", "misc", "tools"}


def python_files() -> list[Path]:
    """Every Python file of ours."""
    files = sorted(ROOT.glob("*.py")) + [f for folder in FOLDERS for f in sorted((ROOT / folder).rglob("*.py"))]
    assert len(files) > 100, "a walk over too few files proves nothing"
    return files


def named(files: list[Path]) -> list[str]:
    return [file.relative_to(ROOT).as_posix() for file in files]


def test_files_stay_readable() -> None:
    """Nobody reads a file of more than 400 lines."""
    assert named([f for f in python_files() if len(f.read_text("utf-8").splitlines()) > LONGEST]) == []


def test_files_say_what_they_are_for() -> None:
    """The first line of a file's docstring is its purpose; an empty __init__.py needs none."""

    def purpose(file: Path) -> str:
        text = file.read_text("utf-8")
        return (ast.get_docstring(ast.parse(text)) or "").split("\n")[0] if text.strip() else "empty"

    assert named([f for f in python_files() if len(purpose(f)) < 5]) == []


def test_no_file_is_a_drawer() -> None:
    """A file is named after its subject; a drawer for everything is never opened again."""
    assert named([f for f in python_files() if f.stem in DRAWERS]) == []


@pytest.mark.parametrize("folder", ["engine", "desktop_app", "training"])
def test_every_folder_of_code_is_a_package(folder: str) -> None:
    """A folder without __init__.py would be left out of the wheel."""
    folders = {file.parent for file in (ROOT / folder).rglob("*.py")}
    assert len(folders) > 1
    assert named([f for f in folders if not (f / "__init__.py").exists()]) == []
