"""Renews the table in resources/README.md: a row for every file, with origin, terms and sha256.

python docs/list_resources.py        origins and terms already written are kept; "?" wants an answer from you
"""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from typing import NamedTuple

RESOURCES = Path(__file__).resolve().parent.parent / "resources"
TABLE_HEAD = "| file | origin | terms | sha256 |\n|---|---|---|---|\n"
_ROW = re.compile(r"^\| `([^`]+)` \| (.*?) \| (.*?) \| `([0-9a-f]{64})` \|$", re.MULTILINE)
_NOT_LISTED = {"README.md", "__init__.py"}
# What holds for a whole folder unless its row says otherwise.
_USUAL = {
    "attribution": ("written for Autochrome: whose photographs a generator learned from", "MIT"),
    "icons": ("drawn for Autochrome", "MIT"),
    "recipes": ("written for Autochrome", "MIT"),
    "models": ("trained for Autochrome; on what and how well: its card", "see “terms” and “licence” in its card"),
}


class Row(NamedTuple):
    """One line of the table."""

    origin: str
    terms: str
    sha256: str


def rows_of(text: str) -> dict[str, Row]:
    """The table's rows by the file's path under resources/."""
    return {path: Row(origin, terms, digest) for path, origin, terms, digest in _ROW.findall(text)}


def files() -> dict[str, str]:
    """sha256 of every file that has to stand in the table, by its path under resources/."""
    found = (path for path in sorted(RESOURCES.rglob("*")) if path.is_file() and not _is_left_over(path))
    return {
        path.relative_to(RESOURCES).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in found
        if path.relative_to(RESOURCES).as_posix() not in _NOT_LISTED
    }


def _is_left_over(path: Path) -> bool:
    """What Python writes, and what restoring the sample where it lies writes; neither is shipped."""
    folders = path.relative_to(RESOURCES).parts[:-1]
    return bool({"__pycache__", "restored"} & set(folders)) or path.name.endswith(".autochrome.json")


def renewed(text: str) -> str:
    """The page with its table as it should be."""
    before = rows_of(text)
    lines = []
    for path, digest in files().items():
        usual = Row(*_USUAL.get(path.split("/")[0], ("?", "?")), "")
        origin, terms, _ = before.get(path, usual)
        lines.append(f"| `{path}` | {origin} | {terms} | `{digest}` |\n")
    return text[: text.index(TABLE_HEAD)] + TABLE_HEAD + "".join(lines)


def main() -> None:
    """Write the page anew and name the rows that want an answer."""
    page = RESOURCES / "README.md"
    page.write_text(renewed(page.read_text("utf-8")), "utf-8")
    for path, row in rows_of(page.read_text("utf-8")).items():
        if "?" in (row.origin, row.terms):
            print(f"{path}: say where it comes from and under which terms")


if __name__ == "__main__":
    main()
